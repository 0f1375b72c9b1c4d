"""Lines 1 to 10 on every workbook that `report` wrote, of the sample and of the nasty registry."""

import hashlib
import os
import re
from datetime import datetime
from html import unescape
from itertools import combinations
from xml.etree import ElementTree

import pytest
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from nmsdreports import load
from nmsdreports.run.publish import read_manifest
from nmsdreports.views.theme import contrast, read_theme
from tests.checklist import months, nasty
from tests.checklist.months import AS_OF
from tests.views import workbooks

SAMPLE = (
    *("district", "S1-pine-elementary", "S2-cedar-creek-elementary"),
    *("S3-hawk-hollow-middle-school", "S4-lantern-bay-high-school"),
    *("S6-homestead-learning-program", "DO-district-office"),
)
TWINS = tuple(f"N{at}-{name.lower().replace(' ', '-')}" for at, name in enumerate(nasty.TWINS, 2))
NASTY = ("district", "N1-north-south-a", *TWINS, "N4")
EVERY = [*(("sample", name) for name in SAMPLE), *(("nasty", name) for name in NASTY)]
ANSWERS = ("Done on", "By whom", "Remark")
AS_OF_DAY = datetime.fromisoformat(AS_OF)


@pytest.fixture(scope="module")
def made(sample_month, nasty_month):
    return {"sample": sample_month, "nasty": nasty_month}


@pytest.fixture(scope="module")
def loaded(made):
    return {name: load(month.source) for name, month in made.items()}


@pytest.fixture(scope="module", params=EVERY, ids="/".join)
def case(request):
    return request.param


@pytest.fixture(scope="module")
def report(case, made):
    return made[case[0]].reports[case[1]]


@pytest.fixture(scope="module")
def records(case, loaded):
    """What was read of the spreadsheets of the report."""
    return loaded[case[0]]


@pytest.fixture(scope="module")
def path(report):
    return report.workbook


@pytest.fixture(scope="module")
def book(path):
    return workbooks.read(path)


@pytest.fixture(scope="module")
def cells(book):
    """Every cell with a value, with its sheet."""
    rows = ((sheet, row) for sheet in book.worksheets for row in sheet.iter_rows())
    return [(sheet, cell) for sheet, row in rows for cell in row if cell.value is not None]


@pytest.fixture(scope="module")
def everything(path):
    """All parts of the file as one text."""
    return "\n".join(workbooks.parts(path).values())


def table_cells(book):
    """Each cell below a header: its sheet, table and header."""
    for sheet, name, (header, *rows) in workbooks.tables(book):
        for row in rows:
            for head, cell in zip(header, row, strict=True):
                yield sheet, name, head.value, cell


def test_no_report_is_left_out(made):
    names = {(month, name) for month, each in made.items() for name in each.reports}
    assert names == set(EVERY)


@pytest.fixture(scope="session")
def nasty_again(nasty_month, tmp_path_factory):
    """The nasty month once more: later, in another folder and in another time zone."""
    folder = tmp_path_factory.mktemp("again") / "else where"
    # as the first time without a browser, which draws each picture a little differently
    nowhere = {"BROWSER_PATH": str(folder / "no browser")}
    return months.make(nasty_month.source, folder, TZ="Pacific/Kiritimati", **nowhere)


