"""How one guideline is met, in words: counts, percentage, coverage, and why not all was judged."""

from collections import Counter
from functools import lru_cache

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.nothing import nothing_words
from nmsdreports.views.rows import verdicts
from nmsdreports.views.sentences import capital, coverage_words, percent, share_words

# More reasons than this make no sentence.
_MOST_REASONS = 2


@lru_cache(maxsize=16)
def own_rate(edition: Edition, guideline: str) -> pd.Series:
    """The row of `rates` of one guideline in the edition's own total (district or school)."""
    rates = edition.totals.rates
    return rates[rates["guideline"].eq(guideline)].iloc[0]


def guideline_words(edition: Edition, guideline: str, lead: str, what: str) -> list[str]:
    """Numerator, denominator, percentage and coverage of one guideline in words.

    Nothing where the guideline applies to nothing: the table that follows says so.
    """
    row = own_rate(edition, guideline)
    judged = int(row["meets"] + row["does_not_meet"] + row["excepted"])
    unknown = int(row["not_assessed"])
    if judged == 0:
        if unknown:
            why = _why_not_assessed(edition, guideline)
            return [f"{unknown:,} could not be assessed{why}, so there is no rate."]
        words = capital(nothing_words(edition, row))
        return [f"{words}."] if row["applicable"] else []
    meets = int(row["meets"])
    share = f"{lead} {meets:,} of {judged:,} {what} ({percent(meets, judged)}%)"
    excepted = f"; {row['excepted']:,} under an exception" if row["excepted"] else ""
    return [f"{share}{excepted}; {assessed_words(edition, row)}."]


def assessed_words(edition: Edition, rate: pd.Series) -> str:
    """How much of what applies was judged, and why not all: 'assessed: 9 of 10 (90%), as …'."""
    judged = int(rate["meets"] + rate["does_not_meet"] + rate["excepted"])
    covered = coverage_words(judged, int(rate["not_assessed"]))
    return f"assessed: {covered}{_why_not_assessed(edition, rate['guideline'])}"


def _why_not_assessed(edition: Edition, guideline: str) -> str:
    """What hindered: ', as "Launched on" cannot be read'; nothing where all were assessed."""
    rows = verdicts(edition).get(guideline, {}).values()
    reasons = Counter(row["reason"] for row in rows if row["status"] == "not assessed")
    told = [reason for reason, _ in reasons.most_common() if reason]
    if len(told) > _MOST_REASONS:
        return ", as dates or values that decide are missing or cannot be read"
    return f", as {' or '.join(told)}" if told else ""


def in_time_words(edition: Edition, guideline: str, sentence: str) -> list[str]:
    """The sentence with the share in time of the accounts launched in the last 24 months."""
    launched = edition.in_time[edition.in_time["guideline"].eq(guideline)]
    launched = launched[launched["month"].isin(edition.trend["month"].unique())]
    if launched.empty:
        return []
    share = share_words(int(launched["in_time"].sum()), len(launched))
    return [sentence.format(share)]


@lru_cache(maxsize=4)
def told_by_start(edition: Edition) -> tuple[int, int]:
    """Of how many accounts and activities all invited parents were told by the start, and of how
    many it was judged.
    """
    rows = edition.notifications
    rows = rows[rows["status"].isin(["meets", "does not meet", "excepted"])]
    return int((rows["days_from_start"] <= 0).sum()), len(rows)
