"""What to do: the open findings in order of urgency, each with its facts, who, and by when.

In a school's workbook a reader answers there: the columns of `ANSWERS` are open, and what the
answers are matched by stands beside them in cells, because a property is lost where the sheet is
copied or saved by another program.
"""

from collections.abc import Sequence
from functools import lru_cache

from nmsdreports.views.audience import Edition
from nmsdreports.views.headlines import open_words
from nmsdreports.views.rows import open_rows, values
from nmsdreports.views.sentences import capital, count_words
from nmsdreports.views.sheet_parts import DAY, TEXT, Answer
from nmsdreports.views.sheets import Block, Column, Line, Sheet
from nmsdreports.views.tables_findings import state_of
from nmsdreports.views.workbook.columns import school_column

NAME = "To do"
OLDEST = "Oldest"
FINDING_ID, OPEN_SINCE = "Finding ID", "Open since"
"""The columns that say which finding a row is: together they name it for ever."""
DONE_ON, BY_WHOM, REMARK = ANSWERS = ("Done on", "By whom", "Remark")
"""The columns that a reader fills in."""
MARK = "Report {month} of {school}"
"""The line that says which report a to-do sheet belongs to, for whoever collects the answers."""
_MOST_OLD = 15
_NO_NAMES = "Never name a student or a parent."
_RULES = (
    Answer(
        DAY,
        "The day on which it was done, such as 9/14/2026. Empty: not done yet.",
        "Here stands a day that has come, such as 9/14/2026, or nothing.",
    ),
    Answer(
        TEXT,
        "The full name or the e-mail of who approved, reviewed, or now holds the admin rights.",
        "Here stands one name.",
    ),
    Answer(
        TEXT,
        f"For the office to read; it goes into no list. {_NO_NAMES}",
        "This is too long. Write to the office instead.",
    ),
)


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
    answered = edition.audience == "school"
    columns = [
        Column("State", values(findings, "state"), "state"),
        *school_column(findings, edition),
        *_what(findings, 42),
        Column("Due by", values(findings, "due_on"), "date"),
        *(_open_columns(len(findings)) if answered else ()),
        Column("Days open", values(findings, "days_open"), "count"),
        Column("Severity", values(findings, "severity"), "state"),
        Column(
            "Guideline and clause",
            [f"{row['title']} ({row['clause']})" for row in findings],
            most=22,
        ),
        *([Column(OPEN_SINCE, values(findings, "opened_on"), "date")] if answered else ()),
        Column(FINDING_ID, values(findings, "finding_id"), most=24),
    ]
    return Sheet(
        NAME,
        f"{count_words(len(findings), 'open finding')}, {overdue or 'none'} overdue",
        [
            open_words(edition),
            "What is overdue comes first, then what is most severe.",
            *(_how_to_answer(edition) if answered else ()),
        ],
        [Block("ToDo", columns)],
    )


def _open_columns(rows: int) -> list[Column]:
    return [
        Column(header, [None] * rows, most=most, answer=answer)
        for header, most, answer in zip(ANSWERS, (14, 18, 24), _RULES, strict=True)
    ]


def _how_to_answer(edition: Edition) -> list[Line]:
    contact = edition.district["contact_name"] or "the office"
    return [
        Line("How to answer", "heading"),
        Line(
            f"Type the day under {DONE_ON} and who did it under {BY_WHOM}, save, and send this "
            f"file back to {contact}. Leave empty what is not done yet; all other cells are locked."
        ),
        Line(f"{_NO_NAMES} A {REMARK.lower()} is read by the office and goes into no list."),
        Line(MARK.format(month=edition.month, school=edition.school_id), "muted"),
    ]


def sheet_oldest(edition: Edition) -> Sheet:
    """The findings that have been open longest, in the whole district."""
    findings = open_findings(edition)
    if not findings:
        return Sheet(OLDEST, "no finding is open")
    oldest = sorted(findings, key=lambda row: (row["opened_on"], row["finding_id"]))[:_MOST_OLD]
    columns = [
        Column(OPEN_SINCE, values(oldest, "opened_on"), "date"),
        Column("Days open", values(oldest, "days_open"), "count"),
        *school_column(oldest, edition),
        *_what(oldest, 64),
        Column("State", values(oldest, "state"), "state"),
        Column("Due by", values(oldest, "due_on"), "date"),
        Column(FINDING_ID, values(oldest, "finding_id"), most=24),
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
