"""CSV files → grids: encoding, delimiter and quotation marks.

Python's csv module in strict mode is the only reader that neither shifts columns at a trailing
comma nor swallows the rest of a file after a quotation mark that is never closed.
"""

from __future__ import annotations

import codecs
import csv
import io
import re

import numpy as np
import pyarrow.compute as pc

from nmsdreports.intake.grid import Coded, Grid, read_rows
from nmsdreports.intake.problems import Problems, Refused

DELIMITERS = ",;\t|"
_LINES_FOR_DELIMITER = 25
_HEAD = 100_000
_AT_ONCE = 16_000_000
_LARGEST_CELL = 1_000_000
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read_delimited(name: str, data: bytes, problems: Problems) -> Grid:
    """The one grid of a CSV file; raises `Refused` where it cannot be read without guessing."""
    encoding, delimiter, separator = find_format(name, data, problems)
    csv.field_size_limit(_LARGEST_CELL)
    try:
        columns, lengths = read_rows(_reader(data, encoding, delimiter, separator))
    except csv.Error as error:
        reader = _reader(data, encoding, delimiter, separator)
        raise _quote_fault(name, reader, error) from error
    _check_swallowed(name, columns, lengths, delimiter)
    return Grid(name, None, columns, lengths)


def find_format(name: str, data: bytes, problems: Problems) -> tuple[str, str, bool]:
    """How a CSV file is written: encoding, delimiter, and whether its first line names the latter.

    Raises `Refused` where it is no text.
    """
    encoding = _encoding(name, data, problems)
    head = data[:_HEAD].decode(encoding, errors="ignore")
    separator = re.match(r"sep=(.)\r?\n", head)
    return encoding, separator.group(1) if separator else _delimiter(head), bool(separator)


def looks_like_table(data: bytes) -> bool:
    """Whether the first lines hold a delimiter at all; a .txt file may be prose as well."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    head = data[:_HEAD].decode("utf-16" if wide else "latin-1", errors="ignore")
    return any(line.count(_delimiter(head)) >= 2 for line in head.splitlines()[:2])


def _check_swallowed(name: str, columns: list[Coded], lengths: np.ndarray, delimiter: str) -> None:
    """Refuse a file in which a quotation mark that was closed too late swallowed whole rows."""
    width = int(np.median(lengths)) if len(lengths) else 0
    for column in columns if width > 2 else ():
        long = pc.match_substring(column.texts, "\n")
        for position in pc.indices_nonzero(long).to_pylist():
            lines = column.texts[position].as_py().split("\n")[1:]
            if any(line.count(delimiter) >= width - 1 for line in lines):
                row = int(np.flatnonzero(column.codes == position)[0])
                raise Refused("swallowed-rows", file=name, row=row + 1)


def _encoding(name: str, data: bytes, problems: Problems) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            if not _decodes(data, encoding):
                raise Refused("not-text", file=name)
            return encoding
    if b"\x00" in data[:_HEAD]:
        raise Refused("not-text", file=name)
    if data.isascii() or _decodes(data, "utf-8"):
        return "utf-8"
    if not _decodes(data, "cp1252"):
        raise Refused("not-text", file=name)
    accented = re.search(rb"[^\x80-\xff]{0,20}[\x80-\xff][^\x80-\xff]{0,20}", data)
    word = re.search(r"\w*[^\x00-\x7f]\w*", accented.group(0).decode("cp1252"))
    problems.add("windows-1252", file=name, sample=word.group(0))
    return "cp1252"


def _decodes(data: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), _AT_ONCE):
            decoder.decode(data[start : start + _AT_ONCE], start + _AT_ONCE >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(text: str) -> str:
    """The delimiter that stands most often in a line outside quotation marks."""
    lines = text.splitlines()[:_LINES_FOR_DELIMITER]
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]
    counts = {mark: max((line.count(mark) for line in bare), default=0) for mark in DELIMITERS}
    return max(counts, key=lambda mark: (counts[mark], -DELIMITERS.index(mark)))


def _reader(data: bytes, encoding: str, delimiter: str, separator: bool) -> csv.Reader:
    """The rows of a file; its bytes are decoded as they are read, never as a whole."""
    stream = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
    if separator:
        stream.readline()
    return csv.reader(stream, delimiter=delimiter, strict=True)


def _quote_fault(name: str, reader: csv.Reader, error: csv.Error) -> Refused:
    """The refusal of a file with a wrong quotation mark, with the line where its row begins."""
    done = 0
    try:
        for _ in reader:
            done = reader.line_num
    except csv.Error:
        pass
    code = "misplaced-quote" if "expected after" in str(error) else "unclosed-quote"
    return Refused(code, file=name, line=done + 1)
