"""The sentences that open a report and its sections, made from the counts of an Edition."""

from dataclasses import dataclass

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.nothing import nothing_words
from nmsdreports.views.outcomes import emergency_words, reported_words, substantiated_words
from nmsdreports.views.sentences import (
    be_words,
    capital,
    count_words,
    coverage_words,
    day_words,
    list_words,
    month_words,
    percent,
    share_words,
    were_words,
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
    findings = edition.findings[edition.findings["open"]]
    overdue = int((findings["overdue"] & ~findings["excepted"]).sum())
    return [
        _rate_fact(edition, "supervisor-approval", "Supervisor approval"),
        _rate_fact(edition, "parent-notice", "Parents told"),
        Fact(
            f"Violations in {month_words(edition.month)}",
            f"{substantiated:,}" if substantiated else "none",
            f"substantiated, of {count_words(reported, 'reported incident')}"
            if reported
            else f"no incident reported{unknown_words(edition)}",
            alert=substantiated > 0,
        ),
        Fact(
            "Overdue",
            f"{overdue:,}" if overdue else "none",
            f"of {count_words(len(findings), 'open finding')}"
            if len(findings)
            else "no open finding",
            alert=overdue > 0,
        ),
    ]


def _rate_fact(edition: Edition, guideline: str, name: str) -> Fact:
    row = own_rate(edition, guideline)
    meets, unknown = int(row["meets"]), int(row["not_assessed"])
    judged = int(meets + row["does_not_meet"] + row["excepted"])
    if judged == 0:
        detail = f"{unknown:,} not assessed" if unknown else "so there is no rate"
        return Fact(name, nothing_words(edition, row), detail)
    detail = f"{percent(meets, judged)}% meet; assessed: {coverage_words(judged, unknown)}"
    return Fact(name, f"{meets:,} of {judged:,}", detail, alert=meets < judged)


def headline(edition: Edition) -> list[str]:
    """Three sentences: what there is, what is open and overdue, what the month brought."""
    return [_standing_words(edition), open_words(edition), month_summary(edition)]


def _standing_words(edition: Edition) -> str:
    accounts, in_use = _in_use(edition)
    day = day_words(edition.as_of)
    shut = closed_words(edition.school["closed_on"], edition) if edition.school else ""
    name = f"{edition.name}, {shut}," if shut else edition.name
    if accounts == 0:
        return (
            f"{name} has no accounts on record as of {day}, "
            "so there is nothing to approve, to announce or to monitor."
        )
    used = "none" if in_use == 0 else f"{in_use:,}"
    return f"{name} has {count_words(accounts, 'account')} on record, {used} in use on {day}."


def closed_words(closed_on: pd.Timestamp | None, edition: Edition) -> str:
    """That a school is closed on the edition's day, "closed July 1, 2026", or nothing."""
    if closed_on is None or pd.isna(closed_on) or closed_on > edition.as_of:
        return ""
    return f"closed {day_words(closed_on)}"


def _in_use(edition: Edition) -> tuple[int, int]:
    row = edition.totals.in_use
    return (int(row["accounts"].sum()), int(row["in_use"].sum()))


def open_words(edition: Edition) -> str:
    """How many findings are open, overdue, critical and excepted, in one sentence."""
    findings = edition.findings[edition.findings["open"]]
    if findings.empty:
        return "No finding is open: nothing asks for action."
    due = findings[~findings["excepted"]]
    overdue = int(due["overdue"].sum())
    critical = int(due["severity"].eq("critical").sum())
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


def month_summary(edition: Edition) -> str:
    """What was opened, closed and reported in the month, in one sentence."""
    moves, incidents = edition.totals.moves, edition.totals.incidents
    opened, closed = int(moves["opened"].sum()), int(moves["closed"].sum())
    reported = int(incidents["reported"].sum())
    month = month_words(edition.month)
    if opened == closed == reported == 0 and not emergency_words(edition, 1):
        quiet = f"In {month}, no finding was opened or closed, and no incident was reported"
        return f"{quiet}{unknown_words(edition)}."
    moved = f"{were_words(opened, 'finding', 'opened')} and {closed:,} closed"
    if opened == 0 or closed == 0:
        shut = f"{closed:,} {'was' if closed == 1 else 'were'}" if closed else "none was"
        moved = f"{were_words(opened, 'finding', 'opened')}, {shut} closed"
    return (
        f"In {month}, {moved}; {were_words(reported, 'incident', 'reported')}"
        f"{unknown_words(edition)}{substantiated_words(edition)}{_beside(edition, 1)}."
    )


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
    words = guideline_words(edition, "supervisor-approval", lead, "accounts")
    return [*words, *_in_time_words(edition, "supervisor-approval", "approved by their launch day")]


def notifications_words(edition: Edition) -> list[str]:
    """How the notices to parents stand, and how many were complete in time."""
    lead = "Every invited group of parents has been told of"
    words = guideline_words(edition, "parent-notice", lead, "accounts and activities for students")
    return [*words, *_in_time_words(edition, "parent-notice", "announced to parents in time")]


def guideline_words(edition: Edition, guideline: str, lead: str, what: str) -> list[str]:
    """Numerator, denominator, percentage and coverage of one guideline in words.

    Nothing where the guideline applies to nothing: the table that follows says so.
    """
    row = own_rate(edition, guideline)
    judged = int(row["meets"] + row["does_not_meet"] + row["excepted"])
    unknown = int(row["not_assessed"])
    if judged == 0:
        if unknown:
            return [f"{unknown:,} could not be assessed, so there is no rate."]
        words = capital(nothing_words(edition, row))
        return [f"{words}."] if row["applicable"] else []
    meets = int(row["meets"])
    share = f"{lead} {meets:,} of {judged:,} {what} ({percent(meets, judged)}%)"
    excepted = f"; {row['excepted']:,} under an exception" if row["excepted"] else ""
    return [f"{share}{excepted}; assessed: {coverage_words(judged, unknown)}."]


def _in_time_words(edition: Edition, guideline: str, done: str) -> list[str]:
    launched = edition.in_time[edition.in_time["guideline"].eq(guideline)]
    launched = launched[launched["month"].isin(edition.trend["month"].unique())]
    if launched.empty:
        return []
    share = share_words(int(launched["in_time"].sum()), len(launched))
    return [f"Of the accounts launched in the last 24 months, {share} were {done}."]


def incidents_words(edition: Edition) -> list[str]:
    """Incidents of the month and of twelve months, each outcome that occurs apart."""
    month = int(edition.totals.incidents["reported"].sum())
    if edition.incident_rows.empty:
        return [f"No incident is on record{unknown_words(edition)}."]
    still = edition.findings[edition.findings["open"] & is_incident(edition)]
    oldest = "" if still.empty else count_words(int(still["days_open"].max()), "day")
    if oldest:
        oldest = f" and has been for {oldest}" if len(still) == 1 else f", the oldest for {oldest}"
    day = day_words(edition.as_of)
    return [
        f"In {month_words(edition.month)}, {were_words(month, 'incident', 'reported')}"
        f"{unknown_words(edition)}{substantiated_words(edition)}{_beside(edition, 1)}.",
        f"In the twelve months ending with it, {reported_words(edition, 12)}"
        f"{_beside(edition, 12)}.",
        capital(f"{be_words(len(still), 'incident')} open on {day}{oldest}."),
    ]


def quality_words(edition: Edition) -> list[str]:
    """How much of the files was taken, and what could not be read or placed, in sentences."""
    read, accepted, quarantined, blank = (
        int(edition.counts[name].sum())
        for name in ("rows_read", "accepted", "quarantined", "blank")
    )
    unknown = edition.unknown_school_incidents
    words = [
        f"Of {count_words(read, 'row')} read, {accepted:,} were accepted, {quarantined:,} "
        f"quarantined because a required value cannot be read, and {blank:,} left out as blank or "
        "as the same row again.",
        f"{capital(be_words(len(edition.problems), 'problem'))} listed.",
    ]
    if unknown:
        incidents = count_words(unknown, "incident")
        words.append(f"The school of {incidents} cannot be told, so no count holds them.")
    return words


def method_words(edition: Edition) -> list[str]:
    """How the report judges, in the words of a reader who has not read the guidelines."""
    day = day_words(edition.as_of)
    return [
        f"Everything is judged as of the end of {day}, from what the district's files say about "
        "that day; what happened later is not known yet.",
        "The guidelines say what employees should do, so an account meets a guideline or does "
        "not. “Meets, late” means that it is met now and was not on an earlier day. Not assessed "
        "means that a date or value that decides is missing or cannot be read.",
        "A finding is a stretch of days on which a guideline applied and was not met. It is "
        "overdue from the day on by which it is due to be put right. An exception never hides a "
        "finding; it only asks for no action while it lasts.",
        "The word violation is kept for an incident that was substantiated. An incident that is "
        "reported or under investigation is neither a violation nor a reproach; a guideline "
        "without an incident has none reported, which is not the same as being met.",
        "A rate is the number that meets, of all that were judged. Coverage is the number judged, "
        "of those judged and those not assessed together. Percentages are whole numbers, rounded "
        "down.",
    ]


def is_incident(edition: Edition) -> pd.Series:
    """Which findings of the edition are incidents themselves (bool, index of `findings`)."""
    findings = edition.findings
    ids = findings["guideline"] + ":incident:" + findings["subject"]
    return findings["finding_id"].eq(ids)


def own_rate(edition: Edition, guideline: str) -> pd.Series:
    """The row of `rates` of one guideline in the edition's own total (district or school)."""
    rates = edition.totals.rates
    return rates[rates["guideline"].eq(guideline)].iloc[0]
