"""The board's deck: a native, editable presentation of ten slides at 16:9, one finding a slide.

Comes in: a BoardEdition. Goes out: a .pptx whose charts, tables and notes hold what the slides show
and nothing else.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.util import Inches, Pt

from nmsdreports.views.board.board_chart import source_words, under_words
from nmsdreports.views.board.board_words import (
    APART,
    ONE_SCHOOL,
    category_words,
    restated_words,
)
from nmsdreports.views.board.counts import NOTHING, charts_of
from nmsdreports.views.board.counts_incidents import INCIDENTS
from nmsdreports.views.board.deck_base import WIDTH, open_base, save_deck
from nmsdreports.views.board.deck_findings import add_finding, add_title
from nmsdreports.views.board.deck_notes import notes_of, protection_words
from nmsdreports.views.board.slide_parts import (
    LEAST,
    Box,
    add_number,
    add_run,
    add_text,
    describe_shape,
)
from nmsdreports.views.board.slide_places import NUMBER, body_box, foot_box
from nmsdreports.views.board.text_size import Letters, height_of
from nmsdreports.views.sentences import be_words, day_words, month_words, name_words

if TYPE_CHECKING:
    from pptx.slide import Slide

    from nmsdreports.views.board.board_chart import BoardChart
    from nmsdreports.views.board.deck_base import Base
    from nmsdreports.views.board.edition import BoardEdition

_SENTENCES = ("accounts-in-use", "approvals-in-time", "what-moved")
_LOGO = Box(0.5, 0.4, 3.0, 0.8)
_BOTTOM, _SPACE, _CLOSE = 7.2, 10, 3
# As many slides without a chart are borne; more are put together on one.
_FEW = 2


def write_deck(edition: BoardEdition, path: str | Path, template: Path | None = None) -> Path:
    """Write the board's deck to `path`, in the district's `template` where there is one.

    Raises `InputError` where the template cannot be used; then nothing is written.
    """
    base = open_base(template, edition.theme)
    charts = charts_of(edition)
    _add_title_slide(base, edition, charts)
    empty = [chart for chart in charts if chart.instead and chart.name != INCIDENTS]
    gathered = empty if len(empty) > _FEW else []
    for chart in charts:
        if chart not in gathered:
            add_finding(base, chart, category_words(edition) if chart.name == INCIDENTS else [])
    if gathered:
        _add_gathered(base, edition, gathered, len(charts))
    _add_last_slide(base, edition)
    for number, slide in enumerate(base.deck.slides, start=1):
        if number > 1:
            add_number(slide, NUMBER, number, edition.theme)
    title = f"Report to the board on social media accounts, {edition.month_name}"
    return save_deck(base, Path(path), title, edition.district["name"], edition.as_of)


def _add_title_slide(base: Base, edition: BoardEdition, charts: tuple[BoardChart, ...]) -> None:
    """District, month, as-of day, three findings, and what is not counted in them."""
    slide = base.deck.slides.add_slide(base.title)
    month = month_words(edition.month)
    whole = int(edition.ageing["findings"].sum())
    found = be_words(whole, "finding about accounts", "findings about accounts")
    found = f"{found} open{under_words(edition)}"
    add_title(base, slide, f"Official social media accounts in {edition.month_name}: {found}")
    titles = {chart.name: chart.title for chart in charts}
    paragraphs = [
        name_words(edition.district["name"]),
        f"Report to the board for {month}, as of {day_words(edition.as_of)}",
        *restated_words(edition),
        *([ONE_SCHOOL] if edition.one_school else []),
        *(f"{titles[name]}." for name in _SENTENCES),
        APART,
    ]
    below = next(p for p in slide.placeholders if p.placeholder_format.idx != 0)
    _make_room(base, slide, below)
    frame = below.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = MSO_ANCHOR.TOP
    room = (below.width / Inches(1) - 0.3, below.height / Inches(1) - 0.3)
    size = _fitting(base.look.letters, paragraphs, *room)
    space = _SPACE if _needed(base.look.letters, paragraphs, size, room[0]) <= room[1] else _CLOSE
    for number, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(space)
        run = add_run(paragraph, text)
        run.font.size, run.font.bold = Pt(size), number == 0
    if base.own:
        _add_logo(slide, edition)
    slide.notes_slide.notes_text_frame.text = "\n".join(
        [*paragraphs, "Each finding has its own slide, with its numbers."]
    )


def _add_gathered(base: Base, edition: BoardEdition, charts: list[BoardChart], whole: int) -> None:
    """The findings of which there is nothing to draw, where they would leave many slides empty."""
    slide = base.deck.slides.add_slide(base.title_only)
    month = month_words(edition.month)
    add_title(
        base, slide, f"For {month}, {len(charts)} of {whole} questions have no numbers to draw"
    )
    sentences = [
        f"{chart.title}." + (f" {chart.instead}" if chart.instead != NOTHING else "")
        for chart in charts
    ]
    source = source_words(edition, "the registry and its logs")
    letters = base.look.letters
    body, foot = body_box(letters, [source]), foot_box(letters, [source])
    size = _fitting(letters, sentences, body.width - 0.3, body.height - 0.2)
    add_text(
        slide, body, sentences, edition.theme, name="In place of charts", size=size, space=_SPACE
    )
    add_text(slide, foot, [source], edition.theme, name="Meaning and source", colour="muted")
    notes = [line for chart in charts for line in notes_of(chart, [chart.meaning], [])]
    slide.notes_slide.notes_text_frame.text = "\n".join([*notes, source])


def _make_room(base: Base, slide: Slide, below) -> None:
    """Of a template: give the sentences the room from the title to the foot of the slide."""
    if base.own:
        return
    title = slide.shapes.title
    if title.top + title.height > Inches(3.6):
        title.left, title.width = Inches(0.7), Inches(WIDTH - 1.4)
        title.top, title.height = Inches(0.8), Inches(1.7)
    top = title.top + title.height + Inches(0.2)
    left, width = below.left, below.width
    if width < Inches(8):
        left, width = Inches(0.7), Inches(WIDTH - 1.4)
    below.left, below.top, below.width = left, top, width
    below.height = Inches(_BOTTOM) - top


def _fitting(letters: Letters, paragraphs: list[str], width: float, height: float) -> int:
    """The largest size of letters in which the paragraphs fit, never below the least."""
    for size in range(24, LEAST, -1):
        if _needed(letters, paragraphs, size, width) <= height:
            return size
    return LEAST


def _needed(letters: Letters, paragraphs: list[str], size: float, width: float) -> float:
    """The height that paragraphs take with the usual space between them."""
    lines = sum(letters.lines(text, size, width) for text in paragraphs)
    return height_of(lines, size) + len(paragraphs) * _SPACE / 72


def _add_logo(slide: Slide, edition: BoardEdition) -> None:
    """The district's logo, where it is a picture that every program draws."""
    logo = edition.logo
    if logo is None or logo.kind not in ("png", "jpeg"):
        return
    scale = min(_LOGO.width / logo.width, _LOGO.height / logo.height)
    size = Inches(logo.width * scale), Inches(logo.height * scale)
    picture = slide.shapes.add_picture(
        BytesIO(logo.data), Inches(_LOGO.left), Inches(_LOGO.top), *size
    )
    describe_shape(picture, "Logo", f"The logo of {name_words(edition.district['name'])}")


def _add_last_slide(base: Base, edition: BoardEdition) -> None:
    """How numbers are protected and defined, and the way to the monitoring page."""
    slide = base.deck.slides.add_slide(base.title_only)
    add_title(
        base, slide, "Small counts of incidents are not shown; counts about accounts are exact"
    )
    sentences = protection_words(edition)
    box = Box(0.5, 1.5, NUMBER.left - 0.5, _BOTTOM - 1.5)
    page = f"{edition.stem} monitoring.html"
    size = _fitting(base.look.letters, [*sentences, page, page], box.width - 0.3, box.height - 0.3)
    frame = add_text(
        slide, box, sentences, edition.theme, name="Definitions", size=size, space=_SPACE
    )
    paragraph = frame.add_paragraph()
    where = add_run(paragraph, "Every guideline with its numbers, on the monitoring page: ")
    link = add_run(paragraph, page)
    where.font.size = link.font.size = Pt(size)
    # relative, so that it works wherever the board's folder is put
    link.hyperlink.address = quote(page)
    slide.notes_slide.notes_text_frame.text = "\n".join(
        [*sentences, f"The monitoring page is the file {page}, beside this one."]
    )
