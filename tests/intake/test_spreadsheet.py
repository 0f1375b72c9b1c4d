import shutil
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from nmsdreports.settings import InputError

FILES = Path(__file__).parents[1] / "files" / "intake"
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


@pytest.mark.parametrize("ending", ["ods", "xlsx"])
def test_what_libreoffice_writes_is_read(registry, ending):
    shutil.copy(FILES / f"registry.{ending}", registry.folder)
    records = registry.check()
    assert records.accounts["account_id"].tolist() == ["007", "A8"]
    assert records.accounts["launched_on"].dt.day.tolist() == [1, 2]
    assert records.accounts["note"].tolist()[1] == "Café"


def test_real_dates_with_time_and_numbers_are_read(registry):
    rows = [
        [7, "S1", "X", "@a", "", datetime(2026, 9, 1, 14, 30), ""],
        [8.0, "S1", "X", "@b", "", 46266, ""],
        ["009", "S1", "X", "@c", "", date(2026, 9, 1), True],
    ]
    records = book(registry, *rows).check()
    assert records.accounts["account_id"].tolist() == ["7", "8", "009"]
    assert records.accounts["launched_on"].eq(pd.Timestamp("2026-09-01")).all()
    assert records.problems.query("level == 'note'")["message"].tolist() == [
        "Excel's day number, read as 9/1/2026."
    ]


def test_days_of_the_1904_system(registry):
    workbook = xlsxwriter.Workbook(registry.folder / "accounts.xlsx", {"date_1904": True})
    sheet = workbook.add_worksheet("Accounts")
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ROW[:5])
    sheet.write_datetime(1, 5, datetime(2026, 9, 1), workbook.add_format({"num_format": "m/d/yy"}))
    sheet.write_row(2, 0, ["A2", *ROW[1:5], 46266])
    workbook.close()
    records = registry.check()
    assert records.accounts["launched_on"].tolist()[0] == pd.Timestamp("2026-09-01")
    assert "counts days from 1904" in records.problems["message"].str.cat()


def test_merged_cells_of_a_column_are_filled_down(registry, only):
    def merge(sheet):
        sheet.merge_cells("B2:B3")

    rows = [ROW, ["A2", None, "X", "@b", "", "", ""], ["A3", "S2", "X", "@c", "", "", ""]]
    records = book(registry, *rows, change=merge).check()
    assert records.accounts["school_id"].tolist() == ["S1", "S1", "S2"]
    problem = only(records, "merged-cells")
    assert problem["message"] == "Merged cells B2:B3 in 'school_id' were filled down."
    assert problem["level"] == "note"


def test_error_cells_and_formulas_without_value_are_unknown(registry, only):
    def spoil(sheet):
        sheet["F2"] = "#REF!"
        sheet["F2"].data_type = "e"
        sheet["F3"] = "=TODAY()"

    rows = [ROW, ["A2", "S1", "X", "@b", "", "", ""]]
    records = book(registry, *rows, change=spoil).check()
    assert records.accounts["launched_on"].isna().all()
    error, formula = only(records, "error-cell"), only(records, "formula-without-value")
    assert (error["cell"], error["value"], error["outcome"]) == ("F2", "#REF!", "unknown")
    assert (formula["cell"], formula["value"]) == ("F3", "=TODAY()")
    assert formula["message"].endswith("never stored; open the file in Excel and save it.")
    assert len(records.unknowns) == 2


def test_the_target_of_a_link_is_the_address(registry):
    def link(sheet):
        sheet["E2"] = "our page"
        sheet["E2"].hyperlink = "https://www.facebook.com/samplepine?a=1&b=2"
        sheet["E3"] = '=HYPERLINK("https://x.com/samplehawk","@hawk")'

    rows = [ROW, ["A2", "S1", "X", "@b", "", "", ""]]
    records = book(registry, *rows, change=link).check()
    assert records.accounts["url"].tolist() == [
        "https://www.facebook.com/samplepine?a=1&b=2",
        "https://x.com/samplehawk",
    ]
    assert records.problems.query("column == 'url'").empty


