"""The slide of incidents and concerns: closed school years, as many as fit, and the running one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from nmsdreports.views.board.counts_incidents import CLOSED_YEARS, NOT_DRAWN, RUNNING_YEAR
from nmsdreports.views.board.slide_parts import Box, natural_width, table_height
from nmsdreports.views.board.slide_places import GAP, body_box, put_bars, put_table, put_words

if TYPE_CHECKING:
    from pptx.slide import Slide

    from nmsdreports.views.board.board_chart import BoardChart
    from nmsdreports.views.board.slide_parts import Look
    from nmsdreports.views.board.text_size import Letters

_LOWEST, _RIGHT = 2.1, 8.5
_REST = "More school years and categories stand on the page of charts."


def add_incidents(
    slide: Slide, look: Look, chart: BoardChart, sentences: list[str]
) -> tuple[list[pd.DataFrame], list[str]]:
    """The closed school years, newest first, as many as fit, and the running one.

    Their table stands right of the chart, or across the slide below it where more of it fits.
    Returns the tables that are shown and the sentences to stand below them.
    """
    closed, running = (
        next((table for table in chart.tables if tuple(table) == headers), pd.DataFrame())
        for headers in (CLOSED_YEARS, RUNNING_YEAR)
    )
    width = natural_width(look.letters, running)
    height = table_height(look.letters, running, width) if len(running) else 0
    beside, rows = _arranged(look.letters, closed, height, sentences)
    sentences = [*sentences, _REST] if rows < len(closed) else sentences
    body, table = body_box(look.letters, sentences), closed.iloc[:rows]
    right = _RIGHT if beside else width
    low = 0 if beside or not rows else table_height(look.letters, table, body.width) + GAP
    left = replace(body, width=body.width - right - GAP, height=body.height - low)
    frame = _without_year(chart.frame.iloc[:rows], table)
    if frame["Reported"].notna().any():
        put_bars(slide, look, chart.title, frame, left)
    else:
        put_words(slide, look, chart.instead or NOT_DRAWN, left)
    edge, top = body.left + body.width - right, body.top
    if rows and beside:
        top = put_table(slide, look, Box(edge, top, right, 0), table) + GAP
    elif rows:
        below = Box(body.left, top + body.height - low + GAP, body.width, 0)
        put_table(slide, look, below, table)
    if len(running):
        put_table(slide, look, Box(edge, top, width, 0), running)
    return [each for each in (table, running) if len(each)], sentences


def _without_year(frame: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The bars of one school year named by their categories alone, so that bars have the room."""
    if len(table) < 2 or table["School year"].iloc[0] != table["School year"].iloc[-1]:
        return frame
    return frame.assign(**{"School year": table["Category"]}).rename(
        columns={"School year": "Category"}
    )


def _arranged(
    letters: Letters, closed: pd.DataFrame, running: float, sentences: list[str]
) -> tuple[bool, int]:
    """Whether the closed years stand beside the chart, and how many of their rows fit."""
    if closed.empty:
        return False, 0
    for said in (sentences, [*sentences, _REST]):
        body = body_box(letters, said)
        below = _rows_that_fit(letters, closed, body.width, body.height - GAP, _bars_height)
        beside = _rows_that_fit(letters, closed, _RIGHT, body.height - GAP, lambda _: running)
        if max(beside, below) == len(closed):
            break
    # beside the chart there is less room: long names of categories would be broken
    whole = natural_width(letters, closed.iloc[:beside]) <= _RIGHT
    return beside > below or (beside == below and whole), max(beside, below)


def _bars_height(rows: int) -> float:
    """What the bars of so many rows need, with their labels."""
    return max(_LOWEST, 0.3 + 0.6 * rows)


def _rows_that_fit(
    letters: Letters,
    closed: pd.DataFrame,
    width: float,
    height: float,
    others: Callable[[int], float],
) -> int:
    """The rows of the newest whole school years that fit; of the newest year as many as do.

    `others` is the height of what stands above or below so many rows.
    """
    years = closed["School year"].to_list()
    fit = [
        at
        for at in range(len(years) + 1)
        if table_height(letters, closed.iloc[:at], width) + others(at) <= height
    ]
    whole = [at for at in fit if at and (at == len(years) or years[at] != years[at - 1])]
    return max(whole or fit, default=0)
