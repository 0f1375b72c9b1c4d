"""A district's own template: its look and two layouts are used, or one sentence says why not."""

import shutil
import zipfile
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.util import Inches

from nmsdreports.settings import InputError
from nmsdreports.views.board.deck import write_deck
from tests.views.board import boards


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Path:
    """A wide template with a slide of its own, an author, and layouts under other names."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    for layout, name in zip(deck.slide_layouts, ["Deckblatt", "Inhalt"], strict=False):
        layout.name = name
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text = "How to use this template"
    slide.notes_slide.notes_text_frame.text = "made by Quill Inkpenny"
    deck.core_properties.author = "Quill Inkpenny"
    deck.slide_master.name = "Our master"
    path = tmp_path_factory.mktemp("template") / "board.pptx"
    deck.save(str(path))
    return path


@pytest.fixture(scope="module")
def deck(template, tmp_path_factory):
    return write_deck(boards.made_board(), tmp_path_factory.mktemp("made") / "deck.pptx", template)


def test_its_layouts_are_used_by_kind_and_its_slides_stay_out(deck):
    slides = boards.slides_of(deck)
    assert slides[0].slide_layout.name == "Deckblatt"
    assert {slide.slide_layout.name for slide in slides[1:]} == {"Title Only"}
    assert len(slides) == 10
    assert len(Presentation(str(deck)).slide_layouts) == 11
    everything = b"".join(boards.parts_of(deck).values())
    assert b"How to use" not in everything and b"Inkpenny" not in everything


def test_the_same_template_gives_the_same_bytes(deck, template, tmp_path):
    again = write_deck(boards.made_board(), tmp_path / "deck.pptx", template)
    assert again.read_bytes() == deck.read_bytes()


def test_nothing_of_a_templates_own_parts_is_carried_over(deck):
    parts = boards.parts_of(deck)
    assert not [name for name in parts if "thumbnail" in name or "printer" in name.casefold()]
    assert "docProps/app.xml" not in parts
    assert Presentation(str(deck)).core_properties.author == "Sample School District"


def without(template: Path, to: Path, kinds: list[str]) -> Path:
    deck = Presentation(str(template))
    slides = deck.slides._sldIdLst
    for each in list(slides):
        deck.part.drop_rel(each.rId)
        slides.remove(each)
    for layout in list(deck.slide_layouts):
        places = {p.element.xpath(".//p:ph")[0].get("type") for p in layout.placeholders}
        if layout._element.get("type") in kinds or "subTitle" in places & set(kinds):
            deck.slide_layouts.remove(layout)
    deck.save(str(to))
    return to


def with_macros(template: Path, to: Path) -> Path:
    shutil.copy(template, to)
    with zipfile.ZipFile(to, "a") as parts:
        parts.writestr("ppt/vbaProject.bin", b"Sub Auto_Open")
    return to


def narrow(template: Path, to: Path) -> Path:
    deck = Presentation(str(template))
    deck.slide_width = Inches(10)
    deck.save(str(to))
    return to


def text(template: Path, to: Path) -> Path:
    to.write_text("not slides")
    return to


def workbook(template: Path, to: Path) -> Path:
    from openpyxl import Workbook

    Workbook().save(to)
    return to


def cut(template: Path, to: Path) -> Path:
    to.write_bytes(template.read_bytes()[:2000])
    return to


FAULTS = {
    "no title slide": (
        lambda one, to: without(one, to, ["title"]),
        "has no layout for a title slide (a title and a subtitle)",
    ),
    "no title only": (
        lambda one, to: without(one, to, ["titleOnly"]),
        "has no layout for a slide with a title only",
    ),
    "macros": (with_macros, "has macros; save it as .pptx, without them"),
    "not wide": (narrow, "has slides of 10.00 by 7.50 inches; set its slide size to widescreen"),
    "a text": (text, "is not a PowerPoint presentation; save it as .pptx"),
    "a workbook": (workbook, "is not a PowerPoint presentation; save it as .pptx"),
    "cut": (cut, "is not a PowerPoint presentation; save it as .pptx"),
    "gone": (lambda one, to: to, "cannot be opened"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_that_cannot_be_used_is_one_sentence_and_nothing_is_written(fault, template, tmp_path):
    make, words = FAULTS[fault]
    path = make(template, tmp_path / "theirs.pptx")
    with pytest.raises(InputError) as told:
        write_deck(boards.made_board(), tmp_path / "deck.pptx", path)
    assert str(told.value).startswith(
        "district.toml: [deck] 'template' names 'theirs.pptx', which "
    )
    assert words in str(told.value)
    assert not (tmp_path / "deck.pptx").exists()
