"""The sentences that open a report and its sections, made from the counts of an Edition."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.caveats import is_uncompared
from nmsdreports.views.judged_words import (
    assessed_words,
    guideline_words,
    in_time_words,
    told_by_start,
)
from nmsdreports.views.nothing import nothing_words
from nmsdreports.views.outcomes import emergency_words, reported_words, substantiated_words
from nmsdreports.views.rows import of_incident, open_rows, own_rates, values
from nmsdreports.views.sentences import (
    be_words,
    capital,
    count_words,
    day_words,
    list_words,
    month_words,
    name_words,
    percent,
    share_words,
    were_words,
)
from nmsdreports.views.since_words import changed_words, is_compared

# What the record notes of an approval that does not count, and how it is counted in words.
_NOT_COUNTED = (
    ("self-approval", "self-approval", "self-approvals"),
    (
        "approver not recorded, does not",
        "approval without a recorded approver",
        "approvals without a recorded approver",
    ),
    (
        "without authority",
        "approval by a person without authority on that day",
        "approvals by a person without authority on that day",
    ),
)


@dataclass(frozen=True)
class Fact:
    """One figure for the first glance: its name, its value in words, and what it stands on."""

    name: str
    value: str
    detail: str
    alert: bool = False


def key_facts(edition: Edition) -> list[Fact]:
    """The four figures of the first glance: approvals, notices, violations, overdue findings."""
    counts = edition.totals.incidents
    substantiated, reported = (int(counts[n].sum()) for n in ("substantiated", "reported"))
    findings = open_rows(edition)
    overdue = sum(row["overdue"] and not row["excepted"] for row in findings)
    return [
        _rate_fact(edition, "supervisor-approval", "Supervisor approval"),
        _rate_fact(edition, "parent-notice", "Parents told by now"),
        Fact(
            f"Violations in {month_words(edition.month)}",
            f"{substantiated:,}" if substantiated else "none",
            f"{'substantiated, ' if substantiated else ''}"
            f"of {count_words(reported, 'reported incident')}"
            if reported
            else f"no incident reported{unknown_words(edition)}",
            alert=substantiated > 0,
        ),
        Fact(
            "Overdue",
            f"{overdue:,}" if overdue else "none",
            f"of {count_words(len(findings), 'open finding')}{_excepted_words(findings)}"
            if len(findings)
            else "no open finding",
            alert=overdue > 0,
        ),
    ]


def _excepted_words(findings: Sequence[dict]) -> str:
    """That some are past their day too, but excepted: `overdue` of the tables counts them."""
    past = sum(row["overdue"] and row["excepted"] for row in findings)
    return f"; {past:,} more past their day under an exception" if past else ""


def _rate_fact(edition: Edition, guideline: str, name: str) -> Fact:
    row = own_rates(edition)[guideline]
    meets, unknown = row["meets"], row["not_assessed"]
    judged = meets + row["does_not_meet"] + row["excepted"]
    if judged == 0:
        detail = f"{unknown:,} not assessed" if unknown else "so there is no rate"
        return Fact(name, nothing_words(edition, row), detail)
    detail = f"{percent(meets, judged)}% meet; {assessed_words(edition, row)}"
    return Fact(name, f"{meets:,} of {judged:,}", detail, alert=meets < judged)


def headline(edition: Edition) -> list[str]:
    """The first three sentences: what changed, what is overdue, what was reported.

    Where all is well, or there is no account, the first says so.
    """
    if all_well(edition):
        return [_well_words(edition), *_moved_words(edition), _reported_words(edition)]
    return [
        *_standing_words(edition),
        *_moved_words(edition),
        overdue_words(edition),
        _reported_words(edition),
    ]


@lru_cache(maxsize=8)
def all_well(edition: Edition) -> bool:
    """Whether no finding is open, nothing is left unassessed and the month had no incident."""
    quiet = edition.totals.incidents["reported"].sum() == 0 and not emergency_words(edition, 1)
    unknown = edition.unknown_school_incidents + edition.totals.rates["not_assessed"].sum()
    return bool(quiet and unknown == 0 and not open_rows(edition))


def accounts_words(edition: Edition) -> str:
    """How many accounts are on record and in use: "19 on record, 16 in use"."""
    row = edition.totals.in_use
    accounts, in_use = int(row["accounts"].sum()), int(row["in_use"].sum())
    return f"{accounts:,} on record, {in_use or 'none'} in use" if accounts else "none on record"


def _well_words(edition: Edition) -> str:
    row = edition.totals.in_use
    if not row["accounts"].sum():
        return _standing_words(edition)[0]
    if not row["in_use"].sum():
        closed = closed_words(edition.school["closed_on"], edition) if edition.school else ""
        name = f"{name_words(edition.name)}, {closed}," if closed else name_words(edition.name)
        return f"{name} has no account in use, so nothing asks for action."
    return "All is well: every guideline that applies is met, and nothing asks for action."


def _standing_words(edition: Edition) -> list[str]:
    """That a school has no accounts, or is closed; nothing where it is as usual."""
    closed = closed_words(edition.school["closed_on"], edition) if edition.school else ""
    name = name_words(edition.name)
    if not edition.totals.in_use["accounts"].sum():
        name = f"{name}, {closed}," if closed else name
        return [
            f"{name} has no accounts on record as of {day_words(edition.as_of)}, "
            "so there is nothing to approve, to announce or to monitor."
        ]
    return [f"{name} is {closed}."] if closed else []


def _moved_words(edition: Edition) -> list[str]:
    """What was opened and closed since the report before, where that was compared."""
    return changed_words(edition)[:1] if is_compared(edition) else _in_month_words(edition)


def _in_month_words(edition: Edition) -> list[str]:
    """What was opened and closed in the month, and how many are open at its end."""
    moves, month = edition.totals.moves, month_words(edition.month)
    opened, closed = int(moves["opened"].sum()), int(moves["closed"].sum())
    now = len(open_rows(edition))
    if not (opened or closed or now):
        return [f"In {month}, no finding was opened or closed."]
    before = month_words(str(pd.Period(edition.month, "M") - 1)).split()[0]
    more = f"{abs(opened - closed):,} {'more' if opened > closed else 'fewer'} than"
    compared = "as many as" if opened == closed else more
    moved = f"{were_words(opened, 'finding', 'opened')} and {closed or 'none'} closed"
    if not now:
        return [f"In {month}, {moved}; none is open at its end."]
    is_open = f"{now:,} {'is' if now == 1 else 'are'} open at its end"
    # The report before says how many there were then, and counted them otherwise.
    beside = "" if is_uncompared(edition.since or {}) else f", {compared} at the end of {before}"
    return [f"In {month}, {moved}; {is_open}{beside}."]


def overdue_words(edition: Edition) -> str:
    """How many open findings are overdue and since when, critical, or excepted."""
    findings = open_rows(edition)
    if not findings:
        return "Nothing is overdue, and nothing asks for action."
    due = [row for row in findings if not row["excepted"]]
    late = [row for row in due if row["overdue"]]
    excepted, critical = len(findings) - len(due), values(due, "severity").count("critical")
    parts = []
    if critical:
        parts.append(f"{critical:,} {'is' if critical == 1 else 'are'} critical")
    if excepted:
        parts.append(f"{excepted:,} {'is' if excepted == 1 else 'are'} covered by an exception")
    rest = f"; {list_words(parts)}" if parts else ""
    if not late:
        coming = f"; the next is due by {day_words(min(values(due, 'due_on')))}" if due else ""
        return f"Nothing is overdue{coming}{rest}."
    since = f"since {day_words(min(values(late, 'due_on')))}"
    if len(findings) == 1:
        return f"It is overdue {since}{rest}."
    if len(late) == 1:
        return f"1 of these is overdue, {since}{rest}."
    some = "All" if len(late) == len(findings) else f"{len(late):,}"
    return f"{some} of these are overdue, the longest {since}{rest}."


def _reported_words(edition: Edition) -> str:
    """What was reported in the month, and what of all that was reported is still open."""
    reported = int(edition.totals.incidents["reported"].sum())
    still = sum(map(of_incident, open_rows(edition)))
    words = (
        f"{were_words(reported, 'incident', 'reported')} in {month_words(edition.month)}"
        f"{unknown_words(edition)}{substantiated_words(edition)}{_beside(edition, 1)}"
    )
    waiting = f"; {be_words(still, 'incident')} still open" if still else ""
    return capital(f"{words}{waiting}.")


def closed_words(closed_on: pd.Timestamp | None, edition: Edition) -> str:
    """That a school is closed on the edition's day, "closed July 1, 2026", or nothing."""
    if closed_on is None or pd.isna(closed_on) or closed_on > edition.as_of:
        return ""
    return f"closed {day_words(closed_on)}"


