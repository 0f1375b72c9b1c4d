"""The presentation that the board's slides go into: our own plain one, or the district's template.

Of a template its look and two of its layouts are used; its slides, and what tells of those who
made it (author, thumbnail, printer, comments), stay out. It is checked before anything is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

import pandas as pd
from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches

from nmsdreports.settings import SETTINGS_FILE, InputError
from nmsdreports.views.board.slide_parts import Look
from nmsdreports.views.board.text_size import letters_of
from nmsdreports.views.finish import FixedArchive

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.slide import SlideLayout

    from nmsdreports.views.theme import Theme

WIDTH, HEIGHT = 13.333, 7.5
"""A slide at 16:9, in inches."""

# What a presentation needs of its parts; all others are of those who made it.
_KEPT = {
    "slideMaster",
    "presProps",
    "viewProps",
    "theme",
    "tableStyles",
    "font",
}
# What a presentation says of its slides, notes and handouts, which are not taken over.
_ABOUT_SLIDES = (
    *("p:notesMasterIdLst", "p:handoutMasterIdLst"),
    *("p:custShowLst", "p:custDataLst", "p:extLst"),
)
_ASIDE = {"dt", "ftr", "sldNum"}
_MOST_BYTES = 100_000_000
_NEAR = 0.02
_BAR = (
    f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="90" name="Bar"/><p:cNvSpPr/><p:nvPr/>'
    '</p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="tx2"/>'
    "</a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
)


@dataclass(frozen=True)
class Base:
    """An empty presentation with its two layouts; `own` says that it is not a district's.

    `look` is that of what is put on its slides.
    """

    deck: Deck
    title: SlideLayout
    title_only: SlideLayout
    own: bool
    look: Look


def open_base(template: Path | None, theme: Theme) -> Base:
    """The district's template, emptied, or our own plain presentation in the theme's look.

    Raises `InputError` that names the template and says why its slides cannot be used.
    """
    if template is None:
        return _own_base(theme)
    deck = _read(template)
    wide, high = deck.slide_width / Inches(1), deck.slide_height / Inches(1)
    if abs(wide - WIDTH) > _NEAR or abs(high - HEIGHT) > _NEAR:
        raise _unusable(
            template,
            f"has slides of {wide:.2f} by {high:.2f} inches; set its slide size to widescreen "
            f"({WIDTH} by {HEIGHT} inches)",
        )
    layouts = {kind: _layout(deck, kind) for kind in ("title", "titleOnly")}
    missing = [
        words
        for kind, words in (
            ("title", "a title slide (a title and a subtitle)"),
            ("titleOnly", "a slide with a title only"),
        )
        if layouts[kind] is None
    ]
    if missing:
        raise _unusable(template, f"has no layout for {' and none for '.join(missing)}")
    _empty(deck)
    look = Look(theme, letters_of(_font(layouts["titleOnly"].slide_master)))
    return Base(deck, layouts["title"], layouts["titleOnly"], own=False, look=look)


def save_deck(base: Base, path: Path, title: str, creator: str, day: pd.Timestamp) -> Path:
    """Write the presentation: the same slides give the same bytes, always.

    Its properties are title, district and day; nothing of the machine, the clock or a template.
    """
    deck = base.deck
    properties = deck.core_properties
    for element in list(properties._element):
        properties._element.remove(element)
    properties.title, properties.author, properties.language = title, creator, "en-US"
    properties.created = properties.modified = datetime(day.year, day.month, day.day)
    for slide in deck.slides:
        for part in (slide._element, slide.notes_slide._element):
            _say_language(part)
    packed, fixed = BytesIO(), BytesIO()
    deck.save(packed)
    with ZipFile(packed) as parts, FixedArchive(fixed) as archive:
        for name in parts.namelist():
            archive.writestr(name, parts.read(name))
    path.write_bytes(fixed.getvalue())
    return path


def _read(template: Path) -> Deck:
    """The presentation in the file, where it is one without macros."""
    plain = "is not a PowerPoint presentation; save it as .pptx"
    try:
        if template.stat().st_size > _MOST_BYTES:
            raise _unusable(template, "has more than 100 MB; use a smaller one")
        content = template.read_bytes()
        with ZipFile(BytesIO(content)) as parts:
            names = " ".join(parts.namelist()).casefold()
            types = parts.read("[Content_Types].xml").lower()
        if "vbaproject" in names or b"macroenabled" in types:
            raise _unusable(template, "has macros; save it as .pptx, without them")
        return Presentation(BytesIO(content))
    except OSError as error:
        raise _unusable(template, f"cannot be opened ({error.strerror})") from error
    except InputError:
        raise
    except (BadZipFile, KeyError, ValueError, AttributeError, etree.XMLSyntaxError) as error:
        raise _unusable(template, plain) from error


def _unusable(template: Path, why: str) -> InputError:
    return InputError(f"{SETTINGS_FILE}: [deck] 'template' names '{template.name}', which {why}.")


def _layout(deck: Deck, kind: str) -> SlideLayout | None:
    """The first layout of a kind: so called by its maker, else with the places of one."""
    layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
    named = [layout for layout in layouts if layout._element.get("type") == kind]
    for layout in [*named, *layouts]:
        places = [_place(each) for each in layout.placeholders]
        places = [place for place in places if place not in _ASIDE]
        titles = sum(place in ("title", "ctrTitle") for place in places)
        if titles == 1 and (
            (kind == "title" and "subTitle" in places) or (kind == "titleOnly" and len(places) == 1)
        ):
            return layout
    return None


def _place(placeholder) -> str:
    """What a placeholder is for, in the file's own word."""
    return placeholder._element.xpath(".//p:ph")[0].get("type", "obj")


