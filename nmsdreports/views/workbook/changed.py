"""What changed since the report before: finding by finding, and status by status."""

from nmsdreports.views.audience import Edition
from nmsdreports.views.sentences import count_words
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.since_words import (
    changed_findings,
    changed_words,
    count_findings,
    heading,
    is_compared,
    move_words,
    why_words,
)
from nmsdreports.views.workbook.columns import records, school_column, values

NAME = "What changed"
STATUSES = "Statuses changed"
REFERENCE = "Reference (for the office)"
_NOT_JUDGED = "not judged"


def sheet_changed(edition: Edition) -> Sheet:
    """A row per finding that changed, with what happened to it and why."""
    rows = _rows(edition, "finding")
    words = changed_words(edition)
    if not rows:
        return Sheet(NAME, words[0].rstrip("."))
    columns = [
        Column("About", values(rows, "label"), most=30),
        *school_column(rows, edition),
        Column("Guideline", values(rows, "title"), most=22),
        Column("What changed", [move_words(row) for row in rows], most=24),
        Column("Why", [why_words(row) for row in rows], most=46),
        Column("Begun", values(rows, "opened_on"), "date"),
        Column(REFERENCE, values(rows, "finding_id"), blank="another school's", most=24),
    ]
    changes = count_words(len(rows), "change")
    findings = count_words(count_findings(changed_findings(edition)), "finding")
    contents = f"{changes} of {findings}, each with its reason"
    return Sheet(NAME, contents, [f"{heading(edition)}.", *words], [Block("Changes", columns)])


def sheet_changed_statuses(edition: Edition) -> Sheet:
    """A row per status that is another than in the report before, and why."""
    rows = _rows(edition, "status")
    if not rows:
        compared = is_compared(edition)
        words = "none" if compared else "compared where there is a report before"
        return Sheet(STATUSES, words)
    columns = [
        Column("About", values(rows, "label"), most=30),
        *school_column(rows, edition),
        Column("Guideline", values(rows, "title"), most=22),
        Column("Before", [row["before"] or _NOT_JUDGED for row in rows], "status", most=18),
        Column("Now", [row["after"] or _NOT_JUDGED for row in rows], "status", most=18),
        Column("Why", [why_words(row) for row in rows], most=46),
    ]
    contents = f"{count_words(len(rows), 'status', 'statuses')}, each with its reason"
    lines = [f"{heading(edition)}: each status that is another one now."]
    return Sheet(STATUSES, contents, lines, [Block("StatusChanges", columns)])


def _rows(edition: Edition, kind: str) -> list[dict]:
    return [row for row in records(edition.changes) if row["kind"] == kind]
