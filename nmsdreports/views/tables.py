"""The tables that page and notebook show: an Edition's frames under the words of a reader."""

import re
from collections.abc import Sequence
from functools import lru_cache

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.nothing import nothing_words
from nmsdreports.views.outcomes import emergency_guidelines, emergency_words, incidents
from nmsdreports.views.rows import (
    account_labels,
    own_rates,
    records,
    values,
    verdicts,
)
from nmsdreports.views.sentences import (
    count_words,
    coverage_words,
    from_day_words,
    list_words,
    month_words,
    note_words,
    share_words,
    short_day_words,
    state_words,
    stranger_words,
)
from nmsdreports.views.table import Table

_COLUMN = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_METHODS = {
    "record": "by what is on record",
    "incident": "by the incident log",
    "advice": "never checked",
}
STATUS_ORDER = (
    "does not meet",
    "not assessed",
    "excepted",
    "upcoming",
    "meets",
    "ended",
    "not applicable",
)
"""The statuses, what needs action first."""
_UNCOVERED = ("does not meet", "excepted")
_UNDECIDED = ("not assessed", "upcoming", "excepted")


def table_approvals(edition: Edition) -> Table:
    """One row an account: launched, approved, by whom, how long before or after the launch."""
    rows = _by_status(edition, records(edition.approvals), "supervisor-approval", "account_id")
    columns = _filled(
        {
            "Account": _labels(edition, rows),
            "Status": values(rows, "status"),
            "Launched": values(rows, "launched_on"),
            "Approved": values(rows, "approved_on"),
            "By": values(rows, "approver"),
            "Against the launch": [from_day_words(row["days_from_launch"]) for row in rows],
            "Valid until": values(rows, "valid_until"),
            "Note": values(rows, "said"),
        },
        blank=("Valid until", "Note"),
    )
    return Table(
        "Supervisor approval of each account",
        columns,
        {"Status": "status"},
        f"{edition.name} has no accounts, so there is nothing to approve.",
    )


def table_notifications(edition: Edition) -> Table:
    """One row an account or activity that invites students: invited, told, when."""
    rows = records(edition.notifications)
    asked = [row for row in rows if row["status"] != "not applicable"]
    asked = _by_status(edition, asked, "parent-notice", "subject")
    left = len(rows) - len(asked)
    columns = _filled(
        {
            "Account or activity": [
                label if row["activity"] is None else f'Activity "{row["activity"]}" on {label}'
                for row, label in zip(asked, _labels(edition, asked), strict=True)
            ],
            "Status": values(asked, "status"),
            "Invited": [(row["invited"] or "all").replace("|", ", ") for row in asked],
            "Starts": values(asked, "starts_on"),
            "Parents told": values(asked, "told_on"),
            "Against the start": [from_day_words(row["days_from_start"]) for row in asked],
            "Note": values(asked, "said"),
        },
        blank=("Note",),
    )
    return Table(
        "Notification of parents, by account and activity",
        columns,
        {"Status": "status"},
        "No account invites students, so no parents need to be told.",
        f"Not listed: {count_words(left, 'account')} that {'invites' if left == 1 else 'invite'} "
        "no students."
        if left
        else "",
    )


def table_incidents(edition: Edition) -> Table:
    """One row an incident that is open or was reported in the last twelve months; ids, no names."""
    names = ("finding_id", "opened_on", "open", "days_open", "closed_on", "title", "severity")
    found = {row["finding_id"]: row for row in records(edition.findings, *names)}
    rows = [row | found.get(row["finding_id"], {}) for row in incidents(edition)]
    rows = [row for row in rows if row["finding_id"] in found]
    recent = (edition.as_of - pd.DateOffset(years=1)).to_pydatetime()
    rows = [row for row in rows if row["open"] or row["opened_on"] > recent]
    rows.sort(key=lambda row: (not row["open"], row["opened_on"]))
    columns = {
        "Incident": values(rows, "incident_id"),
        "Outcome": [state_words(row["substantiation"]) for row in rows],
        "Guideline": values(rows, "title"),
        "Account": _places(edition, rows),
        "Occurred": values(rows, "occurred_on"),
        "Reported": values(rows, "reported_on"),
        "Severity": values(rows, "severity"),
        "Closed": values(rows, "closed_on"),
        "Days open": values(rows, "days_open"),
    }
    return Table(
        "Incidents that are open or were reported in the last twelve months",
        columns,
        {"Outcome": "state", "Severity": "severity"},
        "No incident is open, and none was reported in the last twelve months.",
        "Only a substantiated incident is a violation." if rows else "",
    )


