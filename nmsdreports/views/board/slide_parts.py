"""What stands on a slide: text, a native table, a native chart, each at its place in inches.

Everything that is not text carries an alternative text; nothing is smaller than `LEAST` points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from nmsdreports.views.board.text_size import BOLD, Letters, height_of

if TYPE_CHECKING:
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide
    from pptx.table import _Cell
    from pptx.text.text import TextFrame, _Paragraph, _Run

    from nmsdreports.views.theme import Theme

LEAST = 18
"""The smallest letters on a slide, in points: what the last row can read."""
MOST = 24
"""Larger letters than these would shout."""
_INSET, _PADDING, _MARGIN = 0.08, 0.05, 0.1
_EASE = 0.04


@dataclass(frozen=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[Inches, Inches, Inches, Inches]:
        """Left, top, width and height as python-pptx takes them."""
        return (Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height))


@dataclass(frozen=True)
class Look:
    """How slides look: the theme of our charts and tables, and the letters of their font."""

    theme: Theme
    letters: Letters


def describe_shape(shape: BaseShape, name: str, words: str) -> None:
    """Give a shape its name and its alternative text."""
    properties = shape._element._nvXxPr.cNvPr
    properties.set("name", name)
    properties.set("descr", words)


def add_text(
    slide: Slide,
    box: Box,
    paragraphs: list[str],
    theme: Theme,
    *,
    name: str,
    size: float = LEAST,
    colour: str = "text",
    space: float = 0,
) -> TextFrame:
    """A box of paragraphs in one of the theme's colours on its background."""
    shape = slide.shapes.add_textbox(*box.emu)
    shape.name = name
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(theme.colours["background"])
    frame = shape.text_frame
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    for side in ("margin_left", "margin_right", "margin_top", "margin_bottom"):
        setattr(frame, side, Inches(_MARGIN if side.endswith(("left", "right")) else _PADDING))
    for number, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(space)
        style_run(add_run(paragraph, text), theme, size, colour)
    return frame


def add_run(paragraph: _Paragraph, text: str) -> _Run:
    """One run of text at the end of a paragraph."""
    run = paragraph.add_run()
    run.text = text
    return run


def add_number(slide: Slide, box: Box, number: int, theme: Theme) -> None:
    """The slide's number, which follows when slides are moved."""
    frame = add_text(slide, box, [str(number)], theme, name="Slide number", colour="muted")
    (paragraph,) = frame.paragraphs
    paragraph.alignment = PP_ALIGN.RIGHT
    run = paragraph.runs[0]._r
    run.tag = qn("a:fld")
    run.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
    run.set("type", "slidenum")


def style_run(
    run: _Run, theme: Theme, size: float, colour: str = "text", bold: bool = False
) -> None:
    """Size, weight and colour of a run."""
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = rgb(theme.colours.get(colour, colour))


def column_widths(
    letters: Letters, frame: pd.DataFrame, width: float, size: float = LEAST
) -> list[float]:
    """Widths in inches of a table's columns that fill `width`; texts give way before numbers."""
    wanted = _natural_widths(letters, frame, size)
    spare = width - sum(wanted)
    if spare >= 0:
        # the first column has the names: what is left over goes there
        return [wanted[0] + spare, *wanted[1:]]
    least = _natural_widths(letters, frame, size, unbroken=_longest_word)
    # the column whose words can be broken most gives way
    at = max(range(len(wanted)), key=lambda each: wanted[each] - least[each])
    others = sum(wanted) - wanted[at]
    if width - others >= least[at]:
        return [width - others if each == at else its for each, its in enumerate(wanted)]
    return [its * width / sum(least) for its in least]


def natural_width(letters: Letters, frame: pd.DataFrame, size: float = LEAST) -> float:
    """The width in inches of the table of `frame` in which no text breaks."""
    return sum(_natural_widths(letters, frame, size))


def table_height(letters: Letters, frame: pd.DataFrame, width: float, size: float = LEAST) -> float:
    """The height in inches of the table of `frame` in so much width."""
    return sum(_row_heights(letters, frame, column_widths(letters, frame, width, size), size))


def table_size(letters: Letters, frame: pd.DataFrame, width: float, height: float) -> int:
    """The size of the largest letters with which a table fits without a broken text."""
    fits = (
        size
        for size in range(MOST, LEAST, -1)
        if natural_width(letters, frame, size) <= width
        and table_height(letters, frame, width, size) <= height
    )
    return next(fits, LEAST)


def add_table(
    slide: Slide,
    box: Box,
    frame: pd.DataFrame,
    look: Look,
    *,
    name: str,
    words: str,
    size: float = LEAST,
) -> float:
    """A native table with a header row; returns where it ends, in inches from the top."""
    theme, letters = look.theme, look.letters
    widths = column_widths(letters, frame, box.width, size)
    heights = _row_heights(letters, frame, widths, size)
    place = Box(box.left, box.top, box.width, sum(heights))
    shape = slide.shapes.add_table(len(frame) + 1, frame.shape[1], *place.emu)
    describe_shape(shape, name, words)
    table = shape.table
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Inches(width)
    for row, height in zip(table.rows, heights, strict=True):
        row.height = Inches(height)
    for at, name in enumerate(frame):
        side = PP_ALIGN.RIGHT if frame[name].map(_is_number).any() else PP_ALIGN.LEFT
        header = _fill(table.cell(0, at), theme, "header_fill", side)
        style_run(add_run(header, name), theme, size, "header_text", bold=True)
        for row, value in enumerate(frame[name], start=1):
            ground = "band" if row % 2 == 0 else "background"
            words = _fill(table.cell(row, at), theme, ground, side)
            style_run(add_run(words, cell_text(value)), theme, size)
    return box.top + sum(heights)


def cell_text(value: object) -> str:
    """A cell as it is read: a whole count with its thousands apart, else its text."""
    return value if isinstance(value, str) else f"{value:,}"


def rgb(colour: str) -> RGBColor:
    """A colour `#rrggbb` as python-pptx takes it."""
    return RGBColor.from_string(colour.removeprefix("#").upper())


def _fill(cell: _Cell, theme: Theme, ground: str, side: PP_ALIGN) -> _Paragraph:
    """Give a cell its ground and margins; returns the paragraph for its text."""
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(theme.colours[ground])
    cell.margin_left = cell.margin_right = Inches(_INSET)
    cell.margin_top = cell.margin_bottom = Inches(_PADDING)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = side
    return paragraph


def _natural_widths(
    letters: Letters, frame: pd.DataFrame, size: float, unbroken: Callable[[str], str] = str
) -> list[float]:
    return [
        max(
            [
                letters.width(unbroken(name), size * BOLD),
                *(letters.width(unbroken(cell_text(value)), size) for value in frame[name]),
            ]
        )
        + 2 * _INSET
        + _EASE
        for name in frame
    ]


def _longest_word(text: str) -> str:
    return max(text.split(), key=len, default="")


def _row_heights(
    letters: Letters, frame: pd.DataFrame, widths: list[float], size: float
) -> list[float]:
    """Heights in inches of a table's header and rows, as their texts break."""
    header = [(name, size * BOLD) for name in frame]
    rows = [[(cell_text(value), size) for value in row] for row in frame.to_numpy()]
    return [
        height_of(
            max(
                letters.lines(*text, width - 2 * _INSET)
                for text, width in zip(row, widths, strict=True)
            ),
            size,
        )
        + 2 * _PADDING
        for row in [header, *rows]
    ]


def _is_number(value: object) -> bool:
    return not isinstance(value, str) or value.removesuffix("%").isdigit()
