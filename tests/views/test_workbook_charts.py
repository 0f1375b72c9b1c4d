"""The charts of approvals, notices and violations, and the logo: answers a reader can check."""

import struct
import zipfile
import zlib
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pandas as pd
import pytest

from nmsdreports.views import charts
from nmsdreports.views.logo import Logo
from nmsdreports.views.sheet_charts import ALT_TEXT_LENGTHS, ChartOver, alt_text
from nmsdreports.views.sheets import Block, Book, Column, Sheet, add_sheet
from nmsdreports.views.theme import read_theme
from nmsdreports.views.workbook import write_workbook
from tests.views import editions, workbooks

SHEETS = {
    "Approvals": ("ApprovedInTime", charts.figure_approvals),
    "Parent notifications": ("ToldInTime", charts.figure_notifications),
    "Violations": ("OpenByAge", charts.figure_incidents),
}


def busy_edition():
    rows = [
        (f"I{n}", "S1", None, "logo-use", f"2026-0{n}-11", state, None)
        for n, state in zip(range(4, 10), ["alleged", "substantiated"] * 3, strict=True)
    ]
    accounts = [(f"A{n:03}", "S1", f"@sample{n}", None, "Ann Quill") for n in range(1, 40)]
    return editions.school_edition("S1", incident_rows=rows, account_rows=accounts)


@pytest.fixture(scope="module")
def seen():
    return busy_edition()


@pytest.fixture(scope="module")
def path(seen, tmp_path_factory):
    return write_workbook(seen, tmp_path_factory.mktemp("charts") / "a.xlsx")


@pytest.fixture(scope="module")
def book(path):
    return workbooks.read(path)


def drawn(path) -> dict[str, str]:
    """The XML of every chart by its title."""
    parts = workbooks.parts(path)
    found = [text for name, text in sorted(parts.items()) if "/charts/chart" in name]
    return dict(zip([name for name, _ in workbooks.described(path)], found, strict=True))


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_chart_has_the_pages_title_and_numbers_in_cells_beside_it(sheet, seen, path, book):
    name, figure = SHEETS[sheet]
    page = figure(seen)
    described = dict(workbooks.described(path))
    assert page.title in described
    assert described[page.title].startswith(f"{page.title}.")
    table = workbooks.table(book, name)
    assert name in book["Charts"].tables
    frame = page.numbers.frame
    for shown, told in zip(table, frame.itertuples(index=False, name=None), strict=True):
        label, *numbers = shown.values()
        if not isinstance(label, str):
            label = f"{label:%b %Y}"
        assert (label, *numbers) == told
    assert list(table[0]) == list(frame.columns)


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_line_says_the_answer_and_leads_to_the_chart(sheet, seen, book):
    name, figure = SHEETS[sheet]
    links = workbooks.links(book[sheet])
    assert links[f"Chart: {figure(seen).title}"] == "'Charts'!A1"
    header = book["Charts"][book["Charts"].tables[name].ref][0][0].row
    assert book["Charts"].cell(header - 1, 1).value.endswith("?")


def test_no_chart_covers_the_table_or_question_of_the_next(book):
    tables = [book["Charts"][table.ref] for table in book["Charts"].tables.values()]
    drawn = [(c.anchor._from.row, c.anchor._from.col) for c in book["Charts"]._charts]
    assert len({column for _, column in drawn}) == 1
    high = 16  # rows of 15.5 points under 8.5 cm
    for (top, _), rows in zip(drawn, tables, strict=True):
        assert top == rows[0][0].row - 1
    tops = sorted(top for top, _ in drawn)
    assert all(after - before >= high for before, after in pairwise(tops))


def test_bars_that_lie_on_each_other_carry_no_labels_outside(path):
    # Excel refuses a file in which stacked bars have their numbers outside
    for text in drawn(path).values():
        assert not ('val="stacked"' in text and "outEnd" in text)


def test_a_series_keeps_the_colour_and_pattern_of_its_meaning(seen, path):
    chart = drawn(path)[charts.figure_incidents(seen).title]
    tree = ElementTree.fromstring(chart)
    series = [e for e in tree.iter() if e.tag.endswith("}ser")]
    looks = {}
    for each in series:
        (name,) = [e.text for e in each.iter() if e.tag.endswith("}v")][:1]
        shape = next(e for e in each if e.tag.endswith("}spPr"))
        looks[name] = (
            next(e.get("val") for e in shape.iter() if e.tag.endswith("}srgbClr")),
            any(e.tag.endswith("}pattFill") for e in shape.iter()),
        )
    blue, orange = (seen.theme.series[at].removeprefix("#") for at in (0, 1))
    assert looks == {"Only reported": (blue, False), "Substantiated": (orange, True)}


