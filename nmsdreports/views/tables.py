"""The tables that page and notebook show: an Edition's frames under the words of a reader."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.headlines import is_incident
from nmsdreports.views.nothing import nothing_words
from nmsdreports.views.outcomes import emergency_guidelines, emergency_words
from nmsdreports.views.sentences import (
    count_words,
    coverage_words,
    from_day_words,
    list_words,
    month_words,
    note_words,
    share_words,
    state_words,
    stranger_words,
)

_COLUMN = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_METHODS = {
    "record": "checked by the dates and values on record",
    "incident": "known only through the incident log",
    "advice": "the employee's own judgement, never checked",
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


@dataclass(frozen=True)
class Table:
    """Rows for people: headers are words, cells are texts, whole numbers, days or missing.

    `kinds` says how a column's cells look: "status", "severity" or "state" (of an incident) get
    mark and colour; `links` has the address of each cell of a column, "" for none. `nothing` is
    the sentence that stands in place of a table without rows; `note` stands below it; `wide` prints
    it on a page turned sideways.
    """

    caption: str
    frame: pd.DataFrame
    kinds: dict[str, str] = field(default_factory=dict)
    nothing: str = "There is nothing to list."
    note: str = ""
    wide: bool = False
    links: dict[str, list[str]] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether it has no rows, so that a sentence stands in its place."""
        return self.frame.empty

    @property
    def numeric(self) -> set[str]:
        """The columns of numbers, which stand to the right."""
        return set(self.frame.select_dtypes("number"))


def table_approvals(edition: Edition) -> Table:
    """One row an account: launched, approved, by whom, how long before or after the launch."""
    rows = _by_status(_with_late(edition, edition.approvals, "supervisor-approval", "account_id"))
    frame = pd.DataFrame(
        {
            "Account": _labels(edition, rows),
            "Status": rows["status"],
            "Launched": rows["launched_on"],
            "Approved": rows["approved_on"],
            "By": rows["approver"],
            "Against the launch": [from_day_words(d) for d in rows["days_from_launch"]],
            "Valid until": rows["valid_until"],
            "Note": _notes(edition, rows, "supervisor-approval", "account_id"),
        }
    )
    return Table(
        "Supervisor approval of each account",
        _without_blank(frame, ["Valid until", "Note"]),
        {"Status": "status"},
        f"{edition.name} has no accounts, so there is nothing to approve.",
    )


def table_notifications(edition: Edition) -> Table:
    """One row an account or activity that invites students: invited, told, when."""
    rows = _with_late(edition, edition.notifications, "parent-notice", "subject")
    asked = _by_status(rows[rows["status"].ne("not applicable")])
    left = len(rows) - len(asked)
    accounts = _labels(edition, asked)
    frame = pd.DataFrame(
        {
            "Account or activity": [
                account if pd.isna(activity) else f'Activity "{activity}" on {account}'
                for account, activity in zip(accounts, asked["activity"], strict=True)
            ],
            "Status": asked["status"],
            "Invited": [_groups(text) for text in asked["invited"]],
            "Starts": asked["starts_on"],
            "Parents told": asked["told_on"],
            "Against the start": [from_day_words(d) for d in asked["days_from_start"]],
            "Note": _notes(edition, asked, "parent-notice", "subject"),
        }
    )
    return Table(
        "Notification of parents, by account and activity",
        _without_blank(frame, ["Note"]),
        {"Status": "status"},
        "No account invites students, so no parents need to be told.",
        f"Not listed: {count_words(left, 'account')} that {'invites' if left == 1 else 'invite'} "
        "no students."
        if left
        else "",
    )


