"""A made-up district whose texts try to break whatever shows them."""

import csv
from pathlib import Path

from openpyxl import Workbook

NORTH = "[North]/South: A?"
TWINS = (
    "Upper Valley Regional Alternative Campus East",
    "Upper Valley Regional Alternative Campus West",
)
RIGHT_TO_LEFT = "=مدرسة الشمال 🙂"
SCHOOLS = {"N1": NORTH, "N2": TWINS[0], "N3": TWINS[1], "N4": RIGHT_TO_LEFT}
LONG = "long tail " * 4_000
"""40,000 characters, more than a cell of Excel holds."""
FORMULA = '=HYPERLINK("http://evil.example.org","x")'
RESTRICTED = "SECRETWORD"
"""In every description, action and note: none of them may leave the program."""

_SETTINGS = """
name = "Nasty & <Sons> District"
email_domains = ["example.org"]

[contact]
name = "Wren O'Quill & <Co>"
email = "w.quill@example.org"
"""
_ACCOUNTS = (
    "account_id school_id platform handle title owner owner_email registered_email purpose "
    "audience visibility students_invited approved_on approved_by reported_on admin_granted_on "
    "admin_holder labelled_on parents_notified_on launched_on closed_on note"
)
_USUAL = {
    "platform": "Facebook",
    "owner_email": "a@example.org",
    "registered_email": "a@example.org",
    "purpose": "educational",
    "audience": "public",
    "visibility": "public",
    "students_invited": "yes",
    "launched_on": "2026-09-14",
    "note": RESTRICTED,
}
_ODD_ACCOUNTS = (
    {"account_id": "=1+1", "handle": FORMULA, "title": "+1", "owner": "-Ann Dash"},
    {"account_id": "007", "handle": "@handle_x0007_", "title": LONG, "owner": "@SUM(A1)"},
    {"account_id": "A3", "handle": "🙂👩‍🏫emoji", "title": "مدرسة", "owner": "a|b|\u202eabc"},
    {"account_id": "A4", "handle": "@four", "title": "</script><b>x", "owner": "<i>Ann</i> & Co"},
    {"account_id": "A5", "handle": "@five", "title": "007", "launched_on": "soon"},
    {"account_id": "A6", "handle": "@six", "title": "1e5", "approved_on": "2026-10-02"},
)
_TWIN_ACCOUNTS = (
    {"account_id": "E1", "school_id": "N2", "handle": "@eastern", "owner": "Estella Eastwick"},
    {"account_id": "W1", "school_id": "N3", "handle": "@western", "owner": "Wenda Westerly"},
    {"account_id": "R1", "school_id": "N4", "handle": "@شمال", "owner": "نورا القلم"},
)
_INCIDENTS = (
    ("=2", "N1", "007", "logo-use", "2026-10-20", "2026-10-21", "alleged", ""),
    ("I\x07 2", "N1", "A3", "student-identity", "2026-10-01", "2026-10-02", "substantiated", ""),
    (
        "I3",
        "N1",
        FORMULA,
        "student-identity",
        "2026-09-01",
        "2026-09-02",
        "unsubstantiated",
        "2026-09-05",
    ),
    ("I4", "N2", "E1", "conduct-standards", "2026-10-07", "2026-10-08", "under investigation", ""),
    ("I5", "N9", "", "logo-use", "2026-10-07", "2026-10-08", "alleged", ""),
)
_NOTICES = (
    ("A3", "@trip 🙂", "2026-10-19", "=grade|+7", "", ""),
    ("A4", LONG, "2026-10-19", "grade 7", "grade 7", "2026-10-01"),
    ("A4", "بداية", "2026-10-21", "x\x07y", "", ""),
    ("E1", "-1", "2026-10-21", "grade 8", "grade 8", "10/99/2026"),
)
_EXCEPTIONS = (
    ("parent-notice", "007", "N1", LONG, "Ann Lee", "2026-10-01", "2026-12-01"),
    ("admin-rights", "A4", "N1", "=cmd|'/c calc'!A1", "+1", "2026-10-01", "2026-12-01"),
)


def write_source(folder: Path) -> Path:
    """Write the district's spreadsheets and settings into the new `folder`; returns it."""
    folder.mkdir(parents=True)
    (folder / "district.toml").write_text(_SETTINGS, encoding="utf-8")
    schools = [("school_id", "name", "level", "principal")]
    schools += [(key, name, "high", f"+Principal of {key}") for key, name in SCHOOLS.items()]
    _write_workbook(folder / "schools.xlsx", schools)
    accounts = [{"school_id": "N1", **_USUAL, **row} for row in (*_ODD_ACCOUNTS, *_TWIN_ACCOUNTS)]
    rows = [[row.get(name) for name in _ACCOUNTS.split()] for row in accounts]
    _write_workbook(folder / "accounts.xlsx", [_ACCOUNTS.split(), *rows])
    header = "incident_id school_id account_id guideline occurred_on reported_on substantiation "
    header += "resolved_on description action"
    told = [(*row, RESTRICTED, f"{RESTRICTED} again") for row in _INCIDENTS]
    _write_csv(folder / "incidents.csv", header, told)
    header = "account_id activity starts_on groups_invited groups_notified sent_on"
    _write_csv(folder / "notices.csv", header, _NOTICES)
    header = "guideline account_id school_id reason approved_by starts_on expires_on"
    _write_csv(folder / "exceptions.csv", header, _EXCEPTIONS)
    return folder


def _write_workbook(path: Path, rows: list) -> None:
    book = Workbook()
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values, start=1):
            if value is not None:
                # past the checks of the library, as other programs write
                cell = book.active.cell(row, column)
                cell._value, cell.data_type = value, "s"
    book.save(path)


def _write_csv(path: Path, header: str, rows: list | tuple) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(), *rows])
