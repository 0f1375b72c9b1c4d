"""One sheet of one table: which rows are data, and what their cells say.

In: a grid and its layout. Out: a `Piece` with a value or nothing for every declared column of
every data row, what was unreadable, and which rows are set aside. Every row below the header is
accepted, quarantined or blank; notes below the table, totals and example rows count as blank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nmsdreports.intake.accounts import parse_platforms
from nmsdreports.intake.choices import parse_choices, parse_guidelines, parse_yes_no
from nmsdreports.intake.dates import Calendar, parse_days
from nmsdreports.intake.grid import FORMULA, TEXT, Coded, Grid, letter
from nmsdreports.intake.headers import Layout
from nmsdreports.intake.problems import KINDS, Place, Problems
from nmsdreports.intake.schools import Directory, parse_account_ids, parse_schools
from nmsdreports.intake.tables import Column
from nmsdreports.intake.texts import (
    Fault,
    Parsed,
    list_options,
    parse_common,
    parse_emails,
    parse_ids,
    parse_lists,
    parse_restricted,
    tidy,
)

_FOOTNOTE = re.compile(r"^(\*|†|‡|(notes?|sources?|legend|key|colou?rs?)\b)", re.IGNORECASE)
_TOTALS = re.compile(r"^((grand |sub)?totals?|sum|count|average)\b", re.IGNORECASE)
_NUMBER = re.compile(r"^[\d.,%\s-]+$")
_EXAMPLE = r"(?i)^\s*example\b"
_LONGEST_TAIL = 200


@dataclass(frozen=True)
class Context:
    """What reading a cell needs from outside its sheet."""

    calendar: Calendar
    guidelines: dict[str, str]
    directory: Directory = field(default_factory=lambda: Directory({}, {}, ()))
    registered: pd.Series = field(default_factory=lambda: pd.Series(dtype="str"))


@dataclass(frozen=True)
class Piece:
    """One sheet as read; arrays run over its data rows (in the order of the sheet).

    `columns` has an array for each declared column, `rows` spreadsheet row numbers, `aside` marks
    quarantined rows, `lost` lists (data row, column) of unreadable values, `data` positions in the
    grid.
    """

    place: Place
    layout: Layout
    columns: dict[str, pa.Array | np.ndarray]
    rows: np.ndarray
    aside: np.ndarray
    lost: list[tuple[int, str]]
    rows_read: int
    grid: Grid
    data: np.ndarray


def read_piece(
    grid: Grid, layout: Layout, context: Context, school: str | None, problems: Problems
) -> Piece:
    """Read one sheet; `school` is the id of the school that the sheet's name names, if it does."""
    place = Place(layout.table.name, grid.file, grid.sheet)
    grid = _filled_down(_marked(grid), layout, place, problems)
    at = _data_rows(grid, layout, place, problems)
    rows = at + grid.first_row
    aside = _extra_cells(grid, layout, at, place, problems)
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
    lost = _report_faults(layout, parsed, lacking, rows, place, problems)
    _report_empty(layout, parsed, lacking, set(lost), rows, place, problems)
    _report_extras(grid, layout, at, place, problems)
    return Piece(place, layout, values, rows, aside, lost, grid.rows - layout.header - 1, grid, at)


def _marked(grid: Grid) -> Grid:
    """The grid with the texts of error cells and unstored formulas where readers leave nothing."""
    changes: dict[int, dict[int, str]] = {}
    for (row, column), text in {**grid.marks.formulas, **grid.marks.errors}.items():
        if row < grid.rows and column < len(grid.columns):
            changes.setdefault(column, {})[row] = text
    columns = [
        column.with_texts(changes[at]) if at in changes else column
        for at, column in enumerate(grid.columns)
    ]
    return _with_columns(grid, columns)


def _with_columns(grid: Grid, columns: list[Coded]) -> Grid:
    return Grid(**{**grid.__dict__, "columns": columns})


def _filled_down(grid: Grid, layout: Layout, place: Place, problems: Problems) -> Grid:
    """Merged cells of a column filled down, targets of links put into address columns."""
    columns = list(grid.columns)
    for first, left, last, _right in sorted(grid.marks.merged):
        last = min(last, grid.rows - 1)
        if first <= layout.header or first == last or left not in layout.headers:
            continue
        codes = columns[left].codes.copy()
        codes[first : last + 1] = codes[first]
        columns[left] = Coded(codes, columns[left].texts)
        span = f"{letter(left)}{first + grid.first_row}:{letter(left)}{last + grid.first_row}"
        problems.add(
            "merged-cells",
            table=place.table,
            file=place.file,
            sheet=place.sheet,
            row=first + grid.first_row,
            letter=letter(left),
            range=span,
            header=layout.headers[left][:60],
        )
    for name, column in layout.table.columns.items():
        position = layout.positions.get(name)
        if column.type == "url" and position is not None:
            links = {row: to for (row, at), to in grid.marks.links.items() if at == position}
            links = {row: to for row, to in links.items() if layout.header < row < grid.rows}
            if links:
                columns[position] = columns[position].with_texts(links)
    return _with_columns(grid, columns)


