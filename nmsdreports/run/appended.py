"""A log's file with more rows: the same file otherwise, in its own format.

In: a :class:`logs.LogFile`, the rows as texts and days. Out: the bytes of the whole new file;
nothing is written here. CSV keeps its encoding, delimiter, line ends and way of writing days; a
workbook keeps what openpyxl can write (`logs.lost_parts` says what it cannot) and the looks of the
row above.
"""

import csv
import io
import re
from collections.abc import Sequence
from copy import copy
from datetime import datetime

import pandas as pd
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from nmsdreports.intake.dates import us_style
from nmsdreports.intake.delimited import find_format
from nmsdreports.intake.files import DELIMITED
from nmsdreports.intake.problems import Problems
from nmsdreports.run.logs import LogFile
from nmsdreports.settings import InputError

_BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_STYLES = {
    r"\d{4}-\d{2}-\d{2}": "%Y-%m-%d",
    r"0\d/\d{2}/\d{4}|\d{2}/0\d/\d{4}": "%m/%d/%Y",
    r"\d{1,2}/\d{1,2}/\d{2}": "us",
    r"\d{1,2}-\d{1,2}-\d{4}": "%m-%d-%Y",
}
"""How days are written in a file, and how one more is; otherwise 9/4/2026."""


def with_more_rows(log: LogFile, data: bytes, rows: Sequence[dict]) -> bytes:
    """The file of `log`, of which `data` are the bytes so far, with `rows` (values by column).

    Raises InputError where a text cannot be written in the file's encoding.
    """
    if log.grid is None:
        return _new_file(log, rows)
    if log.path.suffix.lower() in DELIMITED:
        return _delimited(log, data, rows)
    return _workbook(log, data, rows)


def _new_file(log: LogFile, rows: Sequence[dict]) -> bytes:
    lines = [[*log.headings.values()]]
    lines += [[_text(row.get(name), "us") for name in log.headings] for row in rows]
    return _lines(lines, ",", "\r\n").encode("utf-8-sig")


def _delimited(log: LogFile, data: bytes, rows: Sequence[dict]) -> bytes:
    encoding, delimiter, separator = find_format(log.path.name, data, Problems())
    text = data.decode(encoding)
    newline = "\r\n" if "\r\n" in text else "\n"
    styles = {name: _style(log, name) for name in log.headings}
    width = max(len(log.layout.headers), *(at + 1 for at in log.layout.headers))
    lines = []
    for row in rows:
        cells = [""] * width
        for name in log.headings:
            cells[log.layout.positions[name]] = _text(row.get(name), styles[name])
        lines.append(cells)
    before, after = _split(text, log.last, delimiter, separator)
    if not before.endswith(("\n", "\r")):
        before += newline
    more = before + _lines(lines, delimiter, newline) + after
    bom = next((mark for mark in _BOMS if data.startswith(mark)), b"")
    try:
        return bom + more.encode(_BOMS.get(bom, encoding))
    except UnicodeEncodeError as error:
        raise InputError(
            f"{log.path.name} cannot hold {more[error.start]}: save it as CSV UTF-8, or write the "
            "name otherwise in the workbook of the answers. Nothing was changed."
        ) from None


def _split(text: str, last: int, delimiter: str, separator: bool) -> tuple[str, str]:
    """The text up to the end of row `last`, and the rest."""
    lines = io.StringIO(text, newline="").readlines()
    skipped = int(separator)
    reader = csv.reader(lines[skipped:], delimiter=delimiter, strict=True)
    for number, _ in enumerate(reader, start=1):
        if number == last:
            break
    end = skipped + reader.line_num
    return "".join(lines[:end]), "".join(lines[end:])


def _lines(rows: Sequence[Sequence[str]], delimiter: str, newline: str) -> str:
    made = io.StringIO()
    csv.writer(made, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return made.getvalue()


def _text(value: object, style: str) -> str:
    """A value as a cell of a CSV file."""
    if not isinstance(value, datetime):
        return "" if value is None else str(value)
    day = value.date()
    return us_style(day) if style == "us" else day.strftime(style)


def _style(log: LogFile, name: str) -> str:
    """How the days of a column are written: as its last one is, else as the file's last one."""
    if log.table.columns[name].type != "day":
        return "us"
    days = [c for c in log.headings if log.table.columns[c].type == "day" and c != name]
    for column in (name, *days):
        texts = log.grid.columns[log.layout.positions[column]]
        for row in range(log.last - log.grid.first_row, log.layout.header, -1):
            if text := texts.text(row).strip():
                found = (style for shape, style in _STYLES.items() if re.fullmatch(shape, text))
                return next(found, "us")
    return "us"


def _workbook(log: LogFile, data: bytes, rows: Sequence[dict]) -> bytes:
    book = load_workbook(io.BytesIO(data), rich_text=True)
    sheet = book[log.grid.sheet]
    for number, row in enumerate(rows, start=1):
        for column in range(1, max(log.layout.headers) + 2):
            above = sheet.cell(log.last, column)
            if above.has_style and log.last > log.layout.header + log.grid.first_row:
                sheet.cell(log.last + number, column)._style = copy(above._style)
        for name in log.headings:
            if row.get(name) is not None:
                _put(sheet, log, log.last + number, name, row[name])
    _stretch(sheet, log.last, len(rows))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _put(sheet: Worksheet, log: LogFile, at: int, name: str, value: object) -> None:
    """Write a value as those above it are: days as days or as texts, numbers as numbers."""
    column = log.layout.positions[name] + 1
    first = log.layout.header + log.grid.first_row + 1
    above = [sheet.cell(row, column).value for row in range(log.last, first - 1, -1)]
    above = next((value for value in above if value not in (None, "")), None)
    cell = sheet.cell(at, column)
    if isinstance(value, datetime):
        if isinstance(above, str):
            cell.value = _text(value, _style(log, name))
        else:
            cell.value = pd.Timestamp(value).to_pydatetime()
            if above is None or not cell.is_date:
                cell.number_format = "m/d/yyyy"
        return
    text = str(value)
    if isinstance(above, int | float) and re.fullmatch(r"0|[1-9]\d{0,14}", text):
        cell.value = int(text)
    else:
        cell.value = text
        cell.data_type = "s"


def _stretch(sheet: Worksheet, last: int, more: int) -> None:
    """Let the sheet's tables and filter that end with its rows end with the last new one."""

    def longer(area: str) -> str:
        end = re.search(r"(\d+)$", area)
        if end is None or not last <= int(end[1]) < last + more:
            return area
        return f"{area[: end.start()]}{last + more}"

    for table in sheet.tables.values():
        table.ref = longer(table.ref)
        if table.autoFilter is not None and table.autoFilter.ref:
            table.autoFilter.ref = longer(table.autoFilter.ref)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = longer(sheet.auto_filter.ref)
