"""What the words of a report mean, and how much of the files it could take."""

from dataclasses import dataclass

from nmsdreports.views.audience import Edition
from nmsdreports.views.caveats import to_the_office
from nmsdreports.views.chart_counts import (
    AS_OF_TODAY,
    Counts,
    counts_guideline,
    counts_trend,
)
from nmsdreports.views.repair import level_words
from nmsdreports.views.sentences import count_words, day_words

_DRAWN = ("supervisor-approval", "parent-notice")


@dataclass(frozen=True)
class Aside:
    """Sentences that stand one step away, behind their title."""

    title: str
    sentences: list[str]


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
        f"To look at in the files: {level_words(edition.problems)}; each is listed with its cell."
        if len(edition.problems)
        else "No problem was found in the files.",
    ]
    if unknown:
        incidents = count_words(unknown, "incident")
        words.append(f"Not in any count, as the school cannot be told: {incidents}.")
    return words + to_the_office(edition)


def trend_words(edition: Edition) -> str:
    """What a chart of months shows of each; nothing where no month has anything to show."""
    counts = [counts_trend(edition), *(counts_guideline(edition, name) for name in _DRAWN)]
    if not any(isinstance(drawn, Counts) for drawn in counts):
        return ""
    return AS_OF_TODAY.format("month")


def meaning_words(edition: Edition) -> Aside:
    """What the words of a report mean, one step away from where they are first read."""
    return Aside("What finding, overdue, exception and violation mean", method_words(edition))


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
        "only reported or under investigation is neither a violation nor a reproach. A count of "
        "those reported has all of them, whatever their outcome; a guideline without an incident "
        "has none reported, which is not the same as being met.",
        "A rate is the number that meets, of all that were judged. Coverage is the number judged, "
        "of those judged and those not assessed together. Percentages are whole numbers, rounded "
        "down.",
    ]