def test_hidden_rows_are_read_and_listed(registry, only):
    def hide(sheet):
        sheet.row_dimensions[3].hidden = True

    records = book(registry, ROW, ["A2", "S1", "X", "@b"], change=hide).check()
    assert len(records.accounts) == 2
    problem = only(records, "hidden-rows")
    assert (problem["message"], problem["level"]) == ("1 hidden row was read too: 3.", "note")


def test_a_hidden_sheet_is_not_used_unless_named(registry, only):
    registry.xlsx("accounts.xlsx", {"Now": [HEAD, ROW], "Old": [HEAD, ["A9", *ROW[1:]]]})
    registry.hide_sheet("accounts.xlsx", "Old")
    records = registry.check()
    assert records.accounts["account_id"].tolist() == ["A1"]
    problem = only(records, "hidden-sheet")
    assert problem["level"] == "warning"
    assert problem["message"] == (
        "accounts.xlsx (sheet 'Old') is hidden and fits Registry of accounts; it is not used. "
        "Show it, or name it in [files]."
    )
    registry.text("district.toml", '[files]\naccounts = "accounts.xlsx!Old"\n')
    assert registry.check().accounts["account_id"].tolist() == ["A1", "A9"]


def test_a_line_of_totals_is_no_account(registry, only):
    records = book(registry, ROW, ["Total", "", "", "", "", 1, ""]).check()
    assert len(records.accounts) == 1
    assert only(records, "totals-row")["message"] == "Read as a line of totals, not as data."
    assert records.counts.query("table == 'accounts'")["blank"].tolist() == [1]


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


def test_a_zip_bomb_is_refused(registry):
    book(registry, ROW).edit_xml("accounts.xlsx", "xl/media/big.bin", lambda _: bytes(60_000_000))
    with pytest.raises(InputError, match="unpacks to far more than a spreadsheet holds"):
        registry.load()


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_a_doctype_is_refused(registry, part):
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    book(registry, ROW).edit_xml(
        "accounts.xlsx",
        part,
        lambda raw: raw.replace(b"?>", b"?>" + entity, 1) if b"?>" in raw[:100] else entity + raw,
    )
    with pytest.raises(InputError, match="carries a DOCTYPE"):
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


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("accounts.xls", FILES / "registry.xls", "is in Excel's format of before 2007; save it"),
        ("accounts.xlsx", FILES / "registry.xls", "is in Excel's format of before 2007"),
        (
            "accounts.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "is protected with a password; save a copy without one",
        ),
        ("accounts.xlsx", FILES / "protected.xlsx", "is protected with a password; save a copy"),
        ("accounts.ods", FILES / "protected.ods", "is protected with a password; save a copy"),
        (
            "accounts.xlsx",
            b"account_id,school_id\n",
            "is really a text file; save it again as .xlsx",
        ),
        ("accounts.xlsx", b"<html><table>", "is really a web page"),
        ("accounts.xlsx", b"", "is empty; export it again"),
        ("accounts.xlsx", b"PK\x03\x04 and no more", "is damaged or was cut off"),
        ("accounts.csv", FILES / "registry.xlsx", "is really a workbook; save it again as CSV"),
        ("accounts.numbers", b"PK\x03\x04", "cannot be read; save it as .xlsx"),
    ],
)
def test_files_that_are_not_what_they_seem_are_refused(registry, name, data, says):
    data = data.read_bytes() if isinstance(data, Path) else data
    (registry.folder / name).write_bytes(data)
    with pytest.raises(InputError) as caught:
        registry.load()
    assert str(caught.value).startswith(f"{name} ")
    assert says in str(caught.value)


def test_a_cut_off_workbook_is_refused(registry):
    data = (FILES / "registry.xlsx").read_bytes()
    (registry.folder / "accounts.xlsx").write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError, match="is damaged or was cut off; open it, save it again"):
        registry.load()


def test_an_untouched_template_is_a_table_without_rows(registry):
    example = ["EXAMPLE", "S1", "Facebook", "@example", "", "9/1/2026", ""]
    records = book(registry, example).check()
    assert records.accounts.empty
    assert records.counts.query("table == 'accounts'")["blank"].tolist() == [1]
    assert records.problems.query("file == 'accounts.xlsx'").empty


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
