"""What changed since the report before, in sentences and words.

Where no report was compared the sentence says why; what is listed then is what the dates of the
month itself moved.
"""

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.caveats import left_words, to_the_office
from nmsdreports.views.change_rows import BY, MOVES
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
EARLY = dict(zip(BY, (DATA, POLICY, PROGRAM), strict=True))
BY_WORDS = dict(
    zip(BY, ("by corrected data", "by guidelines or settings", "by the program"), strict=True)
)
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
_ALSO = {DATA: "corrected data", POLICY: "guidelines or settings", PROGRAM: "the program"}


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
    third = [
        words
        for by, because in (
            ("by_policy", "guidelines or settings changed"),
            ("by_program", "the program changed"),
        )
        if (words := _because_words(edition, by, because))
    ]
    nothing = "None changed because of the guidelines, the settings or the program"
    return [
        _moved_words(edition),
        f"{_because_words(edition, 'by_data', _CORRECTED) or _NOTHING_CORRECTED}.",
        f"{capital('; '.join(third) or nothing)}.",
        *left_words(edition.since["left"], edition.since["month"], edition.school is not None),
        *to_the_office(edition),
    ]


def span_words(edition: Edition) -> str:
    """The days between the two reports: "in October 2026", "from July to October 2026"."""
    before, month = (pd.Period(text, "M") for text in (edition.since["month"], edition.month))
    first = min(before + 1, month)
    if first == month:
        return f"in {month_words(edition.month)}"
    begin = month_words(str(first))
    begin = begin.split()[0] if first.year == month.year else begin
    if first + 1 == month:
        return f"in {begin} and {month_words(edition.month)}"
    return f"from {begin} to {month_words(edition.month)}"


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
    words = f"{words}: {days_in_words(row['cells'])}" if row["cells"] else words
    also = list_words([_ALSO[reason] for reason in row["also"].split("|") if reason])
    return f"{words} (but {also} had changed it before that)" if also else words


def _moved_words(edition: Edition) -> str:
    """How many findings were opened and closed, and how then became now.

    The numbers are those of the columns of the counts: together they are what was opened or closed.
    """
    counts = edition.totals.change_counts
    opened, closed = (
        int(counts[[move, *(f"{move}_{by}" for by in BY)]].sum().sum()) for move in MOVES
    )
    now = int(edition.findings["open"].sum())
    more = opened - closed
    compared = f"{abs(more):,} {'more' if more > 0 else 'fewer'} than it said"
    if more == 0:
        compared = "as many as it said" if now else "as before"
    count = f"{now:,}" if now else "none"
    at_end = f"open at the end of {month_words(edition.month).split()[0]}"
    stands = f"{count} {'are' if now > 1 else 'is'} {at_end}"
    moved = f"{were_words(opened, 'finding', 'opened')} and {closed or 'none'} closed"
    parts = _parts_words(edition)
    lead = "Restated: since" if is_restated(edition) else "Since"
    return f"{lead} {before_words(edition)}, {moved}{parts}; {stands}, {compared}."


def _parts_words(edition: Edition) -> str:
    """How many of the moves are the days' own, and how many another cause's, where one had any."""
    counts = edition.totals.change_counts.sum(numeric_only=True)
    told = []
    for by in ("", *BY):
        moved = [int(counts[f"{move}_{by}" if by else move]) for move in MOVES]
        # Of a month that is restated there are no days between.
        if any(moved) or not (by or is_restated(edition)):
            some = " and ".join(f"{number:,}" if number else "none" for number in moved)
            told.append((by, f"{some} {BY_WORDS[by] if by else span_words(edition)}"))
    if not any(by for by, _ in told):
        return ""
    alone = BY_WORDS[told[0][0]] if len(told) == 1 else ""
    return f" ({alone or '; '.join(words for _, words in told)})"


def _because_words(edition: Edition, by: str, because: str) -> str:
    """How many findings changed because of something, and how; nothing where none did."""
    rows = changed_findings(edition)
    rows = rows[rows["reason"] == EARLY[by]]
    told = {"opened": "opened", "closed": "closed", "changed": "otherwise", "past": "otherwise"}
    counts = rows["move"].map(told).value_counts()
    kinds = [
        (name, int(counts[name])) for name in ("opened", "closed", "otherwise") if name in counts
    ]
    if not kinds:
        return ""
    of_days = sum(int((rows["move"] == move).sum()) for move in MOVES)
    of_days -= int(edition.totals.change_counts[[f"{move}_{by}" for move in MOVES]].sum().sum())
    within = f", {of_days:,} of them {span_words(edition)}" if of_days else ""
    if len(kinds) == 1 and kinds[0][0] != "otherwise":
        return f"{were_words(len(rows), 'finding', kinds[0][0])} because {because}{within}"
    found = count_words(count_findings(rows), "finding")
    if len(kinds) == 1:
        return f"{found} changed, not opened or closed, because {because}"
    how = list_words([f"{count:,} {name}" for name, count in kinds])
    twice = f", in {len(rows):,} moves" if count_findings(rows) < len(rows) else ""
    return f"{found} changed because {because}{twice}: {how}{within}"


def count_findings(rows: pd.DataFrame) -> int:
    """How many findings the rows of what changed are about: one that moved twice is one."""
    named = rows[rows["finding_id"].notna()]
    return len(rows) - len(named) + len(named.drop_duplicates(["finding_id", "opened_on"]))
