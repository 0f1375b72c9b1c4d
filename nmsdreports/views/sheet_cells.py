"""Cells: texts that stay texts, and values in the looks of their kind, with the lines they take.

The writer's public calls make a style object per cell, which costs more than the rest together:
here each look is made once per workbook and its style array is shared by all cells that have it,
and a cell is given its value without the writer's guesses at what it might be.

Traps: a text that begins with "=" must stay text, also for whoever edits the cell, and a text such
as "#N/A" too.
"""

import re
from datetime import datetime

from openpyxl.cell import Cell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from nmsdreports.views.sheet_parts import DAY, NUMBERS, Book, Column
from nmsdreports.views.sheet_styles import like_a_formula
from nmsdreports.views.sheet_text import clean_text, text_width, wrap_text

_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
_STATE_END = re.compile(r", | \(")
_NARROWEST = 0.4
_KINDS = {str: "s", datetime: "d", bool: "b"}


def put_text(book: Book, sheet: Worksheet, row: int, column: int, text: str, style: str) -> Cell:
    """Write a text that stays text, whatever it begins with."""
    text, cut = clean_text(text)
    book.cut += cut
    return put_cell(sheet, row, column, text, _style_of(book, text, style))


def put_cell(
    sheet: Worksheet, row: int, column: int, value: object, style: StyleArray | None
) -> Cell:
    """Write a text, number or day as it is, or nothing, in a shared style."""
    cell = Cell(sheet, row, column)
    cell._value = value
    cell.data_type = _KINDS.get(type(value)) or ("d" if isinstance(value, datetime) else "n")
    cell._style = style
    sheet._cells[row, column] = cell
    return cell


def put_column(
    book: Book, sheet: Worksheet, first: int, number: int, column: Column, room: float
) -> dict[int, int]:
    """Write the values of a column from row `first` on; how many lines a text takes in `room`.

    Only the rows whose text takes more than one line are in what comes back.
    """
    styles, kind = book.styles, column.kind
    empty = "text"
    if column.answer:
        empty = "answer day" if column.answer.kind == DAY else "answer"
    words = "text"
    if kind != "text":
        words = "words for a number" if kind in NUMBERS else "words"
    high = {}
    for row, value in enumerate(column.plain, start=first):
        if value is None:
            put_cell(sheet, row, number, None, styles[empty])
        elif isinstance(value, str):
            text, style = state(book, value) if kind == "state" else (value, words)
            cell = put_text(book, sheet, row, number, text, style)
            text = cell._value
            if "\n" in text or (len(text) > room * _NARROWEST and text_width(text) > room):
                high[row] = len(wrap_text(text, room))
        else:
            put_cell(sheet, row, number, value, styles[kind])
    for row, target in enumerate(column.to, start=first):
        if target is not None:
            cell = sheet._cells[row, number]
            cell._style = styles["linked"]
            cell.hyperlink = Hyperlink(ref=cell.coordinate, target=target)
    return high


def state(book: Book, text: str) -> tuple[str, str]:
    """A state with its mark, and the name of its style; another text stays as it is."""
    name = text if text in book.looks else _STATE_END.split(text)[0]
    if name in book.looks:
        return f"{book.looks[name].mark} {text}", f"state {name}"
    return text, "text"


def _style_of(book: Book, text: str, style: str) -> StyleArray:
    return book.styles[like_a_formula(style) if text.startswith(_FORMULA_STARTS) else style]
