"""The tables of findings: what to do first, what is open, what the month moved."""

from dataclasses import dataclass

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.headlines import open_words
from nmsdreports.views.rows import records, values
from nmsdreports.views.sentences import capital, month_words
from nmsdreports.views.tables import Table, school_names

_TOLD = (
    *("remedy", "label", "school", "responsible_name", "overdue", "due_on", "severity"),
    *("title", "sentence", "clause", "wording"),
)
_MOVES = ("open_before", "opened", "closed", "open_now")
_MOVE_WORDS = ("Opened", "Closed", "Open now")
MOST_TO_DO = 5
"""How many findings a first page names, on every page and in every workbook."""


@dataclass(frozen=True)
class ToDo:
    """What to do, most urgent first: rows of an edition's findings with the school's short name
    and the guideline's `wording`.

    `more` counts those left out and `rest` says where they stand; `nothing` is the sentence that
    stands in place of an empty list.
    """

    findings: pd.DataFrame
    more: int
    rest: str
    nothing: str

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return self.findings.empty

    @property
    def rows(self) -> list[dict]:
        """What a list of it shows, row by row."""
        return records(self.findings, *_TOLD)


def table_to_do(edition: Edition, most: int = MOST_TO_DO) -> ToDo:
    """The most urgent open findings; those under an exception ask for nothing."""
    due = edition.findings[edition.findings["open"] & ~edition.findings["excepted"]]
    office = edition.school is None
    rules = edition.guidelines
    wording = dict(zip(rules["guideline"], rules["wording"], strict=True))
    first = due.head(most)
    first = first.assign(
        school=first["school_id"].map(school_names(edition)) if office else "",
        wording=[wording[name] for name in first["guideline"]],
    )
    rest = "in the workbook" if office else "under “Every open finding”"
    return ToDo(first, max(0, len(due) - most), rest, open_words(edition))


def table_moves(edition: Edition) -> Table:
    """One row a guideline with any finding in the month: open before, opened, closed, open now.

    The last row is their total.
    """
    rows = records(edition.totals.moves, "guideline", *_MOVES)
    moved = [row for row in rows if any(row[name] for name in _MOVES)]
    titles = dict(zip(edition.guidelines["guideline"], edition.guidelines["title"], strict=True))
    names = [titles[row["guideline"]] for row in moved]
    month = month_words(edition.month)
    numbers = zip((f"Open before {month}", *_MOVE_WORDS), _MOVES, strict=True)
    columns = {header: values(moved, name) for header, name in numbers}
    if moved:
        names.append("All guidelines")
        columns = {header: [*counts, sum(counts)] for header, counts in columns.items()}
    frame = pd.DataFrame({"Guideline": names, **columns})
    nothing = f"No finding was open, opened or closed in {month}."
    return Table(f"Findings opened and closed in {month}", frame, nothing=nothing)


def table_findings(edition: Edition) -> Table:
    """Every open finding: the sentence, its clause, who is to do what by when."""
    return _finding_table(edition, "Every open finding", edition.findings[edition.findings["open"]])


def table_oldest(edition: Edition, most: int = 15) -> Table:
    """The open findings that have been open longest."""
    rows = edition.findings[edition.findings["open"]]
    rows = rows.sort_values(["opened_on", "finding_id"], kind="stable").head(most)
    return _finding_table(edition, "The oldest open findings", rows)


def _finding_table(edition: Edition, caption: str, rows: pd.DataFrame) -> Table:
    state = [
        "excepted" if excepted else "overdue" if overdue else "not yet due"
        for overdue, excepted in zip(rows["overdue"], rows["excepted"], strict=True)
    ]
    frame = pd.DataFrame(
        {
            "Finding": rows["sentence"],
            "State": state,
            "Due by": rows["due_on"],
            "What to do": [capital(text) for text in rows["remedy"]],
            "Who": rows["responsible_name"],
            "Severity": rows["severity"],
            "Clause": rows["clause"],
        }
    )
    if edition.school is None:
        frame.insert(1, "School", rows["school_id"].map(school_names(edition)))
    kinds = {"Severity": "severity", "State": "urgency"}
    return Table(caption, frame, kinds, "No finding is open.")
