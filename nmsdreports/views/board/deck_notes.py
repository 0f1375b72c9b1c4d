"""What the speaker reads below a slide: its numbers row by row, what they mean, and the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from nmsdreports.views.board.board_words import (
    PERSONAL,
    ROUNDED,
    older_words,
    short_category_words,
)
from nmsdreports.views.board.slide_parts import cell_text

if TYPE_CHECKING:
    from nmsdreports.views.board.board_chart import BoardChart
    from nmsdreports.views.board.edition import BoardEdition

_LONGEST = 250


def notes_of(chart: BoardChart, sentences: list[str], tables: list[pd.DataFrame]) -> list[str]:
    """The paragraphs of a slide's notes: the numbers of the `tables` it shows, its sentences."""
    lines = _month_lines if chart.lines else _lines
    numbers = [line for table in tables for line in lines(table)]
    return [f"{chart.title}.", *numbers, *sentences]


def chart_words(title: str, frame: pd.DataFrame, kind: str) -> str:
    """A chart's alternative text: its finding, what is drawn and its numbers, where they fit."""
    start = f"{title}. {kind}: "
    rows = []
    for label, *its in zip(*(frame[name] for name in frame), strict=True):
        drawn = {n: v for n, v in zip(frame.columns[1:], its, strict=True) if pd.notna(v)}
        told = ", ".join(f"{name.lower()} {value:,}" for name, value in drawn.items())
        rows.append(": ".join(filter(None, [" ".join(label.split()), told])))
    words = f"{start}{'; '.join(rows)}."
    if len(words) <= _LONGEST:
        return words
    short = f"{start}{' and '.join(map(str, frame.columns[1:]))}, numbers in the table."
    return short if len(short) <= _LONGEST else f"{short[: _LONGEST - 1]}…"


def panel_words(name: str, numbers: str, first: str, last: str) -> str:
    """The alternative text of a guideline's line: its first share, its last and the counts."""
    return f"{name}: {numbers}. Line chart, {first} to {last}, from 0% to 100%."


def table_words(frame: pd.DataFrame) -> str:
    """The alternative text of a table: what its columns have, and how many rows there are."""
    rows = f"{len(frame)} row{'' if len(frame) == 1 else 's'}"
    return f"Table of {rows} with the columns {', '.join(frame.columns)}."


def protection_words(edition: BoardEdition) -> list[str]:
    """How numbers are protected and defined, sentence by sentence, for the last slide."""
    few = f"“fewer than {edition.min_cell}”"
    return [
        f"Counts of incidents and concerns below {edition.min_cell} read {few}, whatever they are; "
        "“not shown” hides a count from which such a one could be worked out.",
        "They are counted once for each school year that is over (September to August); of the "
        f"running one only a range is given. {older_words(edition)}",
        *short_category_words(edition),
        f"Counts about accounts are exact and of the whole district, where there are "
        f"{edition.min_cell} or more. No school, account or person is named.",
        f"A share is those that meet a guideline, of all that were judged. {ROUNDED} "
        "An exception never hides a finding.",
        f"{PERSONAL}.",
    ]


def _lines(table: pd.DataFrame) -> list[str]:
    """A line for each row of a table."""
    return [
        "; ".join(f"{name}: {cell_text(value)}" for name, value in row.items())
        for row in table.to_dict("records")
    ]


def _month_lines(table: pd.DataFrame) -> list[str]:
    """A line for each guideline, with its share and the counts behind it month by month."""
    return [
        f"{name}: "
        + "; ".join(
            f"{month} {share} ({meets:,} of {judged:,})"
            for _, month, meets, judged, share in rows.itertuples(index=False)
        )
        for name, rows in table.groupby("Guideline", sort=False)
    ]
