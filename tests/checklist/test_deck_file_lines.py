"""Line 20: what a deck carries unseen, and that the same numbers give the same bytes."""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from datetime import datetime
from pathlib import Path

import pytest
from pptx import Presentation

from nmsdreports.views.board.counts import charts_of
from nmsdreports.views.board.deck import write_deck
from nmsdreports.views.logo import Logo
from tests.views.board import boards

ROOT = Path(__file__).parents[2]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060"
    "f80f00010401005ffdb4f70000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    return write_deck(boards.made_board(), tmp_path_factory.mktemp("deck") / "deck.pptx")


@pytest.fixture(scope="module")
def parts(deck):
    return boards.parts_of(deck)


def test_line_20_embedded_workbooks_hold_what_is_shown_and_nothing_else(deck):
    for slide in boards.slides_of(deck):
        for chart in boards.charts_of_slide(slide):
            (label, *names), *rows = boards.workbook_rows(chart)
            assert names == [series.name for series in chart.plots[0].series]
            assert label
            shown = [tuple(row[1:]) for row in boards.cached(chart)]
            assert [row[1:] for row in rows] == shown
            assert len(rows) == len(shown)


def test_labels_in_charts_are_written_in_the_order_that_powerpoint_asks_for(deck):
    """It calls a presentation damaged where they are not; other programs do not mind."""
    order = ["idx", "layout", "tx", "numFmt", "spPr", "txPr", "dLblPos", "showLegendKey", "showVal"]
    order += ["showCatName", "showSerName", "showPercent", "showBubbleSize", "separator"]
    labels = [
        [part.tag.split("}")[1] for part in label]
        for slide in boards.slides_of(deck)
        for chart in boards.charts_of_slide(slide)
        for label in chart._chartSpace.xpath(".//c:dLbl")
    ]
    assert len(labels) > 20
    for names in labels:
        assert names == [name for name in order if name in names]


def test_line_20_there_is_a_workbook_a_chart_and_no_other_thing_inside(deck, parts):
    charts = sum(len(boards.charts_of_slide(slide)) for slide in boards.slides_of(deck))
    kinds = [name.split("/")[1] for name in parts if name.startswith("ppt/")]
    assert sum(name.endswith(".xlsx") for name in parts) == charts
    assert {kind.split(".")[0] for kind in kinds} <= {
        *("presentation", "presProps", "viewProps", "tableStyles", "theme", "slideMasters"),
        *("slideLayouts", "slides", "notesSlides", "notesMasters", "charts", "embeddings"),
        "_rels",
    }
    assert not [name for name in parts if "thumbnail" in name or "printer" in name.casefold()]


def test_line_20_properties_are_title_district_and_day(deck):
    properties = Presentation(str(deck)).core_properties
    assert properties.title == "Report to the board on social media accounts, October 2026"
    assert properties.author == "Sample School District"
    assert properties.created == properties.modified == datetime(2026, 10, 31)
    assert properties.last_modified_by == ""
    assert not any([properties.keywords, properties.comments, properties.subject])


def test_line_20_no_part_names_a_person_a_program_or_a_place(parts):
    programs = rb"nmsdreports|python-pptx|openpyxl|xlsxwriter|canny|macintosh"
    places = "|".join(re.escape(str(at).lower()) for at in (Path.home(), tempfile.gettempdir()))
    names = programs + rb"|c:\\\\|" + places.encode()
    assert [name for name, data in parts.items() if re.search(names, data.lower())] == []


def test_line_20_notes_hold_the_numbers_the_definitions_and_the_source(deck):
    slides = boards.slides_of(deck)
    for slide, chart in zip(slides[1:-1], charts_of(boards.made_board()), strict=True):
        notes = slide.notes_slide.notes_text_frame.text
        assert chart.title in notes and chart.meaning in notes and chart.source in notes
        for table in boards.tables_of(slide) if not chart.lines else []:
            for row in table[1:]:
                assert all(cell in notes for cell in row)
    rates = next(slide for slide in slides if "guidelines" in slide.shapes.title.text)
    assert "Admin rights: November 2024 " in rates.notes_slide.notes_text_frame.text
    assert all(slide.notes_slide.notes_text_frame.text for slide in slides)


def test_line_20_the_same_edition_gives_the_same_bytes_at_another_time_and_place(deck, tmp_path):
    code = textwrap.dedent(
        f"""
        import sys, time
        sys.path.insert(0, {str(ROOT)!r})
        real = time.time
        time.time = lambda: real() + 90_061
        from nmsdreports.views.board.deck import write_deck
        from tests.views.board import boards
        write_deck(boards.made_board(), {str(tmp_path / "again.pptx")!r})
        """
    )
    environment = os.environ | {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4711"}
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=tmp_path, check=True)
    one, two = (path.read_bytes() for path in (deck, tmp_path / "again.pptx"))
    assert hashlib.sha256(one).hexdigest() == hashlib.sha256(two).hexdigest()


def test_the_logo_stands_on_the_first_slide_with_its_words(tmp_path):
    edition = boards.made_board(logo=Logo("png", PIXEL, 1, 1))
    slides = boards.slides_of(write_deck(edition, tmp_path / "deck.pptx"))
    (picture,) = [s for s in slides[0].shapes if s.shape_type is not None and hasattr(s, "image")]
    words = picture._element._nvXxPr.cNvPr.get("descr")
    assert words == "The logo of Sample School District"


def test_the_theme_of_the_district_colours_the_slides(tmp_path):
    theme = boards.made_board().theme
    colours = theme.colours | {"accent": "#14532d"}
    changed = type(theme)(**{**vars(theme), "colours": colours, "fonts": {"sans": "Verdana"}})
    parts = boards.parts_of(write_deck(boards.made_board(theme=changed), tmp_path / "deck.pptx"))
    own = parts["ppt/theme/theme1.xml"].decode()
    assert "14532D" in own and 'typeface="Verdana"' in own and "Calibri" not in own
