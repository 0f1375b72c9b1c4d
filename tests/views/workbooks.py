"""Reading a written workbook back as a reader sees it: tables by name, charts, parts of the zip."""

import zipfile
from pathlib import Path
from xml.etree import ElementTree

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet


def table(book: Workbook, name: str) -> list[dict]:
    """The rows of the named table, each as header -> value."""
    for sheet in book.worksheets:
        if name in sheet.tables:
            header, *rows = sheet[sheet.tables[name].ref]
            names = [cell.value for cell in header]
            return [dict(zip(names, (c.value for c in row), strict=True)) for row in rows]
    raise AssertionError(f"no table {name}")


def tables(book: Workbook):
    """Each (sheet, table name, rows of cells with the header first)."""
    for sheet in book.worksheets:
        for name, ref in sheet.tables.items():
            yield sheet, name, sheet[ref]


def lines(sheet: Worksheet) -> list[str]:
    """The texts of column A outside tables, from the top."""
    inside = {cell.row for ref in sheet.tables.values() for (cell, *_) in sheet[ref.ref]}
    column = (sheet.cell(row, 1) for row in range(1, sheet.max_row + 1) if row not in inside)
    return [cell.value for cell in column if cell.value is not None]


def links(sheet: Worksheet) -> dict[str, str]:
    """Where each linked text of the sheet goes: to a cell of the workbook or to an address."""
    cells = (cell for row in sheet.iter_rows() for cell in row if cell.hyperlink)
    return {cell.value: cell.hyperlink.location or cell.hyperlink.target for cell in cells}


def parts(path: Path) -> dict[str, str]:
    """The text of every part of the file."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def described(path: Path) -> list[tuple[str, str]]:
    """Name and alt text of every chart, in the order of drawings."""
    found = []
    for name, text in sorted(parts(path).items()):
        if name.startswith("xl/drawings/drawing"):
            nodes = ElementTree.fromstring(text).iter()
            found += [(n.get("name"), n.get("descr")) for n in nodes if n.tag.endswith("}cNvPr")]
    return found


def read(path: Path) -> Workbook:
    return load_workbook(path)
