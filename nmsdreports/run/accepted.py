"""The proposal as the office left it: which rows enter, and what stands in them.

In: the workbook that `collect` wrote, looked at and perhaps changed. Out: one :class:`Chosen` a row
with a yes. What cannot be read is refused with its cell before anything else is done. Trap: a
formula is nobody's yes and no value.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from nmsdreports.intake.choices import NO, YES, nearest
from nmsdreports.intake.dates import Calendar, parse_days
from nmsdreports.intake.files import SourceFile, read_bytes
from nmsdreports.intake.grid import TEXT, Grid, letter
from nmsdreports.intake.headers import headings
from nmsdreports.intake.problems import Problems, Refused
from nmsdreports.intake.spreadsheet import read_returned
from nmsdreports.intake.tables import Table, read_tables
from nmsdreports.intake.texts import parse_common
from nmsdreports.run.logs import find_log
from nmsdreports.settings import InputError, fold
from nmsdreports.views.proposal import ENTER, FIRST, beside
from nmsdreports.views.workbook.to_do import FINDING_ID, OPEN_SINCE

_ROWS_SEARCHED = 30
_MOST_TOLD = 5
_ON_RECORD = {
    "account_id": ("accounts", "the ID of an account in the registry"),
    "concern_id": ("concerns", "the ID of a concern that was received"),
}
"""What a new row may only speak of where it is known: the table that has it, and what to write."""


@dataclass(frozen=True)
class Chosen:
    """One row that enters: its table, its cells by column, its finding, and where it stands."""

    table: str
    cells: dict
    finding_id: str | None
    opened_on: pd.Timestamp
    place: str


def read_chosen(path: Path, records: Any, calendar: Calendar, today: date) -> list[Chosen]:
    """The rows of a proposal that are marked with a yes.

    Raises InputError where it is no proposal, where none is marked, or with every cell that cannot
    be read.
    """
    chosen, faults = [], []
    titles = {table.title: table for table in read_tables().values()}
    sheets = [grid for grid in _grids(path) if grid.sheet in (FIRST, *titles)]
    if not any(grid.sheet == FIRST for grid in sheets):
        raise InputError(
            f"{path.name} is not a workbook that `nmsdreports collect` wrote; name that one."
        )
    if path.with_name(f"~${path.name}").exists():
        raise InputError(f"{path.name} is open somewhere: save and close it, then accept again.")
    for grid in sheets:
        if grid.sheet != FIRST:
            _read_sheet(grid, titles[grid.sheet], records, calendar, today, chosen, faults)
    if faults:
        more = f" ({len(faults) - _MOST_TOLD} more.)" if len(faults) > _MOST_TOLD else ""
        raise InputError(f"{' '.join(faults[:_MOST_TOLD])}{more} Nothing was changed.")
    if not chosen:
        raise InputError(
            f"{path.name}: no row has a yes under {ENTER}, so nothing enters. Nothing was changed."
        )
    return chosen


def _grids(path: Path) -> list[Grid]:
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise InputError(f'"{path}" {what}; name the workbook that `nmsdreports collect` wrote.')
    try:
        data = read_bytes(SourceFile(path))
        return read_returned(path.name, data)
    except Refused as refused:
        problems = Problems()
        problems.refuse(refused)
        raise InputError(problems.frame()["message"].iloc[0]) from refused


def _read_sheet(
    grid: Grid,
    table: Table,
    records: Any,
    calendar: Calendar,
    today: date,
    chosen: list[Chosen],
    faults: list[str],
) -> None:
    log = find_log(records, table.name, [], today)
    known = {column.heading: name for name, column in table.columns.items()}
    known |= {heading: name for name, heading in log.headings.items()}
    for row in range(min(grid.rows, _ROWS_SEARCHED)):
        positions = {text: at for at, text in headings(grid, row).items()}
        enter, finding, since = (
            positions.get(beside(name), positions.get(name))
            for name in (ENTER, FINDING_ID, OPEN_SINCE)
        )
        if None not in (enter, finding, since):
            break
    else:
        faults.append(
            f"The sheet {grid.sheet} has no columns {ENTER}, {FINDING_ID} and {OPEN_SINCE} any "
            "more: collect the answers again."
        )
        return
    own = (enter, finding, since)
    where = {known[text]: at for text, at in positions.items() if text in known and at not in own}
    for at in range(row + 1, grid.rows):
        cells = _cells(grid, at)
        mark = fold(cells[enter] or "")
        cell = f"{grid.sheet}!{letter(enter)}{at + grid.first_row}"
        if mark in YES:
            row_faults, values = _values(grid, at, cells, where, table, calendar)
            faults += row_faults + _unknown(grid, at, values, where, records)
            opened = pd.Timestamp(parse_days([cells[since]], calendar).result[0])
            chosen.append(Chosen(table.name, values, cells[finding], opened, cell))
        elif mark and mark not in NO:
            faults.append(f'{cell}: "{mark[:40]}" is neither yes nor no; write one of them.')


def _values(
    grid: Grid, row: int, cells: list[str | None], where: dict[str, int], table: Table, calendar
) -> tuple[list[str], dict]:
    """The values of a row by column, and a sentence for each cell that cannot be read."""
    faults, values = [], {}
    for name, at in where.items():
        cell = f"{grid.sheet}!{letter(at)}{row + grid.first_row}"
        column, text = table.columns[name], cells[at]
        if (row, at) in grid.marks.formulas or (row, at) in grid.marks.errors:
            faults.append(f"{cell} holds a formula; type the value itself.")
        elif text is not None and column.type == "day":
            day = parse_days([text], calendar, any_year=column.any_year, plan=column.plan).result[0]
            if pd.isna(day):
                faults.append(f'{cell}: "{text[:40]}" is no day; write one such as 9/14/2026.')
            values[name] = pd.Timestamp(day)
        elif text is not None:
            values[name] = text
        elif column.required and not column.alternative:
            faults.append(f"{cell} is empty, and no row can do without {column.heading}.")
    return faults, values


def _unknown(grid: Grid, row: int, values: dict, where: dict[str, int], records: Any) -> list[str]:
    """A sentence for each account and concern of a row that is nowhere on record."""
    faults = []
    for name, (frame, words) in _ON_RECORD.items():
        known = getattr(records, frame)[name].dropna()
        if name in values and fold(values[name]) not in {fold(text) for text in known}:
            cell = f"{grid.sheet}!{letter(where[name])}{row + grid.first_row}"
            near = nearest(values[name], known)
            hint = f"; perhaps {near} is meant" if near else ""
            faults.append(f'{cell}: "{values[name][:40]}" is not on record; write {words}{hint}.')
    return faults


def _cells(grid: Grid, row: int) -> list[str | None]:
    return parse_common(pa.array(grid.row_texts(row), TEXT), words=True).result.to_pylist()
