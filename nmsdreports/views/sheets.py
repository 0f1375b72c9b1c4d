"""What every Excel writer shares: safe text, named tables, widths, views and print set-up.

A Sheet is plain data (sentences, tables of Columns, charts); `add_sheet` writes it into a Book.
The writer's public calls make a style object per cell, which costs more than the rest together:
here each look is made once per workbook and its style array is shared by all cells that have it.

Traps: a text that begins with "=" must be set as text after its value; a text such as "#N/A" too.
A row whose texts wrap needs a height, which is measured: see sheet_text.
"""

import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from nmsdreports.views.sheet_charts import LineOver, draw_lines, rows_high
from nmsdreports.views.sheet_styles import LARGER, add_styles, state_looks
from nmsdreports.views.sheet_text import clean_text, text_width, wrap_text
from nmsdreports.views.theme import Look, Theme

_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
_LONG_SHEET = 20
_DATE_WIDTH = 14
_STATE_END = re.compile(r", | \(")
_NUMBER_WIDTH = 11
_LONGEST_WORD = 36
_INDENT = 2
_NUMBER_INDENT = 4
_PORTRAIT_WIDTH = 118
_TEXT_WIDTH = 90
_LINE_WIDTH = 130
_LETTER = 1
_NUMBERS = ("count", "percent")
_BOLD = 1.1
_LINE_POINTS = 1.25
_ROW_AIR = 3
_HEADING_AIR = 12
_HIGHEST_ROW = 409


@dataclass(frozen=True)
class Column:
    """One column of a table: its header, its values, and what they are.

    `kind` says how values look that are not text (date, month, count, percent as a fraction), or
    that texts are states: a state, perhaps with more after it, gets its mark and colours. A
    missing value prints as `blank`, words. `most` is the greatest width, in characters.
    """

    header: str
    values: Sequence | pd.Series
    kind: str = "text"
    blank: str | None = None
    most: int = 40

    @cached_property
    def plain(self) -> list:
        """The values as Python's own; `blank`, else None, for a missing one."""
        given = self.values
        if isinstance(given, pd.Series):
            missing = given.isna().tolist()
            given = [None if no else v for v, no in zip(given.tolist(), missing, strict=True)]
        return [self.blank if value is None or value == "" else value for value in given]


@dataclass(frozen=True)
class Block:
    """A named Excel table; `heading` stands above it where a sheet has more than one.

    Columns without any value are left out unless the table is for filling in (`to_fill`).
    """

    name: str
    columns: Sequence[Column]
    heading: str | None = None
    to_fill: bool = False


