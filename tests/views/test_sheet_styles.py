"""The looks that every workbook takes from one theme, and those it adds of its own."""

import io
import zipfile

from openpyxl import load_workbook
from openpyxl.styles import Protection

from nmsdreports.views.finish import pack_workbook
from nmsdreports.views.sheets import Block, Book, Column, Sheet, add_sheet
from nmsdreports.views.theme import read_theme


def packed(change=lambda cell: None) -> bytes:
    """A workbook of one small table, after `change` to its first number."""
    book = Book(read_theme(), "Pine")
    columns = [Column("Account", ["@pine", "Pine"]), Column("Days", [3, 5], "count")]
    sheet = add_sheet(book, Sheet("Accounts", "", blocks=[Block("Accounts", columns)]))
    change(sheet["B5"])
    return pack_workbook(book.workbook)


def styles_of(content: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(content)).read("xl/styles.xml")


def test_what_one_workbook_adds_to_its_looks_no_later_one_has():
    def change(cell):
        cell._style = cell._style.__copy__()
        cell.number_format = "0.000"
        cell.protection = Protection(locked=False)

    plain, own = packed(), packed(change)
    cell = load_workbook(io.BytesIO(own)).active["B5"]
    assert (cell.value, cell.number_format, cell.protection.locked) == (3, "0.000", False)
    assert b"0.000" in styles_of(own)
    assert b"0.000" not in styles_of(plain)
    assert packed() == plain


def test_a_text_like_a_formula_stays_a_text_for_whoever_edits_it():
    sheet = load_workbook(io.BytesIO(packed())).active
    assert [(cell.value, bool(cell.quotePrefix)) for cell in (sheet["A5"], sheet["A6"])] == [
        ("@pine", True),
        ("Pine", False),
    ]
