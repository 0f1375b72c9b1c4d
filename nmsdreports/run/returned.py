"""The workbooks that principals send back: the answers in them, and what cannot be one.

In: a folder of workbooks as the mail left them. Out: :class:`Returned`. Nothing in them is believed
that is not typed: macros are never run and such a file is not opened, a formula is named and taken
for no answer. Traps: rows may stand in any order or be filtered away, the file may bear any name or
have been saved by another program, so a sheet is known by its headings alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from nmsdreports.intake.dates import Calendar, parse_days
from nmsdreports.intake.files import OTHER_FORMATS, WORKBOOKS, SourceFile, read_bytes
from nmsdreports.intake.grid import TEXT, Grid, letter
from nmsdreports.intake.headers import headings
from nmsdreports.intake.package import holds_programs
from nmsdreports.intake.problems import Problems, Refused
from nmsdreports.intake.spreadsheet import read_returned
from nmsdreports.intake.texts import parse_common, parse_restricted
from nmsdreports.settings import InputError, fold
from nmsdreports.views.finish import MADE_BY, read_properties
from nmsdreports.views.proposal import KIND
from nmsdreports.views.sentences import list_words
from nmsdreports.views.workbook.to_do import (
    ANSWERS,
    BY_WHOM,
    DONE_ON,
    FINDING_ID,
    MARK,
    OPEN_SINCE,
    REMARK,
)
from nmsdreports.views.workbook.to_do import NAME as SHEET

FAULTS = ("file", "sheet", "cell", "finding_id", "found", "expected", "repair")
"""What is told of an answer that is not taken: where it is, what is there, what should be."""
_NEEDED = (FINDING_ID, OPEN_SINCE, DONE_ON, BY_WHOM)
_ALL = (*_NEEDED, REMARK)
_MARK = re.compile(
    MARK.format(month=r"(?P<month>\d{4}-(?:0[1-9]|1[0-2]))", school="(?P<school>.+)")
)
_OF_THE_SYSTEM = ("thumbs.db", "desktop.ini")
_ROWS_SEARCHED = 200
_ASK_AGAIN = "ask for the workbook of the report again, answered on its sheet " + SHEET


@dataclass(frozen=True)
class Returned:
    """What came back. `books` has a row for each workbook with answers: file, school_id, month.

    `answers` has one for each row of a to-do sheet into which anything was typed: file, sheet, row
    (int), school_id, month (str, of the report it stands in), finding_id, opened_on, done_on
    (datetime64, NaT where nothing stands), by (str), remark (bool) and the addresses done_cell,
    by_cell, id_cell, remark_cell. `faults` has the columns of `FAULTS`.
    """

    books: pd.DataFrame
    answers: pd.DataFrame
    faults: pd.DataFrame


def read_returned_folder(folder: Path, calendar: Calendar) -> Returned:
    """Read every workbook of `folder`; raises InputError where there is no such folder."""
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise InputError(f'"{folder}" {what}; name the folder with the returned workbooks.')
    books, answers, faults = [], [], []
    for path in sorted(folder.iterdir()):
        grids = _grids(path, faults)
        for grid, header in _answer_sheets(path.name, grids, faults):
            mark = _mark(grid, header, faults)
            if mark is None:
                continue
            books.append((path.name, *mark))
            answers += _answers(grid, header, mark, calendar, faults)
    return Returned(
        pd.DataFrame(books, columns=["file", "school_id", "month"], dtype="str"),
        _frame(answers),
        pd.DataFrame(faults, columns=list(FAULTS), dtype="str"),
    )


def fault(file: str, found: str, expected: str, repair: str, **where: str | None) -> dict:
    """One row of what is not taken; `where` may have sheet, cell and finding_id."""
    told = {"file": file, "found": found, "expected": expected, "repair": repair}
    return dict.fromkeys(FAULTS) | told | where


def _grids(path: Path, faults: list[dict]) -> list[Grid] | None:
    """The sheets of a returned workbook; none where the file is no workbook or none of theirs."""
    name, ending = path.name, path.suffix.lower()
    if name.startswith(("~$", ".~lock")):
        found, repair = "this workbook is open somewhere", "save and close it, then collect again"
        faults.append(fault(name, found, "a closed workbook", repair))
    elif name.startswith(".") or name.casefold() in _OF_THE_SYSTEM:
        return None
    elif path.is_dir():
        repair = "put the workbooks of that folder beside the others"
        faults.append(fault(name, "a folder", "workbooks", repair))
    elif ending not in (*WORKBOOKS, *OTHER_FORMATS):
        repair = f"save the answers as an Excel workbook, or {_ASK_AGAIN}"
        faults.append(fault(name, f"a file of another kind ({ending})", "a workbook", repair))
    else:
        return _read(path, faults)
    return None


def _read(path: Path, faults: list[dict]) -> list[Grid] | None:
    problems = Problems()
    try:
        data = read_bytes(SourceFile(path))
        if path.suffix.lower() in OTHER_FORMATS:
            raise Refused("other-format", file=path.name)
        grids = read_returned(path.name, data)
        if read_properties(data).get(MADE_BY) == KIND:
            return None
    except Refused as refused:
        problems.refuse(refused)
        message = problems.frame()["message"].iloc[0]
        faults.append(fault(path.name, message, "a workbook that can be read", _ASK_AGAIN))
        return None
    if holds_programs(data):
        repair = "save it as an Excel workbook (.xlsx), which holds none, and put that in its place"
        found = "this workbook holds macros; none was run"
        faults.append(fault(path.name, found, "a workbook without macros", repair))
        return None
    return grids


def _answer_sheets(
    file: str, grids: list[Grid] | None, faults: list[dict]
) -> list[tuple[Grid, dict[str, int]]]:
    """The to-do sheets of a workbook, each with the position of every heading and its "row"."""
    if grids is None:
        return []
    likely = [(grid, header) for grid in grids if (header := _header(grid))]
    if not likely:
        wanted = f"a sheet with the columns {list_words([*_NEEDED])}"
        faults.append(fault(file, "no to-do sheet", wanted, _ASK_AGAIN))
    whole = []
    for grid, header in likely:
        lacking = [name for name in _NEEDED if name not in header]
        if lacking:
            column = "column" if len(lacking) == 1 else "columns"
            told = f"the {column} {list_words(lacking)} {'is' if len(lacking) == 1 else 'are'} gone"
            cell = f"row {header['row'] + grid.first_row}"
            place = {"sheet": grid.sheet, "cell": cell}
            faults.append(fault(file, told, list_words([*_NEEDED]), _ASK_AGAIN, **place))
        else:
            whole.append((grid, header))
    return whole


def _header(grid: Grid) -> dict[str, int] | None:
    """The positions of the headings of answers; nothing where the sheet is no to-do sheet."""
    known, best = {fold(name): name for name in _ALL}, {}
    for row in range(min(grid.rows, _ROWS_SEARCHED)):
        found = {}
        for position, text in headings(grid, row).items():
            name = known.get(fold(text))
            if name is not None:
                found.setdefault(name, position)
        if len(found) > len(best):
            best = found
            best_row = row
    to_do = fold(grid.sheet or "") == fold(SHEET)
    if {*ANSWERS} & {*best} or (to_do and FINDING_ID in best):
        return best | {"row": best_row}
    return None


def _mark(grid: Grid, header: dict[str, int], faults: list[dict]) -> tuple[str, str] | None:
    """Which school's report the sheet is, and of which month."""
    for row in range(header["row"]):
        for text in headings(grid, row).values():
            if found := _MARK.fullmatch(text):
                return found["school"], found["month"]
    found = "the line that says which report this is is gone"
    wanted = 'a line such as "Report 2026-10 of S1" above the table'
    faults.append(fault(grid.file, found, wanted, _ASK_AGAIN, sheet=grid.sheet))
    return None