def table_incidents(edition: Edition) -> Table:
    """One row an incident that is open or was reported in the last twelve months; ids, no names."""
    told = edition.findings[is_incident(edition)].rename(columns={"subject": "incident_id"})
    columns = ["incident_id", "opened_on", "open", "days_open", "closed_on", "title", "severity"]
    rows = edition.incident_rows.drop(columns="severity").merge(told[columns], on="incident_id")
    recent = rows["opened_on"] > edition.as_of - pd.DateOffset(years=1)
    rows = rows[rows["open"] | recent].sort_values(
        ["open", "opened_on"], ascending=[False, True], kind="stable"
    )
    frame = pd.DataFrame(
        {
            "Incident": rows["incident_id"],
            "Outcome": [state_words(text) for text in rows["substantiation"]],
            "Guideline": rows["title"],
            "On": _places(edition, rows),
            "Occurred": rows["occurred_on"],
            "Reported": rows["reported_on"],
            "Severity": rows["severity"],
            "Closed": rows["closed_on"],
            "Days open": rows["days_open"],
        }
    )
    return Table(
        "Incidents that are open or were reported in the last twelve months",
        frame,
        {"Outcome": "state", "Severity": "severity"},
        "No incident is open, and none was reported in the last twelve months.",
        "" if frame.empty else "Only a substantiated incident is a violation.",
    )


def table_violations(edition: Edition) -> Table:
    """Counts of incidents by guideline, of the month and of twelve months."""
    counts = edition.totals.incidents
    titles = edition.guidelines.set_index("guideline")["title"]
    seen = counts[counts[["reported_12m", "open"]].sum(axis=1) > 0]
    # where an emergency is on record, "none reported" would deny it
    spoken = {*seen["guideline"], *emergency_guidelines(edition, 12)}
    silent = [titles[name] for name in counts["guideline"] if name not in spoken]
    emergencies = emergency_words(edition, 12)
    notes = [f"None reported in the last twelve months: {list_words(silent)}."] if silent else []
    notes += [f"{emergencies}."] if emergencies else []
    nothing = "Under every guideline: none reported in the last twelve months."
    if emergencies:
        nothing = "No incident is counted under any guideline in the last twelve months."
    month = month_words(edition.month)
    frame = pd.DataFrame({"Guideline": [titles[name] for name in seen["guideline"]]})
    for span, end in ((month[:3], ""), ("12 months", "_12m")):
        for word in ("reported", "substantiated", "unsubstantiated", "open"):
            frame[f"{span}: {word}"] = seen[f"{word}{end}"].to_list()
    return Table(
        f"Incidents by guideline, {month} and the twelve months ending with it",
        frame,
        nothing=nothing,
        note=" ".join(notes if len(seen) else notes[1:]),
    )


def table_guidelines(edition: Edition) -> Table:
    """One row a guideline that dates on record decide: its counts, rates and coverage."""
    guidelines = edition.guidelines.set_index("guideline")
    rows = []
    for rate in edition.totals.rates.to_dict("records"):
        guideline = guidelines.loc[rate["guideline"]]
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
    return Table("How the guidelines are met", pd.DataFrame(rows), note=note)


def table_matrix(edition: Edition) -> Table:
    """Accounts by guidelines: the status of each, a guideline's worst where it has several."""
    nothing = f"{edition.name} has no accounts."
    guidelines = edition.guidelines[edition.guidelines["subject"].isin(["account", "notice"])]
    if edition.accounts.empty:
        return Table("Accounts by guidelines", pd.DataFrame(), nothing=nothing)
    cells = account_words(edition)
    accounts = edition.accounts["account_id"]
    frame = pd.DataFrame(
        {
            "Account": edition.accounts["label"].to_list(),
            **{
                title: [cells.get((guideline, account)) for account in accounts]
                for guideline, title in zip(
                    guidelines["guideline"], guidelines["title"], strict=True
                )
            },
        }
    )
    kinds = dict.fromkeys(guidelines["title"], "status")
    return Table(
        "The status of each account under each guideline", frame, kinds, nothing, wide=True
    )


