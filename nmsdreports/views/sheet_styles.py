"""The looks of a workbook's cells, made from the theme: one named style each, shared by cells."""

from copy import copy
from functools import lru_cache

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.stylesheet import write_stylesheet
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.xml.functions import tostring

from nmsdreports.views.sentences import ONLY_REPORTED
from nmsdreports.views.theme import Look, Theme

_SPACE = "_0_0"
_DAYS_FROM = f'#,##0" after"{_SPACE};#,##0" before"{_SPACE};"on the day"{_SPACE}'
LARGER = {"title": 5, "heading": 2}
"""How many points larger than the text a title and a heading are."""

# Where a workbook of openpyxl keeps what styles are made of; the first ones grow with its cells.
_GROWING = (
    *("_fonts", "_fills", "_borders", "_alignments", "_protections"),
    *("_number_formats", "_cell_styles"),
)
_FIXED = (
    *("_named_styles", "_date_formats", "_timedelta_formats", "_colors"),
    *("_table_styles", "_differential_styles"),
)


class ThemedWorkbook(Workbook):
    """A workbook without sheets whose cells can have the looks of a theme.

    `looks` has the style array of each by its name: title, heading, lead, strong, muted, link for
    lines; header, text, linked, words, date, month, count, percent, days from for cells of a table
    (header and words also for numbers); answer, answer day for cells that stay open where a sheet
    is locked; "state …" for each state. Beside each stands
    `like_a_formula(name)`, the same for a text that a spreadsheet program would calculate.
    """

    def __init__(self, theme: Theme):
        self.theme = theme
        super().__init__()
        self.remove(self.active)

    def _setup_styles(self) -> None:
        # openpyxl takes as long for these as for hundreds of cells, so they are made once a theme
        model, looks, _ = _model(self.theme)
        for name in _FIXED:
            setattr(self, name, getattr(model, name))
        for name in _GROWING:
            setattr(self, name, _copied(getattr(model, name)))
        self.looks = {name: copy(look) for name, look in looks.items()}


def style_sheet(workbook: Workbook) -> bytes:
    """The part of a workbook with all its styles, made once a theme where it has no others."""
    if isinstance(workbook, ThemedWorkbook):
        model, _, made = _model(workbook.theme)
        if all(len(getattr(workbook, name)) == len(getattr(model, name)) for name in _GROWING):
            return made
    return tostring(write_stylesheet(workbook))


def like_a_formula(name: str) -> str:
    """The name of the look `name` for a text that looks like a formula."""
    return f"{name}, like a formula"


def state_looks(theme: Theme) -> dict[str, Look]:
    """The look of every state a table can show: statuses, severities, outcomes, urgency, levels."""
    colours, marks = theme.colours, theme.marks
    return {
        **theme.status,
        **theme.severity,
        **theme.substantiation,
        ONLY_REPORTED: theme.substantiation["alleged"],
        "overdue": Look(marks["overdue"], colours["alert_fill"], colours["alert_text"]),
        "not yet due": Look(marks["open"], colours["band"], colours["text"]),
        "error": theme.severity["critical"],
        "warning": theme.severity["high"],
        "note": theme.severity["medium"],
    }


@lru_cache(maxsize=8)
def _model(theme: Theme) -> tuple[Workbook, dict[str, StyleArray], bytes]:
    """A workbook with the looks of a theme and nothing else, the looks, and its style sheet."""
    workbook = Workbook()
    looks = _add_styles(workbook, theme)
    for look in looks.values():
        workbook._cell_styles.add(look)
    return workbook, looks, tostring(write_stylesheet(workbook))


def _copied(items: IndexedList) -> IndexedList:
    """The same items, found without hashing them anew, which takes long."""
    copied = IndexedList()
    copied.extend(items)
    copied._dict = dict(items._dict)
    return copied


def _add_styles(workbook: Workbook, theme: Theme) -> dict[str, StyleArray]:
    """Add the theme's named styles to `workbook`; the style array of each look by its name."""
    colours, formats = theme.colours, theme.formats
    sans, size = theme.fonts["sans"], theme.fonts["size"]
    # column widths are measured in this font, and cells without a style have it
    workbook._named_styles["Normal"].font = Font(name=sans, size=size)
    workbook._fonts[0] = Font(name=sans, size=size, family=2)

    def font(colour: str, points: int = size, **more) -> Font:
        return Font(name=sans, size=points, color=_rgb(colour), **more)

    line = Border(bottom=Side(style="thin", color=_rgb(colours["line"])))
    flat = {"alignment": Alignment(vertical="top")}

    def aligned(side: str, vertical: str = "top", wrap: bool = True) -> dict:
        # numbers end left of where Excel draws the filter button into their header
        indent = {"left": 1, "right": 2 if wrap else 0}[side]
        return {
            "alignment": Alignment(
                horizontal=side, vertical=vertical, indent=indent, wrap_text=wrap
            )
        }

    left, right = {**aligned("left"), "border": line}, {**aligned("right"), "border": line}
    # LibreOffice forgets the indent of some numbers: their format holds the space of two digits
    number = {**aligned("right", wrap=False), "border": line}
    day = {**aligned("left", wrap=False), "border": line}
    header = {
        "font": font(colours["header_text"], bold=True),
        "fill": _fill(colours["header_fill"]),
    }
    muted = font(colours["muted"])
    text, accent = font(colours["text"]), colours["accent"]
    styles = {
        "title": {"font": font(accent, size + LARGER["title"], bold=True), **flat},
        "heading": {
            "font": font(accent, size + LARGER["heading"], bold=True),
            "alignment": Alignment(vertical="bottom"),
        },
        "lead": {"font": text, **flat},
        "strong": {"font": font(colours["text"], bold=True), **flat},
        "muted": {"font": muted, **flat},
        "link": {"font": font(accent, underline="single"), **flat},
        "header": {**header, **aligned("left", "center")},
        "header of numbers": {**header, **aligned("right", "center")},
        "text": {"font": text, **left},
        "linked": {"font": font(accent, underline="single"), **left},
        "words": {"font": muted, **left},
        "words for a number": {"font": muted, **right},
        "date": {"font": text, "number_format": formats["date"], **day},
        "month": {"font": text, "number_format": "mmm yyyy", **day},
        "count": {"font": text, "number_format": formats["number"] + _SPACE, **number},
        "days from": {"font": text, "number_format": _DAYS_FROM, **number},
        "percent": {"font": text, "number_format": "0%" + _SPACE, **number},
    }
    box = Border(*[Side(style="thin", color=_rgb(colours["muted"]))] * 4)
    open_cell = {
        "font": text,
        "fill": _fill(colours["band"]),
        "protection": Protection(locked=False),
    }
    styles |= {
        "answer": {**left, **open_cell, "border": box},
        "answer day": {**day, **open_cell, "border": box, "number_format": formats["date"]},
    }
    for state, look in state_looks(theme).items():
        styles[f"state {state}"] = {"font": font(look.text), "fill": _fill(look.fill), **left}
    made = {}
    for name, parts in styles.items():
        # under a name of its own: "title" and "percent" are also names of Excel's own styles
        style = NamedStyle(name=f"report {name}", **{"number_format": "General", **parts})
        workbook.add_named_style(style)
        made[name] = style.as_tuple()
        # also for whoever edits the cell: without the prefix Excel would then read a formula
        made[like_a_formula(name)] = copy(style.as_tuple())
        made[like_a_formula(name)].quotePrefix = 1
    return made


def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=_rgb(colour))


def _rgb(colour: str) -> str:
    return "FF" + colour.removeprefix("#").upper()
