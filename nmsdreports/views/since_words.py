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
_NOT_FOUND = "not found"
_ALTERED = "another day, severity or exception"
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
    corrected = _because_words(edition, "by_data", _CORRECTED) or _NOTHING_CORRECTED
    return [
        _moved_words(edition),
        f"{capital(corrected)}.",
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
    before, after = days_in_words(row["before"]), days_in_words(row["after"])
    if row["move"] != "past":
        return f"{after} (before: {before})"
    if _NOT_FOUND in (before, after):
        was = after if before == _NOT_FOUND else before
        return f"was over already ({was}), {_past_words(row)}"
    return f"was over already; {after} (before: {before})"


def alike_words(row: dict) -> str:
    """What happened to each of many findings of which a row is one, without its days."""
    if row["move"] == "past":
        return f"were over already, {_past_words(row)}"
    return _ALTERED if row["move"] == "changed" else row["move"]


def _past_words(row: dict) -> str:
    """Whether a finding that was over already is found only now, or no more, or otherwise."""
    if row["before"] == _NOT_FOUND:
        return "found only now"
    return "found no more" if row["after"] == _NOT_FOUND else "with other days"


def why_words(row: dict) -> str:
    """Why a finding or a status changed, in words, with the cells of a correction.

    What had changed it before its last reason did stands behind.
    """
    also = [_with_cause(_ALSO[reason], reason, row) for reason in row["also"].split("|") if reason]
    words = _with_cause(_WHY[row["reason"]], row["reason"], row)
    return f"{words}; before that, changed by {'; and by '.join(also)}" if also else words


def _with_cause(words: str, reason: str, row: dict) -> str:
    """The words of a reason, with the cells that were corrected or what the guidelines say now."""
    cause = {DATA: row["cells"], POLICY: row["rules"]}.get(reason)
    return f"{words}: {days_in_words(cause)}" if cause else words


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
    others = _others_words(edition)
    return f"{lead} {before_words(edition)}, {moved}{parts}; {stands}, {compared}{others}."


def _others_words(edition: Edition) -> str:
    """How many findings something else than the days changed, but neither opened nor closed.

    So the first sentence has all those that the following ones tell of.
    """
    rows = changed_findings(edition)
    key = ["finding_id", "opened_on"]
    moved = pd.MultiIndex.from_frame(rows.loc[rows["move"].isin(MOVES), key])
    rows = rows[~pd.MultiIndex.from_frame(rows[key]).isin(moved)]
    rows = rows[rows["reason"].isin(EARLY.values())]
    if rows.empty:
        return ""
    by = list_words([BY_WORDS[by] for by in BY if (rows["reason"] == EARLY[by]).any()])
    return f"; {count_findings(rows):,} more changed in another way, {by}"


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
    """How many findings changed because of something, and how; nothing where nothing did.

    Told, too, is what it changed before another reason did, and that it changed statuses only.
    """
    reason, found = EARLY[by], changed_findings(edition)
    rows, first = found[found["reason"] == reason], found[_had_part(found, reason)]
    first = first[~first["finding_id"].isin(rows["finding_id"].dropna())]
    others = count_findings(first)
    if len(rows):
        words = _how_words(edition, rows, by, because)
        more = f"; {others:,} more changed for that reason first, then for another one"
        return f"{words}{more if others else ''}"
    if others:
        findings = count_words(others, "finding")
        return f"{findings} changed because {because}, then again for another reason"
    rows = edition.changes[edition.changes["kind"] == "status"]
    turned = int(((rows["reason"] == reason) | _had_part(rows, reason)).sum())
    statuses = count_words(turned, "status", "statuses")
    return f"no finding, but {statuses} changed because {because}" if turned else ""


def _had_part(rows: pd.DataFrame, reason: str) -> pd.Series:
    """Which rows the reason had changed before their own did."""
    return ("|" + rows["also"] + "|").str.contains(f"|{reason}|", regex=False)


def _how_words(edition: Edition, rows: pd.DataFrame, by: str, because: str) -> str:
    """How many findings changed because of something: opened, closed, altered, over already."""
    counts = rows["move"].value_counts()
    opened, closed, altered, past = (
        int(counts.get(move, 0)) for move in (*MOVES, "changed", "past")
    )
    days = opened + closed
    days -= int(edition.totals.change_counts[[f"{move}_{by}" for move in MOVES]].sum().sum())
    if len(rows) in (opened, closed):
        within = f", {days:,} of them {span_words(edition)}" if days else ""
        return f"{were_words(len(rows), 'finding', rows['move'].iloc[0])} because {because}{within}"
    findings = count_findings(rows)
    words = f"{count_words(findings, 'finding')} changed because {because}: "
    if len(rows) in (altered, past):
        it, they = ("it was", "all were") if past else ("it has", "all have")
        what = "over already" if past else _ALTERED
        return f"{words}{it if len(rows) == 1 else they} {what}"
    has = "has" if altered == 1 else "have"
    kinds = [
        f"{opened:,} {'was' if opened == 1 else 'were'} opened" if opened else "",
        f"{closed:,} {'was' if closed == 1 else 'were'} closed" if closed else "",
        f"{altered:,} {has} {_ALTERED}" if altered else "",
        f"{past:,} {'was' if past == 1 else 'were'} over already" if past else "",
    ]
    both = len(rows) - findings
    beside = [f"{days:,} of these {span_words(edition)}"] if days else []
    beside += [f"{both:,} both opened and closed"] if both else []
    moved = list_words([kind for kind in kinds[:2] if kind])
    moved += f" ({'; '.join(beside)})" if moved and beside else ""
    return words + "; ".join(filter(None, [moved, *kinds[2:]]))


def count_findings(rows: pd.DataFrame) -> int:
    """How many findings the rows of what changed are about: one that moved twice is one."""
    named = rows[rows["finding_id"].notna()]
    return len(rows) - len(named) + len(named.drop_duplicates(["finding_id", "opened_on"]))