@pytest.mark.skipif(os.name == "nt", reason="Windows takes no time zone from the environment")
def test_line_01_another_second_and_time_zone_give_the_same_bytes(nasty_month, nasty_again):
    one, two = (read_manifest(made.edition)["outputs"] for made in (nasty_month, nasty_again))
    assert len(one) > 40
    assert one == two
    for name, told in two.items():
        data = (nasty_again.edition / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == told["sha256"]


@pytest.mark.skipif(os.name == "nt", reason="Windows takes no time zone from the environment")
def test_line_01_so_are_the_templates_of_a_new_district(tmp_path):
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder, zone in zip(folders, ("UTC", "Pacific/Kiritimati"), strict=True):
        assert months.run("new", folder, cwd=tmp_path, TZ=zone).returncode == 0
    one, two = ({f.name: f.read_bytes() for f in folder.iterdir()} for folder in folders)
    assert sum(name.endswith(".xlsx") for name in one) == 10
    assert one == two


def test_line_02_the_first_sheet_says_whose_it_is_of_when_and_whom_to_ask(book, report, records):
    first = book.worksheets[0]
    assert book.active is first
    text = workbooks.lines(first)
    assert first["A1"].value == text[0] and first["A1"].font.sz >= 14
    name = records.settings.name
    if report.school_id is not None:
        name = records.schools.set_index("school_id")["name"][report.school_id]
    # what is written from right to left stands between two signs that keep it apart
    said = re.sub("[\u2066-\u2069]", "", first["A2"].value)
    assert said == f"{name} · October 2026 · as of October 31, 2026"
    about = " ".join(text[2:])
    first_minute = re.split("What to do first|What changed|In this workbook", about)[0]
    first_minute = first_minute.removeprefix(records.settings.name).strip()
    sentences = re.split(r"(?<=\.) (?=[A-Z0-9])", first_minute)
    assert len(sentences) == 3 and "October 2026" in first_minute, sentences
    assert re.search(r"Questions: Wren [^,]+.*@example\.org", about)
    assert "The next report comes after November 30, 2026" in about


def test_line_02_every_sheet_is_listed_with_a_link_that_works_and_one_back(book):
    first, *others = book.worksheets
    listed = workbooks.links(first)
    for sheet in others:
        assert f"'{sheet.title}'!A1" in listed.values()
        assert f"'{first.title}'!A1" in workbooks.links(sheet).values()
    for target in listed.values():
        if not target.startswith("mailto:"):
            sheet, _ = re.fullmatch(r"'(.+)'!([A-Z]+\d+)", target).groups()
            assert sheet in book.sheetnames
    assert all(sheet.title in " ".join(listed) for sheet in others)


def test_line_03_every_block_is_a_named_table_with_full_unique_headers(book, report):
    for sheet, name, (header, *rows) in workbooks.tables(book):
        headers = [cell.value for cell in header]
        assert all(isinstance(text, str) and text.strip() for text in headers), (sheet.title, name)
        assert len({text.casefold() for text in headers}) == len(headers)
        assert [column.name for column in sheet.tables[name].tableColumns] == headers
        assert rows
        assert sheet.protection.sheet is (name == "ToDo" and report.school_id is not None)
        for row in rows:
            assert any(cell.value is not None for cell in row), (sheet.title, row[0].row)
        for head, column in zip(headers, zip(*rows, strict=True), strict=True):
            # what a principal fills in stands empty, and nothing else can be typed into
            answered = sheet.protection.sheet and head in ANSWERS
            open_cells = [not cell.protection.locked for cell in column]
            assert all(open_cells) if answered else not any(open_cells)
            filled = any(cell.value is not None for cell in column)
            assert filled is not answered, (sheet.title, column[0].column)


def test_line_03_one_table_to_a_sheet_and_where_there_are_more_each_has_its_heading(book):
    for sheet in book.worksheets:
        summed_up = sheet is book.worksheets[0] or sheet.title == "Charts"
        assert len(sheet.tables) <= (3 if summed_up else 2), sheet.title
        for ref in sheet.tables.values() if len(sheet.tables) > 1 else ():
            above = sheet.cell(sheet[ref.ref][0][0].row - 1, 1)
            assert above.value and above.font.b
        inside = {c.coordinate for t in sheet.tables.values() for row in sheet[t.ref] for c in row}
        for row in sheet.iter_rows(min_col=2):
            assert all(c.value is None or c.coordinate in inside for c in row), sheet.title


def test_line_03_nothing_is_merged_hidden_or_named_without_use(book):
    assert not book.defined_names
    for sheet in book.worksheets:
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        dimensions = [*sheet.row_dimensions.values(), *sheet.column_dimensions.values()]
        assert not any(d.hidden or d.outlineLevel for d in dimensions)
        assert set(sheet.defined_names) <= {"_xlnm.Print_Titles"}


def test_line_04_charts_are_native_named_from_their_numbers_and_show_them(book, path, everything):
    parts = workbooks.parts(path)
    charts = [parts[name] for name in sorted(parts) if "/charts/chart" in name]
    described = workbooks.described(path)
    assert len(charts) == len(described)
    assert not [name for name in parts if name.startswith("xl/media")]
    for (name, alt), text in zip(described, charts, strict=True):
        tree = ElementTree.fromstring(text)
        assert 30 <= len(alt) <= 250
        title = "".join(e.text or "" for e in _all(_first(tree, "title"), "t"))
        assert title == name and re.search(r"\d|\bnone\b|\ball\b", title.lower())
        deleted = [e.get("val") for axis in ("catAx", "dateAx", "valAx") for a in _all(tree, axis)
                   for e in _all(a, "delete")]  # fmt: skip
        assert deleted == ["0", "0"]
        caches = [_cache(book, e) for kind in ("numRef", "strRef") for e in _all(tree, kind)]
        assert len(caches) >= 3
        for shown, cached in caches:
            assert cached == shown
        values = {float(n) for shown, _ in caches for n in shown if isinstance(n, int | float)}
        told = [float(n) for n in re.findall(r"(?<![\d,])\d{1,3}(?![\d%])", alt)]
        assert values & set(told)


def test_line_04_every_report_with_a_history_has_charts(report, path):
    assert len(workbooks.described(path)) >= (0 if report.school_id in ("S6", "N4") else 1)


def _all(tree, tag):
    return [element for element in tree.iter() if element.tag.endswith(f"}}{tag}")]


def _first(tree, tag):
    return _all(tree, tag)[0]


def _cache(book, reference) -> tuple[list, list]:
    """What the cells of a reference show, and what the chart remembers of them."""
    sheet, place = _first(reference, "f").text.rsplit("!", 1)
    sheet = book[sheet.strip("'")]
    area = sheet[place.replace("$", "")]
    found = [c.value for (c,) in area] if isinstance(area, tuple) else [area.value]
    assert not sheet.column_dimensions[re.search("[A-Z]+", place).group()].hidden
    cached = [element.text for element in _all(reference, "v")]
    if isinstance(found[0], datetime):
        cached = [from_excel(float(value)) for value in cached]
    elif isinstance(found[-1], int | float):
        found, cached = [v for v in found if isinstance(v, int | float)], [*map(float, cached)]
    return found, cached


def test_line_05_long_sheets_keep_their_header_on_screen_and_in_print(book):
    for sheet in book.worksheets:
        assert sheet.max_row <= 20 or sheet.freeze_panes, sheet.title
        assert all(table.autoFilter for table in sheet.tables.values())
        # the first sheet is a page of sentences, above which its title stays
        if sheet.max_row > 20 and len(sheet.tables) == 1 and sheet is not book.worksheets[0]:
            (ref,) = (table.ref for table in sheet.tables.values())
            header = sheet[ref][0][0].row
            assert sheet.freeze_panes.endswith(str(header + 1))
            assert sheet.print_title_rows == f"${header}:${header}"


def test_line_05_pages_fit_the_width_and_their_footer_says_which_of_how_many(book):
    for sheet in book.worksheets:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.oddFooter.right.text == "Page &P of &N"
        footer = sheet.oddFooter.left.text.replace("&&", "&")
        assert "October 2026" in footer and book.worksheets[0]["A2"].value.startswith(footer)


def test_line_05_columns_show_every_day_and_number_and_texts_wrap(book):
    for sheet, name, _, cell in table_cells(book):
        width = sheet.column_dimensions[get_column_letter(cell.column)].width
        if isinstance(cell.value, datetime):
            assert width >= len("Sep 30, 2026") + 1
        elif isinstance(cell.value, int | float):
            assert width >= len(f"{cell.value:,}") + 2
        elif cell.value is not None:
            assert cell.alignment.wrap_text, (name, cell.coordinate)
            assert (sheet.row_dimensions[cell.row].height or 0) <= 409


def test_line_06_there_is_no_formula_and_a_text_stays_a_text(cells, path):
    assert {cell.data_type for _, cell in cells} <= {"s", "n", "d"}
    for name, part in workbooks.parts(path).items():
        assert "worksheets/" not in name or not re.search("<f[ >/]", part), name
    for _, cell in cells:
        if cell.data_type == "s" and re.match(r"[=+@-]", cell.value):
            assert cell.quotePrefix, cell.coordinate


def test_line_06_what_the_registry_says_is_there_letter_by_letter(made):
    book = workbooks.read(made["nasty"].reports["N1-north-south-a"].workbook)
    rows = {row["Account ID"]: row for row in workbooks.table(book, "Accounts")}
    assert set(rows) == {"=1+1", "007", "A3", "A4", "A5", "A6"}
    assert nasty.FORMULA in rows["=1+1"]["Account"]
    titles = {key: row["Title"] for key, row in rows.items()}
    long = titles.pop("007")
    told = {"=1+1": "+1", "A3": "مدرسة", "A4": "</script><b>x", "A5": "007", "A6": "1e5"}
    assert titles == told
    assert "🙂👩‍🏫emoji" in rows["A3"]["Account"]
    assert len(long) < 32_767 and "(cut)" in long
    cut = re.findall(r"(\d+) texts? (?:was|were) longer", " ".join(workbooks.lines(book["Notes"])))
    cells = (c for sheet in book.worksheets for row in sheet.iter_rows() for c in row)
    assert cut == [str(sum("(cut)" in str(c.value) for c in cells))] != ["0"]


def test_line_07_days_are_days_counts_are_numbers_and_nothing_applicable_is_words(book):
    for sheet, name, header, cell in table_cells(book):
        place = (sheet.title, cell.coordinate, cell.value)
        if isinstance(cell.value, datetime):
            assert cell.is_date and re.search("yy", cell.number_format), place
        elif isinstance(cell.value, str) and name != "Problems" and header not in FREE:
            number = r"[-+]?[\d,.]+%?|\d{4}-\d\d-\d\d|nan|NaT|None"
            assert not re.fullmatch(number, cell.value), place
        if re.search(r"\brate\b|Coverage", header, re.IGNORECASE):
            assert cell.value is not None, place


FREE = {
    *("Title", "Account ID", "Incident", "Account", "Owner", "Activity", "Invited", "Who"),
    "Approved by",
}


def test_line_07_a_rate_stands_beside_its_numerator_and_denominator(book):
    for sheet, _, (_, *rows) in workbooks.tables(book):
        for row in rows:
            numbers = [cell for cell in row if isinstance(cell.value, int | float)]
            rates = [cell for cell in numbers if "%" in cell.number_format]
            counts = [cell.value for cell in numbers if cell not in rates]
            # judged and not assessed together are the denominator of coverage
            counts += [one + other for one, other in combinations(counts, 2)]
            shares = {100 * part // whole for whole in counts if whole > 0 for part in counts}
            for cell in rates:
                assert round(cell.value * 100) in shares, (sheet.title, cell.coordinate)


def test_line_08_a_status_is_a_word_and_a_mark(book):
    theme = read_theme()
    looks = theme.status | theme.severity | theme.substantiation
    found = 0
    for *_, cell in table_cells(book):
        word = re.sub(r"^[^\w\s]+ |,.*| \(.*", "", str(cell.value))
        if cell.fill.fill_type == "solid" and word in looks:
            assert str(cell.value).startswith(f"{looks[word].mark} "), cell.coordinate
            found += 1
    assert found


def test_line_08_letters_are_sans_upright_of_ten_points_with_contrast(cells):
    for sheet, cell in cells:
        font, fill = cell.font, cell.fill
        assert (font.name, bool(font.i)) == ("Arial", False)
        assert font.sz >= 10
        ground = fill.fgColor.rgb if fill.fill_type == "solid" else "FFFFFFFF"
        ratio = contrast(f"#{font.color.rgb[2:]}", f"#{ground[2:]}")
        assert ratio >= 4.5, (sheet.title, cell.coordinate)


def test_line_09_the_properties_are_the_districts_and_name_no_machine(book, everything, made):
    properties = book.properties
    assert properties.title == book.worksheets[0]["A1"].value
    assert properties.title.endswith(": social media accounts in October 2026")
    assert properties.creator in ("Sample School District (made up)", "Nasty & <Sons> District")
    assert properties.created == properties.modified == AS_OF_DAY
    assert not properties.lastModifiedBy
    traces = ["openpyxl", "Openpyxl", "/tmp", "\\Users\\", "/home/", "/root"]
    traces += [str(month.source) for month in made.values()]
    user = os.environ.get("USER") or os.environ.get("USERNAME") or ""
    traces += [f">{user}<"] if user else []
    assert [trace for trace in traces if trace in everything] == []


def test_line_10_nothing_of_another_school(report, records, everything):
    if report.school_id is None:
        return
    own = records.accounts["school_id"].eq(report.school_id)
    texts = re.findall(r"<t\b[^>]*>([^<]*)|(?:descr|name)=\"([^\"]*)", everything)
    words = {word.strip("\"'():;,.@") for pair in texts for word in unescape("".join(pair)).split()}
    everybody = str(records.settings.contact)
    for column in ("account_id", "handle", "owner"):
        theirs = set(records.accounts.loc[~own, column].dropna())
        theirs -= set(records.accounts.loc[own, column].dropna())
        assert len(theirs) >= 2
        assert not {text.strip("@") for text in theirs} & words, column
        long = [text for text in theirs if len(text) > 5 and text not in everybody]
        assert not [text for text in long if text in unescape(everything)]


def test_line_10_no_restricted_text(records, everything):
    assert nasty.RESTRICTED not in everything
    shown = set(re.findall(r"<t\b[^>]*>([^<]*)", everything))
    restricted = [records.incidents["description"], records.incidents["action"]]
    restricted = {text for column in [*restricted, records.accounts["note"]] for text in column}
    assert len(restricted) > 1
    assert not restricted & shown
