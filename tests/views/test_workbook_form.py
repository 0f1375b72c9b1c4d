"""What every workbook keeps to: tables, print, colours, charts, texts, bytes."""

import hashlib
import re
import shutil
import subprocess
from datetime import datetime
from xml.etree import ElementTree

import pytest
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from nmsdreports.views.theme import contrast
from nmsdreports.views.workbook import write_workbook
from tests.views import editions, workbooks

NASTY = "[North]/South: A? & Co"
LONG = "long " * 8_000


def nasty_edition(audience="school"):
    rows = [
        ("=1+1", "S1", '=HYPERLINK("http://evil.example.org","x")', "+1", "-1"),
        ("007", "S1", "@handle\x07", LONG, "#N/A"),
        ("A3", "S1", "🙂 emoji", "مدرسة", "a|b|\u202eabc"),
        ("A9", "S2", "@other", "Other school's title", "Other Owner"),
    ]
    facts = {
        "names": {"S1": NASTY, "S2": "Elsewhere High School"},
        "account_rows": rows,
        "incident_rows": [("=2", "S1", "007", "logo-use", "2026-10-21", "alleged", None)],
    }
    return (
        editions.school_edition(**facts)
        if audience == "school"
        else editions.office_edition(**facts)
    )


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


def test_every_block_is_a_named_table_with_full_unique_headers(book):
    for sheet, name, (header, *rows) in workbooks.tables(book):
        headers = [cell.value for cell in header]
        assert all(isinstance(text, str) and text for text in headers), (sheet.title, name)
        assert len(set(headers)) == len(headers)
        assert [column.name for column in sheet.tables[name].tableColumns] == headers
        assert sheet.tables[name].autoFilter is not None
        assert rows
        for row in rows:
            assert any(cell.value is not None for cell in row), (sheet.title, row[0].row)
        for cells in zip(*rows, strict=True):
            assert any(cell.value is not None for cell in cells), (sheet.title, cells[0].column)


def test_one_table_to_a_sheet_and_where_there_are_two_each_has_its_heading(book):
    with_chart = {"Approvals", "Parent notifications", "Violations"}
    for sheet in book.worksheets:
        if sheet.title not in {"Summary", "Data quality", *with_chart}:
            assert len(sheet.tables) == 1, sheet.title
        assert len(sheet.tables) <= 2
        for ref in sheet.tables.values() if len(sheet.tables) > 1 else ():
            above = sheet.cell(sheet[ref.ref][0][0].row - 1, 1)
            assert above.value
            assert above.font.b


def test_nothing_stands_outside_tables_but_lines_in_the_first_column(book):
    for sheet in book.worksheets:
        inside = {c.coordinate for t in sheet.tables.values() for row in sheet[t.ref] for c in row}
        for row in sheet.iter_rows(min_col=2):
            assert all(c.value is None or c.coordinate in inside for c in row), sheet.title


def test_nothing_is_merged_hidden_or_named_without_use(book):
    assert not book.defined_names
    for sheet in book.worksheets:
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        assert not any(d.hidden for d in sheet.row_dimensions.values())
        assert not any(d.hidden for d in sheet.column_dimensions.values())
        assert set(sheet.defined_names) <= {"_xlnm.Print_Titles"}


def test_long_sheets_keep_their_header_on_screen_and_in_print(book):
    for sheet in book.worksheets:
        assert sheet.max_row <= 20 or sheet.freeze_panes, sheet.title
        if sheet.max_row > 20 and len(sheet.tables) == 1:
            (ref,) = (table.ref for table in sheet.tables.values())
            header = sheet[ref][0][0].row
            assert sheet.freeze_panes.endswith(str(header + 1))
            assert sheet.print_title_rows == f"${header}:${header}"


def test_pages_fit_the_width_and_say_which_of_how_many(book):
    for sheet in book.worksheets:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.oddFooter.right.text == "Page &P of &N"
        about = book["Summary"]["A2"].value
        assert sheet.oddFooter.left.text.replace("&&", "&") == about
        width = sum(d.width for d in sheet.column_dimensions.values() if d.customWidth)
        assert width <= 215, (sheet.title, width)
        assert (
            sheet.page_setup.orientation == "landscape" or width <= 118 or sheet.title == "Summary"
        )


def test_columns_are_wide_enough_for_their_days_and_numbers(book):
    for sheet, _, (_, *rows) in workbooks.tables(book):
        for cell in (cell for row in rows for cell in row):
            width = sheet.column_dimensions[get_column_letter(cell.column)].width
            if isinstance(cell.value, datetime):
                assert cell.is_date
                assert cell.number_format in ("mmm d, yyyy", "mmm yyyy")
                assert width >= 14
            elif isinstance(cell.value, int | float):
                assert width >= len(f"{cell.value:,}") + 5


def test_texts_wrap_and_no_row_is_higher_than_excel_allows(book):
    for sheet, _, (_, *rows) in workbooks.tables(book):
        for cell in (cell for row in rows for cell in row):
            assert cell.data_type != "s" or cell.alignment.wrap_text
            assert (sheet.row_dimensions[cell.row].height or 0) <= 409


def test_letters_are_sans_upright_and_of_ten_points_with_contrast(book):
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            font, fill = cell.font, cell.fill
            assert (font.name, bool(font.i)) == ("Arial", False)
            assert font.sz >= 10
            ground = fill.fgColor.rgb if fill.fill_type == "solid" else "FFFFFFFF"
            assert contrast(f"#{font.color.rgb[2:]}", f"#{ground[2:]}") >= 4.5, cell.coordinate


def test_there_is_no_formula_and_no_error(book):
    for sheet in book.worksheets:
        types = {cell.data_type for row in sheet.iter_rows() for cell in row}
        assert types <= {"s", "n", "d"}, sheet.title


