"""What every Excel writer shares: named tables, widths, links, views and print set-up.

A Sheet is plain data (sentences, tables of Columns, charts); `add_sheet` writes it into a Book.
Traps: a row whose texts wrap needs a height, which is measured (see sheet_text).
"""

from collections.abc import Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from nmsdreports.views.sheet_answers import open_for_answers
from nmsdreports.views.sheet_cells import put_column, put_text, state
from nmsdreports.views.sheet_charts import draw_chart, rows_high
from nmsdreports.views.sheet_logo import DRAWN, logo_room, put_logo
from nmsdreports.views.sheet_parts import NUMBERS, Block, Book, Column, Line, Sheet
from nmsdreports.views.sheet_styles import LARGER
from nmsdreports.views.sheet_text import clean_text, text_width, wrap_text
from nmsdreports.views.sheet_xml import NamedTable

_LONG_SHEET = 20
_DATE_WIDTH = 14
_NUMBER_WIDTH = 11
_LONGEST_WORD = 36
_INDENT = 2
_NUMBER_INDENT = 4
_PORTRAIT_WIDTH = 118
_TEXT_WIDTH = 90
_LINE_WIDTH = 130
_LETTER = 1
_GAP_WIDTH = 3
_PAGE_INCHES = {"portrait": (7.5, 9.6), "landscape": (10.0, 7.1)}
_CHARACTERS_PER_INCH = 12.5
_POINTS_PER_INCH = 72
_CM_PER_INCH = 2.54
_BOLD = 1.1
_LINE_POINTS = 1.25
_ROW_AIR = 3
_HEADING_AIR = 12
_HIGHEST_ROW = 409
# A sheet may be printed this much smaller to end a page earlier, but not below this scale.
_SQUEEZED = 1.25
_SMALLEST = 0.5


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
    logo = sheet.logo if sheet.logo and sheet.logo.kind in DRAWN else None
    full = sum(widths.values()) or _TEXT_WIDTH
    # a line above charts goes on over their empty cells
    beside = max((chart.size[0] for chart in sheet.charts), default=0) / _CM_PER_INCH
    room = min(full + beside * _CHARACTERS_PER_INCH - logo_room(logo), _LINE_WIDTH)
    row = 1
    for line in [*lines, *sheet.lines]:
        row = _put_line(book, made, row, Line(line) if isinstance(line, str) else line, room)
    headers, starts = [], []
    for block in blocks:
        row += 1
        starts.append(row)
        if block.heading:
            row = _put_line(book, made, row, Line(block.heading, "heading"), room)
        headers.append(row)
        row = _put_block(book, made, row, block, widths)
        drawn = sum(rows_high(chart) for chart in sheet.charts if chart.table == len(headers) - 1)
        row = max(row, headers[-1] + drawn)
    for number, width in widths.items():
        made.column_dimensions[get_column_letter(number)].width = width
    if not widths:
        made.column_dimensions["A"].width = _TEXT_WIDTH
    if logo:
        put_logo(made, logo, list(widths.values()) or [_TEXT_WIDTH])
        book.alt_texts.append([("Logo", "The district's logo")])
    if sheet.charts:
        _put_charts(book, made, sheet, headers, blocks)
    open_for_answers(made, blocks, headers)
    long = row > _LONG_SHEET
    made.freeze_panes = _frozen(made, sheet, headers, long)
    _set_print(book, made, sheet, sum(widths.values()))
    if long and not sheet.one_page and headers:
        _divide_pages(made, headers[0], starts, row, sum(widths.values()))
    return made


def _put_line(book: Book, sheet: Worksheet, row: int, line: Line, room: float) -> int:
    """Write one line, in as many rows as keep it inside `room`; the next free row."""
    size = book.points + LARGER.get(line.style, 0)
    room = room * book.points / size
    text, cut = clean_text(line.text)
    book.cut += cut
    for part in wrap_text(text, room):
        cell = put_text(book, sheet, row, 1, part, line.style)
        if size > book.points:
            air = _HEADING_AIR if line.style == "heading" else 0
            sheet.row_dimensions[row].height = size * _LINE_POINTS + air
        if line.to:
            outside = ":" in line.to
            where = {"target": line.to} if outside else {"location": _place(line.to)}
            cell.hyperlink = Hyperlink(ref=cell.coordinate, **where)
        row += 1
    return row


