"""The workbooks that are more than the cells of a CSV file: merged, hidden, linked, broken."""

import io
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

from openpyxl.worksheet.worksheet import Worksheet
from xlsxwriter import Workbook

from nmsdreports.intake import load
from nmsdreports.intake.tables import read_tables
from nmsdreports.policy import read_policy
from tests.files.programs import (
    FOLDER,
    MADE_ON,
    SHEET,
    repacked,
    rows_of,
    with_openpyxl,
    with_xlsxwriter,
)

HEAD = ["Account ID", "School", "Platform", "Handle"]
PINE = ["A1", "S1", "Facebook", "@samplepine"]
HAWK = ["A2", "S2", "Instagram", "@samplehawk"]
BAND = ["A3", "S2", "X", "@hawkband"]
PLAIN = {"Accounts": [HEAD, PINE, HAWK]}


def tab_for_each_school() -> bytes:
    """Two tabs without a column for the school; one bears its name, one its short name."""
    head = ["Account ID", "Platform", "Handle"]
    return with_openpyxl(
        {
            "Pine Elementary": [head, ["A1", "Facebook", "@samplepine"]],
            "NA": [head, ["A2", "Instagram", "@samplehawk"], ["A3", "X", "@hawkband"]],
        }
    )


def several_tables() -> bytes:
    """A registry, a log and two sheets that are neither, in one workbook."""
    return with_openpyxl(
        {
            "Registry": [HEAD, PINE, HAWK],
            "Monitoring": [["Account ID", "Reviewed on"], ["A1", "10/1/2026"]],
            "Lunch": [["Monday", "Soup"], ["Tuesday", "Rice"]],
            "Empty": [],
        }
    )


def hidden_sheet() -> bytes:
    """A registry, and last year's on a sheet that nobody sees."""

    def hide(sheets: dict[str, Worksheet]) -> None:
        sheets["Last year"].sheet_state = "hidden"

    return with_openpyxl({"Accounts": [HEAD, PINE], "Last year": [HEAD, BAND]}, hide)


def filtered_rows() -> bytes:
    """Six accounts of which a filter hides two and a person one more."""

    def build(book: Workbook) -> None:
        sheet = book.add_worksheet("Accounts")
        schools = ["S1", "S2", "S2", "S1", "S1", "S1"]
        for row, cells in enumerate(
            [HEAD, *([f"A{n}", s, "X", f"@sample{n}"] for n, s in enumerate(schools, 1))]
        ):
            sheet.write_row(row, 0, cells)
        sheet.autofilter(0, 0, len(schools), len(HEAD) - 1)
        sheet.filter_column("B", "B == S1")
        for row in (2, 3, 5):
            sheet.set_row(row, None, None, {"hidden": True})

    return with_xlsxwriter(build)


def merged_cells() -> bytes:
    """One cell for the school of two rows, and a merged title above."""

    def merge(sheets: dict[str, Worksheet]) -> None:
        sheets["Accounts"].merge_cells("A1:D1")
        sheets["Accounts"].merge_cells("B3:B4")

    rows = [["Registry", *[""] * 3], HEAD, PINE, ["A2", None, *HAWK[2:]], BAND]
    return with_openpyxl({"Accounts": rows}, merge)


def formula_without_value() -> bytes:
    """What a program other than a spreadsheet's writes: formulas that nobody computed yet."""
    head, formulas = [*HEAD, "Title", "Launched on"], ['="Pine"', "=DATE(2026,9,1)"]
    return with_openpyxl({"Accounts": [head, [*PINE, *formulas]]})


def links() -> bytes:
    """Web addresses behind other words: by a link and by a formula."""

    def build(book: Workbook) -> None:
        sheet = book.add_worksheet("Accounts")
        sheet.write_row(0, 0, [*HEAD, "Web address"])
        for row, cells in enumerate((PINE, HAWK, BAND), start=1):
            sheet.write_row(row, 0, cells)
        page = "https://www.facebook.com/samplepine?a=1&b=2"
        sheet.write_url("E2", page, string="our page")
        link = '=HYPERLINK("https://www.instagram.com/samplehawk/","our pictures")'
        sheet.write_formula("E3", link, value="our pictures")
        sheet.write_string("E4", "https://x.com/hawkband")

    return with_xlsxwriter(build)


