"""LibreOffice opens a deck and draws every slide whole."""

import re
import shutil
import subprocess
from dataclasses import replace

import pytest

from nmsdreports.views.board.deck import write_deck
from tests.views.board import boards

pytestmark = [
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine"),
    pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not on this machine"),
]
# what of a slide's foot is left free, in points: 540 is its height
LOWEST = 535


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The fullest decks as LibreOffice draws them: one in our font, one in a wide one."""
    folder, profile = tmp_path_factory.mktemp("drawn"), tmp_path_factory.mktemp("profile")
    theme = boards.made_board().theme
    wide = replace(theme, fonts={**theme.fonts, "sans": "Verdana"})
    paths = [
        write_deck(boards.big_board(), folder / "usual.pptx"),
        write_deck(replace(boards.big_board(), theme=wide), folder / "wide.pptx"),
    ]
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, timeout=120, encoding="utf-8")
    assert [line for line in done.stderr.splitlines() if "java" not in line] == []
    return folder


@pytest.fixture(scope="module", params=["usual", "wide"])
def drawn(folder, request):
    """A deck's slides, and its pages: their words, each with its box."""
    path = folder / f"{request.param}.pptx"
    command = ["pdftotext", "-bbox", str(path.with_suffix(".pdf")), "-"]
    boxes = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    word = re.compile(r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*?)</word>')
    pages = [
        [(*map(float, found[:4]), found[4]) for found in word.findall(page)]
        for page in boxes.split("<page ")[1:]
    ]
    return boards.slides_of(path), pages


def test_every_slide_is_drawn_with_all_its_words_and_nothing_is_cut(drawn):
    slides, pages = drawn
    assert len(pages) == len(slides) == 10
    for slide, page in zip(slides, pages, strict=True):
        said = letters("".join(word for *_, word in page).replace("&apos;", "'"))
        for text in texts_of(slide):
            # a broken word is drawn in two pieces
            assert letters(text) in said or all(letters(w) in said for w in text.split()), text
        assert min(box[0] for box in page) > 0
        assert max(box[2] for box in page) < 960
        assert max(box[3] for box in page) < LOWEST


def test_no_word_of_a_table_and_no_number_of_a_bar_is_broken(drawn):
    slides, pages = drawn
    for slide, page in zip(slides, pages, strict=True):
        words = {letters(word.replace("&apos;", "'")) for *_, word in page}
        for table in boards.tables_of(slide):
            for cell in (cell for row in table for cell in row):
                assert {letters(word) for word in cell.split()} <= words, cell
        for chart in boards.charts_of_slide(slide):
            if chart._chartSpace.xpath(".//c:barChart"):
                for _, *values in boards.cached(chart):
                    assert {f"{value:.0f}" for value in values if value is not None} <= words


def letters(text: str) -> str:
    return re.sub(r"&quot;|&amp;|\W", "", text)


def texts_of(slide):
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield from shape.text_frame.text.split("\n")
        if shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)
        if shape.has_chart:
            for row in boards.cached(shape.chart):
                bars = shape.chart._chartSpace.xpath(".//c:barChart")
                yield from (
                    ([row[0]] + [f"{v:,.0f}" for v in row[1:] if v is not None]) if bars else ()
                )
