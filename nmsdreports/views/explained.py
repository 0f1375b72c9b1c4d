"""Every verdict on one account told in full sentences, as one would read them to its owner.

In: the edition of one account. Out: its statuses first, then each guideline with what led there.
"""

import re
import textwrap
from dataclasses import dataclass

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.fact_words import fact_words
from nmsdreports.views.sentences import (
    be_words,
    count_words,
    day_words,
    days_in_words,
    list_words,
    name_words,
    names_words,
    state_words,
)
from nmsdreports.views.table import Table

WIDTH = 80
# A terminal shows the marks around a name that runs from right to left as boxes.
_ISOLATES = re.compile("[\u2068\u2069]")
# How each status reads as a count, in the order in which they are counted.
_COUNTED = {
    "meets": "met",
    "meets, late": "met late",
    "does not meet": "not met",
    "excepted": "excepted",
    "not assessed": "not assessed",
    "upcoming": "still to come",
    "ended": "ended",
    "not applicable": "not applicable",
}
# A day that says nothing to a reader is not told; these are no spells of meeting or not meeting.
_UNDATED = ("upcoming", "not assessed", "not applicable")
# What was done about a parent's concern or an emergency, which may be before the day it was due.
_DONE = {"responded_on": "answered", "supervisor_notified_on": "told"}
_NO_SUBJECT = {
    "concern": "no parent's concern is on record",
    "emergency": "no emergency is on record",
}


@dataclass(frozen=True)
class Verdict:
    """One guideline for one subject: heading, status in words, since when, and what led to it."""

    heading: str
    status: str
    since: pd.Timestamp
    sentences: list[str]
    link: str = ", since"

    @property
    def standing(self) -> str:
        """The status with its first day: "meets, but late, since October 4, 2024"."""
        if pd.isna(self.since):
            return self.status
        return f"{self.status}{self.link} {day_words(self.since)}"


def verdicts(edition: Edition) -> list[Verdict]:
    """Every guideline that speaks of the account, in the guidelines' order.

    The account itself comes first, then its activities, concerns and incidents.
    """
    told = []
    for guideline in edition.guidelines.to_dict("records"):
        status = _rows(edition.status, guideline)
        facts = _rows(edition.explanation, guideline)
        account = edition.accounts["account_id"].iloc[0]
        subjects = sorted(status["subject"], key=lambda name: (name != account, name))
        for row in status.set_index("subject").loc[subjects].reset_index().to_dict("records"):
            own = facts[facts["subject"].eq(row["subject"]) & facts["kind"].ne("incident")]
            told.append(_verdict(edition, guideline, own, row))
        for _, fact in facts[facts["kind"].eq("incident")].groupby("subject"):
            told.append(_verdict(edition, guideline, fact, None))
    return told


def table_verdicts(told: list[Verdict]) -> Table:
    """The statuses at a glance, one row a guideline and subject."""
    frame = pd.DataFrame(
        {
            "Guideline": [verdict.heading for verdict in told],
            "Status": [verdict.status.split(",")[0] for verdict in told],
            "Since": pd.Series([verdict.since for verdict in told], dtype="datetime64[us]"),
            "Late": ["late" if verdict.status.endswith("late") else "" for verdict in told],
        }
    )
    return Table("How the account stands with each guideline", frame, {"Status": "status"})


def opening_words(edition: Edition) -> list[str]:
    """Which account this is, and how many verdicts on it are which on the day."""
    account = edition.accounts.iloc[0]
    school = edition.schools.set_index("school_id")["name"].get(account["school_id"], "")
    owner = names_words(account["owner"], "")
    owned = f"owned by {owner}" if owner else "with no owner on record"
    begun = account["launched_on"]
    launch = "not on record as launched" if pd.isna(begun) else f"launched on {day_words(begun)}"
    closed = account["closed_on"]
    end = "" if pd.isna(closed) else f" and closed on {day_words(closed)}"
    status = edition.status
    late = status["late"].fillna(False).astype(bool)
    counts = status["status"].mask(late, "meets, late").value_counts()
    parts = [f"{counts[name]} {words}" for name, words in _COUNTED.items() if name in counts]
    told = edition.explanation
    told = told[told["kind"].eq("incident")]
    substantiated = int(told["value"].eq("substantiated").sum())
    of_them = "" if len(told) == 1 else f", {substantiated} of them"
    of_them = f"{of_them or ','} substantiated" if substantiated else ""
    are = "is" if len(told) == 1 else "are"
    also = f" {count_words(len(told), 'incident')} on it {are} on record{of_them}."
    each = "each guideline that dates and values on record decide"
    if status["subject"].ne(status["account_id"]).any():
        each += " and each activity, concern and emergency"
    return [
        f"{account['label']} (account {account['account_id']}) is an account of {school}, "
        f"{owned}, {launch}{end}.",
        f"As of {day_words(edition.as_of)}, {be_words(len(status), 'thing')} judged, "
        f"one for {each}: "
        f"{list_words(parts)}.{also if len(told) else ''}",
    ]


