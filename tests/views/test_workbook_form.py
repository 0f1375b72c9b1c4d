"""What every workbook keeps to beyond the checklist: lines beside tables, rows, what was cut."""

import pytest

from nmsdreports.views.workbook import write_workbook
from tests.views import editions, workbooks

NASTY = "[North]/South: A? & Co"
LONG = "long " * 8_000


def nasty_edition():
    rows = [
        ("=1+1", "S1", '=HYPERLINK("http://evil.example.org","x")', "+1", "-1"),
        ("007", "S1", "@handle\x07", LONG, "#N/A"),
        ("A3", "S1", "🙂 emoji", "مدرسة", "a|b|\u202eabc"),
    ]
    return editions.school_edition(names={"S1": NASTY}, account_rows=rows)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("workbooks")
    write_workbook(editions.school_edition(), folder / "school.xlsx")
    write_workbook(editions.office_edition(), folder / "office.xlsx")
    write_workbook(editions.school_edition("S9"), folder / "quiet.xlsx")
    write_workbook(nasty_edition(), folder / "nasty.xlsx")
    return folder


@pytest.fixture(scope="module", params=["school", "office", "quiet", "nasty"])
def path(request, folder):
    return folder / f"{request.param}.xlsx"


@pytest.fixture(scope="module")
def book(path):
    return workbooks.read(path)


def test_nothing_stands_outside_tables_but_lines_in_the_first_column(book):
    for sheet in book.worksheets:
        inside = {c.coordinate for t in sheet.tables.values() for row in sheet[t.ref] for c in row}
        for row in sheet.iter_rows(min_col=2):
            assert all(c.value is None or c.coordinate in inside for c in row), sheet.title


def test_texts_wrap_and_no_row_is_higher_than_excel_allows(book):
    for sheet, _, (_, *rows) in workbooks.tables(book):
        for cell in (cell for row in rows for cell in row):
            assert cell.data_type != "s" or cell.alignment.wrap_text
            assert (sheet.row_dimensions[cell.row].height or 0) <= 409


def test_what_was_cut_is_counted_and_said(folder):
    book = workbooks.read(folder / "nasty.xlsx")
    title = {row["Account ID"]: row["Title"] for row in workbooks.table(book, "Accounts")}["007"]
    assert len(title) == 1000
    assert title.endswith("… (cut)")
    said = " ".join(workbooks.lines(book["Notes"]))
    assert "1 text was longer than 1,000 characters and cut." in said
