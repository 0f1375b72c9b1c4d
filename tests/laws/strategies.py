"""What Hypothesis draws: sets of half-open intervals, and whole small registries as Records.

A registry's days come from a handful drawn first, and people, names and activities from small
pools, so that same-day approvals and revocations, self-approvals, spellings of one activity and
an activity closed on its launch day occur all the time rather than once in a million.
"""

from datetime import date, timedelta

import pandas as pd
from hypothesis import strategies as st

from nmsdreports.settings import Days, Settings
from tests.laws.registry import REQUIRED, records_from

FIRST_DAY = date(2026, 1, 20)

# Intervals


def interval_sets(horizon: int = 30, most: int = 6) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Return lists of half-open `(from, to)` of small day numbers; empty and touching ones too."""
    day = st.integers(0, horizon)
    return st.lists(st.tuples(day, day).map(lambda pair: (min(pair), max(pair))), max_size=most)


# Small pools

PERSONS = ["Ann Lee", "ann  LEE", "Bo Ray", "Cy Fox", "Di Nobody"] + [
    f"{name}@example.org" for name in ("ann", "Ann", "ann2", "bo", "cy", "di")
]
STAFF = [
    ("ann@example.org", "Ann Lee"),
    ("ann2@example.org", "Ann Lee"),
    ("bo@example.org", "Bo Ray"),
    ("BO@example.org", "bo ray"),
    ("cy@example.org", "Cy Fox"),
]
STAFF_EMAILS = ["ann@example.org", "Bo@example.org", "cy@example.org", "di@example.org", None]
ACTIVITIES = [None, None, "Choir trip", "choir  TRIP", "Chess-club", "Chess club"]
GROUPS = [None, "all", "Everyone", "Grade 3", "grade  3|Team A", "Team A", "Team A|ALL"]
ACCOUNT_GUIDELINES = [
    "program-purpose",
    "supervisor-approval",
    "admin-rights",
    "professional-label",
    "audience-privacy",
    "parent-notice",
    "use-reported",
    "student-monitoring",
    "district-email",
]
INCIDENT_GUIDELINES = [
    "conduct-standards",
    "personal-contact",
    "emergency-notice",
    "student-identity",
    "supervisor-approval",
    "parent-notice",
]
SUBSTANTIATIONS = [
    "alleged",
    "under investigation",
    "substantiated",
    "unsubstantiated",
    "withdrawn",
]

# Columns in which a value may be unreadable; in a required one the row is then quarantined.
MAY_BE_UNREADABLE = {
    "accounts": [
        "launched_on",
        "closed_on",
        "students_invited",
        "purpose",
        "registered_email",
        "requested_on",
        "approved_on",
        "reported_on",
        "admin_granted_on",
        "labelled_on",
        "parents_notified_on",
        "monitored_on",
        "audience",
        "visibility",
        "owner_email",
        "owner",
        "approved_by",
        "admin_holder",
        "public_reason",
    ],
    "incidents": ["supervisor_notified_on", "resolved_on", "reported_on", "occurred_on"],
    "approvals": ["decision", "decided_on", "decided_by", "valid_until"],
    "notices": ["starts_on", "sent_on", "activity", "groups_invited", "groups_notified"],
    "concerns": ["received_on", "responded_on"],
    "admins": ["role", "granted_on", "person", "revoked_on"],
    "reviews": ["reviewed_on"],
    "exceptions": ["starts_on", "expires_on"],
}


@st.composite
def day_pools(draw) -> list[date]:
    """Draw the few days on which everything in one registry happens."""
    offsets = draw(st.lists(st.integers(0, 200), min_size=2, max_size=6, unique=True))
    days = [FIRST_DAY + timedelta(days=offset) for offset in offsets]
    neighbours = [day + timedelta(days=draw(st.sampled_from([-1, 1, 5, 30]))) for day in days[:3]]
    return sorted({*days, *neighbours})


def maybe(values: list, blanks: int = 1, outof: int = 4) -> st.SearchStrategy:
    """Return one of the values, or blank so many times out of so many."""
    return st.sampled_from([*values * (outof - blanks), *[None] * (len(values) * blanks)])


@st.composite
def settings(draw) -> Settings:
    """Draw a district's numbers of days."""
    days = Days(
        notice_lead=draw(st.sampled_from([0, 0, 1, 14])),
        response=draw(st.sampled_from([5, 0, 1])),
        monitor_every=draw(st.sampled_from([30, 1, 7])),
        report_every=draw(st.sampled_from([None, None, 1, 30])),
        emergency_notice=draw(st.sampled_from([1, 0, 3])),
        assumed_launch_on=draw(
            st.sampled_from([None, None, None, pd.Timestamp(FIRST_DAY + timedelta(days=40))])
        ),
    )
    return Settings(email_domains=("example.org",), days=days)