def test_properties_are_the_districts_and_the_files_mark_is_set(book, path):
    properties = book.properties
    assert properties.title.endswith("social media accounts in October 2026")
    assert properties.creator == "Sample School District"
    assert properties.created == properties.modified == datetime(2026, 10, 31)
    assert not properties.lastModifiedBy
    assert {p.name: p.value for p in book.custom_doc_props} == {"nmsdreports": "report"}
    everything = "".join(workbooks.parts(path).values())
    assert "openpyxl" not in everything
    assert "/tmp" not in everything


def test_charts_have_axes_alt_texts_with_their_numbers_and_caches_like_the_cells(folder):
    path = folder / "school.xlsx"
    book = workbooks.read(path)
    described = workbooks.described(path)
    charts = [text for name, text in workbooks.parts(path).items() if "/charts/chart" in name]
    assert len(charts) == len(described) == 4
    for name, alt in described:
        assert 30 <= len(alt) <= 250
        assert set(re.findall(r"\d+ of \d+", name)) <= set(re.findall(r"\d+ of \d+", alt))
    titles = [name for name, _ in described]
    assert titles[0] == "Approved by their launch day: 5 of 8 (62%) launched in 24 months"
    assert titles[1].startswith("22 findings are open at the end of October 2026")
    assert re.findall(r"\b\d{1,2}\b", described[1][1]) == ["24", "0", "48", "48", "22"]
    for text in charts:
        tree = ElementTree.fromstring(text)
        hidden = [e.get("val") for e in tree.iter() if e.tag.endswith("}delete")]
        assert hidden == ["0", "0"]
        caches = 0
        for reference in (e for e in tree.iter() if e.tag.endswith(("}numRef", "}strRef"))):
            address = next(e.text for e in reference if e.tag.endswith("}f"))
            sheet, cells = address.rsplit("!", 1)
            cached = [e.text for e in reference.iter() if e.tag.endswith("}v")]
            area = book[sheet.strip("'")][cells.replace("$", "")]
            found = [c.value for (c,) in area] if isinstance(area, tuple) else [area.value]
            if isinstance(found[0], datetime):
                cached = [from_excel(float(value)) for value in cached]
            assert [str(value) for value in cached] == [str(value) for value in found]
            caches += 1
        assert caches >= 3


def test_the_same_edition_gives_the_same_bytes(path, tmp_path):
    again = {
        "school": editions.school_edition,
        "office": editions.office_edition,
        "quiet": lambda: editions.school_edition("S9"),
        "nasty": nasty_edition,
    }[path.stem]()
    other = write_workbook(again, tmp_path / "elsewhere.xlsx")
    digests = {hashlib.sha256(file.read_bytes()).hexdigest() for file in (path, other)}
    assert len(digests) == 1


def test_texts_of_the_registry_stay_texts(folder):
    book = workbooks.read(folder / "nasty.xlsx")
    rows = {row["Account ID"]: row for row in workbooks.table(book, "Accounts")}
    assert set(rows) == {"=1+1", "007", "A3"}
    assert rows["=1+1"]["Title"] == "+1"
    assert rows["=1+1"]["Account"] == 'Facebook "=HYPERLINK("http://evil.example.org","x")"'
    assert rows["A3"]["Title"] == "مدرسة"
    assert rows["007"]["Account"] == 'Facebook "@handle"'
    assert NASTY in book["Summary"]["A2"].value
    formula_like = [
        cell
        for row in book["Accounts"].iter_rows()
        for cell in row
        if cell.data_type == "s" and cell.value[0] in "=+-@"
    ]
    assert formula_like
    assert all(cell.quotePrefix for cell in formula_like)


def test_what_was_cut_is_counted_and_said(folder):
    book = workbooks.read(folder / "nasty.xlsx")
    title = {row["Account ID"]: row["Title"] for row in workbooks.table(book, "Accounts")}["007"]
    assert len(title) == 1000
    assert title.endswith("… (cut)")
    said = " ".join(workbooks.lines(book["Notes"]))
    assert "1 text was longer than 1,000 characters and cut." in said


def test_a_school_sees_nothing_of_another_and_no_restricted_text(folder):
    for name, strangers in (
        ("nasty", ["A9", "@other", "Other school", "Other Owner", "Elsewhere"]),
        ("school", ["A009", "A010", "A011", "@sample9", "Cedar", "I004"]),
    ):
        everything = "".join(workbooks.parts(folder / f"{name}.xlsx").values())
        for text in [*strangers, "restricted"]:
            assert not re.search(rf">[^<]*{re.escape(text)}", everything), text


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine")
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not on this machine")
def test_drawn_by_libreoffice_every_day_and_number_shows(folder, tmp_path):
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = [str(folder / f"{name}.xlsx") for name in ("school", "quiet", "nasty")]
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=240)
    for name in ("school", "quiet", "nasty"):
        pdf = tmp_path / f"{name}.pdf"
        shown = subprocess.run(
            ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, timeout=60
        ).stdout.decode("utf-8")
        assert "###" not in shown
        pages = shown.rstrip("\f").split("\f")
        book = workbooks.read(folder / f"{name}.xlsx")
        assert "Page 1 of" in pages[0]
        assert len(pages) <= len(book.sheetnames) + 4
        for sheet in book.worksheets:
            assert sheet["A1"].value in shown
        days = [
            cell.value
            for sheet, _, (_, *rows) in workbooks.tables(book)
            for cell in (cell for row in rows for cell in row)
            if isinstance(cell.value, datetime) and cell.number_format == "mmm d, yyyy"
        ]
        for day in set(days):
            words = f"{day:%b} {day.day}, {day.year}"
            assert shown.count(words) >= days.count(day), words
