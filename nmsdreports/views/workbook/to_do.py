"""What to do: the open findings in order of urgency, each with its facts, who, and by when."""

from collections.abc import Sequence
from functools import lru_cache

from nmsdreports.views.audience import Edition
from nmsdreports.views.headlines import open_words
from nmsdreports.views.rows import open_rows, values
from nmsdreports.views.sentences import capital, count_words
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.tables_findings import state_of
from nmsdreports.views.workbook.columns import school_column

NAME = "To do"
OLDEST = "Oldest"
_MOST_OLD = 15


@lru_cache(maxsize=8)
def open_findings(edition: Edition) -> tuple[dict, ...]:
    """The open findings as the edition orders them, those covered by an exception last.

    Each has `state`, too (overdue, not yet due, excepted).
    """
    found = [row | {"state": state_of(row)} for row in open_rows(edition)]
    return tuple(sorted(found, key=lambda row: row["excepted"]))


def sheet_to_do(edition: Edition) -> Sheet:
    """The table of open findings."""
    findings = open_findings(edition)
    if not findings:
        return Sheet(NAME, "no finding is open, so nothing is to be done")
    overdue = sum(row["state"] == "overdue" for row in findings)
    columns = [
        Column("State", values(findings, "state"), "state"),
        *school_column(findings, edition),
        *_what(findings, 50),
        Column("Due by", values(findings, "due_on"), "date"),
        Column("Days open", values(findings, "days_open"), "count"),
        Column("Severity", values(findings, "severity"), "state"),
        Column(
            "Guideline and clause",
            [f"{row['title']} ({row['clause']})" for row in findings],
            most=22,
        ),
        Column("Finding ID", values(findings, "finding_id"), most=24),
    ]
    return Sheet(
        NAME,
        f"{count_words(len(findings), 'open finding')}, {overdue or 'none'} overdue",
        [open_words(edition), "What is overdue comes first, then what is most severe."],
        [Block("ToDo", columns)],
    )


def sheet_oldest(edition: Edition) -> Sheet:
    """The findings that have been open longest, in the whole district."""
    findings = open_findings(edition)
    if not findings:
        return Sheet(OLDEST, "no finding is open")
    oldest = sorted(findings, key=lambda row: (row["opened_on"], row["finding_id"]))[:_MOST_OLD]
    columns = [
        Column("Open since", values(oldest, "opened_on"), "date"),
        Column("Days open", values(oldest, "days_open"), "count"),
        *school_column(oldest, edition),
        *_what(oldest, 64),
        Column("State", values(oldest, "state"), "state"),
        Column("Due by", values(oldest, "due_on"), "date"),
        Column("Finding ID", values(oldest, "finding_id"), most=24),
    ]
    longest = count_words(max(values(oldest, "days_open")), "day")
    shown = f"the {len(oldest)} of {len(findings):,} open findings that have been open longest"
    words = shown if len(findings) > len(oldest) else "the open findings, the oldest first"
    return Sheet(
        OLDEST,
        f"{words}: up to {longest}",
        [f"{capital(words)}."],
        [Block("OldestFindings", columns)],
    )


def _what(findings: Sequence[dict], most: int) -> list[Column]:
    return [
        Column("What was found", values(findings, "sentence"), most=most),
        Column("What to do", [capital(row["remedy"]) for row in findings], most=26),
        Column("Who", values(findings, "responsible_name"), most=18),
    ]