@st.composite
def accounts(draw, number: int, schools: list[str], pool: list[date]) -> dict:
    """Draw a row of the registry."""
    day = maybe(pool)
    return {
        "account_id": f"A{number}",
        "school_id": draw(st.sampled_from(schools)),
        "platform": "facebook",
        "handle": f"samplea{number}",
        "owner": draw(maybe([*PERSONS, "Bo Ray|Cy Fox", "ann lee|bo@example.org"])),
        "owner_email": draw(maybe(["ann@example.org", "Bo@example.org", "cy@example.org"], 2)),
        "registered_email": draw(
            maybe(["a@Example.ORG", "a@example.org", "a@sub.example.org", "a@mail.org", "a"], 1, 6)
        ),
        "purpose": draw(maybe(["instructional", "extracurricular", "other"], 1, 6)),
        "audience": draw(maybe(["class", "team", "district"])),
        "visibility": draw(maybe(["private", "public"])),
        "public_reason": draw(st.sampled_from([None, "open day"])),
        "students_invited": draw(st.sampled_from(["yes"] * 7 + ["no", None])),
        "requested_on": draw(maybe(pool, 3)),
        "approved_on": draw(day),
        "approved_by": draw(maybe(PERSONS)),
        "reported_on": draw(day),
        "admin_granted_on": draw(day),
        "admin_holder": draw(maybe(PERSONS)),
        "labelled_on": draw(day),
        "parents_notified_on": draw(maybe(pool, 2)),
        "monitored_on": draw(day),
        "launched_on": draw(maybe(pool[:4], 1, 10)),
        "closed_on": draw(maybe(pool, 7, 10)),
    }


@st.composite
def incidents(draw, number: int, schools: list[str], pool: list[date]) -> dict:
    """Draw a row of the incident log."""
    occurred_on = draw(maybe(pool))
    return {
        "incident_id": f"I{number}",
        "school_id": draw(st.sampled_from(schools)),
        "account_id": draw(st.sampled_from(["A1", "A2", "A9", None])),
        "guideline": draw(st.sampled_from(INCIDENT_GUIDELINES)),
        "context": draw(maybe(["professional", "personal", "unregistered"])),
        "occurred_on": occurred_on,
        "reported_on": draw(maybe(pool) if occurred_on else st.sampled_from(pool)),
        "severity": draw(st.sampled_from([None, None, "critical", "medium"])),
        "emergency": draw(st.sampled_from(["yes", "yes", "no", None])),
        "supervisor_notified_on": draw(maybe(pool)),
        "substantiation": draw(st.sampled_from(SUBSTANTIATIONS)),
        "resolved_on": draw(maybe(pool, 2)),
    }


def log_rows(table: str, ids: list[str], schools: list[str], pool: list[date]):
    """Return the strategy of one row of a log, without its number."""
    account, day, blank_day = st.sampled_from(ids), st.sampled_from(pool), maybe(pool, 2)
    person = maybe(PERSONS)
    columns = {
        "approvals": {
            "account_id": account,
            "decision": st.sampled_from(
                ["approved"] * 4 + ["revoked", "requested", "denied", "withdrawn"]
            ),
            "decided_on": day,
            "decided_by": person,
            "valid_until": blank_day,
        },
        "notices": {
            "account_id": account,
            "activity": st.sampled_from(ACTIVITIES),
            "starts_on": blank_day,
            "groups_invited": st.sampled_from(GROUPS),
            "groups_notified": st.sampled_from(GROUPS),
            "sent_on": maybe(pool),
        },
        "concerns": {
            "account_id": account,
            "received_on": day,
            "category": maybe(["privacy", "other"]),
            "responded_on": maybe(pool),
            "resolved_on": blank_day,
        },
        "admins": {
            "account_id": account,
            "person": st.sampled_from(PERSONS),
            "role": st.sampled_from(
                ["supervisor", "supervisor", "designee", "owner", "communications"]
            ),
            "granted_on": day,
            "revoked_on": blank_day,
        },
        "reviews": {"account_id": account, "reviewed_on": day, "reviewed_by": person},
        "staff": {
            "person": st.sampled_from(STAFF),
            "school_id": maybe(schools),
            "supervisor_email": st.sampled_from(STAFF_EMAILS),
            "designee_email": st.sampled_from(STAFF_EMAILS),
            "approves_for": st.sampled_from([None, "own", "school", "district"]),
            "from": st.sampled_from(pool[:3]),
            "to": maybe(pool[2:] or pool, 3),
        },
        "exceptions": {
            "guideline": st.sampled_from(
                [*ACCOUNT_GUIDELINES * 2, *INCIDENT_GUIDELINES, *["concern-response"] * 3]
            ),
            "where": st.one_of(
                account.map(lambda one: {"account_id": one}),
                st.sampled_from(schools).map(lambda one: {"school_id": one}),
                st.builds(dict, account_id=account, school_id=st.sampled_from(schools)),
            ),
            "reason": st.sampled_from(["given"] * 7 + [None]),
            "approved_by": st.sampled_from(["Bo Ray"] * 7 + [None]),
            "starts_on": st.sampled_from(pool[:4]),
            "expires_on": maybe([*pool, pool[-1] + timedelta(days=70)], 1, 8),
        },
    }
    return st.fixed_dictionaries(columns[table])


