"""The district's own log files: which one a new row belongs into, and under which headings.

In: Records and a table's name. Out: a :class:`LogFile`. A log is added to where this loses nothing
of it; else the rows go into a CSV file beside it, which intake reads as one more part of the log.
Traps: a log may be spread over files and sheets; rows below the table may be no data; saved by
openpyxl a workbook is without its charts, its pictures and the results of its formulas.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from nmsdreports.intake.body import data_rows, filled_down, is_example, marked
from nmsdreports.intake.files import DELIMITED, SourceFile, read_bytes, read_grids
from nmsdreports.intake.grid import Grid
from nmsdreports.intake.headers import Layout, find_layout
from nmsdreports.intake.problems import Place, Problems
from nmsdreports.intake.tables import Table, read_tables
from nmsdreports.run.log_rows import EVERYONE
from nmsdreports.views.sentences import list_words

_DAYS = {
    "approvals": "decided_on",
    "notices": "sent_on",
    "reviews": "reviewed_on",
    "admins": "granted_on",
    "concerns": "received_on",
}
"""The day of each log that tells which of its files goes on."""
_LOST = {
    r"xl/charts/": "charts",
    r"xl/(drawings|media)/": "pictures, shapes or notes",
    r"xl/pivot": "pivot tables",
    r"xl/(slicers|timelines)": "slicers",
    r"xl/(ctrlProps|activeX|embeddings)": "buttons or embedded files",
    r"xl/(threadedComments|persons)": "comments",
    r"xl/(externalLinks|connections|queryTables)": "links to other files",
    r"customXml/|xl/(metadata|richData|model)": "data of other programs",
    r"docMetadata/": "a sensitivity label",
    r"_xmlsignatures/": "a signature",
}
"""Parts of a workbook that openpyxl does not write again."""


@dataclass(frozen=True)
class LogFile:
    """Where rows of a table go. `grid` and `layout` are None where the file is still to be made.

    `last` is the spreadsheet row of the last data row; `headings` has each declared column of the
    file and its heading, in the file's order; `why` says why the log itself is not added to.
    """

    table: Table
    path: Path
    headings: dict[str, str]
    grid: Grid | None = None
    layout: Layout | None = None
    last: int = 0
    why: str = ""

    @property
    def words(self) -> str:
        """The file and sheet as a message names them."""
        sheet = f" · {self.grid.sheet}" if self.grid is not None and self.grid.sheet else ""
        new = "the new file " if self.grid is None else ""
        because = f" ({self.why})" if self.why else ""
        return f"{new}{self.path.name}{sheet}{because}"


def find_log(records: Any, name: str, rows: list[dict], today: date) -> LogFile:
    """The file into which `rows` (values by column) of a table go."""
    table = read_tables()[name]
    known = records.counts[records.counts["table"].eq(name)]
    if known.empty:
        return _new(table, records.source / f"{name}.csv", rows)
    frame = getattr(records, name)
    places = [*zip(known["file"], known["sheet"], strict=True)]
    last = pd.Timestamp.min
    file, sheet = places[-1]
    for place in places:
        here = frame["file"].eq(place[0]) & _same(frame["sheet"], place[1])
        day = frame.loc[here, _DAYS[name]].max()
        if pd.notna(day) and day >= last:
            last, (file, sheet) = day, place
    log = _existing(table, records, records.source / file, None if pd.isna(sheet) else sheet)
    why = _why_not(log, rows)
    if not why:
        return log
    beside = records.source / f"{name} added {today.isoformat()}.csv"
    if beside.exists():
        return _existing(table, records, beside, None)
    return _new(table, beside, rows, why)


def _same(sheets: pd.Series, sheet: object) -> pd.Series:
    return sheets.isna() if pd.isna(sheet) else sheets.eq(sheet)


def _new(table: Table, path: Path, rows: list[dict], why: str = "") -> LogFile:
    used = {name for row in rows for name in row}
    columns = table.columns.values()
    headings = {c.name: c.heading for c in columns if c.required or c.name in used}
    return LogFile(table, path, headings, why=why)


def _existing(table: Table, records: Any, path: Path, sheet: str | None) -> LogFile:
    file = SourceFile(path)
    grids = read_grids(file, read_bytes(file), Problems())
    (grid,) = (grid for grid in grids if grid.sheet == sheet)
    layout = find_layout(grid, records.settings)
    place = Place(table.name, path.name, sheet)
    whole = filled_down(marked(grid), layout, place, Problems())
    rows = data_rows(whole, layout, place, Problems())
    last = int(rows.max()) if len(rows) else layout.header
    while last + 1 < grid.rows and is_example(grid, layout, last + 1):
        last += 1
    order = sorted(layout.positions, key=layout.positions.get)
    headings = {name: layout.headers[layout.positions[name]] for name in order}
    headings = {name: heading for name, heading in headings.items() if name in table.columns}
    return LogFile(table, path, headings, grid, layout, last + grid.first_row)


def _why_not(log: LogFile, rows: list[dict]) -> str:
    """Why rows cannot be added to the log itself; nothing where they can."""
    used = {name for row in rows for name, value in row.items() if value != EVERYONE}
    lacking = [log.table.columns[name].heading for name in used if name not in log.headings]
    if lacking:
        return f"{log.path.name} has no column for {list_words(sorted(lacking))}"
    ending = log.path.suffix.lower()
    if ending in DELIMITED:
        return ""
    if ending != ".xlsx":
        return f"rows cannot be added to a file ending {ending}"
    if lost := lost_parts(log.path.read_bytes()):
        return f"in {log.path.name} {list_words(lost)} would be lost"
    below = range(log.last, log.grid.rows)
    if any(any(text.strip() for text in log.grid.row_texts(row)) for row in below):
        return f"in {log.path.name} something stands below the table"
    return ""


def lost_parts(data: bytes) -> list[str]:
    """What a workbook holds that would be gone once rows were added to it, in words."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        sheets = [package.read(name) for name in names if name.startswith("xl/worksheets/sheet")]
    lost = [words for part, words in _LOST.items() if any(re.match(part, n) for n in names)]
    if any(b"<extLst" in sheet for sheet in sheets):
        lost.append("formats of newer versions of Excel")
    if any(re.search(rb"<(\w+:)?f[ >/]", sheet) for sheet in sheets):
        lost.append("the results of formulas")
    return lost
