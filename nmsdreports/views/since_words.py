"""What changed since the report before, in sentences and words.

Where no report was compared the sentence says why; what is listed then is what the dates of the
month itself moved.
"""

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.sentences import (
    capital,
    count_words,
    days_in_words,
    list_words,
    month_words,
    were_words,
)

DATA, POLICY, PROGRAM = "data corrected", "policy or setting changed", "program changed"
_CORRECTED = "data were corrected"
_NOTHING_CORRECTED = f"No finding changed because {_CORRECTED}"
EARLY = {"by_data": DATA, "by_policy": POLICY, "by_program": PROGRAM}
_WHY = {
    "met": "met: what was missing is on record now",
    "account closed": "the account was closed",
    "resolved": "the incident was resolved",
    "reported": "the incident was reported",
    "new duty": "a new duty began",
    "evidence ran out": "what had met it ran out or was taken back",
    "exception began": "an exception began",
    "exception ended": "the exception ended",
    "became overdue": "time alone: the day by which it was due has passed",
    DATA: "data corrected",
    POLICY: "a guideline or setting changed",
    PROGRAM: "the program judges it otherwise now",
}


def is_compared(edition: Edition) -> bool:
    """Whether the edition was compared with the one before."""
    return bool(edition.since and edition.since["name"] and not edition.since["cannot"])


def is_restated(edition: Edition) -> bool:
    """Whether the edition takes the place of a published one of the same month."""
    return bool(edition.since and edition.since["restated"])


def follows(edition: Edition) -> bool:
    """Whether the report that was compared is that of the month before."""
    return edition.since["month"] == str(pd.Period(edition.month, "M") - 1)


def heading(edition: Edition) -> str:
    """The heading of what changed."""
    if not is_compared(edition):
        return f"What changed in {month_words(edition.month)}"
    return f"What changed since {before_words(edition)}"


def changed_words(edition: Edition) -> list[str]:
    """What changed, in three sentences; or why that cannot be told.

    The office is told, too, that the spreadsheets are the same as before.
    """
    if not is_compared(edition):
        return [why_not_words(edition), *to_the_office(edition)]
    rows = changed_findings(edition)
    third = [
        words
        for why, because in (
            (POLICY, "guidelines or settings changed"),
            (PROGRAM, "the program changed"),
        )
        if (words := _because_words(rows[rows["reason"] == why], because))
    ]
    nothing = "None changed because of the guidelines, the settings or the program"
    return [
        _moved_words(edition, rows),
        f"{_because_words(rows[rows['reason'] == DATA], _CORRECTED) or _NOTHING_CORRECTED}.",
        f"{capital('; '.join(third) or nothing)}.",
        *to_the_office(edition),
    ]


def same_files_words(month: str) -> str:
    """Say that the spreadsheets are those of an earlier month, which may be an oversight."""
    return (
        f"The spreadsheets are the same as those of {month_words(month)}: not one of them has "
        "changed since. If newer ones were meant, put them in and make the reports again."
    )


def to_the_office(edition: Edition) -> list[str]:
    """What only the office is told: that the spreadsheets are those of the report before."""
    same_as = (edition.since or {}).get("same_as")
    return [same_files_words(same_as)] if same_as and edition.school is None else []


def changed_findings(edition: Edition) -> pd.DataFrame:
    """The rows of what changed that are about findings."""
    return edition.changes[edition.changes["kind"] == "finding"]


def before_words(edition: Edition) -> str:
    """The report that was compared: "the report of September 2026"."""
    if not is_compared(edition):
        return "the report before"
    report = f"the report of {month_words(edition.since['month'])}"
    return f"{report} that was published" if is_restated(edition) else report


def why_not_words(edition: Edition) -> str:
    """Why there is nothing to compare with, and what is listed instead."""
    since, moved = edition.since, f"what the dates on record moved in {month_words(edition.month)}"
    if since is None or (since["cannot"] and not since["name"]):
        return f"Made by hand, this is not compared with the report before: listed is {moved}."
    if not since["name"]:
        return f"There is no report before this one to compare it with: listed is {moved}."
    return (
        f"The report of {month_words(since['month'])} (folder {since['name']}) cannot be compared "
        f"with this one, because {since['cannot']}: listed is {moved}."
    )


def move_words(row: dict) -> str:
    """What happened to a finding, in words: "opened", "overdue (before: not overdue)"."""
    if row["move"] in ("opened", "closed"):
        return row["move"]
    words = days_in_words(f"{row['after']} (before: {row['before']})")
    return f"closed before, otherwise: {words}" if row["move"] == "past" else words


def why_words(row: dict) -> str:
    """Why a finding or a status changed, in words, with the cells of a correction."""
    words = _WHY[row["reason"]]
    return f"{words}: {days_in_words(row['cells'])}" if row["cells"] else words


def _moved_words(edition: Edition, rows: pd.DataFrame) -> str:
    opened, closed = (int((rows["move"] == move).sum()) for move in ("opened", "closed"))
    now = int(edition.findings["open"].sum())
    more = opened - closed
    compared = (
        "as many as" if more == 0 else f"{abs(more):,} {'more' if more > 0 else 'fewer'} than"
    )
    count = f"{now:,}" if now else "none"
    at_end = f"open at the end of {month_words(edition.month).split()[0]}"
    stands = f"{count} {'are' if now > 1 else 'is'} {at_end}"
    moved = f"{were_words(opened, 'finding', 'opened')} and {closed or 'none'} closed"
    early = rows["reason"].isin(EARLY.values()) & rows["move"].isin(["opened", "closed"])
    if early.any():
        moved += f" ({int(early.sum()):,} of these because data, guidelines or the program changed)"
    lead = "Restated: since" if is_restated(edition) else "Since"
    return f"{lead} {before_words(edition)}, {moved}; {stands}, {compared} it said."


def _because_words(rows: pd.DataFrame, because: str) -> str:
    """How many findings changed because of something, and how; nothing where none did."""
    told = {"opened": "opened", "closed": "closed", "changed": "otherwise", "past": "otherwise"}
    counts = rows["move"].map(told).value_counts()
    kinds = [
        (name, int(counts[name])) for name in ("opened", "closed", "otherwise") if name in counts
    ]
    if not kinds:
        return ""
    if len(kinds) == 1 and kinds[0][0] != "otherwise":
        return f"{were_words(len(rows), 'finding', kinds[0][0])} because {because}"
    found = count_words(len(rows), "finding")
    if len(kinds) == 1:
        return f"{found} changed, not opened or closed, because {because}"
    how = list_words([f"{count:,} {name}" for name, count in kinds])
    return f"{found} changed because {because}: {how}"