def _empty(deck: Deck) -> None:
    """Take out the slides with all that speaks of them, and all parts that no slide needs."""
    slides = deck.slides._sldIdLst
    for slide in list(slides):
        deck.part._rels.pop(slide.rId)
        slides.remove(slide)
    for name in _ABOUT_SLIDES:
        for element in deck._element.findall(qn(name)):
            deck._element.remove(element)
    package = deck.part.package
    for rels, kept in (
        (package._rels, {"officeDocument", "core-properties"}),
        (deck.part._rels, _KEPT),
    ):
        for key in list(rels):
            if rels[key].reltype.rsplit("/", 1)[-1] not in kept:
                rels.pop(key)


def _own_base(theme: Theme) -> Base:
    """python-pptx's default, made wide and plain, with two layouts in the theme's look."""
    deck = Presentation()
    wider = Inches(WIDTH) / deck.slide_width
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    master = deck.slide_master
    title, title_only = _layout(deck, "title"), _layout(deck, "titleOnly")
    for layout in list(deck.slide_layouts):
        if layout not in (title, title_only):
            deck.slide_layouts.remove(layout)
    for holder in (master, title, title_only):
        for shape in holder.placeholders:
            if shape._element.spPr.find(qn("a:xfrm")) is not None:
                shape.left, shape.width = (
                    Emu(int(shape.left * wider)),
                    Emu(int(shape.width * wider)),
                )
    _place_at(master.placeholders[0], 0.5, 0.3, WIDTH - 1, 1.1)
    heading, below = title.placeholders[0], title.placeholders[1]
    _place_at(heading, 0.5, 0.8, WIDTH - 1, 1.7)
    _place_at(below, 0.5, 2.7, WIDTH - 1, 4.3)
    tree = master.shapes._spTree
    tree.insert(2, parse_xml(_BAR.format(width=deck.slide_width, height=Inches(0.15))))
    styles = master._element.find(qn("p:txStyles"))
    first = styles.find(f"{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    first.set("algn", "l")
    letters = first.find(qn("a:defRPr"))
    letters.set("b", "1")
    letters.find(f".//{qn('a:schemeClr')}").set("val", "tx2")
    for level in below._element.findall(f".//{qn('a:lstStyle')}/*"):
        level.set("algn", "l")
    # a tint would make the words fainter than can be read from the last row
    for tint in list(below._element.iter(qn("a:tint"))):
        tint.getparent().remove(tint)
    _dress(master, theme)
    _empty(deck)
    look = Look(theme, letters_of(theme.fonts["sans"]))
    return Base(deck, title, title_only, own=True, look=look)


def _place_at(shape, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top = Inches(left), Inches(top)
    shape.width, shape.height = Inches(width), Inches(height)


def _font(master) -> str:
    """The font of a template's texts, "" where it does not say."""
    blob = master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob
    return "".join(parse_xml(blob).xpath(".//a:minorFont/a:latin/@typeface")[:1])


def _dress(master, theme: Theme) -> None:
    """Put the district's colours and font into the theme that slides are made by."""
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    tree = etree.fromstring(part.blob)
    tree.set("name", "Board")
    colours = theme.colours
    named = {
        **{"dk1": colours["text"], "lt1": colours["background"]},
        **{"dk2": colours["accent"], "lt2": colours["band"]},
        **{f"accent{at}": colour for at, colour in enumerate(theme.series[:6], start=1)},
        **{"hlink": colours["accent"], "folHlink": colours["muted"]},
    }
    scheme = tree.find(f".//{qn('a:clrScheme')}")
    scheme.set("name", "Board")
    for name, colour in named.items():
        place = scheme.find(qn(f"a:{name}"))
        for old in list(place):
            place.remove(old)
        etree.SubElement(place, qn("a:srgbClr")).set("val", colour.removeprefix("#").upper())
    tree.find(f".//{qn('a:fontScheme')}").set("name", "Board")
    for font in tree.iter(qn("a:latin")):
        font.set("typeface", theme.fonts["sans"])
    part.blob = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _say_language(part) -> None:
    """Mark every run of text as English, so that it is read out so."""
    for run in part.iter(qn("a:r"), qn("a:fld")):
        run.get_or_add_rPr()
    for name in ("a:rPr", "a:endParaRPr", "a:defRPr"):
        for properties in part.iter(qn(name)):
            properties.set("lang", "en-US")