def test_bars_of_one_series_agree_with_the_page_in_colour_and_pattern(seen, path):
    page = charts.figure_notifications(seen)
    (trace,) = page.drawing["data"]
    tree = ElementTree.fromstring(drawn(path)[page.title])
    (series,) = [e for e in tree.iter() if e.tag.endswith("}ser")]
    own = next(e for e in series if e.tag.endswith("}spPr"))
    points = {
        int(point[0].get("val")): next(e for e in point if e.tag.endswith("}spPr"))
        for point in series
        if point.tag.endswith("}dPt")
    }
    looks = [points.get(at, own) for at in range(len(trace["y"]))]
    colours = [
        next(f"#{e.get('val')}" for e in look.iter() if e.tag.endswith("}srgbClr"))
        for look in looks
    ]
    patterned = [any(e.tag.endswith("}pattFill") for e in look.iter()) for look in looks]
    assert colours == trace["marker"]["color"] and len(set(colours)) == 3
    assert patterned == [bool(shape) for shape in trace["marker"]["pattern"]["shape"]]
    order = [e.tag.partition("}")[2] for e in series]
    assert order.index("spPr") < order.index("dPt") < order.index("dLbls")  # as Excel asks


def test_lines_above_charts_go_on_over_them():
    columns = [Column("Age", ["up to 7 days"]), Column("Number", [3], "count")]
    words = "The title of each chart is the answer; its numbers stand beside it."
    drawn = ChartOver("3 are open", "3 are open. Up to 7 days: number 3.", "incidents", (2,), True)
    for charts_beside, rows in (([drawn], 1), ([], 3)):
        sheet = Sheet("Charts", "", [words], [Block("Ages", columns)], charts_beside)
        made = add_sheet(Book(read_theme(), "Pine"), sheet)
        lines = [made.cell(row, 1).value for row in range(3, 3 + rows)]
        assert " ".join(lines) == words


def test_few_accounts_need_no_chart_and_the_sheet_says_so(tmp_path):
    few = editions.school_edition("S2")
    book = workbooks.read(write_workbook(few, tmp_path / "a.xlsx"))
    assert "Charts" not in book.sheetnames
    said = workbooks.lines(book["Approvals"])
    assert "No chart: only 3 accounts launched in these 24 months." in said


def test_an_alt_text_keeps_to_its_length_and_to_whole_numbers():
    months = pd.date_range("2024-11-30", periods=24, freq="ME").to_list()
    columns = {"Month": months, "In time": [*range(1000, 1024)], "Late": [*range(24)]}
    text = alt_text("Approved in time: 24,276 of 24,552 (98%)", columns)
    least, most = ALT_TEXT_LENGTHS
    assert least <= len(text) <= most
    assert " Nov 2024: in time 1,000. Dec 2024: in time 1,001, late 1." in text
    assert text.endswith(" The rest stands in the table.")
    few = {"Month": months, "In time": [0] * 24, "Late": [0] * 23 + [7]}
    short = alt_text("Told: 3 of 4", few)
    assert short == "Told: 3 of 4. Oct 2026: late 7."


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    rows = zlib.compress(b"".join(b"\0" + b"\x1f\x4e\x79" * width for _ in range(height)))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("school_id", ["S1", "S9"])
def test_the_logo_stands_on_the_first_sheet_only_small_and_with_words(school_id, tmp_path):
    data = png(400, 100)
    seen = replace(editions.school_edition(school_id), logo=Logo("png", data, 400, 100))
    path = write_workbook(seen, tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as archive:
        assert [archive.read(n) for n in archive.namelist() if "/media/" in n] == [data]
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
        summary = archive.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
    assert "drawing1.xml" in summary
    tree = ElementTree.fromstring(drawing)
    (named,) = (e for e in tree.iter() if e.tag.endswith("}cNvPr"))
    assert named.get("descr") == "The district's logo"
    (size,) = (e for e in tree.iter() if e.tag.endswith("}ext") and e.get("cx"))
    width, height = (int(size.get(side)) for side in ("cx", "cy"))
    assert width / height == pytest.approx(4, rel=0.05)
    assert height <= 60 * 9525


def test_a_logo_that_spreadsheets_do_not_draw_leaves_the_name_of_the_district(tmp_path):
    seen = replace(editions.school_edition(), logo=Logo("svg+xml", b"<svg/>", 40, 10))
    path = write_workbook(seen, tmp_path / "a.xlsx")
    assert not [name for name in workbooks.parts(path) if "/media/" in name]
    assert "Sample School District" in workbooks.lines(workbooks.read(path)["Summary"])
