from datetime import date

import openpyxl
import pytest

from nmsdreports.intake.grid import FORMULA
from nmsdreports.intake.opendocument import read_marks
from nmsdreports.settings import InputError

HEAD = ["account_id", "school_id", "platform", "handle", "url", "launched_on", "note"]
ROW = ["A1", "S1", "Facebook", "@pine", "", date(2026, 9, 1), ""]
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def registry(district):
    return district.without("accounts.csv")


def book(registry, *rows, change=None):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Accounts"
    for row in (HEAD, *rows):
        sheet.append(row)
    if change is not None:
        change(sheet)
    workbook.save(registry.folder / "accounts.xlsx")
    return registry


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "CZZ2"])
def test_a_stray_cell_far_away_is_refused_before_it_is_opened(registry, cell):
    row = int("".join(sign for sign in cell if sign.isdigit()))
    stray = f'<row r="{row}"><c r="{cell}"><v>1</v></c></row></sheetData>'.encode()
    book(registry, ROW).edit_xml(
        "accounts.xlsx", SHEET, lambda raw: raw.replace(b"</sheetData>", stray)
    )
    with pytest.raises(InputError) as caught:
        registry.load()
    assert "a cell stands far away at" in str(caught.value)
    assert "press Ctrl+End to find it" in str(caught.value)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_a_doctype_is_refused(registry, part):
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    book(registry, ROW).edit_xml(
        "accounts.xlsx",
        part,
        lambda raw: raw.replace(b"?>", b"?>" + entity, 1) if b"?>" in raw[:100] else entity + raw,
    )
    with pytest.raises(InputError, match="carries what no spreadsheet needs"):
        registry.load()


def prefixed(raw):
    tags = raw.replace(b"</", b"\x01").replace(b"<?", b"\x02").replace(b"<", b"<x:")
    whole = tags.replace(b"\x01", b"</x:").replace(b"\x02", b"<?")
    return whole.replace(b'xmlns="', b'xmlns:x="')


def strict(raw):
    return raw.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    ).replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


@pytest.mark.parametrize("form", [prefixed, strict])
def test_writers_with_prefixes_and_the_strict_form_are_read(registry, only, form):
    def spoil(sheet):
        sheet["F2"] = "#REF!"
        sheet["F2"].data_type = "e"
        sheet["F3"] = "=TODAY()"

    book(registry, ROW, ["A2", "S1", "X", "@b"], change=spoil)
    for part in (SHEET, "xl/workbook.xml"):
        registry.edit_xml("accounts.xlsx", part, form)
    records = registry.check()
    assert records.accounts["account_id"].tolist() == ["A1", "A2"]
    assert only(records, "error-cell")["cell"] == "F2"
    assert only(records, "formula-without-value")["cell"] == "F3"


def test_our_own_workbooks_are_skipped_and_templates_are_not(registry, only):
    for name, kind in (("report.xlsx", "school report"), ("accounts.xlsx", "template")):
        book(registry, ROW)
        own = openpyxl.load_workbook(registry.folder / "accounts.xlsx")
        own.custom_doc_props.append(
            openpyxl.packaging.custom.StringProperty(name="nmsdreports", value=kind)
        )
        own.save(registry.folder / name)
    records = registry.check()
    assert len(records.accounts) == 1
    problem = only(records, "own-workbook")
    assert problem["message"] == "report.xlsx was written by this program; skipped."


def test_cells_of_an_opendocument_sheet_are_counted_also_where_one_stands_for_many():
    cell = '<table:table-cell table:number-columns-repeated="2" office:value-type="string"/>'
    error = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" '
        'calcext:value-type="error" table:number-columns-repeated="2"><office:annotation>'
        "<text:p>#N/A</text:p></office:annotation><text:p>{}</text:p></table:table-cell>"
    )
    unstored = '<table:table-cell table:formula="of:=TODAY()"/>'
    blank = '<table:table-cell table:number-columns-repeated="16000"/>'
    content = (
        '<table:table table:name="A &amp; B">'
        f'<table:table-row table:number-rows-repeated="3">{cell}{blank}</table:table-row>'
        f"<table:table-row>{cell}{error.format('#DIV/0!')}{unstored}</table:table-row>"
        f'<table:table-row table:visibility="collapse">{error.format("Err:502")}</table:table-row>'
        f'<table:table-row table:number-rows-repeated="1048000">{blank}</table:table-row>'
        f'</table:table><table:table table:name="C"><table:table-row>{unstored}</table:table-row>'
        "</table:table>"
    )
    marks = read_marks(content.encode())
    assert marks["A & B"].errors == {
        (3, 2): "#DIV/0!",
        (3, 3): "#DIV/0!",
        (4, 0): "#VALUE!",
        (4, 1): "#VALUE!",
    }
    assert marks["A & B"].formulas == {(3, 4): f"{FORMULA}=TODAY()"}
    assert marks["A & B"].hidden_rows == [4]
    assert list(marks["C"].formulas) == [(0, 0)]
    stored = content.replace('=TODAY()"', '=TODAY()" office:value-type="float"')
    assert stored != content and not read_marks(stored.encode())["A & B"].formulas
    every = read_marks(stored.encode(), every_formula=True)
    assert every["A & B"].formulas == {(3, 4): f"{FORMULA}=TODAY()"}