def with_own_columns(table: str, number: int, row: dict) -> dict:
    """Take a drawn row apart into the columns of its table."""
    if table == "concerns":
        return {"concern_id": f"C{number}", **row}
    if table == "staff":
        email, name = row.pop("person")
        return {"email": email, "name": name, **row}
    if table == "exceptions":
        return {**row.pop("where"), **row}
    return row


LOGS = ("approvals", "notices", "concerns", "admins", "reviews", "staff", "exceptions")


@st.composite
def registries(draw, logs: bool = False):
    """Draw Records of 1-3 schools, 0-5 accounts, 0-4 incidents and, with `logs`, all logs."""
    pool = draw(day_pools())
    schools = [f"S{number}" for number in range(1, draw(st.integers(1, 3)) + 1)]
    count = draw(st.sampled_from([1, 1, 1, 2, 2, 3, 5, 0]))
    tables = {
        "schools": [{"school_id": school, "name": f"Sample {school}"} for school in schools],
        "accounts": [draw(accounts(number, schools, pool)) for number in range(1, count + 1)],
        "incidents": [
            draw(incidents(number, schools, pool))
            for number in range(1, draw(st.integers(0, 4)) + 1)
        ],
    }
    if logs:
        ids = [f"A{number}" for number in range(1, count + 1)] * 3 + ["A9"]
        for table in LOGS:
            number = draw(st.sampled_from([0, 0, 1, 2, 3, 5, 8]))
            rows = log_rows(table, ids, schools, pool)
            drawn = draw(st.lists(rows, min_size=number, max_size=number))
            tables[table] = [
                with_own_columns(table, number, row) for number, row in enumerate(drawn, 1)
            ]
    tables, unknowns = draw(with_unreadable(tables))
    return records_from(tables, settings=draw(settings()), unknowns=unknowns)


@st.composite
def with_unreadable(draw, tables: dict[str, list[dict]]) -> tuple[dict, list[dict]]:
    """Make up to two values unreadable: blank in their row, or their row quarantined."""
    places = [
        (table, number, column)
        for table, columns in MAY_BE_UNREADABLE.items()
        for number, row in enumerate(tables.get(table, []))
        for column in columns
        if keeps_a_day(table, row, column)
    ]
    chosen = set()
    if places and draw(st.integers(0, 3)) == 3:
        chosen = set(draw(st.lists(st.sampled_from(places), min_size=1, max_size=2)))
    kept, unknowns = dict(tables), []
    for table in {table for table, _, _ in chosen}:
        kept[table] = []
        for number, row in enumerate(tables[table]):
            columns = sorted(column for at, n, column in chosen if (at, n) == (table, number))
            columns = [column for column in columns if keeps_a_day(table, row, column)]
            quarantined = any(column in REQUIRED[table] for column in columns)
            index = None if quarantined else len(kept[table])
            unknowns += [
                {
                    "table": table,
                    "index": index,
                    "account_id": row.get("account_id"),
                    "column": column,
                }
                for column in columns
            ]
            if not quarantined:
                kept[table].append({**row, **dict.fromkeys(columns)})
    return kept, unknowns


def keeps_a_day(table: str, row: dict, column: str) -> bool:
    """Say whether the row can spare the value: an incident needs one of its two days."""
    other = {"occurred_on": "reported_on", "reported_on": "occurred_on"}.get(column)
    return table != "incidents" or other is None or row[other] is not None


MONTH_ENDS = [
    date(2026, month, day)
    for month, day in [(1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30), (7, 31), (8, 31)]
]


def as_of_days() -> st.SearchStrategy[date]:
    """Return a day in, before or after the days of a registry; month ends are likely."""
    days = [FIRST_DAY + timedelta(days=offset) for offset in range(-20, 280)]
    return st.sampled_from(MONTH_ENDS) | st.sampled_from(days)


def several_days() -> st.SearchStrategy[list[date]]:
    """Return a few such days: one assessment answers for all of them."""
    return st.lists(as_of_days(), min_size=1, max_size=4, unique=True)
