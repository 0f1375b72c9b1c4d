"""The slide of the rates: a small chart a guideline, each with its line over 24 months.

Lines in one chart would cover each other where most accounts meet most guidelines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pptx.util import Inches

from nmsdreports.views.board.counts_rates import span_words
from nmsdreports.views.board.deck_notes import panel_words
from nmsdreports.views.board.slide_charts import add_panel
from nmsdreports.views.board.slide_parts import LEAST, Box, add_run, add_text, style_run
from nmsdreports.views.board.slide_places import body_box
from nmsdreports.views.board.text_size import BOLD, height_of
from nmsdreports.views.sentences import month_words

if TYPE_CHECKING:
    import pandas as pd
    from pptx.slide import Slide

    from nmsdreports.views.board.board_chart import BoardChart
    from nmsdreports.views.board.slide_parts import Look

_ACROSS, _MOST = 3, 9
# in inches: below a line, between two panels, at the sides of a heading
_BELOW, _BETWEEN, _SIDE = 0.08, 0.2, 0.05
_REST = "More guidelines stand on the page of charts."


def add_rates(
    slide: Slide, look: Look, chart: BoardChart, sentences: list[str]
) -> tuple[list[pd.DataFrame], list[str]]:
    """A panel for each guideline, in rows of three, with the first share, the last and its counts.

    Returns the numbers that are shown and the sentences to stand below them.
    """
    names = [*chart.frame.columns[1:]][:_MOST]
    rows = chart.tables[0]
    first, last = (month_words(f"{day:%Y-%m}") for day in chart.frame.iloc[[0, -1], 0])
    span = f"Lines: {first} to {last}, between 0% and 100%; in brackets the last counts."
    rest = [_REST] if chart.frame.shape[1] - 1 > len(names) else []
    sentences = [" ".join([span, *sentences, *rest])]
    body = body_box(look.letters, sentences)
    down = -(-len(names) // _ACROSS)
    width = (body.width - (_ACROSS - 1) * _BETWEEN) / _ACROSS
    height = body.height / down
    for at, name in enumerate(names):
        row, column = divmod(at, _ACROSS)
        left, top = body.left + column * (width + _BETWEEN), body.top + row * height
        counts = _counts(chart, name)
        end = _put_heading(slide, look, Box(left, top, width, 0), [name, counts], at + 1)
        add_panel(
            slide,
            Box(left, end, width, top + height - end - _BELOW),
            chart.frame[[chart.frame.columns[0], name]],
            look.theme,
            name=f"Chart {at + 1}",
            words=panel_words(name, f"{span_words(chart.frame, name)} {counts}", first, last),
        )
    return [rows[rows["Guideline"].isin(names)]], sentences


def _put_heading(slide: Slide, look: Look, box: Box, words: list[str], number: int) -> float:
    """The name of a guideline, in bold letters, and its counts; returns where they end."""
    name, counts = words
    letters, room = look.letters, box.width - 2 * _SIDE
    width = letters.width(f"{name} ", LEAST * BOLD) + letters.width(counts, LEAST)
    lines = letters.lines(f"{name} {counts}", LEAST * BOLD, room)
    height = height_of(1 if width <= room else max(lines, 2), LEAST) + 0.08
    place = replace(box, height=height)
    frame = add_text(slide, place, [f"{name} "], look.theme, name=f"Heading {number}")
    frame.margin_left = frame.margin_right = Inches(_SIDE)
    paragraph = frame.paragraphs[0]
    paragraph.runs[0].font.bold = True
    style_run(add_run(paragraph, counts), look.theme, LEAST)
    return place.top + place.height + 0.01


def _counts(chart: BoardChart, name: str) -> str:
    """The counts behind the last share of a guideline: "(42 of 48)"."""
    rows = chart.tables[0]
    meets, judged = rows.loc[rows["Guideline"] == name, ["Meets", "Judged"]].iloc[-1]
    return f"({meets:,} of {judged:,})"