@dataclass(frozen=True)
class Line:
    """One line of text above the tables; `to` makes it a link to a sheet or an address."""

    text: str
    style: str = "lead"
    to: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A sheet: `lines` above its tables, charts over its first table, and `contents`, the words
    that follow its name in the list of sheets. Without lines and tables it is only listed.

    `fixed_columns` stay in sight when one scrolls to the right; `one_page` prints it all on one.
    """

    name: str
    contents: str
    lines: Sequence[Line | str] = ()
    blocks: Sequence[Block] = ()
    charts: Sequence[LineOver] = ()
    title: str | None = None
    fixed_columns: int = 0
    one_page: bool = False


@dataclass
class Book:
    """A workbook in the making; `about` is its school, month and day, for subtitles and footers.

    `cut` counts the texts that were too long for a cell; `alt_texts` has (name, alt text) of every
    chart, one list for each sheet that has charts, in the order of the sheets.
    """

    theme: Theme
    about: str
    workbook: Workbook = field(default_factory=Workbook)
    styles: dict[str, StyleArray] = field(init=False)
    looks: dict[str, Look] = field(init=False)
    points: int = field(init=False)
    alt_texts: list[list[tuple[str, str]]] = field(default_factory=list)
    cut: int = 0

    def __post_init__(self):
        self.workbook.remove(self.workbook.active)
        self.styles = add_styles(self.workbook, self.theme)
        self.looks = state_looks(self.theme)
        self.points = self.theme.fonts["size"]


def put_text(book: Book, cell: Cell, text: str, style: str) -> None:
    """Write a text that stays text, whatever it begins with."""
    text, cut = clean_text(text)
    book.cut += cut
    cell._style = book.styles[style]
    if text.startswith(_FORMULA_STARTS):
        # also for whoever edits the cell: without the prefix Excel would then read a formula
        cell._style = copy(cell._style)
        cell.quotePrefix = True
    cell.value = text
    cell.data_type = "s"


def add_sheet(book: Book, sheet: Sheet, back_to: str | None = None) -> Worksheet:
    """Add a sheet: title in A1, what it is about, a link back, its lines, tables and charts."""
    made = book.workbook.create_sheet(sheet.name)
    made.sheet_format.defaultRowHeight = book.points * _LINE_POINTS + _ROW_AIR
    made.sheet_format.customHeight = True
    blocks = [b if b.to_fill else _without_empty_columns(b) for b in sheet.blocks]
    widths = _widths(book, blocks)
    lines = [Line(sheet.title or sheet.name, "title"), Line(book.about, "muted")]
    if back_to:
        lines.append(Line(f"Back to {back_to}", "link", back_to))
    row = 1
    for line in [*lines, *sheet.lines]:
        row = _put_line(book, made, row, Line(line) if isinstance(line, str) else line, widths)
    headers = []
    for block in blocks:
        row += 1
        if block.heading:
            row = _put_line(book, made, row, Line(block.heading, "heading"), widths)
        headers.append(row)
        row = _put_block(book, made, row, block, widths)
    for number, width in widths.items():
        made.column_dimensions[get_column_letter(number)].width = width
    if not widths:
        made.column_dimensions["A"].width = _TEXT_WIDTH
    if sheet.charts:
        _put_charts(book, made, sheet.charts, headers[0], blocks[0])
    long = row > _LONG_SHEET
    made.freeze_panes = _frozen(made, blocks, headers, long, sheet.fixed_columns)
    header = headers[0] if long and len(headers) == 1 else None
    _set_print(book, made, sheet, header, sum(widths.values()))
    return made


def _put_line(book: Book, sheet: Worksheet, row: int, line: Line, widths: dict[int, float]) -> int:
    """Write one line, in as many rows as keep it inside the page; the next free row."""
    size = book.points + LARGER.get(line.style, 0)
    room = min(sum(widths.values()) or _TEXT_WIDTH, _LINE_WIDTH) * book.points / size
    text, cut = clean_text(line.text)
    book.cut += cut
    for part in wrap_text(text, room):
        cell = sheet.cell(row, 1)
        put_text(book, cell, part, line.style)
        if size > book.points:
            air = _HEADING_AIR if line.style == "heading" else 0
            sheet.row_dimensions[row].height = size * _LINE_POINTS + air
        if line.to:
            outside = ":" in line.to
            where = {"target": line.to} if outside else {"location": _top_of(line.to)}
            cell.hyperlink = Hyperlink(ref=cell.coordinate, **where)
        row += 1
    return row


def _top_of(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'!A1"


def _without_empty_columns(block: Block) -> Block:
    filled = [column for column in block.columns if any(v is not None for v in column.plain)]
    return Block(block.name, filled, block.heading)


def _put_block(
    book: Book, sheet: Worksheet, row: int, block: Block, widths: dict[int, float]
) -> int:
    """Write a named table with its header in `row`; the row after it."""
    last = row
    high: dict[int, int] = {}
    for number, column in enumerate(block.columns, start=1):
        header = "header of numbers" if column.kind in _NUMBERS else "header"
        put_text(book, sheet.cell(row, number), column.header, header)
        room = widths[number] - _indent(column)
        high[row] = max(high.get(row, 1), len(wrap_text(column.header, (room - 1) / _BOLD)))
        for last, value in enumerate(column.plain, start=row + 1):
            text = _put_value(book, sheet.cell(last, number), value, column.kind)
            if len(text) * 0.5 > room or "\n" in text or text_width(text) > room:
                high[last] = max(high.get(last, 1), len(wrap_text(text, room)))
    for at, lines in high.items():
        if lines > 1:
            height = lines * book.points * _LINE_POINTS + _ROW_AIR
            sheet.row_dimensions[at].height = min(height, _HIGHEST_ROW)
    table = Table(
        displayName=block.name, ref=f"A{row}:{get_column_letter(len(block.columns))}{last}"
    )
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    sheet.add_table(table)
    return last + 1


def _put_value(book: Book, cell: Cell, value: object, kind: str) -> str:
    """Write one value; its text, where it is one."""
    if value is None:
        cell._style = book.styles["text"]
        return ""
    if not isinstance(value, str):
        # the style first: to a date without a date format the writer would give its own
        cell._style = book.styles[kind]
        cell.value = value
        return ""
    style = "words for a number" if kind in _NUMBERS else "words"
    if kind == "text":
        style = "text"
    if kind == "state":
        value, style = _state(book, value)
    put_text(book, cell, value, style)
    return cell.value


def _state(book: Book, text: str) -> tuple[str, str]:
    """A state with its mark, and the name of its style; another text stays as it is."""
    state = _STATE_END.split(text)[0]
    if state in book.looks:
        return f"{book.looks[state].mark} {text}", f"state {state}"
    return text, "text"


def _widths(book: Book, blocks: Sequence[Block]) -> dict[int, float]:
    widths: dict[int, float] = {}
    for block in blocks:
        for number, column in enumerate(block.columns, start=1):
            widths[number] = max(widths.get(number, 0), _width(book, column))
    return widths


def _width(book: Book, column: Column) -> float:
    """Room for the longest value up to `most`, for every date, and for each word of the header.

    A longer word, such as a handle, widens its column, so that no letter is left alone.
    """
    least = max(map(text_width, column.header.split())) * _BOLD + _indent(column) + 1
    if column.kind in ("date", "month"):
        least = max(least, _DATE_WIDTH)
    elif column.kind in _NUMBERS:
        least = max(least, _NUMBER_WIDTH)
    texts = {value for value in column.plain if isinstance(value, str)}
    if column.kind == "state":
        texts = {_state(book, text)[0] for text in texts}
    longest = max((text_width(text) for text in texts if len(text) < column.most), default=0)
    if any(len(text) >= column.most for text in texts):
        longest = column.most
    words = {word for text in texts for word in text.split()}
    word = min(max(map(text_width, words), default=0), _LONGEST_WORD)
    least = max(least, word + _indent(column) + 1)
    return round(max(least, min(longest + _indent(column) + 1, column.most)), 1)


def _indent(column: Column) -> int:
    return _NUMBER_INDENT if column.kind in _NUMBERS else _INDENT


def _put_charts(
    book: Book, sheet: Worksheet, charts: Sequence[LineOver], header: int, block: Block
) -> None:
    """Draw the charts one below the other, to the right of the table."""
    rows = (header + 1, header + len(block.columns[0].values))
    letter = get_column_letter(len(block.columns) + 2)
    sheet.column_dimensions[get_column_letter(len(block.columns) + 1)].width = 3
    for number, chart in enumerate(charts):
        place = f"{letter}{header + number * rows_high(chart)}"
        draw_lines(book.theme, sheet, place, chart, rows)
    book.alt_texts.append([(chart.title, chart.alt_text) for chart in charts])


def _frozen(
    sheet: Worksheet, blocks: Sequence[Block], headers: list[int], long: bool, columns: int
) -> str | None:
    """The cell at which the sheet is frozen: under the header of its one long table.

    Under a page of sentences a frozen header would leave no room to scroll: there the title stays.
    """
    sheet.sheet_view.showGridLines = False
    if not long:
        return None
    own = len(blocks) == 1 or (blocks and len(blocks[0].columns[0].values) >= _LONG_SHEET)
    top = headers[0] + 1 if own else 3
    return f"{get_column_letter(columns + 1)}{top}"


def _set_print(book: Book, made: Worksheet, sheet: Sheet, header: int | None, width: float) -> None:
    wide = not sheet.one_page and (sheet.charts or width > _PORTRAIT_WIDTH)
    made.page_setup.paperSize = _LETTER
    made.page_setup.orientation = "landscape" if wide else "portrait"
    made.page_setup.fitToWidth = 1
    made.page_setup.fitToHeight = 1 if sheet.one_page else 0
    made.sheet_properties.pageSetUpPr.fitToPage = True
    made.page_margins.left = made.page_margins.right = 0.5
    made.page_margins.top = made.page_margins.bottom = 0.7
    if header:
        made.print_title_rows = f"{header}:{header}"
    # in a footer "&" begins a code; the whole may have 255 characters
    about = " ".join(clean_text(book.about)[0].split())
    made.oddFooter.left.text = about[:150].replace("&", "&&")
    made.oddFooter.right.text = "Page &P of &N"