def open_words(edition: Edition) -> str:
    """How many findings are open, overdue, critical and excepted, in one sentence."""
    return counted_words(open_rows(edition))


def counted_words(findings: Sequence[dict]) -> str:
    """The same of open findings, each with severity, overdue and excepted."""
    if not findings:
        return "No finding is open: nothing asks for action."
    due = [row for row in findings if not row["excepted"]]
    overdue = sum(values(due, "overdue"))
    critical = values(due, "severity").count("critical")
    opening = f"{be_words(len(findings), 'finding')} open"
    if len(findings) == 1:
        what = ["overdue"] * overdue + ["critical"] * critical
        what += ["covered by an exception"] * (1 - len(due))
        return f"{opening} and {list_words(what or ['not overdue yet'])}."
    if overdue == len(findings):
        every = ", all of them overdue"
        return f"{opening}{every}{f', {critical:,} critical' if critical else ''}."
    parts = [f"{overdue:,} overdue" if overdue else "none overdue"]
    if critical:
        parts.append(f"{critical:,} critical")
    if len(due) < len(findings):
        parts.append(f"{len(findings) - len(due):,} covered by an exception")
    return f"{opening}: {list_words(parts)}."


def _beside(edition: Edition, months: int) -> str:
    """The emergencies that no count of incidents holds, as the end of a sentence."""
    emergencies = emergency_words(edition, months)
    return f"; {emergencies}" if emergencies else ""


