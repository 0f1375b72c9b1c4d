"""The slide of the rates: lines over 24 months, and a table that names and counts each line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from nmsdreports.views.board.deck_notes import lines_words, table_words
from nmsdreports.views.board.slide_charts import MARKS, add_lines, line_colour
from nmsdreports.views.board.slide_parts import Box, add_table, table_height
from nmsdreports.views.board.slide_places import GAP, body_box
from nmsdreports.views.sentences import month_words

if TYPE_CHECKING:
    from pptx.slide import Slide

    from nmsdreports.views.board.board_chart import BoardChart
    from nmsdreports.views.board.slide_parts import Look

_MOST = len(MARKS)
_REST = "More guidelines stand on the page of charts."


def add_rates(
    slide: Slide, look: Look, chart: BoardChart, sentences: list[str]
) -> tuple[list[pd.DataFrame], list[str]]:
    """Lines over months, and tables of their first and last numbers in the lines' colours.

    More guidelines than one chart can tell apart stand in two, side by side with a table below
    each. Returns the numbers that are shown and the sentences to stand below them.
    """
    frame = chart.frame
    names = [*frame.columns[1:]][: 2 * _MOST]
    sentences = [*sentences, _REST] if frame.shape[1] - 1 > len(names) else sentences
    body = body_box(look.letters, sentences)
    half = len(names) if len(names) <= _MOST else -(-len(names) // 2)
    parts = [part for part in (names[:half], names[half:]) if part]
    tables = [_first_and_last(chart, part) for part in parts]
    width = (body.width - GAP) / 2
    below = (
        max(table_height(look.letters, table, width) for table in tables) if len(parts) > 1 else 0
    )
    for at, part in enumerate(parts):
        drawn = frame[[frame.columns[0], *part]]
        add_lines(
            slide,
            Box(body.left + at * (width + GAP), body.top, width, body.height - below - GAP / 2),
            drawn,
            look.theme,
            name=f"Chart {at + 1}",
            words=lines_words(chart.title, drawn),
            lowest=int(frame[names].min().min()),
        )
    for at, table in enumerate(tables):
        right = at if below else 1
        top = body.top + body.height - below if below else body.top
        add_table(
            slide,
            Box(body.left + right * (width + GAP), top, width, 0),
            table,
            look,
            name=f"Table {at + 1}",
            words=table_words(table),
            marks=[(MARKS[n][1], line_colour(look.theme, n)) for n in range(len(table))],
        )
    rows = chart.tables[0]
    return [rows[rows["Guideline"].isin(names)]], sentences


def _first_and_last(chart: BoardChart, names: list[str]) -> pd.DataFrame:
    """The share of the first month and of the last, and how many were judged, by guideline."""
    rows = chart.tables[0].set_index(["Guideline", "Month"])
    first, last = (month_words(f"{day:%Y-%m}") for day in chart.frame.iloc[[0, -1], 0])
    shares, judged = rows["Share"].to_dict(), rows["Judged"].to_dict()
    return pd.DataFrame(
        {
            "Guideline": names,
            "Share": [_from_to(shares.get((n, first)), shares.get((n, last))) for n in names],
            "Judged": [judged.get((name, last), "not shown") for name in names],
        },
        dtype=object,
    )


def _from_to(first: str | None, last: str | None) -> str:
    if last is None:
        return "not shown"
    return f"{first} to {last}" if first else f"{last} now"
