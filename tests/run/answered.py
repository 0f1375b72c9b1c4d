"""A tiny district with logs of every format, its schools' workbooks, and answers in them."""

from datetime import datetime
from pathlib import Path

from click.testing import CliRunner
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table

from nmsdreports import assess, edition, load, write_workbook
from nmsdreports.cli import main

MONTH_END, AS_OF = "2026-10-31", "2026-11-20"
DAY = datetime(2026, 11, 10)
SETTINGS = """name = "Made-up District"
policy = "policy.toml"
email_domains = ["example.org"]
[contact]
name = "Wren Quillby"
email = "w.quillby@example.org"
"""
FILES = {
    "schools.csv": """School ID,School name,Principal,Principal e-mail
S1,Pine Elementary,Nell Inkpenny,n.inkpenny@example.org
S2,Cedar Creek,Otis Paperly,o.paperly@example.org
""",
    "accounts.csv": """Account ID,School,Platform,Handle,Owner,Owner e-mail,Registered e-mail,\
Purpose,Audience,Visibility,Students invited,Reported on,Professional label on,Launched on
A1,S1,Facebook,@pine,Ada Chalkwright,a.chalkwright@example.org,a@example.org,educational,school,\
public,yes,9/1/2026,,9/1/2026
A2,S2,Facebook,@cedar,Dov Tunesmith,d.tunesmith@example.org,d@example.org,educational,school,\
public,yes,9/1/2026,9/1/2026,9/1/2026
A3,S1,Blog,pineblog,Ada Chalkwright,a.chalkwright@example.org,a@example.org,educational,school,\
public,no,9/1/2026,9/1/2026,9/1/2026
""",
    "incidents.csv": """Incident ID,School,Account ID,Guideline,Happened on,Resolved on
I1,S2,A2,supervisor-approval,10/12/2026,
""",
    "staff.csv": """Email,Name,Supervisor e-mail,From
n.inkpenny@example.org,Nell Inkpenny,,8/1/2020
o.paperly@example.org,Otis Paperly,,8/1/2020
a.chalkwright@example.org,Ada Chalkwright,n.inkpenny@example.org,8/1/2020
d.tunesmith@example.org,Dov Tunesmith,o.paperly@example.org,8/1/2020
z.unal@example.org,Zoë Ünal,,8/1/2020
""",
    "notices.csv": """Account ID,Activity,Starts on,Groups invited,Groups notified,Sent on
A1,Book Week,10/5/2026,grade 4|grade 5,,
""",
    "reviews.csv": "Account ID,Reviewed on,Reviewed by\nA2,2026-10-20,Otis Paperly\n",
    "concerns.csv": "Concern ID,Account ID,Received on,Responded on\nC1,A1,10/1/2026,\n",
}
APPROVALS = "Account ID;Decision;Date of decision;Who decided;Our remark\r\n"
APPROVALS += "A3;approved;08/03/2026;Nell Inkpenny;drawer 4 – blue\r\n"
SHEET_WITH_TABLE = [
    ["Account", "Who", "Role", "Granted"],
    ["A3", "Nell Inkpenny", "supervisor", datetime(2026, 8, 4)],
]


def write_source(folder: Path) -> Path:
    """The district's folder; the log of approvals is of Windows, that of rights a workbook."""
    folder.mkdir(parents=True)
    (folder / "district.toml").write_text(SETTINGS, "utf-8")
    (folder / "policy.toml").write_text('[supervisor-approval]\nseverity = "critical"\n', "utf-8")
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8", newline="\n")
    (folder / "approvals.csv").write_bytes(APPROVALS.encode("cp1252"))
    book = Workbook()
    sheet = book.active
    sheet.title = "Rights"
    sheet.append(["Kept by the office"])
    sheet["A1"].font = Font(bold=True)
    for row in SHEET_WITH_TABLE:
        sheet.append(row)
    sheet["D3"].number_format = "d mmm yyyy"
    sheet.add_table(Table(displayName="Rights", ref="A2:D3"))
    book.create_sheet("Our notes")["B2"] = "stays"
    book.save(folder / "admins.xlsx")
    return folder


def standing(source: Path, day: str = AS_OF):
    return assess(load(source, read_on=datetime.fromisoformat(day))).at(day)


def write_books(source: Path, folder: Path) -> dict[str, Path]:
    """The workbook of each school, as the report of October has it."""
    folder.mkdir(parents=True, exist_ok=True)
    found = standing(source, MONTH_END)
    return {
        school: write_workbook(edition(found, "school", school), folder / f"{school}.xlsx")
        for school in ("S1", "S2")
    }


def answer(path: Path, answers: dict[str, tuple], to: Path | None = None) -> Path:
    """Type (done on, by whom, remark) beside findings, as a person does, and save."""
    book = load_workbook(path)
    columns = cells(book["To do"])
    for finding, typed in answers.items():
        at = [cell.value for cell in columns["Finding ID"]].index(finding)
        for name, value in zip(("Done on", "By whom", "Remark"), typed, strict=False):
            columns[name][at].value = value
    book.save(to or path)
    return to or path


def cells(sheet) -> dict[str, list]:
    """The cells of the to-do table by heading."""
    header, *rows = sheet[sheet.tables["ToDo"].ref]
    columns = zip(*rows, strict=True)
    return {cell.value: [*column] for cell, column in zip(header, columns, strict=True)}


def collect(*words, source: Path, output: Path, as_of: str = AS_OF):
    """Run the verb; its result has `exit_code` and `stderr`."""
    options = ["--output", str(output), "--as-of", as_of]
    return CliRunner().invoke(main, ["collect", *map(str, words), *options, str(source)])


def proposal(output: Path) -> dict[str, list[dict]]:
    """The rows of the newest proposal by sheet, each as heading -> value."""
    newest = max((output / "answers").glob("*.xlsx"), key=lambda path: path.stat().st_mtime_ns)
    found = {}
    for sheet in load_workbook(newest):
        for table in sheet.tables.values():
            header, *rows = sheet[table.ref]
            names = [cell.value for cell in header]
            values = [[cell.value for cell in row] for row in rows]
            found[sheet.title] = [dict(zip(names, row, strict=True)) for row in values]
    return found