def _place(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'!A1"


def _without_empty_columns(block: Block) -> Block:
    filled = [
        column
        for column in block.columns
        if column.answer or any(value is not None for value in column.plain)
    ]
    return Block(block.name, filled, block.heading)


def _put_block(
    book: Book, sheet: Worksheet, row: int, block: Block, widths: dict[int, float]
) -> int:
    """Write a named table with its header in `row`; the row after it."""
    high: dict[int, int] = {}
    for number, column in enumerate(block.columns, start=1):
        header = "header of numbers" if column.kind in NUMBERS else "header"
        put_text(book, sheet, row, number, column.header, header)
        room = widths[number] - _indent(column)
        lines = {row: len(wrap_text(column.header, (room - 1) / _BOLD))}
        lines |= put_column(book, sheet, row + 1, number, column, room)
        for at, needed in lines.items():
            high[at] = max(high.get(at, 1), needed)
    for at, lines in high.items():
        if lines > 1:
            height = lines * book.points * _LINE_POINTS + _ROW_AIR
            sheet.row_dimensions[at].height = min(height, _HIGHEST_ROW)
    last = row + len(block.columns[0].plain)
    headers = [sheet._cells[row, number]._value for number in range(1, len(block.columns) + 1)]
    area = f"A{row}:{get_column_letter(len(headers))}{last}"
    sheet.add_table(NamedTable(block.name, area, headers))
    return last + 1


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
    if column.kind in ("date", "month", "days from"):
        least = max(least, _DATE_WIDTH)
    elif column.kind in NUMBERS:
        least = max(least, _NUMBER_WIDTH)
    if column.answer:
        least = max(least, column.most)
    texts = {value for value in column.plain if isinstance(value, str)}
    if column.kind == "state":
        texts = {state(book, text)[0] for text in texts}
    longest = max((text_width(text) for text in texts if len(text) < column.most), default=0)
    if any(len(text) >= column.most for text in texts):
        longest = column.most
    words = {word for text in texts for word in text.split()}
    word = min(max(map(text_width, words), default=0), _LONGEST_WORD)
    least = max(least, word + _indent(column) + 1)
    return round(max(least, min(longest + _indent(column) + 1, column.most)), 1)


def _indent(column: Column) -> int:
    return _NUMBER_INDENT if column.kind in NUMBERS else _INDENT


def _put_charts(
    book: Book, made: Worksheet, sheet: Sheet, headers: list[int], blocks: Sequence[Block]
) -> None:
    """Draw each chart to the right of the tables, those of one table one below the other."""
    used = dict.fromkeys(range(len(blocks)), 0)
    gap = max(len(block.columns) for block in blocks) + 1
    made.column_dimensions[get_column_letter(gap)].width = _GAP_WIDTH
    for chart in sheet.charts:
        columns, header = blocks[chart.table].columns, headers[chart.table]
        place = f"{get_column_letter(gap + 1)}{header + used[chart.table]}"
        used[chart.table] += rows_high(chart)
        plain = [(column.header, column.plain) for column in columns]
        draw_chart(book.theme, made, place, chart, header + 1, plain)
    book.alt_texts.append([(chart.title, chart.alt_text) for chart in sheet.charts])


def _frozen(made: Worksheet, sheet: Sheet, headers: list[int], long: bool) -> str | None:
    """The cell at which the sheet is frozen: under the header of its first table.

    Under a page of sentences a frozen header would leave no room to scroll: there the title stays.
    """
    made.sheet_view.showGridLines = False
    if not long:
        return None
    top = 3 if sheet.one_page or not headers else headers[0] + 1
    return f"{get_column_letter(sheet.fixed_columns + 1)}{top}"


def _set_print(book: Book, made: Worksheet, sheet: Sheet, width: float) -> None:
    wide = not sheet.one_page and (sheet.charts or width > _PORTRAIT_WIDTH)
    made.page_setup.paperSize = _LETTER
    made.page_setup.orientation = "landscape" if wide else "portrait"
    made.page_setup.fitToWidth = 1
    made.page_setup.fitToHeight = 1 if sheet.one_page else 0
    made.sheet_properties.pageSetUpPr.fitToPage = True
    made.page_margins.left = made.page_margins.right = 0.5
    made.page_margins.top = made.page_margins.bottom = 0.7
    # in a footer "&" begins a code; the whole may have 255 characters
    about = " ".join(clean_text(book.about)[0].split())
    made.oddFooter.left.text = about[:150].replace("&", "&&")
    made.oddFooter.right.text = "Page &P of &N"


def _divide_pages(
    made: Worksheet, header: int, starts: Sequence[int], end: int, width: float
) -> None:
    """Print on a page less, a little smaller, what would leave few rows on the last one; repeat the
    header of a first table that fills more than its page, and begin a new page before a later table
    that would be cut.
    """
    across, down = _PAGE_INCHES[made.page_setup.orientation]
    scale = min(1.0, across * _CHARACTERS_PER_INCH / width)
    page = down * _POINTS_PER_INCH / scale
    usual = made.sheet_format.defaultRowHeight
    dims = made.row_dimensions
    heights = [dims[row].height or usual if row in dims else usual for row in range(1, end)]
    pages = sum(heights) / page
    fewer = int(pages)
    if fewer < pages < fewer * _SQUEEZED and scale * fewer / pages > _SMALLEST:
        made.page_setup.fitToHeight = fewer
        page *= pages / fewer
    first = starts[1] if len(starts) > 1 else end
    if len(starts) == 1 or sum(heights[: first - 1]) > page:
        made.print_title_rows = f"{header}:{header}"
    if len(starts) > 1 and sum(heights) > page:
        made.row_breaks.append(Break(id=first - 1))