def far_cell() -> bytes:
    """A stray cell in the last row and column that a spreadsheet has."""
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return repacked(
        with_openpyxl(PLAIN), {SHEET: lambda raw: _instead(raw, b"</sheetData>", stray)}
    )


def far_row() -> bytes:
    """One filled row repeated to the end of the sheet."""
    source = (FOLDER / "01-plain.ods").read_bytes()
    with zipfile.ZipFile(io.BytesIO(source)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    first = b"<table:table-row "
    repeated = b'<table:table-row table:number-rows-repeated="1048000" '
    parts["content.xml"] = _instead(parts["content.xml"], first, repeated)
    return _zipped(parts)


def zip_bomb() -> bytes:
    """Sixty megabytes of nothing in sixty kilobytes."""
    return repacked(with_openpyxl(PLAIN), {"xl/media/big.bin": lambda _: bytes(60_000_000)})


def doctype() -> bytes:
    """Entities that grow by a thousand each time they are read."""
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return repacked(with_openpyxl(PLAIN), {SHEET: lambda raw: entities + raw})


def external_entity() -> bytes:
    """An entity that asks for a file of the reader's machine."""
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    return repacked(with_openpyxl(PLAIN), {"xl/workbook.xml": lambda raw: entity + raw})


def word_document() -> bytes:
    """The package of a text document under a workbook's name."""
    return _zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})


def cut_off() -> bytes:
    """The first half of a workbook, as a broken download leaves it."""
    data = with_openpyxl(PLAIN)
    return data[: len(data) // 2]


def own_workbook() -> bytes:
    """The list of repairs of a folder with one unknown school."""
    from nmsdreports.views.repair import write_repair

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "accounts.csv").write_bytes((FOLDER / "34-schools.csv").read_bytes())
        records = load(folder, read_on=MADE_ON.date(), refuse=False)
        return write_repair(records, folder / "quarantine.xlsx").read_bytes()


def template() -> bytes:
    """The template of the registry, untouched."""
    from nmsdreports.views.forms import write_form

    with tempfile.TemporaryDirectory() as name:
        path, guidelines = Path(name) / "accounts.xlsx", read_policy().guidelines
        return write_form(read_tables()["accounts"], path, guidelines).read_bytes()


def real_days() -> bytes:
    """Days as a spreadsheet keeps them, one with a time of day."""
    rows = [
        [*HEAD, "Launched on"],
        [*PINE, datetime(2026, 9, 1)],
        [*HAWK, datetime(2026, 9, 1, 14, 30)],
    ]
    return with_openpyxl({"Accounts": rows})


def days_from_1904() -> bytes:
    """A workbook of an old Mac: days count from 1904, and a bare number is not certain."""

    def build(book: Workbook) -> None:
        sheet = book.add_worksheet("Accounts")
        sheet.write_row(0, 0, [*HEAD, "Launched on"])
        sheet.write_row(1, 0, PINE)
        sheet.write_datetime("E2", datetime(2026, 9, 1), book.add_format({"num_format": "m/d/yy"}))
        sheet.write_row(2, 0, [*HAWK, 46266])

    return with_xlsxwriter(build, date_1904=True)


def yes_no() -> bytes:
    """Ticks, truth values and numbers as cells of their own kinds."""
    cells = ["Yes", "Y", "x", "✓", True, 1, "Yes\u00a0", "no", "N", False, 0]
    return _sheet([*HEAD, "Students invited"], cells)


def ids() -> bytes:
    """Numbers as texts and as numbers."""

    def build(book: Workbook) -> None:
        sheet = book.add_worksheet("Accounts")
        sheet.write_row(0, 0, HEAD)
        for row, account in enumerate(["007", 7, 8.0, "0012"], start=1):
            sheet.write_row(row, 0, [account, "S1", "X", f"@sample{row}"])

    return with_xlsxwriter(build)


