"""Small made-up standings for the tests of views, and the editions cut out of them."""

import tomllib
from copy import deepcopy
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

import nmsdreports
from nmsdreports.settings import Contact, Settings
from nmsdreports.views.audience import Edition, edition
from tests.views.standings import (
    AS_OF,
    MONTH,
    day,
    frame,
    made_approvals,
    made_findings,
    made_in_time,
    made_incident_counts,
    made_moves,
    made_notifications,
    made_rates,
    made_status,
    made_trend,
    of,
)


def guidelines() -> pd.DataFrame:
    path = Path(nmsdreports.__file__).parent / "policy" / "guidelines.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    columns = (
        "clause title wording method subject severity fix_within remedy responsible "
        "board_category lacks"
    )
    made = pd.DataFrame.from_dict(rows, orient="index").reindex(columns=columns.split())
    return made.astype({"fix_within": "Int64"})


def schools(names: dict[str, str]) -> pd.DataFrame:
    rows = [
        (key, name, name.split()[0], "elementary", "Nell Inkpenny") for key, name in names.items()
    ]
    made = frame("school_id name short_name level principal", rows)
    return made.assign(opened_on=pd.NaT, closed_on=pd.NaT)


def accounts(rows: list[tuple]) -> pd.DataFrame:
    """Rows of (account_id, school_id, handle, title, owner)."""
    made = frame("account_id school_id handle title owner", rows, texts="handle title owner")
    made["platform"] = "Facebook"
    made["url"] = pd.Series([None] * len(made), dtype="str")
    made["audience"], made["visibility"], made["students_invited"] = "school", "public", "yes"
    made["note"] = "restricted text of a note"
    made["launched_on"] = day("2025-09-03")
    made["closed_on"] = pd.Series([pd.NaT] * len(made), dtype="datetime64[us]")
    return made


def incidents(rows: list[tuple]) -> pd.DataFrame:
    """Rows of (incident_id, school_id, account_id, guideline, reported_on, substantiation,
    resolved_on)."""
    columns = "incident_id school_id account_id guideline reported_on substantiation resolved_on"
    made = frame(columns, rows, days="reported_on resolved_on", texts="account_id")
    made["context"], made["emergency"] = "professional", "no"
    made["occurred_on"] = made["reported_on"] - pd.Timedelta(days=1)
    made["severity"] = pd.Series([None] * len(made), dtype="str")
    made["supervisor_notified_on"] = pd.Series([pd.NaT] * len(made), dtype="datetime64[us]")
    made["account_registered"] = made["account_id"].notna()
    made["action"], made["description"] = "restricted action", "restricted description"
    return made


def standing(
    names: dict[str, str] | None = None,
    account_rows: list[tuple] | None = None,
    incident_rows: list[tuple] | None = None,
) -> SimpleNamespace:
    """A standing in which every status occurs; counts and findings follow from its statuses.

    Each call gives a copy of its own, which a test may change; made it is once.
    """
    names = (
        {"S1": "Pine Elementary", "S2": "Cedar Creek", "S9": "Quiet School"}
        if names is None
        else names
    )
    if account_rows is None:
        account_rows = [
            (f"A{number:03}", "S1" if number < 9 else "S2", f"@sample{number}", None, "Ann Quill")
            for number in range(1, 12)
        ]
    if incident_rows is None:
        incident_rows = [
            ("I001", "S1", "A001", "student-identity", "2026-10-05", "substantiated", "2026-10-06"),
            ("I002", "S1", "A002", "conduct-standards", "2026-09-07", "alleged", None),
            (
                "I003",
                "S1",
                None,
                "prohibited-language",
                "2026-10-08",
                "unsubstantiated",
                "2026-10-09",
            ),
            ("I004", "S2", "A009", "logo-use", "2026-10-21", "under investigation", None),
        ]
    return deepcopy(_made(tuple(names.items()), tuple(account_rows), tuple(incident_rows)))


@cache
def _made(named: tuple, account_rows: tuple, incident_rows: tuple) -> SimpleNamespace:
    names = dict(named)
    policy = SimpleNamespace(guidelines=guidelines())
    registry, log = accounts(account_rows), incidents(incident_rows)
    status = made_status(policy.guidelines, registry)
    findings = made_findings(policy.guidelines, status, log)
    keys = ["*", *names]
    return SimpleNamespace(
        as_of=AS_OF,
        month=MONTH,
        policy=policy,
        records=_records(names, registry, log),
        status=status,
        findings=findings,
        rates=made_rates(policy.guidelines, status, keys),
        incidents=made_incident_counts(policy.guidelines, findings, log, keys),
        moves=made_moves(policy.guidelines, findings, keys),
        trend=made_trend(policy.guidelines, status, findings, keys),
        in_time=made_in_time(registry),
        approvals=made_approvals(registry, status),
        notifications=made_notifications(registry, status),
        watch=frame(
            "list subject account_id school_id on message", [("review", *"ASS", AS_OF, "")]
        ),
        in_use=pd.DataFrame(
            [(key, len(of(registry, key)), len(of(registry, key))) for key in keys],
            columns=["school_id", "accounts", "in_use"],
        ),
    )


def with_emergency(made: SimpleNamespace) -> SimpleNamespace:
    """The standing with an emergency on its log, I041 of school S1: judged as no incident."""
    rows = [("I041", "S1", "A001", "personal-contact", "2026-10-12", "substantiated", None)]
    log = made.records.incidents
    more = incidents(rows).assign(emergency="yes", file="incidents.csv", row=len(log) + 2)
    made.records.incidents = pd.concat([log, more], ignore_index=True)
    return made


def school_edition(school_id: str = "S1", **facts) -> Edition:
    return edition(standing(**facts), "school", school_id)


def office_edition(**facts) -> Edition:
    return edition(standing(**facts), "office")


def _records(names: dict, registry: pd.DataFrame, log: pd.DataFrame) -> SimpleNamespace:
    place = {"file": "accounts.xlsx", "sheet": "Accounts", "row": range(2, len(registry) + 2)}
    registry = registry.assign(**place)
    log = log.assign(file="incidents.csv", sheet=None, row=range(2, len(log) + 2))
    empty = {
        "approvals": registry.iloc[:0],
        "notices": registry.iloc[:0],
        "admins": registry.iloc[:0],
        "reviews": registry.iloc[:0],
        "concerns": registry.iloc[:0].assign(concern_id=""),
    }
    problem = (
        "accounts.xlsx",
        "Accounts",
        3,
        "launched_on",
        "L3",
        "soon",
        "warning",
        "unreadable-day",
    )
    problems = pd.DataFrame(
        [(*problem, 'The date "soon" cannot be read.', "Write it as 2026-10-31.")]
        if len(registry)
        else [],
        columns=[
            *("file", "sheet", "row", "column", "cell"),
            *("value", "level", "code", "message", "suggestion"),
        ],
    )
    counts = [("accounts.xlsx", "Accounts", len(registry) + 2, len(registry), 1, 1)]
    return SimpleNamespace(
        schools=schools(names),
        accounts=registry,
        incidents=log,
        problems=problems,
        counts=pd.DataFrame(
            counts, columns=["file", "sheet", "rows_read", "accepted", "quarantined", "blank"]
        ),
        inputs=pd.DataFrame([("accounts.xlsx", "ab" * 32, 9)], columns=["file", "sha256", "bytes"]),
        settings=settings(),
        unknown_school_incidents=0,
        **empty,
    )


def settings() -> Settings:
    contact = Contact(name="Wren Quillby", email="w.quillby@example.org", phone="360-555-0142")
    return Settings(name="Sample School District", contact=contact)