def unknown_words(edition: Edition) -> str:
    """What stands beside the district's counts of incidents: " (and 2 of unknown school)"."""
    unknown = edition.unknown_school_incidents
    return f" (and {unknown:,} of unknown school)" if unknown else ""


def approvals_words(edition: Edition) -> list[str]:
    """How the accounts stand with their supervisor's approval, and how many had it in time."""
    lead = "A supervisor's approval that counts is on record for"
    return [
        *guideline_words(edition, "supervisor-approval", lead, "accounts"),
        *in_time_words(
            edition,
            "supervisor-approval",
            "Of the accounts launched in the last 24 months, {} were approved by their launch day.",
        ),
        *_not_counted_words(edition),
    ]


def _not_counted_words(edition: Edition) -> list[str]:
    """The approvals on record that do not count, by why; nothing where all of them count."""
    notes = "; ".join(edition.approvals["note"].dropna())
    parts = [
        count_words(notes.count(sign), one, many)
        for sign, one, many in _NOT_COUNTED
        if sign in notes
    ]
    return [f"On record, but not counted: {list_words(parts)}."] if parts else []


def notifications_words(edition: Edition) -> list[str]:
    """How the notices to parents stand now, how they stood at the start, and how many were in time.

    Three numbers of different things, so each says what it counts.
    """
    lead = "By now, in time or late, all invited parents have been told of"
    words = guideline_words(edition, "parent-notice", lead, "accounts and activities for students")
    early, asked = told_by_start(edition)
    if asked:
        words.append(f"By the start they had been told of {share_words(early, asked)} of these.")
    in_time = (
        "Of the accounts alone, those launched in the last 24 months: parents were told in time of "
        "{}."
    )
    return [*words, *in_time_words(edition, "parent-notice", in_time)]


def incidents_words(edition: Edition) -> list[str]:
    """Incidents of the month and of twelve months, each outcome that occurs apart."""
    month = int(edition.totals.incidents["reported"].sum())
    if edition.incident_rows.empty:
        return [f"No incident is on record{unknown_words(edition)}."]
    still = [row["days_open"] for row in open_rows(edition) if of_incident(row)]
    oldest = count_words(max(still), "day") if still else ""
    if oldest:
        oldest = f" and has been for {oldest}" if len(still) == 1 else f", the oldest for {oldest}"
    day = day_words(edition.as_of)
    return [
        f"In {month_words(edition.month)}, {were_words(month, 'incident', 'reported')}"
        f"{unknown_words(edition)}{substantiated_words(edition)}{_beside(edition, 1)}.",
        f"In the twelve months up to {day}, {reported_words(edition, 12)}{_beside(edition, 12)}.",
        capital(f"{be_words(len(still), 'incident')} open on {day}{oldest}."),
    ]
