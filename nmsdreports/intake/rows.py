"""One sheet of one table: which rows are data, and what their cells say.

In: a grid and its layout. Out: a `Piece` with a value or nothing for every declared column of
every data row, what was unreadable, and which rows are set aside. Every row below the header is
accepted, quarantined or blank; notes below the table, totals and example rows count as blank.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from nmsdreports.intake.accounts import parse_platforms
from nmsdreports.intake.body import data_rows, extra_cells, filled_down, marked, report_unheaded
from nmsdreports.intake.choices import parse_choices, parse_guidelines, parse_yes_no
from nmsdreports.intake.dates import Calendar, parse_days
from nmsdreports.intake.grid import FORMULA, TEXT, Coded, Grid, letter
from nmsdreports.intake.headers import Layout
from nmsdreports.intake.kinds import KINDS
from nmsdreports.intake.problems import Place, Problems
from nmsdreports.intake.schools import (
    Directory,
    parse_account_ids,
    parse_school_ids,
    parse_schools,
)
from nmsdreports.intake.tables import Column
from nmsdreports.intake.texts import (
    Fault,
    Parsed,
    list_options,
    parse_common,
    parse_emails,
    parse_ids,
    parse_lists,
    parse_people,
    parse_restricted,
    tidy,
)


@dataclass(frozen=True)
class Context:
    """What reading a cell needs from outside its sheet.

    `directory` and `registered` are None where that table could not be read: names are then kept as
    they are typed, so that a single missing file does not spoil every row of the others. `known_as`
    has the account that each handle and address is of. `aside`
    has the accounts whose own row was set aside, each with its cell. `groups` are the groups of
    students that all sheets of the table name.
    """

    calendar: Calendar
    guidelines: dict[str, str]
    directory: Directory | None = None
    registered: pd.Series | None = None
    known_as: dict[str, str] = field(default_factory=dict)
    aside: dict[str, str] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Piece:
    """One sheet as read; arrays run over its data rows (in the order of the sheet).

    `columns` has an array for each declared column, `rows` spreadsheet row numbers, `aside` marks
    quarantined rows, `lost` lists (data row, column) of unreadable values, `later` of days after a
    day of reading that is past, `data` positions in the grid.
    """

    place: Place
    layout: Layout
    columns: dict[str, pa.Array | np.ndarray]
    rows: np.ndarray
    aside: np.ndarray
    lost: list[tuple[int, str]]
    later: list[tuple[int, str]]
    rows_read: int
    grid: Grid
    data: np.ndarray

    @property
    def heading_row(self) -> int:
        """The row of its headings, as the spreadsheet program numbers it."""
        return self.layout.header + self.grid.first_row


def read_piece(
    grid: Grid, layout: Layout, context: Context, school: str | None, problems: Problems
) -> Piece:
    """Read one sheet; `school` is the id of the school that the sheet's name names, if it does."""
    place = Place(layout.table.name, grid.file, grid.sheet)
    if grid.date1904:
        context = replace(context, calendar=replace(context.calendar, numbers=False))
    grid = filled_down(marked(grid), layout, place, problems)
    at = data_rows(grid, layout, place, problems)
    rows = at + grid.first_row
    aside = extra_cells(grid, layout, at, place, problems)
    parsed = {}
    for name, column in layout.table.columns.items():
        position = layout.positions.get(name)
        if position is not None:
            coded = Coded(grid.columns[position].codes[at], grid.columns[position].texts)
            parsed[name] = coded, _parse(coded, column, layout, context)
    values = {
        name: _take(*parsed[name]) if name in parsed else _nothing(column, len(at))
        for name, column in layout.table.columns.items()
    }
    if school is not None and "school_id" not in layout.positions:
        values["school_id"] = pa.repeat(pa.scalar(school, TEXT), len(at))
    lacking = _lacking(layout, values)
    for mask in lacking.values():
        aside = aside | mask
    past = context.calendar.is_past
    lost, later = _report_faults(layout, parsed, lacking, rows, place, problems, past)
    _report_empty(layout, parsed, lacking, set(lost), rows, place, problems)
    report_unheaded(grid, layout, at, place, problems)
    rows_read = grid.rows - layout.header - 1
    return Piece(place, layout, values, rows, aside, lost, later, rows_read, grid, at)


def known_groups(sheets: Iterable[tuple[Grid, Layout]]) -> frozenset[str]:
    """The groups of students that the sheets of one table name, whichever column names them."""
    texts = [
        grid.columns[position].texts
        for grid, layout in sheets
        for name, position in layout.positions.items()
        if _names_groups(name)
    ]
    if not texts:
        return frozenset()
    return list_options(parse_common(pa.concat_arrays(texts).unique(), words=True).result)


def _names_groups(column: str) -> bool:
    return column.startswith("groups_")


def _parse(coded: Coded, column: Column, layout: Layout, context: Context) -> Parsed:
    words = column.type in ("text", "id", "list", "school")
    common = parse_common(coded.texts, words=words)
    typed = _typed(common.result, column, layout, context)
    return Parsed(typed.result, {**typed.faults, **common.faults})