def table_violations(edition: Edition) -> Table:
    """Counts of incidents by guideline, of the month and of twelve months."""
    counts = records(edition.totals.incidents)
    titles = dict(zip(edition.guidelines["guideline"], edition.guidelines["title"], strict=True))
    seen = [row for row in counts if row["reported_12m"] or row["open"]]
    # where an emergency is on record, "none reported" would deny it
    spoken = {*values(seen, "guideline"), *emergency_guidelines(edition, 12)}
    silent = [titles[row["guideline"]] for row in counts if row["guideline"] not in spoken]
    emergencies = emergency_words(edition, 12)
    notes = ["Reported: every incident, whatever its outcome."] if seen else []
    if silent and seen:
        notes.append(f"None reported in the last twelve months: {list_words(silent)}.")
    notes += [f"{emergencies}."] if emergencies else []
    nothing = "Under every guideline: none reported in the last twelve months."
    if emergencies:
        nothing = "No incident is counted under any guideline in the last twelve months."
    month = month_words(edition.month)
    columns = {"Guideline": [titles[row["guideline"]] for row in seen]}
    for span, end in ((month[:3], ""), ("12 months", "_12m")):
        for word in ("reported", "substantiated", "unsubstantiated", "open"):
            columns[f"{span}: {word}"] = values(seen, f"{word}{end}")
    return Table(
        f"Incidents by guideline, {month} and the twelve months up to its end",
        columns,
        nothing=nothing,
        note=" ".join(notes),
    )


def table_guidelines(edition: Edition) -> Table:
    """One row a guideline that dates on record decide: its counts, rates and coverage."""
    names = ("guideline", "title", "clause")
    rules = {row["guideline"]: row for row in records(edition.guidelines, *names)}
    rows = []
    for name, rate in own_rates(edition).items():
        guideline = rules[name]
        meets, excepted, unknown = (rate[n] for n in ("meets", "excepted", "not_assessed"))
        judged = meets + rate["does_not_meet"] + excepted
        nothing = "" if judged else nothing_words(edition, rate)
        rows.append(
            {
                "Guideline": f"{guideline['title']} ({guideline['clause']})",
                "Meets": meets,
                "Does not meet": rate["does_not_meet"],
                "Excepted": excepted,
                "Not assessed": unknown,
                "Rate": share_words(meets, judged, nothing),
                "Rate with exceptions": share_words(meets + excepted, judged, nothing),
                "Coverage": coverage_words(judged, unknown, nothing),
            }
        )
    note = (
        "Rate: those that meet, of all that were judged. Coverage: those judged, of those "
        "judged and those not assessed together. Percentages are rounded down."
    )
    columns = {header: values(rows, header) for header in rows[0]}
    return Table("How the guidelines are met", columns, note=note)


def table_matrix(edition: Edition) -> Table:
    """Accounts by guidelines: the status of each, a guideline's worst where it has several."""
    nothing = f"{edition.name} has no accounts."
    if edition.accounts.empty:
        return Table("Accounts by guidelines", {}, nothing=nothing)
    rules = records(edition.guidelines, "guideline", "title", "subject")
    titles = {r["guideline"]: r["title"] for r in rules if r["subject"] in ("account", "notice")}
    cells, labels = account_words(edition), account_labels(edition)
    columns = {
        title: [cells.get((guideline, account)) for account in labels]
        for guideline, title in titles.items()
    }
    return Table(
        "The status of each account under each guideline",
        {"Account": [*labels.values()], **columns},
        dict.fromkeys(columns, "status"),
        nothing,
        wide=True,
    )


@lru_cache(maxsize=8)
def account_words(edition: Edition) -> dict[tuple[str, str], str]:
    """How each account stands, by (guideline, account_id): "does not meet", "meets, late".

    Where it has several subjects (activities) the worst counts, and of how many it is said:
    "meets, late (2 of 3)".
    """
    order = {word: at for at, word in enumerate(STATUS_ORDER)}
    found: dict[tuple[str, str], list[tuple[int, bool]]] = {}
    for guideline, rows in verdicts(edition).items():
        for row in rows.values():
            # of those that meet, the late one is the worse, so it stands first
            in_time = not (row["status"] == "meets" and row["late"])
            states = found.setdefault((guideline, row["account_id"]), [])
            states.append((order[row["status"]], in_time))
    return {key: _worst_words(states) for key, states in found.items()}


