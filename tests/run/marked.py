"""A made-up district in which every text of a school carries the school's own word.

Of its four schools one has a row at which the district's own notebook fails, and one whose
notebook ends its own process.
"""

import csv
import json
from pathlib import Path

GOOD, FAILS, DIES = ("Quillon", "Zephra"), "Vintarbeck", "Orbelund"
MARKERS = (*GOOD, FAILS, DIES)
RESTRICTED = "Hushword"
"""In every description, action and note: none of them may leave the program."""

_SHIPPED = Path(__file__).parents[2] / "notebooks" / "school_report.ipynb"
_SETTINGS = 'name = "Made-up District"\nemail_domains = ["example.org"]\nnotebooks = "own"\n'
_OWN_CELL = """import os, signal
pages = [int(title.split()[-1]) for title in report.accounts["title"]]
if 0 in pages:
    os.kill(os.getpid(), signal.SIGKILL)"""
_TABLES = {
    "schools": [
        {
            "school_id": "{m}", "name": "{m} School", "short_name": "{m}", "level": "high",
            "principal": "Ada {m}", "principal_email": "ada.{m}@example.org", "aliases": "Old {m}",
        },
    ],
    "accounts": [
        {
            "account_id": "{m}-1", "school_id": "{m}", "platform": "Facebook", "handle": "@{m}one",
            "title": "{m} page {n}", "owner": "Ben {m}", "owner_email": "ben.{m}@example.org",
            "registered_email": "ben.{m}@example.org", "purpose": "educational",
            "audience": "class", "visibility": "public", "public_reason": "open to {m}",
            "students_invited": "yes", "approved_by": "Ben {m}", "approved_on": "2025-09-02",
            "admin_holder": "Ben {m}", "admin_granted_on": "2025-09-02",
            "labelled_on": "not by {m}", "launched_on": "2025-09-14", "note": "{r} {m}",
        },
        {
            "account_id": "{m}-2", "school_id": "{m} School", "platform": "X", "handle": "@{m}two",
            "title": "{m} page 2", "owner": "Cyd {m}|Ben {m}", "owner_email": "cyd.{m}@example.org",
            "registered_email": "cyd@{m}.example.com", "purpose": "other",
            "audience": "public", "visibility": "public", "students_invited": "no",
            "requested_on": "2025-10-01", "launched_on": "2025-10-14", "closed_on": "2025-10-20",
        },
    ],
    "incidents": [
        {
            "incident_id": "I-{m}-1", "school_id": "{m}", "account_id": "{m}-1",
            "guideline": "student-identity", "occurred_on": "2025-10-02", "severity": "high",
            "reported_on": "2025-10-03", "substantiation": "substantiated",
            "action": "{r} {m}", "description": "{r} {m}",
        },
        {
            "incident_id": "I-{m}-2", "school_id": "{m}", "account_id": "unknown to {m}",
            "guideline": "personal-contact", "occurred_on": "2025-10-05", "emergency": "yes",
        },
    ],
    "approvals": [
        {"account_id": "{m}-2", "decision": "denied", "decided_on": "2025-10-02",
         "decided_by": "Ada {m}", "note": "{r} {m}"},
        {"account_id": "{m}-1", "decision": "approved", "decided_on": "2025-10-02",
         "decided_by": "Ada {m}", "valid_until": "2025-11-30"},
    ],
    "notices": [
        {"account_id": "{m}-1", "activity": "{m} trip", "starts_on": "2025-10-19",
         "groups_invited": "{m} seven|{m} eight", "groups_notified": "{m} seven",
         "sent_on": "2025-10-21", "channel": "paper of {m}"},
    ],
    "concerns": [
        {"concern_id": "C-{m}", "account_id": "{m}-1", "received_on": "2025-10-06",
         "category": "privacy"},
    ],
    "admins": [
        {"account_id": "{m}-1", "person": "Dora {m}", "role": "supervisor",
         "granted_on": "2025-10-01"},
    ],
    "reviews": [
        {"account_id": "{m}-1", "reviewed_on": "2025-10-30", "reviewed_by": "Eve {m}"},
    ],
    "staff": [
        {"email": "ada.{m}@example.org", "name": "Ada {m}", "job": "principal of {m}",
         "school_id": "{m}", "approves_for": "school", "from": "2020-09-01",
         "designee_email": "eve.{m}@example.org"},
        {"email": "ben.{m}@example.org", "name": "Ben {m}", "job": "teacher at {m}",
         "school_id": "{m}", "supervisor_email": "ada.{m}@example.org", "from": "2020-09-01",
         "to": "2025-10-15"},
    ],
    "exceptions": [
        {"guideline": "audience-privacy", "account_id": "{m}-1", "reason": "{m} asked",
         "approved_by": "Ada {m}", "starts_on": "2025-10-01", "expires_on": "2025-12-01"},
    ],
}  # fmt: skip


def write_source(folder: Path) -> Path:
    """Write the district, its schools' rows by turns, into the new `folder`; returns it."""
    (folder / "own").mkdir(parents=True)
    (folder / "district.toml").write_text(_SETTINGS, "utf-8")
    for table, rows in _TABLES.items():
        columns = list(dict.fromkeys(name for row in rows for name in row))
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(_filled(row, marker) for row in rows for marker in MARKERS)
    notebook = json.loads(_SHIPPED.read_text("utf-8"))
    shows = next(
        number
        for number, cell in enumerate(notebook["cells"])
        if "page.show" in "".join(cell["source"])
    )
    own = {"cell_type": "code", "id": "own", "metadata": {}, "source": _OWN_CELL, "outputs": []}
    notebook["cells"].insert(shows + 6, {**own, "execution_count": None})
    (folder / "own" / "school_report.ipynb").write_text(json.dumps(notebook), "utf-8")
    return folder


def _filled(row: dict[str, str], marker: str) -> dict[str, str]:
    number = {FAILS: "one", DIES: "0"}.get(marker, "1")
    return {name: text.format(m=marker, n=number, r=RESTRICTED) for name, text in row.items()}
