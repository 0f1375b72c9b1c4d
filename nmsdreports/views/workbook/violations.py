"""Violations: the incidents on record, their outcomes kept apart, by id and without names."""

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.headlines import incidents_words
from nmsdreports.views.outcomes import EMERGENCY, is_emergency
from nmsdreports.views.sentences import count_words, month_words, state_words, stranger_words
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.workbook.columns import NOT_RECORDED, school_column, with_account

NAME = "Violations"
COUNTS = "Incidents by guideline"
_NOTE = (
    "Open ones come first, emergencies last. A violation is a substantiated incident; reported "
    "and under investigation mean that nothing is decided."
)


def sheet_violations(edition: Edition) -> Sheet:
    """A row per incident, open ones first."""
    words = incidents_words(edition)
    if edition.incident_rows.empty:
        return Sheet(NAME, words[0].rstrip("."))
    blocks = [Block("Violations", _incidents(edition))]
    aside = int(is_emergency(edition, edition.incident_rows).sum())
    listed = f"Listed: {count_words(len(edition.incident_rows) - aside, 'incident')} on record"
    if aside:
        listed += f" and {count_words(aside, 'emergency', 'emergencies')} that no count holds"
    return Sheet(NAME, words[-1].rstrip("."), [*words, f"{listed}. {_NOTE}"], blocks)


def sheet_incident_counts(edition: Edition) -> Sheet:
    """The counts of the month and of twelve months, for each guideline that has any."""
    counts = edition.totals.incidents
    counts = counts[(counts["reported_12m"] > 0) | (counts["open_12m"] > 0)]
    if counts.empty:
        return Sheet(COUNTS, "none reported in the last twelve months")
    lines = [
        f"Incidents reported in {month_words(edition.month)}, and in the twelve months ending with "
        "it.",
        "Open: those of them that are still open. A violation is a substantiated incident.",
    ]
    contents = f"counts of {month_words(edition.month)} and of twelve months"
    return Sheet(COUNTS, contents, lines, [Block("IncidentCounts", _counts(edition, counts))])


def _incidents(edition: Edition) -> list[Column]:
    rows = _told(edition)
    return [
        Column("Incident", rows["incident_id"], most=18),
        *school_column(rows, edition),
        Column("Outcome", rows["outcome"], "state", most=26),
        Column("Concerns", rows["title"], most=22),
        Column("Account", rows["account"], most=30),
        Column("Severity", rows["severity"], "state"),
        Column("Occurred", rows["occurred_on"], "date", NOT_RECORDED),
        Column("Reported", rows["reported_on"], "date", NOT_RECORDED),
        Column("Resolved", _resolved(rows), "date"),
        Column("Days open", rows["days_open"], "count"),
        Column("Clause", rows["clause"], most=16),
        Column("Finding", rows["finding_id"], blank="judged as an emergency", most=26),
    ]


def _told(edition: Edition) -> pd.DataFrame:
    """The incidents with their guideline, account and finding in words; open ones first."""
    rows = with_account(edition.incident_rows, edition)
    rules = edition.guidelines.set_index("guideline")
    findings = edition.findings.set_index("finding_id")
    ids = rows["guideline"] + ":incident:" + rows["incident_id"]
    ids = ids.where(ids.isin(findings.index))
    found = findings.reindex(ids).set_axis(rows.index)
    resolved = rows["resolved_on"].where(rows["resolved_on"] <= edition.as_of)
    emergency = is_emergency(edition, rows)
    rows = rows.assign(
        emergency=emergency,
        outcome=rows["substantiation"].map(state_words).mask(emergency, EMERGENCY),
        finding_id=ids,
        title=rows["guideline"].map(rules["title"]),
        clause=rows["guideline"].map(rules["clause"]),
        severity=found["severity"].astype("str").fillna(rows["severity"]),
        days_open=found["days_open"].astype("Int64"),
        resolved_on=resolved,
        account=rows["label"].astype("str").fillna(_account_words(rows)),
        shut=found["open"].ne(True),
    )
    by = ["emergency", "shut", "reported_on", "incident_id"]
    return rows.sort_values(by, ascending=[True, True, False, True], kind="stable")


def _resolved(rows: pd.DataFrame) -> list[pd.Timestamp | str]:
    """The day of the outcome; only what is an incident finding can be open."""
    return [
        (NOT_RECORDED if shut else "open") if pd.isna(day) else day
        for day, shut in zip(rows["resolved_on"], rows["shut"], strict=True)
    ]


def _account_words(rows: pd.DataFrame) -> pd.Series:
    typed = rows["account_id"].map(stranger_words, na_action="ignore").astype("str")
    words = typed.mask(rows["account_registered"], "another school's account")
    nobody = rows["account_id"].isna() & ~rows["account_registered"]
    return words.mask(nobody, "no account named")


def _counts(edition: Edition, counts: pd.DataFrame) -> list[Column]:
    """Two rows a guideline, one a period; those of all guidelines last."""
    titles = counts["guideline"].map(edition.guidelines.set_index("guideline")["title"])
    periods = {month_words(edition.month): "", "12 months": "_12m"}
    columns = [
        Column("Guideline", [title for title in [*titles, "All guidelines"] for _ in periods]),
        Column("Period", [*periods] * (len(counts) + 1)),
    ]
    for state in ("reported", "substantiated", "unsubstantiated", "open"):
        by_period = counts[[state + suffix for suffix in periods.values()]]
        numbers = [*by_period.to_numpy().ravel().tolist(), *by_period.sum().tolist()]
        columns.append(Column(state.capitalize(), numbers, "count"))
    return columns