def watch_words(edition: Edition) -> list[str]:
    """What is watched about the account beside the guidelines, and counts in no verdict."""
    titles = edition.guidelines.set_index("guideline")["title"]
    messages = []
    for message in edition.watch["message"].drop_duplicates():
        name, _, rest = message.partition(": ")
        messages.append(f"{titles[name]}: {rest}" if name in titles.index else message)
    if not messages:
        return []
    return [f"To watch, beside the verdicts: {days_in_words('; '.join(messages))}."]


def silent_words(edition: Edition) -> list[str]:
    """The guidelines of which nothing on record speaks, so that none is forgotten."""
    spoken = set(edition.status["guideline"]) | set(edition.explanation["guideline"])
    rest = edition.guidelines[~edition.guidelines["guideline"].isin(spoken)]
    sentences = [
        f"{title} ({clause}): {_NO_SUBJECT[subject]} for this account."
        for title, clause, subject in rest[["title", "clause", "subject"]].itertuples(index=False)
        if subject in _NO_SUBJECT
    ]
    names = (rest["title"] + " (" + rest["clause"] + ")").groupby(rest["method"]).agg(list)
    if "incident" in names:
        sentences.append(
            "Only the incident log can speak of these, and it names no incident on this account: "
            f"{list_words(names['incident'])}."
        )
    if "advice" in names:
        sentences.append(
            "These are advice for the employee's own judgement and are never checked: "
            f"{list_words(names['advice'])}."
        )
    return sentences


def explain_lines(edition: Edition) -> list[str]:
    """The whole explanation as lines of at most 80 columns without control characters."""
    lines = [line for words in opening_words(edition) for line in _wrapped(words)]
    told = verdicts(edition)
    lines.append("")
    for verdict in told:
        lines += _wrapped(f"{verdict.heading}: {verdict.standing}", "  ", "      ")
    for verdict in told:
        lines += ["", *_wrapped(f"{verdict.heading}: {verdict.standing}")]
        for sentence in verdict.sentences:
            lines += _wrapped(sentence, "  ")
    for sentence in [*watch_words(edition), *silent_words(edition)]:
        lines += ["", *_wrapped(sentence)]
    return lines


def _verdict(
    edition: Edition, guideline: dict, facts: pd.DataFrame, status: dict | None
) -> Verdict:
    heading = f"{guideline['title']} ({guideline['clause']})"
    subject = facts["subject"].iloc[0] if status is None else status["subject"]
    what = _subject_words(edition, guideline, subject, status is None)
    heading = f"{heading}, {what}" if what else heading
    sentences = [guideline["wording"], *fact_words(edition, guideline, facts, status)]
    if status is None:
        fact = facts.iloc[0]
        state = state_words(fact["value"])
        link = " on" if state == "reported" else ", reported on"
        if fact["column"] == "occurred_on":
            link = ", happened on"
        return Verdict(heading, state, fact["start"], sentences, link)
    late = not pd.isna(status["late"]) and status["late"]
    words = "meets, but late" if late else status["status"]
    since = pd.NaT if status["status"] in _UNDATED else status["since"]
    link = " on" if words == "ended" else ", since"
    done = facts[facts["column"].isin(_DONE) & facts["kind"].eq("evidence")]
    if status["status"] == "meets" and len(done) and done["day"].iloc[0] < since:
        # done before the day on which it was due: that day begins no spell for a reader
        act = done.iloc[0]
        return Verdict(heading, words, act["day"], sentences, f", {_DONE[act['column']]} on")
    return Verdict(heading, words, since, sentences, link)


def _subject_words(edition: Edition, guideline: dict, subject: str, incident: bool) -> str:
    if incident or guideline["subject"] == "emergency":
        return f"incident {subject}"
    if guideline["subject"] == "concern":
        return f"concern {subject}"
    named = edition.notifications.set_index("subject")["activity"]
    activity = named.get(subject) if guideline["subject"] == "notice" else None
    return "" if activity is None or pd.isna(activity) else f'activity "{name_words(activity)}"'


def _rows(frame: pd.DataFrame, guideline: dict) -> pd.DataFrame:
    return frame[frame["guideline"].eq(guideline["guideline"])]


def _wrapped(text: str, indent: str = "", later: str | None = None) -> list[str]:
    plain = _ISOLATES.sub("", text)
    clean = "".join(letter if letter.isprintable() else " " for letter in plain)
    return textwrap.wrap(
        clean,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if later is None else later,
        break_on_hyphens=False,
    )
