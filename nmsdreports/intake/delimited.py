"""CSV files → grids: encoding, delimiter and quotation marks.

Python's csv module in strict mode is the only reader that neither shifts columns at a trailing
comma nor swallows the rest of a file after a quotation mark that is never closed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from nmsdreports.intake.grid import Grid, read_rows
from nmsdreports.intake.problems import Problems, Refused

DELIMITERS = ",;\t|"
_LINES_FOR_DELIMITER = 25
_LARGEST_CELL = 1_000_000
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read_delimited(name: str, data: bytes, problems: Problems) -> Grid:
    """The one grid of a CSV file; raises `Refused` where it cannot be read without guessing."""
    text = _decode(name, data, problems)
    separator = re.match(r"sep=(.)\r?\n", text)
    start = separator.end() if separator else 0
    delimiter = separator.group(1) if separator else _delimiter(text)
    stream = io.StringIO(text[start:] if start else text, newline="")
    del text
    return Grid(name, None, *read_rows(_rows(name, stream, delimiter)))


def _decode(name: str, data: bytes, problems: Problems) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise Refused("not-text", file=name) from None
    if b"\x00" in data[:4096]:
        raise Refused("not-text", file=name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise Refused("not-text", file=name) from None
    word = re.search(r"\w*[^\x00-\x7f]\w*", text)
    problems.add("windows-1252", file=name, sample=word.group(0)[:40] if word else "")
    return text


def _delimiter(text: str) -> str:
    """The delimiter that stands most often in a line outside quotation marks."""
    lines = text[:100_000].splitlines()[:_LINES_FOR_DELIMITER]
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]
    counts = {mark: max((line.count(mark) for line in bare), default=0) for mark in DELIMITERS}
    return max(counts, key=lambda mark: (counts[mark], -DELIMITERS.index(mark)))


def _rows(name: str, stream: io.StringIO, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    done = 0
    try:
        for row in reader:
            done = reader.line_num
            yield row
    except csv.Error as error:
        closed = "expected after" in str(error)
        code = "misplaced-quote" if closed else "unclosed-quote"
        raise Refused(code, file=name, line=done + 1) from error