def _typed(texts: pa.Array, column: Column, layout: Layout, context: Context) -> Parsed:
    columns = layout.table.columns
    match column.type:
        case "id":
            schools = layout.table.name == "schools"
            return parse_school_ids(texts) if schools else parse_ids(texts)
        case "email":
            return parse_emails(texts)
        case "list":
            if column.name == "owner":
                return parse_people(texts)
            return parse_lists(texts, context.groups, commas=_names_groups(column.name))
        case "text" | "url":
            return parse_restricted(texts) if column.restricted else Parsed(texts, {})
        case "day":
            yes_no = next((name for name, item in columns.items() if item.type == "yes-no"), "")
            return parse_days(
                texts.to_pylist(),
                context.calendar,
                any_year=column.any_year,
                plan=column.plan,
                yes_no_column=layout.named(yes_no) if yes_no else "",
            )
        case "yes-no":
            return parse_yes_no(texts.to_pylist(), layout.named(column.instead))
        case "choice":
            return parse_choices(texts.to_pylist(), column)
        case "platform":
            return parse_platforms(texts.to_pylist())
        case "guideline":
            return parse_guidelines(texts.to_pylist(), context.guidelines)
        case "school":
            return parse_schools(texts.to_pylist(), context.directory)
        case "account":
            ids = parse_ids(texts).result.to_pylist()
            incident = layout.table.name == "incidents"
            return parse_account_ids(
                ids, context.registered, context.known_as, context.aside, incident=incident
            )
    raise ValueError(column.type)


def _take(coded: Coded, parsed: Parsed) -> pa.Array | np.ndarray:
    if isinstance(parsed.result, np.ndarray):
        return parsed.result[coded.codes]
    return parsed.result.take(pa.array(coded.codes))


def _nothing(column: Column, rows: int) -> pa.Array | np.ndarray:
    if column.type == "day":
        return np.full(rows, np.datetime64("NaT"), dtype="datetime64[us]")
    return pa.nulls(rows, TEXT)


def _missing(values: pa.Array | np.ndarray) -> np.ndarray:
    if isinstance(values, np.ndarray):
        return np.isnat(values)
    return values.is_null().to_numpy(zero_copy_only=False)


def _lacking(layout: Layout, values: dict[str, pa.Array | np.ndarray]) -> dict[str, np.ndarray]:
    """For each required column, which rows have neither it nor its alternative."""
    lacking = {}
    for name, column in layout.table.columns.items():
        if not column.required:
            continue
        mask = _missing(values[name])
        if column.alternative:
            mask = mask & _missing(values[column.alternative])
        lacking[name] = mask
    return lacking


def _report_faults(
    layout: Layout,
    parsed: dict[str, tuple[Coded, Parsed]],
    lacking: dict[str, np.ndarray],
    rows: np.ndarray,
    place: Place,
    problems: Problems,
    past: bool,
) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Note every faulty cell; the unreadable ones and the later days as (data row, column).

    `past` says that the day of reading is: then later days are counted here and told together.
    """
    lost: list[tuple[int, str]] = []
    later: list[tuple[int, str]] = []
    for name, (coded, result) in parsed.items():
        if not result.faults:
            continue
        column = layout.table.columns[name]
        faulty = np.zeros(len(coded.texts), bool)
        faulty[list(result.faults)] = True
        found = np.flatnonzero(faulty[coded.codes])
        header = layout.named(name)[:60]
        for index in found:
            code = int(coded.codes[index])
            fault: Fault = result.faults[code]
            if KINDS[fault.code].outcome == "unknown":
                lost.append((int(index), name))
            if past and fault.code == "future-day":
                later.append((int(index), name))
                continue
            problems.at(
                fault.code,
                place,
                row=int(rows[index]),
                column=name,
                letter=letter(layout.positions[name]),
                value=tidy(coded.texts[code].as_py().removeprefix(FORMULA)),
                suggestion=fault.suggestion,
                restricted=column.restricted or layout.may_hold_restricted(name, place),
                quarantine=name in lacking and bool(lacking[name][index]),
                **{"header": header, **fault.words},
            )
    return lost, later


def _report_empty(
    layout: Layout,
    parsed: dict[str, tuple[Coded, Parsed]],
    lacking: dict[str, np.ndarray],
    lost: set[tuple[int, str]],
    rows: np.ndarray,
    place: Place,
    problems: Problems,
) -> None:
    """Note required cells that are empty; of two that serve for each other, the first present."""
    told: set[str] = set()
    for name, mask in lacking.items():
        other = layout.table.columns[name].alternative
        if name in told or (name not in parsed and other in parsed):
            continue
        told.add(other)
        which, it = f"'{layout.named(name)[:60]}' is", "it"
        if other:
            which = f"'{layout.named(name)[:60]}' and '{layout.named(other)[:60]}' are"
            it = "one of them"
        for index in np.flatnonzero(mask):
            if {(int(index), name), (int(index), other)} & lost:
                continue
            problems.at(
                "required-empty",
                place,
                row=int(rows[index]),
                column=name,
                letter=letter(layout.positions[name]) if name in parsed else "",
                value="",
                which=which,
                it=it,
            )
