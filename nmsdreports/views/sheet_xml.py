"""A workbook's parts, packed as openpyxl does but with its cells written as text.

openpyxl makes two to five XML elements of each cell and serialises them one by one, which takes
most of the time of a large workbook. Here a sheet's rows are put together as text and set into the
part that openpyxl writes around them. Cells hold texts, numbers, truth values and days; no formula.
"""

from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape

from openpyxl.cell import Cell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import Element

_EMPTY_ROWS = b"<sheetData />"


class FastExcelWriter(ExcelWriter):
    """openpyxl's writer of all parts, which writes the rows of worksheets as text."""

    def write_worksheet(self, ws: Worksheet) -> None:
        """Write one worksheet's part; its charts and images go into its drawing."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        ws._drawing.images = ws._images
        part = _WithoutRows(ws, BytesIO())
        rows = rows_xml(ws)
        part.write()
        ws._rels = part._rels
        around = part.read()
        if around.count(_EMPTY_ROWS) != 1:
            raise ValueError(f"the rows of {ws.title} have no place in its part")
        data = around.replace(_EMPTY_ROWS, f"<sheetData>{rows}</sheetData>".encode())
        self._archive.writestr(ws.path[1:], data)
        self.manifest.append(ws)


class _WithoutRows(WorksheetWriter):
    """Everything of a worksheet but its rows, for which it leaves an empty element."""

    def __init__(self, ws: Worksheet, out: BytesIO):
        super().__init__(ws, out)
        ws._hyperlinks = [cell._hyperlink for cell in ws._cells.values() if cell._hyperlink]

    def write_rows(self) -> None:
        """Leave the place of the rows."""
        self.xf.send(Element("sheetData"))


def rows_xml(sheet: Worksheet) -> str:
    """The rows of a sheet as they stand inside `sheetData`; ValueError for a formula or an error.

    Cells share the arrays of their looks, so the number of a look is found once per array.
    """
    looks: dict[int, str] = {}
    days: dict[datetime, str] = {}
    rows: dict[int, list[str]] = {number: [] for number in sheet.row_dimensions}
    for at in sorted(sheet._cells):
        cell = sheet._cells[at]
        look = looks.get(id(cell._style))
        if look is None:
            look = looks[id(cell._style)] = f' s="{cell.style_id}"' if cell.has_style else ""
        value = cell._value
        if value is None and not look:
            continue
        head = f'<c r="{get_column_letter(at[1])}{at[0]}"{look}'
        rows.setdefault(at[0], []).append(f"{head}{_content(cell, value, days)}")
    return "".join(
        f"<row{_attributes(sheet, number)}>{''.join(cells)}</row>"
        for number, cells in sorted(rows.items())
    )


def _content(cell: Cell, value: object, days: dict[datetime, str]) -> str:
    """The rest of a cell's element: its type and value."""
    if value is None or value == "":
        return "/>"
    if cell.data_type == "s":
        keep = "" if value == value.strip() else ' xml:space="preserve"'
        return f' t="inlineStr"><is><t{keep}>{escape(value)}</t></is></c>'
    if cell.data_type == "d":
        if value not in days:
            days[value] = f' t="n"><v>{to_excel(value):.16g}</v></c>'
        return days[value]
    if cell.data_type == "n":
        return f' t="n"><v>{value:.16g}</v></c>'
    if cell.data_type == "b":
        return f' t="b"><v>{int(value)}</v></c>'
    raise ValueError(f"{cell.coordinate} of {cell.parent.title} is neither text, number nor day")


def _attributes(sheet: Worksheet, row: int) -> str:
    own = sheet.row_dimensions.get(row, ())
    return f' r="{row}"' + "".join(f' {name}="{value}"' for name, value in own)
