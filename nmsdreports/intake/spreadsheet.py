"""Workbooks → grids: the raw package is looked at first, then python-calamine reads the values.

calamine is fast but turns error cells and formulas without a stored value into empty text, loses
the targets of links and can end the whole process on a cell far away; `package.inspect` finds all
of these in the raw XML before any reader opens the sheet.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from nmsdreports.intake.grid import Grid, Marks, read_rows
from nmsdreports.intake.package import Package, inspect
from nmsdreports.intake.problems import Problems, Refused


def read_workbook(name: str, data: bytes, problems: Problems) -> list[Grid]:
    """One grid for each sheet, hidden ones too; raises `Refused` where the file cannot be used."""
    package = inspect(name, data)
    if package.own:
        problems.add("own-workbook", file=name)
        return []
    return _grids(name, data, package)


def read_returned(name: str, data: bytes) -> list[Grid]:
    """The sheets of a report that comes back with answers; raises `Refused`.

    Every formula stands in the marks, because what one has computed is nobody's answer.
    """
    return _grids(name, data, inspect(name, data, returned=True))


def _grids(name: str, data: bytes, package: Package) -> list[Grid]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        kinds = {meta.name: meta for meta in workbook.sheets_metadata}
        return [
            _grid(name, workbook, sheet, kinds[sheet].visible == SheetVisibleEnum.Visible, package)
            for sheet in workbook.sheet_names
            if kinds[sheet].typ == SheetTypeEnum.WorkSheet
        ]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        raise Refused("truncated", file=name) from error


def _grid(
    name: str, workbook: CalamineWorkbook, sheet: str, visible: bool, package: Package
) -> Grid:
    rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    columns, lengths = read_rows(rows, as_texts)
    marks = package.marks.get(sheet, Marks())
    return Grid(
        name, sheet, columns, lengths, visible=visible, date1904=package.date1904, marks=marks
    )


def as_texts(cells: Sequence) -> Sequence[str]:
    """The cells of a column as texts; each distinct cell is turned once."""
    kinds = set(map(type, cells))
    if kinds <= {str}:
        return cells
    if bool in kinds and kinds & {int, float}:  # 1, 1.0 and True are one key of a dict
        return [_text(cell) for cell in cells]
    return list(map(_Texts().__getitem__, cells))


class _Texts(dict):
    """Cell → text, made when it is first asked for."""

    def __missing__(self, cell: object) -> str:
        self[cell] = text = _text(cell)
        return text


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)
