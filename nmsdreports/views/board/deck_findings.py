"""One finding a slide: its title, a chart, a table of the same numbers, what they mean and whence.

Where a chart cannot be drawn, words stand in its place. What would not fit is left to the page of
charts, and the slide says so; nothing is made smaller than the last row can read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from pptx.enum.text import MSO_AUTO_SIZE
from pptx.util import Inches, Pt

from nmsdreports.views.board.counts_incidents import INCIDENTS
from nmsdreports.views.board.deck_base import WIDTH
from nmsdreports.views.board.deck_incidents import add_incidents
from nmsdreports.views.board.deck_notes import notes_of
from nmsdreports.views.board.deck_rates import add_rates
from nmsdreports.views.board.slide_parts import (
    LEAST,
    Box,
    add_run,
    add_text,
    natural_width,
    table_height,
    table_size,
)
from nmsdreports.views.board.slide_places import (
    EDGE,
    GAP,
    TOP,
    body_box,
    foot_box,
    put_bars,
    put_table,
    put_words,
)
from nmsdreports.views.board.text_size import BOLD, Letters, height_of

if TYPE_CHECKING:
    from pptx.slide import Slide

    from nmsdreports.views.board.board_chart import BoardChart
    from nmsdreports.views.board.deck_base import Base
    from nmsdreports.views.board.slide_parts import Look

_TITLE = Box(EDGE, 0.3, WIDTH - 2 * EDGE, 1.1)
_BARS, _NAMED_BARS, _HALF = 2.2, 3.9, 0.55
_LARGEST = 20


def add_title(base: Base, slide: Slide, text: str) -> None:
    """The slide's title, in letters as large as its place allows."""
    title = slide.shapes.title
    finding = slide.slide_layout == base.title_only
    if not base.own and finding:
        # a template may have its title anywhere; ours stands above what it is about
        low, narrow = title.top + title.height > Inches(TOP), title.width < Inches(9)
        if low or narrow:
            title.left, title.top, title.width, title.height = _TITLE.emu
    frame = title.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    width, height = title.width / Inches(1) - 0.25, title.height / Inches(1) - 0.1
    sizes = range(28 if finding else 32, LEAST, -1)
    fits = (
        s for s in sizes if height_of(base.look.letters.lines(text, s * BOLD, width), s) <= height
    )
    add_run(frame.paragraphs[0], text).font.size = Pt(next(fits, LEAST))


def add_finding(base: Base, chart: BoardChart, more: list[str]) -> None:
    """The slide of one finding, with its notes, at whose end stands what `more` they say."""
    slide = base.deck.slides.add_slide(base.title_only)
    add_title(base, slide, chart.title)
    sentences, look = [chart.meaning, chart.source], base.look
    if chart.lines and not chart.instead:
        tables, sentences = add_rates(slide, look, chart, sentences)
    elif chart.name == INCIDENTS:
        tables, sentences = add_incidents(slide, look, chart, sentences)
    else:
        tables = _add_beside(slide, look, chart, body_box(look.letters, sentences))
    add_text(
        slide,
        foot_box(look.letters, sentences),
        sentences,
        look.theme,
        name="Meaning and source",
        colour="muted",
    )
    slide.notes_slide.notes_text_frame.text = "\n".join(
        [*notes_of(chart, sentences, tables), *more]
    )


def _add_beside(slide: Slide, look: Look, chart: BoardChart, body: Box) -> list[pd.DataFrame]:
    """A chart and right of it its table; words and below them the table where none is drawn."""
    table = chart.tables[0] if chart.tables and not chart.lines else None
    if chart.instead:
        end = put_words(slide, look, chart.instead, body)
        if table is None:
            return []
        size = table_size(look.letters, table, body.width, body.top + body.height - end - GAP)
        width = min(natural_width(look.letters, table, size), body.width)
        put_table(slide, look, Box(body.left, end + GAP, width, 0), table, size)
        return [table]
    size = table_size(look.letters, table, body.width * _HALF, body.height)
    frame = _with_gaps(chart.frame, table)
    bars = _NAMED_BARS if frame.shape[1] > 2 else _BARS
    labels = max(look.letters.width(text, size) for text in chart.frame.iloc[:, 0])
    width = min(natural_width(look.letters, table, size), body.width - GAP - labels - bars)
    table = _cut(look.letters, table, width, body.height)
    drawn = Box(body.left, body.top, body.width - width - GAP, body.height)
    put_bars(slide, look, chart.title, frame, drawn, min(size, _LARGEST))
    place = Box(body.left + body.width - width, body.top, width, 0)
    put_table(slide, look, place, table, size)
    return [table]


def _with_gaps(frame: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The frame with the words of the table below a category of which no bar is drawn."""
    none = frame.iloc[:, 1:].isna().all(axis=1)
    names = frame.iloc[:, 0]
    words = table.iloc[:, 1].astype("str").set_axis(names.index) if none.any() else names
    return frame.assign(**{frame.columns[0]: names.mask(none, names + ":\n" + words)})


def _cut(letters: Letters, table: pd.DataFrame, width: float, height: float) -> pd.DataFrame:
    """The table without its smallest rows, put together in one, until it fits; the last stays."""
    counts = table.columns[1:]
    order = table.index[:-1]
    kept, fitted = len(order), table
    while table_height(letters, fitted, width) > height and kept > 1:
        kept -= 1
        largest = table.loc[order, counts].sum(axis=1).astype(int).nlargest(kept).index
        rest = table.loc[order.difference(largest), counts].sum().to_list()
        others = pd.DataFrame([["Other guidelines", *rest]], columns=table.columns, dtype=object)
        fitted = pd.concat([table.loc[sorted(largest)], others, table.iloc[-1:]], ignore_index=True)
    return fitted