def microsoft_forms() -> bytes:
    """An export of Microsoft Forms: its own columns first, real times, choices ended by ";"."""
    head = [
        *("ID", "Start time", "Completion time", "Email", "Name"),
        *("ID1", "Which school?\u00a0", "Which platform?", "Account name"),
        *("Who runs the account?", "Contact email", "Are students invited?\u00a0"),
    ]
    owners = [("Ann Lee;Bo Ray;", "anonymous"), ("Cy Day;", "c.day@example.org")]
    rows = [
        ["A1", "Pine Elementary", "Facebook", "@samplepine", *owners[0], "Yes"],
        ["A2", "NA", "Instagram", "@samplehawk", *owners[1], "No"],
    ]
    return _form(head, [["anonymous", "", *row] for row in rows])


def unknown_questions() -> bytes:
    """An export of Microsoft Forms whose questions no heading in the world is called like."""
    head = [
        *("ID", "Start time", "Completion time", "Email", "Name"),
        *("Your number, please", "Site", "Network", "How is it called there?"),
    ]
    return _form(head, [["w.noteleaf@example.org", "Wanda Noteleaf", *PINE]])


def google_forms() -> bytes:
    """A sheet of Google Forms: a real time, and choices joined by a comma."""
    rows = [
        ["Timestamp", "Which account?", "Invited groups", "Notified groups", "Date sent"],
        [datetime(2026, 9, 27, 15, 0), "A1", "Choir", "Choir", datetime(2026, 9, 27)],
        [datetime(2026, 9, 28, 15, 0), "A1", "Band, brass", "Band, brass", datetime(2026, 9, 28)],
        [datetime(2026, 9, 29, 15, 0), "A1", "Band, brass, Choir", "", datetime(2026, 9, 29)],
    ]
    return with_openpyxl({"Form Responses 1": rows})


def hidden_credential_column() -> bytes:
    """A column of passwords that nobody sees."""

    def build(book: Workbook) -> None:
        sheet = book.add_worksheet("Accounts")
        sheet.write_row(0, 0, [*HEAD, "FB Password"])
        sheet.write_row(1, 0, [*PINE, "hunter2-sample"])
        sheet.set_column("E:E", None, None, {"hidden": True})

    return with_xlsxwriter(build)


def credentials_on_second_sheet() -> bytes:
    """A sound registry, and passwords on a sheet of no table."""
    others = [["who", "Passcode"], ["Wanda Noteleaf", "hunter2-sample"]]
    return with_openpyxl({"Accounts": [HEAD, PINE], "Logins": others})


def formula_texts() -> bytes:
    """Texts that a careless program would run as formulas."""

    def build(book: Workbook) -> None:
        sheet = book.add_worksheet("Accounts")
        for row, cells in enumerate(rows_of("41-formula-texts.csv")):
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text)

    return with_xlsxwriter(build)


def _sheet(head: list[str], cells: list[object]) -> bytes:
    def build(book: Workbook) -> None:
        sheet = book.add_worksheet("Accounts")
        sheet.write_row(0, 0, head)
        for row, cell in enumerate(cells, start=1):
            sheet.write_row(row, 0, [f"A{row}", "S1", "X", f"@sample{row}", cell])

    return with_xlsxwriter(build)


def _form(head: list[str], answers: list[list[str]]) -> bytes:
    """A sheet as Microsoft Forms exports it: a table with a time format for its two times."""

    def build(book: Workbook) -> None:
        sheet = book.add_worksheet("Sheet1")
        time = book.add_format({"num_format": "m/d/yy h:mm:ss"})
        columns = [{"header": heading} for heading in head]
        sheet.add_table(0, 0, len(answers), len(head) - 1, {"columns": columns, "name": "Table1"})
        for row, cells in enumerate(answers, start=1):
            sheet.write_number(row, 0, row)
            sheet.write_datetime(row, 1, datetime(2026, 9, 1, 10, row), time)
            sheet.write_datetime(row, 2, datetime(2026, 9, 1, 10, row + 5), time)
            sheet.write_row(row, 3, cells)

    return with_xlsxwriter(build)


def _instead(raw: bytes, old: bytes, new: bytes) -> bytes:
    if old not in raw:
        raise ValueError(old)
    return raw.replace(old, new, 1)


def _zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
