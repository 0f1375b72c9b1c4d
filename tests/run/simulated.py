"""A made-up district that changes month by month, and what each change must be told as.

Each act has an account (an incident, a concern) of its own that is as it should be in everything
else, so that what is told of it can only come from the act. `expected` has for each month the rows
that must be told: kind, guideline, subject, move, reason; `cells` what must stand beside some.
"""

import calendar
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from nmsdreports.intake.tables import read_tables
from nmsdreports.settings import Days, Settings
from tests.laws.registry import records_from

MONTHS = [str(month) for month in pd.period_range("2025-09", "2026-10", freq="M")]
ALWAYS = date(2024, 8, 1)
DECIDED = (
    *("program-purpose", "supervisor-approval", "admin-rights", "professional-label"),
    *("audience-privacy", "use-reported", "district-email"),
)
OF_ACCOUNT = (*DECIDED, "parent-notice", "student-monitoring")
APPROVAL, LABEL = "supervisor-approval", "professional-label"
SETTINGS = Settings(days=Days(monitor_every=400))
CORRECTED = "data corrected"


def day(month: str, number: int) -> date:
    year, at = map(int, month.split("-"))
    return date(year, at, min(number, calendar.monthrange(year, at)[1]))


def month_end(month: str) -> pd.Timestamp:
    return pd.Timestamp(day(month, 31)).as_unit("us")


class District:
    """The rows of every table as they stand; `changes` are made when their month comes."""

    def __init__(self) -> None:
        self.tables = defaultdict(list)
        self.changes = defaultdict(list)
        self.expected = defaultdict(Counter)
        self.cells = {}
        self.tables["schools"] = [
            {"school_id": f"S{n}", "name": f"School {n}"} for n in range(1, 5)
        ]

    def account(self, account_id: str, **more) -> dict:
        number = len(self.tables["accounts"])
        row = {
            "account_id": account_id,
            "school_id": f"S{number % 3 + 1}",
            "platform": "Facebook",
            "handle": f"@{account_id}",
            "owner": "Olive Quill",
            "registered_email": "olive@nmsd.wednet.edu",
            "purpose": "educational",
            "audience": "public",
            "visibility": "public",
            "students_invited": "no",
            "launched_on": date(2024, 9, 2),
            "approved_on": ALWAYS,
            "approved_by": "Nell Inkpenny",
            "admin_granted_on": ALWAYS,
            "admin_holder": "Nell Inkpenny",
            "labelled_on": ALWAYS,
            "reported_on": ALWAYS,
        }
        self.tables["accounts"].append(row | more)
        return self.tables["accounts"][-1]

    def add(self, table: str, **row) -> dict:
        self.tables[table].append(row)
        return row

    def at(self, month: str, change) -> None:
        self.changes[month].append(change)

    def expect(
        self, month: str, reason: str, subject: str, guideline: str, *moves, cell=""
    ) -> None:
        """A finding of the subject moves so; `status` stands for its status."""
        for move in moves:
            kind = "status" if move == "status" else "finding"
            row = (kind, guideline, subject, "changed" if kind == "status" else move, reason)
            self.expected[month][row] += 1
            if cell:
                self.cells[(month, *row)] = cell

    def expect_statuses(self, month: str, reason: str, subject: str, guidelines) -> None:
        for guideline in guidelines:
            self.expect(month, reason, subject, guideline, "status")

    def records(self):
        """The records of the day; "?" in a row is a value that cannot be read."""
        unknowns, plain = [], {}
        for table, rows in self.tables.items():
            plain[table] = [{k: None if v == "?" else v for k, v in row.items()} for row in rows]
            unknowns += [
                {"table": table, "index": at, "account_id": row["account_id"], "column": column}
                | {"file": f"{table}.csv", "row": at + 2}
                for at, row in enumerate(rows)
                for column, value in row.items()
                if value == "?"
            ]
        columns = [
            {"table": t, "file": f"{t}.csv", "sheet": None, "column": c, "letter": chr(65 + n)}
            for t, table in read_tables().items()
            for n, c in enumerate(list(table.columns)[:26])
        ]
        frame = pd.DataFrame(columns).astype("str")
        return replace(records_from(plain, SETTINGS, unknowns), columns=frame)


def simulated() -> District:
    """The district on the eve of its first month, with everything that is going to happen."""
    district = District()
    acts = [
        *(approve, lapse, revoke, launch, close, expire_late, except_for_a_month, state_purpose),
        *(enter_late, take_out, begin_earlier, change_school, make_readable, report_incident),
        *(withdraw_incident, answer_concern, review_lapse, hand_over, approve_and_revoke),
    ]
    for number, month in enumerate(MONTHS[1:-1]):
        for act in acts[number % 2 :: 2]:
            act(district, month, f"{act.__name__}-{month}")
    close_school(district, MONTHS[9])
    return district


