"""A workbook's parts, packed as openpyxl does but with most of them written as text.

openpyxl makes two to five XML elements of each cell and some of every setting of a sheet, and
serialises them one by one, which takes most of the time. Here rows, settings, tables and charts are
put together as text; what few sheets have (protection, lists to choose from) openpyxl still writes.
Cells hold texts, numbers, truth values and days; no formula.
"""

from collections.abc import Iterable
from datetime import datetime
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from openpyxl.cell import Cell
from openpyxl.descriptors.serialisable import Serialisable
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.extended import ExtendedProperties
from openpyxl.packaging.manifest import Override
from openpyxl.packaging.relationship import Relationship, RelationshipList
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook._writer import WorkbookWriter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.writer.theme import theme_xml
from openpyxl.xml.constants import (
    ARC_APP,
    ARC_CORE,
    ARC_CUSTOM,
    ARC_ROOT_RELS,
    ARC_STYLE,
    ARC_THEME,
    ARC_WORKBOOK,
    ARC_WORKBOOK_RELS,
    CPROPS_TYPE,
    REL_NS,
    SHEET_MAIN_NS,
)
from openpyxl.xml.functions import tostring

from nmsdreports.views.sheet_charts import DrawnChart
from nmsdreports.views.sheet_styles import style_sheet

_HEADERS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
_IN_QUOTES = str.maketrans(
    {
        **{"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"},
        **{"\r": "&#13;", "\n": "&#10;", "\t": "&#09;"},
    }
)


class NamedTable(Table):
    """A table of openpyxl's that knows its headers, so that its part is written as text."""

    def __init__(self, name: str, area: str, headers: Iterable[str]):
        super().__init__(displayName=name, ref=area)
        self.headers = [*headers]

    def _write(self, archive) -> None:
        columns = "".join(
            f'<tableColumn id="{number}" name="{header.translate(_IN_QUOTES)}" />'
            for number, header in enumerate(self.headers, start=1)
        )
        archive.writestr(
            self.path[1:],
            f'<table id="{self.id}" name="{self.displayName}" displayName="{self.displayName}" '
            f'ref="{self.ref}" headerRowCount="1" xmlns="{SHEET_MAIN_NS}">'
            f'<autoFilter ref="{self.ref}" /><tableColumns count="{len(self.headers)}">{columns}'
            '</tableColumns><tableStyleInfo name="TableStyleLight1" showRowStripes="0" /></table>',
        )