def _data_rows(grid: Grid, layout: Layout, place: Place, problems: Problems) -> np.ndarray:
    """Positions of the rows that hold data."""
    start = layout.header + 1
    filled = np.zeros(grid.rows - start, "int32")
    for column in grid.columns:
        filled += column.filled()[start:]
    first = grid.columns[min(layout.positions.values())]
    examples = pc.match_substring_regex(first.texts, _EXAMPLE).to_numpy(zero_copy_only=False)
    data = (filled > 0) & ~examples[first.codes[start:]]
    present = np.flatnonzero(filled > 0)
    for row in present[::-1][:_LONGEST_TAIL]:
        code = _kind_of_tail(grid, layout, int(row) + start)
        if code is None:
            break
        data[row] = False
        position, text = next(iter(_cells(grid, int(row) + start).items()))
        problems.add(
            code,
            table=place.table,
            file=place.file,
            sheet=place.sheet,
            row=int(row) + start + grid.first_row,
            letter=letter(position),
            value=text,
        )
    hidden = [row + 1 for row in grid.marks.hidden_rows if start <= row < grid.rows]
    hidden = [row for row in hidden if data[row - 1 - start]]
    if hidden:
        problems.add(
            "hidden-rows",
            table=place.table,
            file=place.file,
            sheet=place.sheet,
            row=hidden[0],
            count=len(hidden),
            rows=_spans(hidden),
        )
    return np.flatnonzero(data) + start


def _cells(grid: Grid, row: int) -> dict[int, str]:
    cells = {position: tidy(text) for position, text in enumerate(grid.row_texts(row))}
    return {position: text for position, text in cells.items() if text}


def _kind_of_tail(grid: Grid, layout: Layout, row: int) -> str | None:
    """What a row at the end of a sheet is, where it is no data."""
    cells = list(_cells(grid, row).values())
    if not cells:
        return "footnote"
    head, *rest = cells
    if _TOTALS.match(head) and all(_NUMBER.match(text) or _TOTALS.match(text) for text in rest):
        return "totals-row"
    if rest:
        return None
    sentence = len(head) > 15 and " " in head
    return "footnote" if sentence or _FOOTNOTE.match(head) else None


def _spans(rows: list[int]) -> str:
    spans, first = [], rows[0]
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        if after != row + 1:
            spans.append(f"{first}" if first == row else f"{first}–{row}")
            first = after
    return ", ".join(spans[:10]) + (" …" if len(spans) > 10 else "")


def _extra_cells(
    grid: Grid, layout: Layout, at: np.ndarray, place: Place, problems: Problems
) -> np.ndarray:
    """Which rows of a CSV file have filled cells behind the last heading."""
    aside = np.zeros(len(at), bool)
    if place.sheet is not None:
        return aside
    width = int(grid.lengths[layout.header])
    for position in range(width, len(grid.columns)):
        more = grid.columns[position].filled()[at] & ~aside
        for index in np.flatnonzero(more):
            problems.add(
                "extra-cells",
                table=place.table,
                file=place.file,
                row=int(at[index]) + grid.first_row,
                letter=letter(position),
                value=tidy(grid.columns[position].text(int(at[index]))),
            )
        aside |= more
    return aside


def _parse(coded: Coded, column: Column, layout: Layout, context: Context) -> Parsed:
    words = column.type in ("text", "id", "list", "school")
    common = parse_common(coded.texts, words=words)
    typed = _typed(common.result, column, layout, context)
    return Parsed(typed.result, {**typed.faults, **common.faults})


def _typed(texts: pa.Array, column: Column, layout: Layout, context: Context) -> Parsed:
    columns = layout.table.columns
    match column.type:
        case "id":
            return parse_ids(texts)
        case "email":
            return parse_emails(texts)
        case "list":
            groups = column.name.startswith("groups_")
            options = list_options(texts) if groups else ()
            return parse_lists(texts, options, commas=groups)
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
            incident = layout.table.name == "incidents"
            code = "unregistered-incident" if incident else "unknown-account"
            return parse_account_ids(parse_ids(texts).result.to_pylist(), context.registered, code)
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
) -> list[tuple[int, str]]:
    """Note every faulty cell; the list of unreadable ones as (data row, column)."""
    lost: list[tuple[int, str]] = []
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
            problems.add(
                fault.code,
                table=place.table,
                file=place.file,
                sheet=place.sheet,
                row=int(rows[index]),
                column=name,
                letter=letter(layout.positions[name]),
                value=tidy(coded.texts[code].as_py().removeprefix(FORMULA)),
                suggestion=fault.suggestion,
                restricted=column.restricted,
                quarantine=name in lacking and bool(lacking[name][index]),
                **{"header": header, **fault.words},
            )
    return lost


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
        header = layout.named(name)[:60]
        for index in np.flatnonzero(mask):
            if {(int(index), name), (int(index), other)} & lost:
                continue
            problems.add(
                "required-empty",
                table=place.table,
                file=place.file,
                sheet=place.sheet,
                row=int(rows[index]),
                column=name,
                letter=letter(layout.positions[name]) if name in parsed else "",
                value="",
                header=f"{header}' or '{layout.named(other)[:60]}" if other else header,
            )


def _report_extras(
    grid: Grid, layout: Layout, at: np.ndarray, place: Place, problems: Problems
) -> None:
    """Warn of data under an empty heading."""
    width = len(grid.columns)
    if place.sheet is None:
        width = min(width, int(grid.lengths[layout.header]))
    for position in range(width):
        if position in layout.headers:
            continue
        filled = np.flatnonzero(grid.columns[position].filled()[at])
        if len(filled):
            row = int(at[filled[0]])
            problems.add(
                "data-without-header",
                table=place.table,
                file=place.file,
                sheet=place.sheet,
                row=row + grid.first_row,
                letter=letter(position),
                value=tidy(grid.columns[position].text(row)),
            )