def account_words(edition: Edition) -> dict[tuple[str, str], str]:
    """How each account stands, by (guideline, account_id): "does not meet", "meets, late".

    Where it has several subjects (activities) the worst counts, and of how many it is said:
    "meets, late (2 of 3)".
    """
    order = {word: at for at, word in enumerate(STATUS_ORDER)}
    rows = edition.status.assign(late=edition.status["late"].eq(True).fillna(False))
    columns = ("guideline", "account_id", "status", "late")
    found: dict[tuple[str, str], list[tuple[int, bool]]] = {}
    for guideline, account, status, late in zip(
        *(rows[name].to_list() for name in columns), strict=True
    ):
        # of those that meet, the late one is the worse, so it stands first
        in_time = not (status == "meets" and late)
        found.setdefault((guideline, account), []).append((order[status], in_time))
    return {key: _worst_words(states) for key, states in found.items()}


def _worst_words(states: list[tuple[int, bool]]) -> str:
    worst = min(states)
    words = STATUS_ORDER[worst[0]] + ("" if worst[1] else ", late")
    return words if len(states) == 1 else f"{words} ({states.count(worst)} of {len(states)})"


def table_clauses(edition: Edition) -> Table:
    """Every sentence of the guidelines: its clause, our words, and how it is checked."""
    frame = edition.guidelines[["clause", "title", "wording"]].copy()
    frame.columns = ["Clause", "Guideline", "In our words"]
    frame["How it is known"] = edition.guidelines["method"].map(_METHODS)
    return Table("The guidelines, clause by clause", frame)


def table_sources(edition: Edition) -> Table:
    """The files that the report was made from, with the first figures of their fingerprint."""
    prints = edition.sources["sha256"].str.slice(0, 12)
    frame = pd.DataFrame({"File": edition.sources["file"], "Fingerprint (SHA-256)": prints})
    return Table("The files read", frame)


@lru_cache(maxsize=8)
def _judged(edition: Edition, guideline: str) -> pd.DataFrame:
    rows = edition.status["guideline"].eq(guideline)
    return edition.status.loc[rows, ["subject", "status", "late", "reason"]]


def _with_late(edition: Edition, rows: pd.DataFrame, guideline: str, key: str) -> pd.DataFrame:
    judged = _judged(edition, guideline)
    late = set(judged.loc[judged["late"].eq(True), "subject"])
    return rows.assign(status=rows["status"].mask(rows[key].isin(late), "meets, late"))


def _by_status(rows: pd.DataFrame) -> pd.DataFrame:
    rank = rows["status"].astype("str").str.removesuffix(", late").map(STATUS_ORDER.index)
    return rows.loc[rank.sort_values(kind="stable").index]


def _labels(edition: Edition, rows: pd.DataFrame) -> list[str]:
    labels = edition.accounts.set_index("account_id")["label"]
    return [labels.get(account, account) for account in rows["account_id"]]


def _places(edition: Edition, rows: pd.DataFrame) -> list[str]:
    labels = edition.accounts.set_index("account_id")["label"]
    places = []
    for account, known in zip(rows["account_id"], rows["account_registered"], strict=True):
        if known:
            places.append(labels.get(account, "another school's account"))
        else:
            places.append("" if pd.isna(account) else stranger_words(account))
    return places


def _without_blank(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The frame without those of the columns in which every cell is blank."""
    blank = [name for name in columns if all(pd.isna(c) or c == "" for c in frame[name])]
    return frame.drop(columns=blank)


def _notes(edition: Edition, rows: pd.DataFrame, guideline: str, key: str) -> list[str]:
    """What the record notes of each row, or why it is not judged to meet or not."""
    judged = _judged(edition, guideline)
    judged = judged[judged["status"].isin(["not assessed", "upcoming", "excepted"])]
    why = rows[key].map(judged.set_index("subject")["reason"])
    notes = rows["note"].str.cat(why, sep="; ", na_rep="").str.strip("; ")
    return [_column_words(note_words(text)) for text in notes]


def _column_words(text: str) -> str:
    """A reason as people read it: a column's name without its underscores."""
    return _COLUMN.sub(lambda found: found[0].replace("_", " "), text)


def _groups(text: str) -> str:
    return "all" if pd.isna(text) else text.replace("|", ", ")


def school_names(edition: Edition) -> pd.Series:
    """The short name of each school of the edition, by school_id."""
    schools = edition.schools.set_index("school_id")
    return schools["short_name"].fillna(schools["name"])