def _answers(
    grid: Grid,
    header: dict[str, int],
    mark: tuple[str, str],
    calendar: Calendar,
    faults: list[dict],
) -> list[dict]:
    """The rows of a to-do sheet into which anything was typed."""
    if grid.date1904:
        calendar = Calendar(calendar.zone, calendar.read_on, numbers=False, today=calendar.today)
    rows = range(header["row"] + 1, grid.rows)
    texts = {name: _column(grid, header.get(name), rows) for name in _ALL}
    typed = [at for at in range(len(rows)) if any(texts[name][at] for name in ANSWERS)]
    return [
        answer
        for at in typed
        if (answer := _answer(grid, header, rows[at], {n: texts[n][at] for n in _ALL}, calendar,
                              mark, faults))
    ]  # fmt: skip


def _answer(
    grid: Grid,
    header: dict[str, int],
    row: int,
    texts: dict[str, str | None],
    calendar: Calendar,
    mark: tuple[str, str],
    faults: list[dict],
) -> dict | None:
    """One row as an answer; nothing where a cell of it cannot be read, which is then a fault."""
    cells = {name: f"{letter(at)}{row + grid.first_row}" for name, at in header.items()
             if name != "row"}  # fmt: skip
    told = {"sheet": grid.sheet, "finding_id": texts[FINDING_ID]}
    wrong = len(faults)
    days = {}
    for name in _NEEDED:
        at = (row, header[name])
        found = ""
        if at in grid.marks.formulas or at in grid.marks.errors:
            found, wanted = "a formula", "what was typed by hand"
            repair = "type the value itself into that cell"
        elif name in (OPEN_SINCE, DONE_ON):
            parsed = parse_days([texts[name]], calendar)
            days[name] = pd.Timestamp(parsed.result[0])
            if texts[name] and pd.isna(days[name]):
                # not the text itself: it may hold a student's or a parent's name
                found, wanted = "a text that is no day", "a day such as 9/14/2026"
                repair = "type the day alone, with its year"
        elif name == BY_WHOM and texts[name]:
            if parse_restricted(pa.array([texts[name]], TEXT)).faults:
                found, wanted = "what seems to be a private number", "the name of an employee"
                repair = "take the number out and type the name"
        elif name == FINDING_ID and not texts[name]:
            found, wanted = "an answer without a Finding ID", "the answer beside its finding"
            repair = "type it into the row of the finding that it answers"
        if found:
            faults.append(fault(grid.file, found, wanted, repair, cell=cells[name], **told))
    if len(faults) > wrong:
        return None
    return {
        "file": grid.file,
        "sheet": grid.sheet,
        "row": row + grid.first_row,
        "school_id": mark[0],
        "month": mark[1],
        "finding_id": texts[FINDING_ID],
        "opened_on": days[OPEN_SINCE],
        "done_on": days[DONE_ON],
        "by": texts[BY_WHOM],
        "remark": bool(texts[REMARK]),
        "done_cell": cells[DONE_ON],
        "by_cell": cells[BY_WHOM],
        "id_cell": cells[FINDING_ID],
        "remark_cell": cells.get(REMARK),
    }


def _column(grid: Grid, position: int | None, rows: Iterable[int]) -> list[str | None]:
    """The texts of a column, nothing where none stands; a formula's cell counts as filled."""
    if position is None:
        return [None for _ in rows]
    texts = [grid.columns[position].text(row) for row in rows]
    cleaned = parse_common(pa.array(texts, TEXT), words=True).result.to_pylist()
    marked = {row for row, at in (*grid.marks.formulas, *grid.marks.errors) if at == position}
    return [
        text or ("=" if row in marked else None) for row, text in zip(rows, cleaned, strict=True)
    ]


def _frame(answers: list[dict]) -> pd.DataFrame:
    columns = {
        **dict.fromkeys(("file", "sheet"), "str"),
        "row": "int64",
        **dict.fromkeys(("school_id", "month", "finding_id"), "str"),
        **dict.fromkeys(("opened_on", "done_on"), "datetime64[us]"),
        "by": "str",
        "remark": "bool",
        **dict.fromkeys(("done_cell", "by_cell", "id_cell", "remark_cell"), "str"),
    }
    return pd.DataFrame(answers, columns=list(columns)).astype(columns)