class FastExcelWriter(ExcelWriter):
    """openpyxl's writer of all parts, which takes those of worksheets and charts as text."""

    def write_data(self) -> None:
        """Write all parts that a workbook of ours can have."""
        book, put = self.workbook, self._archive.writestr
        put(ARC_APP, tostring(_program().to_tree()))
        put(ARC_CORE, tostring(book.properties.to_tree()))
        put(ARC_THEME, theme_xml)
        if len(book.custom_doc_props):
            put(ARC_CUSTOM, tostring(book.custom_doc_props.to_tree()))
            self.manifest.Override.append(Override("/" + ARC_CUSTOM, CPROPS_TYPE))
        self._write_worksheets()
        self._write_images()
        self._write_charts()
        put(ARC_STYLE, style_sheet(book))
        writer = WorkbookWriter(book)
        put(ARC_ROOT_RELS, writer.write_root_rels())
        put(ARC_WORKBOOK, writer.write())
        put(ARC_WORKBOOK_RELS, writer.write_rels())
        self.manifest._write(self._archive, book)

    def write_worksheet(self, ws: Worksheet) -> None:
        """Write one worksheet's part; its charts and images go into its drawing."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        ws._drawing.images = ws._images
        part = _Part(ws)
        part.write()
        ws._rels = part._rels
        self._archive.writestr(ws.path[1:], part.text)
        self.manifest.append(ws)

    def _write_charts(self) -> None:
        for chart in self._charts:
            ready = isinstance(chart, DrawnChart)
            text = chart.text if ready else tostring(chart._write())
            self._archive.writestr(chart.path[1:], text)
            self.manifest.append(chart)


class _Part(WorksheetWriter):
    """openpyxl's writer of a worksheet, with what every sheet has as text."""

    def __init__(self, ws: Worksheet):
        self.ws = ws
        self.xf = self
        self._rels = RelationshipList()
        self._texts: list[str] = []
        ws._hyperlinks = [cell._hyperlink for cell in ws._cells.values() if cell._hyperlink]

    @property
    def text(self) -> str:
        names = f'xmlns="{SHEET_MAIN_NS}" xmlns:r="{REL_NS}"'
        return f"<worksheet {names}>{''.join(self._texts)}</worksheet>"

    def send(self, element: Element | None) -> None:
        """Take what openpyxl has made an element of; it gives none where there is nothing."""
        if element is not None:
            self._texts.append(tostring(element).decode())

    def close(self) -> None:
        """Nothing is open."""

    def write_properties(self) -> None:
        self._texts.append(_element("sheetPr", self.ws.sheet_properties))

    def write_dimensions(self) -> None:
        self._texts.append(f'<dimension ref="{self.ws.calculate_dimension()}" />')

    def write_views(self) -> None:
        self._texts.append(_element("sheetViews", self.ws.views))

    def write_format(self) -> None:
        self._texts.append(_element("sheetFormatPr", self.ws.sheet_format))

    def write_cols(self) -> None:
        columns = [*self.ws.column_dimensions.values()]
        for column in columns:
            column.reindex()
        columns.sort(key=lambda column: column.min)
        texts = "".join(f"<col{_attributes(column)} />" for column in columns)
        self._texts.append(f"<cols>{texts}</cols>" if columns else "")

    def write_rows(self) -> None:
        self._texts.append(f"<sheetData>{rows_xml(self.ws)}</sheetData>")

    def write_hyperlinks(self) -> None:
        links = [self._hyperlink(link) for link in self.ws._hyperlinks]
        self._texts.append(f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")

    def _hyperlink(self, link: Hyperlink) -> str:
        outside = ""
        if link.target:
            rel = Relationship(type="hyperlink", TargetMode="External", Target=link.target)
            self._rels.append(rel)
            outside = f' r:id="{rel.id}"'
        return f"<hyperlink{_attributes(link)}{outside} />"

    def write_margins(self) -> None:
        self._texts.append(_element("pageMargins", self.ws.page_margins))

    def write_page(self) -> None:
        self._texts.append(_element("pageSetup", self.ws.page_setup))

    def write_header(self) -> None:
        texts = {name: str(getattr(self.ws.HeaderFooter, name)) for name in _HEADERS}
        inner = "".join(
            f"<{name}>{escape(text)}</{name}>" if text else f"<{name} />"
            for name, text in texts.items()
        )
        self._texts.append(f"<headerFooter>{inner}</headerFooter>")

    def write_tables(self) -> None:
        parts = []
        for table in self.ws.tables.values():
            rel = Relationship(Type=table._rel_type, Target="")
            self._rels.append(rel)
            table._rel_id = rel.Id
            parts.append(f'<tablePart r:id="{rel.Id}" />')
        if parts:
            texts = "".join(parts)
            self._texts.append(f'<tableParts count="{len(parts)}">{texts}</tableParts>')


def _element(tag: str, thing: Serialisable) -> str:
    """What openpyxl makes of a setting, as text; for settings whose parts are such settings."""
    parts = []
    for name in thing.__elements__:
        inner = getattr(thing, name)
        many = inner if isinstance(inner, list | tuple) else [inner]
        parts += [_element(name, one) for one in many if one is not None]
    start = f"{tag}{_attributes(thing)}"
    return f"<{start}>{''.join(parts)}</{tag}>" if parts else f"<{start} />"


def _attributes(thing: Iterable[tuple[str, str]]) -> str:
    return "".join(f' {name}="{value.translate(_IN_QUOTES)}"' for name, value in thing)


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
        f'<row r="{number}"{_attributes(sheet.row_dimensions.get(number, ()))}>'
        f"{''.join(cells)}</row>"
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


def _program() -> ExtendedProperties:
    """The program that a workbook is for; openpyxl would name itself and its version."""
    properties = ExtendedProperties()
    properties.Application, properties.AppVersion = "Microsoft Excel", "16.0300"
    return properties
