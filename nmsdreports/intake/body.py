"""Which rows of a sheet are data, and what a reader alone would miss in its cells.

In: a grid and its layout. Out: the grid with error cells, unstored formulas, targets of links and
merged cells put in, and the positions of its data rows. Notes below the table, totals, example rows
and blank rows are no data.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from nmsdreports.intake.grid import Coded, Grid, letter
from nmsdreports.intake.headers import Layout
from nmsdreports.intake.problems import Place, Problems
from nmsdreports.intake.texts import tidy

_FOOTNOTE = re.compile(r"^(\*|†|‡|(notes?|sources?|legend|key|colou?rs?)\b)", re.IGNORECASE)
_TOTALS = re.compile(r"^((grand |sub)?totals?|sum|count|average)\b", re.IGNORECASE)
_NUMBER = re.compile(r"^[\d.,%\s-]+$")
_EXAMPLE = r"(?i)^\s*example\s*(:|$)"
_LONGEST_TAIL = 200


def marked(grid: Grid) -> Grid:
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
    return replace(grid, columns=columns)


def filled_down(grid: Grid, layout: Layout, place: Place, problems: Problems) -> Grid:
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
        problems.at(
            "merged-cells",
            place,
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
            # a link may stay behind in a cell that was emptied
            links = {row: to for row, to in links.items() if columns[position].text(row).strip()}
            if links:
                columns[position] = columns[position].with_texts(links)
    return _with_columns(grid, columns)


def data_rows(grid: Grid, layout: Layout, place: Place, problems: Problems) -> np.ndarray:
    """Positions of the rows that hold data."""
    start = layout.header + 1
    filled = np.zeros(grid.rows - start, "int32")
    for column in grid.columns:
        filled += column.filled()[start:]
    data = (filled > 0) & ~_examples(grid, layout)[start:]
    present = np.flatnonzero(filled > 0)
    for row in present[::-1][:_LONGEST_TAIL]:
        code = _kind_of_tail(grid, layout, int(row) + start)
        if code is None:
            break
        data[row] = False
        position, text = next(iter(_cells(grid, int(row) + start).items()))
        problems.at(
            code,
            place,
            row=int(row) + start + grid.first_row,
            letter=letter(position),
            value=text,
        )
    hidden = [row + 1 for row in grid.marks.hidden_rows if start <= row < grid.rows]
    hidden = [row for row in hidden if data[row - 1 - start]]
    if hidden:
        problems.at(
            "hidden-rows",
            place,
            row=hidden[0],
            hidden="1 hidden row was" if len(hidden) == 1 else f"{len(hidden)} hidden rows were",
            rows=_spans(hidden),
        )
    return np.flatnonzero(data) + start


def is_example(grid: Grid, layout: Layout, row: int) -> bool:
    """Whether a row (counted from 0) is the example of a template."""
    return bool(_examples(grid, layout)[row])


def _examples(grid: Grid, layout: Layout) -> np.ndarray:
    """For each row whether it is the example of a template, which is never data."""
    first = grid.columns[min(layout.positions.values())]
    found = pc.match_substring_regex(first.texts, _EXAMPLE).to_numpy(zero_copy_only=False)
    return found[first.codes]


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


def extra_cells(
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
            problems.at(
                "extra-cells",
                place,
                row=int(at[index]) + grid.first_row,
                letter=letter(position),
                value=tidy(grid.columns[position].text(int(at[index]))),
            )
        aside |= more
    return aside


def report_unheaded(
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
            problems.at(
                "data-without-header",
                place,
                row=row + grid.first_row,
                letter=letter(position),
                value=tidy(grid.columns[position].text(row)),
                restricted=True,  # nobody knows what it is
            )