def approve(d: District, month: str, name: str) -> None:
    d.account(name, approved_on=None)
    row = {"account_id": name, "decision": "approved", "decided_on": day(month, 10)}
    d.at(month, lambda: d.add("approvals", **row))
    d.expect(month, "met", name, APPROVAL, "closed", "status")


def approve_and_revoke(d: District, month: str, name: str) -> None:
    """What is open at the end is another finding than at the beginning; the status is the same."""
    d.account(name, approved_on=None)
    for decision, number in (("approved", 5), ("revoked", 18)):
        row = {"account_id": name, "decision": decision, "decided_on": day(month, number)}
        d.at(month, lambda row=row: d.add("approvals", **row))
    d.expect(month, "met", name, APPROVAL, "closed")
    d.expect(month, "evidence ran out", name, APPROVAL, "opened")


def lapse(d: District, month: str, name: str) -> None:
    d.account(name, approved_on=None)
    row = {"account_id": name, "decision": "approved", "decided_on": ALWAYS}
    d.add("approvals", **row, valid_until=day(month, 8))
    d.expect(month, "evidence ran out", name, APPROVAL, "opened", "status")


def revoke(d: District, month: str, name: str) -> None:
    d.account(name)
    row = {"account_id": name, "decision": "revoked", "decided_on": day(month, 12)}
    d.at(month, lambda: d.tables["approvals"].insert(0, row))
    d.expect(month, "evidence ran out", name, APPROVAL, "opened", "status")


def launch(d: District, month: str, name: str) -> None:
    d.at(month, lambda: d.account(name, launched_on=day(month, 15), approved_on=None))
    d.expect(month, "new duty", name, APPROVAL, "opened")
    d.expect_statuses(month, "new duty", name, OF_ACCOUNT)


def close(d: District, month: str, name: str) -> None:
    row = d.account(name, labelled_on=None)
    d.at(month, lambda: row.update(closed_on=day(month, 20)))
    d.expect(month, "account closed", name, LABEL, "closed")
    d.expect_statuses(month, "account closed", name, DECIDED)


def expire_late(d: District, month: str, name: str) -> None:
    """Launched at the end of the month: its five days are over in the next one."""
    launch(d, month, name)
    last = day(month, 28)
    d.at(month, lambda: d.tables["accounts"][-1].update(launched_on=last))
    following = MONTHS[MONTHS.index(month) + 1]
    d.expect(following, "became overdue", name, APPROVAL, "changed")


def except_for_a_month(d: District, month: str, name: str) -> None:
    d.account(name, labelled_on=None)
    following = MONTHS[MONTHS.index(month) + 1]
    row = {"guideline": LABEL, "account_id": name, "reason": "being redrawn", "approved_by": "Nell"}
    days = {"starts_on": day(month, 5), "expires_on": day(following, 10)}
    d.at(month, lambda: d.add("exceptions", **row, **days))
    d.expect(month, "exception began", name, LABEL, "changed", "status")
    d.expect(following, "exception ended", name, LABEL, "changed", "status")


def state_purpose(d: District, month: str, name: str) -> None:
    row = d.account(name, purpose="other")
    d.at(month, lambda: row.update(purpose="educational", title="A new title"))
    cell = "Purpose: from other to educational"
    d.expect(month, CORRECTED, name, "program-purpose", "closed", "status", cell=cell)


def enter_late(d: District, month: str, name: str) -> None:
    d.account(name, approved_on=None)
    row = {"account_id": name, "decision": "approved", "decided_on": date(2025, 1, 10)}
    d.at(month, lambda: d.tables["approvals"].insert(0, row))
    cell = "a row was added (approvals.csv!"
    d.expect(month, CORRECTED, name, APPROVAL, "closed", "status", cell=cell)


def take_out(d: District, month: str, name: str) -> None:
    d.account(name, approved_on=None)
    row = d.add("approvals", account_id=name, decision="approved", decided_on=ALWAYS)
    d.at(month, lambda: d.tables["approvals"].remove(row))
    cell = "a row was removed or set aside (it stood at approvals.csv!"
    d.expect(month, CORRECTED, name, APPROVAL, "opened", "status", cell=cell)


