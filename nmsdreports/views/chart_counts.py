"""The counts behind every chart, and the title that is its answer: one source for all drawings.

Comes in: an Edition. Goes out: Counts, which page, notebook and workbook draw each in their own
way, so that the same chart has the same words and numbers everywhere. Where there is nothing to
draw, the sentence that says so stands in place of Counts (empty where a table says it already).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np

from nmsdreports.views.audience import Edition
from nmsdreports.views.judged_words import judged_days, told_by_start
from nmsdreports.views.outcomes import incidents
from nmsdreports.views.rows import of_incident, open_rows, own_rates, records, values
from nmsdreports.views.sentences import (
    be_words,
    capital,
    count_words,
    day_words,
    month_words,
    percent,
    share_words,
    state_words,
)
from nmsdreports.views.tables import school_names

_AGES = ((7, "up to 7 days"), (30, "8 to 30 days"), (90, "31 to 90 days"), (None, "over 90 days"))
# What a series means decides its colour and pattern: which of the theme's series it takes.
_PLACES = {
    "Does not meet": 1,
    "Late or not at all": 1,
    "Overdue": 1,
    "Substantiated": 1,
    "Excepted": 3,
    "Under investigation": 4,
    "Not assessed": 5,
}
# Where a chart has one series, what a category means decides so in place of it.
_CATEGORY_PLACES = {
    "Does not meet": 1,
    "Excepted": 3,
    "Not assessed": 5,
    "1 to 13 days after": 1,
    "14 days or more after": 1,
    "Not all told yet": 5,
}
# The counts of a guideline at the end of a month, and their names in a chart.
_STATES = {
    "meets": "Meets",
    "does_not_meet": "Does not meet",
    "excepted": "Excepted",
    "not_assessed": "Not assessed",
}
AS_OF_TODAY = "Each {} is the state at the end of that month, by the record as it is today."
"""What a row or bar of a month shows: a correction changes the months before, too."""
# Fewer than this the table says at a glance; a chart would only take room.
_FEW = 4


@dataclass(frozen=True)
class Counts:
    """What one chart draws: `title`, a sentence that answers its question, and its `columns`.

    They are kept for the edition, so that page and workbook count once: nobody changes `columns`.
    The first of them has the categories (texts, or the months' last days), each other one the whole
    counts of a series; of the series after the first none is all zeros.
    """

    title: str
    columns: dict[str, list]


def series_place(name: str, alone: bool) -> int:
    """Which of the theme's series a chart's series takes; one that stands `alone` the first."""
    return 0 if alone else _PLACES.get(name, 0)


def category_place(name: str) -> int:
    """Which of the theme's series a category takes in a chart of one series."""
    return _CATEGORY_PLACES.get(name, 0)


@lru_cache(maxsize=8)
def trend_rows(edition: Edition) -> list[tuple]:
    """The edition's own trend in the order of months: month, guideline, how many meet, do not meet,
    are excepted, are not assessed, and open findings.
    """
    rows, names = edition.totals.trend, ("month", "guideline", *_STATES, "open_findings")
    return sorted(zip(*(rows[name].to_list() for name in names), strict=True))


@lru_cache(maxsize=4)
def counts_trend(edition: Edition) -> Counts | str:
    """Open findings at the end of each of the 24 months, all guidelines together."""
    found: Counter = Counter()
    for row in trend_rows(edition):
        found[row[0]] += row[-1]
    if not any(found.values()):
        return "No finding was open at the end of any of these 24 months."
    months, counts = [*found], [*found.values()]
    now, before = counts[-1], counts[-13]
    change = now - before
    compared = "as many as" if change == 0 else f"{abs(change):,} {_more(change)} than"
    title = f"{capital(be_words(now, 'finding'))} open at the end of {month_words(edition.month)}"
    # none now and none then is no news
    title += f", {compared} a year before" if now or before else ""
    return _counted(title, {"Month": month_ends(months), "Open findings": counts})


@lru_cache(maxsize=8)
def counts_guideline(edition: Edition, guideline: str) -> Counts | str:
    """How one guideline was met at the end of each of the 24 months, in counts."""
    rows = [(row[0], *row[2:-1]) for row in trend_rows(edition) if row[1] == guideline]
    months, *counts = zip(*rows, strict=True) if rows else [()] * (1 + len(_STATES))
    rules = edition.guidelines
    name = dict(zip(rules["guideline"], rules["title"], strict=True))[guideline]
    if not any(map(any, counts)):
        return f"{name}: nothing to judge at the end of any of these 24 months."
    row = own_rates(edition)[guideline]
    judged = row["meets"] + row["does_not_meet"] + row["excepted"]
    share = share_words(row["meets"], judged, "none to judge")
    title = f"{name}: {share} {'meet' if judged else ''}".rstrip()
    title += f" at the end of {month_words(edition.month)}"
    columns = dict(zip(_STATES.values(), counts, strict=True))
    return _counted(title, {"Month": month_ends(months), **columns})


@lru_cache(maxsize=4)
def counts_approvals(edition: Edition) -> Counts | str:
    """Accounts approved in time and not, by the month of their launch."""
    months = sorted(set(edition.trend["month"]))
    rows = records(edition.in_time, "guideline", "month", "in_time")
    rows = [row for row in rows if row["guideline"] == "supervisor-approval"]
    found = Counter((row["month"], row["in_time"]) for row in rows)
    in_time, late = ([found[month, state] for month in months] for state in (True, False))
    launched = sum(in_time) + sum(late)
    if launched < _FEW:
        return _too_few(launched, "account", "launched in these 24 months")
    share = share_words(sum(in_time), launched)
    title = f"Approved by their launch day: {share} launched in 24 months"
    months = month_ends(months)
    return _counted(
        title, {"Month of launch": months, "In time": in_time, "Late or not at all": late}
    )


@lru_cache(maxsize=4)
def counts_notifications(edition: Edition) -> Counts | str:
    """Launches and activities by the days between the notice to parents and the start."""
    days = judged_days(edition)
    if len(days) < _FEW:
        return _too_few(len(days), "launch", "to be told to parents by this day", "launches")
    groups = {
        "14 days or more before": lambda d: d <= -14,
        "1 to 13 days before": lambda d: -13 <= d <= -1,
        "On the day": lambda d: d == 0,
        "1 to 13 days after": lambda d: 1 <= d <= 13,
        "14 days or more after": lambda d: d >= 14,
    }
    known = [day for day in days if day is not None]
    counts = {name: sum(map(fits, known)) for name, fits in groups.items()}
    counts["Not all told yet"] = len(days) - len(known)
    title = f"Parents told by the start: {share_words(*told_by_start(edition))}"
    return _counted(title, {"When parents were told": [*counts], "Number": [*counts.values()]})


@lru_cache(maxsize=4)
def counts_incidents(edition: Edition) -> Counts | str:
    """Open incidents by age, the states of substantiation kept apart."""
    rows = [row for row in open_rows(edition) if of_incident(row)]
    day = day_words(edition.as_of)
    if len(rows) < _FEW:
        return _too_few(len(rows), "incident", f"open on {day}")
    states = {row["incident_id"]: row["substantiation"] for row in incidents(edition)}
    state = [states[row["subject"]] for row in rows]
    ages = [_age(row["days_open"]) for row in rows]
    columns: dict[str, list] = {"Age": [name for _, name in _AGES]}
    usual = ("alleged", "under investigation", "substantiated")
    for name in (*usual, *sorted(set(state) - set(usual))):
        these = [age for age, its in zip(ages, state, strict=True) if its == name]
        columns[capital(state_words(name))] = [these.count(age) for age in columns["Age"]]
    oldest = count_words(max(values(rows, "days_open")), "day")
    title = f"{be_words(len(rows), 'incident')} open on {day}, the oldest for {oldest}"
    return _counted(title, columns)


def counts_schools(edition: Edition) -> Counts | str:
    """Open findings of each school, the overdue ones apart."""
    rows = edition.findings[edition.findings["open"]]
    if rows.empty:
        return "No school has an open finding."
    due = rows["overdue"] & ~rows["excepted"]
    names = school_names(edition)
    overdue = rows[due].groupby("school_id").size().reindex(names.index, fill_value=0)
    others = rows[~due].groupby("school_id").size().reindex(names.index, fill_value=0)
    title = _overdue_title(int(overdue.sum()), len(rows))
    columns = {"School": names, "Overdue": overdue, "Open, not overdue": others}
    return _counted(title, {name: column.to_list() for name, column in columns.items()})


def _overdue_title(part: int, whole: int) -> str:
    if whole == 1:
        return f"1 finding is open{' and overdue' if part else ', not overdue'}"
    if part in (0, whole):
        return f"{whole:,} findings are open, {'all' if part else 'none'} of them overdue"
    return f"{part:,} of {whole:,} open findings are overdue ({percent(part, whole)}%)"


def _too_few(count: int, noun: str, what: str, many: str | None = None) -> str:
    """Why there is no chart; of nothing the table says so already."""
    return f"No chart: only {count_words(count, noun, many)} {what}." if count else ""


def _counted(title: str, columns: dict[str, list]) -> Counts:
    """The counts without the series that are all zeros."""
    label, first, *others = columns
    shown = [label, first, *(name for name in others if any(columns[name]))]
    return Counts(capital(title), {name: list(columns[name]) for name in shown})


def month_ends(months: Iterable[str]) -> list[datetime]:
    """The last day of each month "2026-10"."""
    ends = (np.array(list(months), "datetime64[M]") + 1).astype("datetime64[D]") - 1
    return ends.astype("datetime64[us]").tolist()


def _age(days: int) -> str:
    return next(name for most, name in _AGES if most is None or days <= most)


def _more(change: int) -> str:
    return "more" if change > 0 else "fewer"