def _worst_words(states: list[tuple[int, bool]]) -> str:
    worst = min(states)
    words = STATUS_ORDER[worst[0]] + ("" if worst[1] else ", late")
    return words if len(states) == 1 else f"{words} ({states.count(worst)} of {len(states)})"


def table_clauses(edition: Edition) -> Table:
    """Every sentence of the guidelines: its clause, our words, and how it is checked."""
    rules = edition.guidelines
    columns = {
        "Clause": rules["clause"].to_list(),
        "Guideline": rules["title"].to_list(),
        "In our words": rules["wording"].to_list(),
        "How it is known": [_METHODS[method] for method in rules["method"]],
    }
    return Table("The guidelines, clause by clause", columns)


def table_sources(edition: Edition) -> Table:
    """The files that the report was made from, with the first figures of their SHA-256."""
    marks = [text[:12] for text in edition.sources["sha256"]]
    columns = {"File": edition.sources["file"].to_list(), "Mark of its content": marks}
    note = "The mark is made from all that a file holds: it is another one once a cell is changed."
    return Table("The files read", columns, note=note)


def _by_status(edition: Edition, rows: list[dict], guideline: str, key: str) -> list[dict]:
    """The rows, what needs action first, with a status that says whether it is met late.

    `said` is as of :func:`said_words`.
    """
    judged = verdicts(edition).get(guideline, {})
    told = []
    for row in sorted(rows, key=lambda row: STATUS_ORDER.index(row["status"])):
        verdict = judged.get(row[key], {})
        status = "meets, late" if verdict.get("late") else row["status"]
        told.append(row | {"status": status, "said": said_words(row, verdict, edition.as_of)})
    return told


def said_words(row: dict, verdict: dict, as_of: pd.Timestamp) -> str:
    """What the record notes of an approval or a notice, and why it does not stand as it should."""
    ran_out, undecided = _ran_out_words(row, as_of), verdict.get("status") in _UNDECIDED
    unsaid = row["status"] == "does not meet" and not (row["note"] or ran_out)
    why = verdict.get("reason") if undecided or unsaid else None
    said = "; ".join([text for text in (row["note"], why, ran_out) if text])
    return _column_words(note_words(said))


def _ran_out_words(row: dict, as_of: pd.Timestamp) -> str:
    """That an approval has come to its end, "ran out on Aug 31, 2026"; else nothing."""
    until = row.get("valid_until")
    if not until or until >= as_of.to_pydatetime() or row["status"] not in _UNCOVERED:
        return ""
    return f"ran out on {short_day_words(until)}"


def _labels(edition: Edition, rows: list[dict]) -> list[str]:
    labels = account_labels(edition)
    return [labels.get(row["account_id"], row["account_id"]) for row in rows]


def _places(edition: Edition, rows: list[dict]) -> list[str]:
    labels = account_labels(edition)
    places = []
    for row in rows:
        if row["account_registered"]:
            places.append(labels.get(row["account_id"], "another school's account"))
        else:
            places.append(stranger_words(row["account_id"]) if row["account_id"] else "")
    return places


def _filled(columns: dict[str, list], blank: Sequence[str]) -> dict[str, list]:
    """The columns without those of `blank` in which every cell is blank."""
    empty = {name for name in blank if not any(columns[name])}
    return {name: cells for name, cells in columns.items() if name not in empty}


def _column_words(text: str) -> str:
    """A reason as people read it: a column's name without its underscores."""
    return _COLUMN.sub(lambda found: found[0].replace("_", " "), text)


def school_cells(edition: Edition, rows: Sequence[dict]) -> dict[str, list]:
    """The column of the school's short name, which only the office's tables have."""
    if edition.school is not None:
        return {}
    names = school_names(edition)
    return {"School": [names.get(row["school_id"]) for row in rows]}


def school_names(edition: Edition) -> pd.Series:
    """The short name of each school of the edition, by school_id."""
    schools = edition.schools.set_index("school_id")
    return schools["short_name"].fillna(schools["name"])
