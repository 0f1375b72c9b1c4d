"""Where things stand on a slide of a finding, and the parts that such slides have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from nmsdreports.views.board.deck_base import WIDTH
from nmsdreports.views.board.deck_notes import chart_words, table_words
from nmsdreports.views.board.slide_charts import add_bars
from nmsdreports.views.board.slide_parts import LEAST, Box, add_table, add_text
from nmsdreports.views.board.text_size import Letters, height_of

if TYPE_CHECKING:
    from pptx.slide import Slide

    from nmsdreports.views.board.slide_parts import Look

EDGE, GAP, TOP = 0.5, 0.25, 1.5
"""In inches: the slide's margin, the room between two things, where things begin below a title."""
NUMBER = Box(12.233, 6.9, 0.6, 0.4)
"""The place of a slide's number, right of the sentences at its foot."""
_BOTTOM, _LOW = 7.3, 3.4


def foot_box(letters: Letters, sentences: list[str]) -> Box:
    """The place of the sentences at the foot of a slide, as high as they need."""
    width = NUMBER.left - EDGE
    lines = sum(letters.lines(text, LEAST, width - 0.2) for text in sentences)
    height = height_of(lines, LEAST) + 0.1
    return Box(EDGE, _BOTTOM - height, width, height)


def body_box(letters: Letters, sentences: list[str]) -> Box:
    """The place between the title and the sentences at the foot."""
    return Box(EDGE, TOP, WIDTH - 2 * EDGE, foot_box(letters, sentences).top - GAP - TOP)


def put_words(slide: Slide, look: Look, words: str, box: Box) -> float:
    """The sentence that stands in place of a chart; returns where it ends."""
    height = height_of(look.letters.lines(words, 22, box.width - 0.2), 22) + 0.1
    place = Box(box.left, box.top, box.width, height)
    add_text(slide, place, [words], look.theme, name="In place of a chart", size=22)
    return box.top + height


def put_bars(
    slide: Slide,
    look: Look,
    title: str,
    frame: pd.DataFrame,
    box: Box,
    size: float = LEAST,
) -> None:
    """Bars as thick as a few of them need, from the top of the box on."""
    series = frame.shape[1] - 1
    height = len(frame) * (0.55 * series + 0.45) + 0.2
    place = Box(box.left, box.top, box.width, min(max(height, _LOW), box.height))
    words = chart_words(title, frame, "Bar chart")
    add_bars(slide, place, frame, look, name="Chart", words=words, size=size)


def put_table(
    slide: Slide, look: Look, box: Box, table: pd.DataFrame, size: float = LEAST
) -> float:
    """A table at the top of the box; returns where it ends."""
    name = f"Table {1 + sum(shape.has_table for shape in slide.shapes)}"
    words = table_words(table)
    return add_table(slide, box, table, look, name=name, words=words, size=size)
