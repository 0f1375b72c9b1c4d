"""Violations: the incidents on record, their outcomes kept apart, by id and without names."""

from nmsdreports.views.audience import Edition
from nmsdreports.views.chart_counts import counts_incidents
from nmsdreports.views.headlines import incidents_words
from nmsdreports.views.outcomes import EMERGENCY, incidents
from nmsdreports.views.rows import records, values
from nmsdreports.views.sentences import count_words, month_words, state_words, stranger_words
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.workbook.charts import chart_line
from nmsdreports.views.workbook.columns import NOT_RECORDED, school_column, with_account

NAME = "Violations"
COUNTS = "Incidents by guideline"
_NOTE = (
    "Open ones come first, emergencies last. A violation is a substantiated incident; only "
    "reported and under investigation mean that nothing is decided."
)
_RULE = ("guideline", "title", "clause")
_STATES = ("reported", "substantiated", "unsubstantiated", "open")


def sheet_violations(edition: Edition) -> Sheet:
    """A row per incident, open ones first."""
    words = incidents_words(edition)
    if edition.incident_rows.empty:
        return Sheet(NAME, words[0].rstrip("."))
    rows = _told(edition)
    aside = sum(row["emergency_apart"] for row in rows)
    listed = f"Listed: {count_words(len(rows) - aside, 'incident')} on record"
    if aside:
        listed += f" and {count_words(aside, 'emergency', 'emergencies')} not counted here"
    return Sheet(
        NAME,
        words[-1].rstrip("."),
        [*words, f"{listed}. {_NOTE}", *chart_line(counts_incidents(edition))],
        [Block("Violations", _incidents(edition, rows))],
    )


def sheet_incident_counts(edition: Edition) -> Sheet:
    """The counts of the month and of twelve months, for each guideline that has any."""
    counts = [
        row
        for row in records(edition.totals.incidents)
        if row["reported_12m"] > 0 or row["open_12m"] > 0
    ]
    if not counts:
        return Sheet(COUNTS, "none reported in the last twelve months")
    month = month_words(edition.month)
    lines = [
        f"Incidents reported in {month}, and in the twelve months up to the end of {month}.",
        "Reported: all of them, whatever their outcome. Open: those still open. A violation is a "
        "substantiated incident.",
    ]
    contents = f"counts of {month} and of twelve months"
    return Sheet(COUNTS, contents, lines, [Block("IncidentCounts", _counts(edition, counts))])


def _incidents(edition: Edition, rows: list[dict]) -> list[Column]:
    return [
        Column("Incident", values(rows, "incident_id"), most=18),
        *school_column(rows, edition),
        Column("Outcome", values(rows, "outcome"), "state", most=26),
        Column("Guideline", values(rows, "title"), most=22),
        Column("Account", values(rows, "account"), most=30),
        Column("Severity", values(rows, "severity"), "state"),
        Column("Occurred", values(rows, "occurred_on"), "date", NOT_RECORDED),
        Column("Reported", values(rows, "reported_on"), "date", NOT_RECORDED),
        Column("Closed", [_closed(row) for row in rows], "date"),
        Column("Days open", values(rows, "days_open"), "count"),
        Column("Clause", values(rows, "clause"), most=16),
        Column("Finding ID", values(rows, "finding_id"), blank="judged as an emergency", most=26),
    ]


def _told(edition: Edition) -> list[dict]:
    """The incidents with their guideline, account and finding in words; open ones first."""
    rules = {row["guideline"]: row for row in records(edition.guidelines, *_RULE)}
    names = ("finding_id", "severity", "days_open", "open", "closed_on")
    findings = {row["finding_id"]: row for row in records(edition.findings, *names)}
    rows = with_account(incidents(edition), edition)
    told = [
        _one(edition, row, rules[row["guideline"]], findings.get(row["finding_id"], {}))
        for row in rows
    ]
    # sorts that keep the order: the last one counts most
    told.sort(key=lambda row: row["incident_id"])
    told.sort(key=lambda row: (row["reported_on"] is not None, row["reported_on"]), reverse=True)
    return sorted(told, key=lambda row: (row["emergency_apart"], row["shut"]))


def _one(edition: Edition, row: dict, rule: dict, finding: dict) -> dict:
    closed = finding["closed_on"] if finding else row["resolved_on"]
    known = closed is not None and closed <= edition.as_of.to_pydatetime()
    return row | {
        "outcome": EMERGENCY if row["emergency_apart"] else state_words(row["substantiation"]),
        "finding_id": finding.get("finding_id"),
        "title": rule["title"],
        "clause": rule["clause"],
        "severity": finding.get("severity") or row["severity"],
        "days_open": finding.get("days_open"),
        "closed_on": closed if known else None,
        "account": row["label"] or _account_words(row),
        # only what is an incident finding can be open
        "shut": not finding.get("open"),
    }


def _closed(row: dict) -> object:
    """The day on which it was closed, or words."""
    return row["closed_on"] or (NOT_RECORDED if row["shut"] else "open")


def _account_words(row: dict) -> str:
    if row["account_registered"]:
        return "another school's account"
    if row["account_id"] is None:
        return "no account named"
    return stranger_words(row["account_id"])


def _counts(edition: Edition, counts: list[dict]) -> list[Column]:
    """Two rows a guideline, one a period; those of all guidelines last."""
    rules = edition.guidelines
    titles = dict(zip(rules["guideline"], rules["title"], strict=True))
    names = [titles[row["guideline"]] for row in counts]
    periods = {month_words(edition.month): "", "12 months": "_12m"}
    columns = [
        Column("Guideline", [title for title in [*names, "All guidelines"] for _ in periods]),
        Column("Period", [*periods] * (len(counts) + 1)),
    ]
    for state in _STATES:
        numbers = [row[state + suffix] for row in counts for suffix in periods.values()]
        numbers += [sum(row[state + suffix] for row in counts) for suffix in periods.values()]
        columns.append(Column(state.capitalize(), numbers, "count"))
    return columns
