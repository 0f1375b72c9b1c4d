"""What the raw XML of an OpenDocument spreadsheet says beyond its values.

In: the content.xml of an .ods file. Out: for each sheet its `Marks`, as for a workbook of Excel.
Trap: cells and rows bear no number but are counted, and one element may stand for many of them.
"""

from __future__ import annotations

import html
import re
from itertools import chain, islice, pairwise, product

from nmsdreports.intake.grid import FORMULA, Marks
from nmsdreports.intake.texts import ERRORS

# Most files have none of these, and the cells need not be counted.
_ANY = re.compile(
    rb'value-type="error"|rows-spanned="(?!1")|visibility="(?:filter|collapse)"|<text:a\b'
    rb"|table:formula="
)
_ELEMENT = re.compile(
    rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*)>", re.DOTALL
)
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d+)"')
_NAME = re.compile(rb'table:name="([^"]*)"')
_ROWS_SPANNED = re.compile(rb'number-rows-spanned="(\d+)"')
_COLUMNS_SPANNED = re.compile(rb'number-columns-spanned="(\d+)"')
_FORMULA = re.compile(rb'table:formula="(?:of:|oooc:)?([^"]*)"')
_HYPERLINK = re.compile(r'^=HYPERLINK\(\s*"(https?://[^"]*)"')
_LINK = re.compile(rb'<text:a\b[^>]*xlink:href="(https?://[^"]*)"')
_NOTE = re.compile(rb"<office:annotation\b.*?</office:annotation>", re.DOTALL)
_TEXT = re.compile(rb"<text:p[^>]*>([^<]*)<")
_OTHER_ERROR = "#VALUE!"
_MOST_PLACES = 100_000


def read_marks(content: bytes, *, every_formula: bool = False) -> dict[str, Marks]:
    """For each sheet by name: error cells, formulas without a stored value (or every one), targets
    of links, merged cells, hidden and filtered rows."""
    found: dict[str, Marks] = {}
    if not _ANY.search(content):
        return found
    marks, row, after, column = Marks(), 0, 0, 0
    for element, following in pairwise(chain(_ELEMENT.finditer(content), [None])):
        kind, attributes = element.groups()
        times = _number(_REPEATED, attributes)
        if kind == b"table":
            name = _NAME.search(attributes)
            marks, after = Marks(), 0
            found[_text(name.group(1)) if name else ""] = marks
        elif kind == b"table-row":
            row, after, column = after, after + times, 0
            if b'visibility="filter"' in attributes or b'visibility="collapse"' in attributes:
                marks.hidden_rows.extend(range(row, after)[:_MOST_PLACES])
        else:
            inside = content[element.end() : following.start() if following else None]
            places = range(row, after), range(column, column + times)
            _mark(marks, places, attributes, inside, every_formula)
            column += times
    return found


def _mark(
    marks: Marks, places: tuple[range, range], attributes: bytes, inside: bytes, every: bool
) -> None:
    """Note what one cell, standing in all these rows and columns, says."""
    rows, columns = places
    formula = _FORMULA.search(attributes)
    code = _text(formula.group(1)) if formula else ""
    link = _LINK.search(inside)
    target = _HYPERLINK.match(code)
    if b'value-type="error"' in attributes:
        shown = _TEXT.search(_NOTE.sub(b"", inside))
        error = _text(shown.group(1)) if shown else ""
        marks.errors.update(_everywhere(rows, columns, error if error in ERRORS else _OTHER_ERROR))
    elif formula and (every or b"office:value-type" not in attributes):
        marks.formulas.update(_everywhere(rows, columns, f"{FORMULA}{code}"))
    if link or target:
        address = _text(link.group(1)) if link else target.group(1)
        marks.links.update(_everywhere(rows, columns, address))
    spanned = _number(_ROWS_SPANNED, attributes)
    if spanned > 1:
        right = columns.start + _number(_COLUMNS_SPANNED, attributes) - 1
        marks.merged.append((rows.start, columns.start, rows.start + spanned - 1, right))


def _everywhere(rows: range, columns: range, text: str) -> dict[tuple[int, int], str]:
    places = product(rows[:_MOST_PLACES], columns[:_MOST_PLACES])
    return dict.fromkeys(islice(places, _MOST_PLACES), text)


def _number(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found.group(1)) if found else 1


def _text(raw: bytes) -> str:
    return html.unescape(raw.decode(errors="replace"))