def begin_earlier(d: District, month: str, name: str) -> None:
    """A launch that was earlier: the open finding begins earlier, and the label was late."""
    row = d.account(name, approved_on=None, labelled_on=date(2024, 9, 1))
    d.at(month, lambda: row.update(launched_on=date(2024, 8, 20)))
    cell = "Launched on: from 2024-09-02 to 2024-08-20"
    d.expect(month, CORRECTED, name, APPROVAL, "changed", cell=cell)
    d.expect(month, CORRECTED, name, LABEL, "past", cell=cell)


def change_school(d: District, month: str, name: str) -> None:
    row = d.account(name, approved_on=None, school_id="S2")
    d.at(month, lambda: row.update(school_id="S3"))
    cell = ": from School 2 to School 3"
    d.expect(month, CORRECTED, name, APPROVAL, "closed", "opened", cell=cell)
    for _ in range(2):
        d.expect_statuses(month, CORRECTED, name, OF_ACCOUNT)


def make_readable(d: District, month: str, name: str) -> None:
    row = d.account(name, labelled_on="?")
    d.at(month, lambda: row.update(labelled_on=date(2024, 8, 30)))
    cell = "Professional label on: from not readable to 2024-08-30"
    d.expect(month, CORRECTED, name, LABEL, "status", cell=cell)


def incident(d: District, name: str, reported_on: date) -> dict:
    row = {"incident_id": name, "school_id": "S1", "reported_on": reported_on}
    return d.add("incidents", **row, guideline="conduct-standards", substantiation="alleged")


def report_incident(d: District, month: str, name: str) -> None:
    following = MONTHS[MONTHS.index(month) + 1]
    d.at(month, lambda: incident(d, name, day(month, 20)))
    d.at(following, lambda: resolve(d, name, day(following, 4)))
    d.expect(month, "reported", name, "conduct-standards", "opened")
    d.expect(following, "resolved", name, "conduct-standards", "closed")


def resolve(d: District, name: str, resolved_on: date) -> None:
    (row,) = (row for row in d.tables["incidents"] if row["incident_id"] == name)
    row["resolved_on"] = resolved_on


def withdraw_incident(d: District, month: str, name: str) -> None:
    row = incident(d, name, ALWAYS)
    d.at(month, lambda: row.update(substantiation="withdrawn"))
    cell = ": from alleged to withdrawn"
    d.expect(month, CORRECTED, name, "conduct-standards", "closed", cell=cell)


def answer_concern(d: District, month: str, name: str) -> None:
    """Received and answered too late in one month."""
    d.account(f"{name}-account")
    row = {"concern_id": name, "account_id": f"{name}-account", "received_on": day(month, 3)}
    d.at(month, lambda: d.add("concerns", **row, responded_on=day(month, 20)))
    d.expect(month, "new duty", name, "concern-response", "opened", "status")
    d.expect(month, "met", name, "concern-response", "closed")


def review_lapse(d: District, month: str, name: str) -> None:
    more = {"launched_on": date(2023, 9, 1), "parents_notified_on": date(2023, 8, 1)}
    dates = dict.fromkeys(("approved_on", "admin_granted_on", "labelled_on", "reported_on"))
    d.account(name, students_invited="yes", **more, **dict.fromkeys(dates, date(2023, 8, 1)))
    for reviewed_on in (date(2024, 9, 20), day(month, 10) - timedelta(400)):
        d.add("reviews", account_id=name, reviewed_on=reviewed_on)
    d.expect(month, "evidence ran out", name, "student-monitoring", "opened", "status")


def hand_over(d: District, month: str, name: str) -> None:
    """The decider of an approval is corrected to somebody who may approve it."""
    d.account(name, approved_on=None)
    row = d.add(
        "approvals",
        account_id=name,
        decision="approved",
        decided_on=ALWAYS,
        decided_by="Olive Quill",
    )
    d.at(month, lambda: row.update(decided_by="Nell Inkpenny"))
    cell = ": from Olive Quill to Nell Inkpenny"
    d.expect(month, CORRECTED, name, APPROVAL, "closed", "status", cell=cell)


def close_school(d: District, month: str) -> None:
    rows = [d.account(f"S4-{n}", school_id="S4") for n in range(4)]
    rows[0]["labelled_on"] = None
    d.expect(month, "account closed", "S4-0", LABEL, "closed")
    for row in rows:
        d.at(month, lambda row=row: row.update(closed_on=day(month, 30)))
        d.expect_statuses(month, "account closed", row["account_id"], DECIDED)
    d.at(month, lambda: d.tables["schools"][3].update(closed_on=day(month, 30)))
