"""Days after the day of reading where that lies in the past: told together, not cell by cell.

Read for an old month, everything that was entered since lies after the day of reading; a line for
each cell would bury what is to be repaired. In: the stacked sheets. Out: one problem for each file
and column, with how many days it is about and the cell of the first.
"""

from __future__ import annotations

from nmsdreports.intake.combine import Stacked
from nmsdreports.intake.dates import Calendar
from nmsdreports.intake.grid import letter
from nmsdreports.intake.problems import Problems
from nmsdreports.intake.rows import Piece


def note_later_days(stacks: dict[str, Stacked], calendar: Calendar, problems: Problems) -> None:
    """Note for each table, file and column how many days lie after the day of reading."""
    found: dict[tuple[str, str, str], list[tuple[Piece, int]]] = {}
    for name, stacked in stacks.items():
        for piece in stacked.pieces:
            for row, column in piece.later:
                found.setdefault((name, piece.place.file, column), []).append((piece, row))
    day = f"{calendar.read_on:%B} {calendar.read_on.day}, {calendar.read_on.year}"
    for (_, _, column), cells in found.items():
        piece, first = cells[0]
        one = len(cells) == 1
        cell = f"{letter(piece.layout.positions[column])}{piece.rows[first]}"
        problems.at(
            "later-days",
            piece.place,
            row=int(piece.rows[first]),
            column=column,
            letter=letter(piece.layout.positions[column]),
            days="1 day" if one else f"{len(cells):,} days",
            header=piece.layout.named(column)[:60],
            lie="lies" if one else "lie",
            day=day,
            first="" if one else f", the first in {cell}",
            they="it does" if one else "they do",
        )
