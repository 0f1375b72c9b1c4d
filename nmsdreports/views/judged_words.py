"""How one guideline is met, in words: counts, percentage, coverage, and why not all was judged."""

from collections import Counter

from nmsdreports.views.audience import Edition
from nmsdreports.views.nothing import nothing_words
from nmsdreports.views.rows import own_rates, records, verdicts
from nmsdreports.views.sentences import capital, coverage_words, percent, share_words

# More reasons than this make no sentence.
_MOST_REASONS = 2
_JUDGED = ("meets", "does not meet", "excepted")


def guideline_words(edition: Edition, guideline: str, lead: str, what: str) -> list[str]:
    """Numerator, denominator, percentage and coverage of one guideline in words.

    Nothing where the guideline applies to nothing: the table that follows says so.
    """
    row = own_rates(edition)[guideline]
    judged = row["meets"] + row["does_not_meet"] + row["excepted"]
    unknown = row["not_assessed"]
    if judged == 0:
        if unknown:
            why = _why_not_assessed(edition, guideline)
            return [f"{unknown:,} could not be assessed{why}, so there is no rate."]
        words = capital(nothing_words(edition, row))
        return [f"{words}."] if row["applicable"] else []
    meets = row["meets"]
    share = f"{lead} {meets:,} of {judged:,} {what} ({percent(meets, judged)}%)"
    excepted = f"; {row['excepted']:,} under an exception" if row["excepted"] else ""
    return [f"{share}{excepted}; {assessed_words(edition, row)}."]


def assessed_words(edition: Edition, rate: dict) -> str:
    """How much of what applies was judged, and why not all: 'assessed: 9 of 10 (90%), as …'."""
    judged = rate["meets"] + rate["does_not_meet"] + rate["excepted"]
    covered = coverage_words(judged, rate["not_assessed"])
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
    months = set(edition.trend["month"])
    launched = [
        row["in_time"]
        for row in records(edition.in_time, "guideline", "month", "in_time")
        if row["guideline"] == guideline and row["month"] in months
    ]
    if not launched:
        return []
    share = share_words(sum(launched), len(launched))
    return [sentence.format(share)]


def told_by_start(edition: Edition) -> tuple[int, int]:
    """Of how many accounts and activities all invited parents were told by the start, and of how
    many it was judged.
    """
    days = judged_days(edition)
    return sum(day is not None and day <= 0 for day in days), len(days)


def judged_days(edition: Edition) -> list[int | None]:
    """Of each account and activity whose notice was judged the days from its start to the notice,
    negative before it; None where not all parents have been told.
    """
    rows = records(edition.notifications, "status", "days_from_start")
    return [row["days_from_start"] for row in rows if row["status"] in _JUDGED]
