"""The tables of findings: what to do first, what is open, what the month moved."""

from collections.abc import Sequence
from dataclasses import dataclass

from nmsdreports.views.audience import Edition
from nmsdreports.views.headlines import open_words
from nmsdreports.views.rows import open_rows, records, values
from nmsdreports.views.sentences import capital, list_words, month_words
from nmsdreports.views.table import Table
from nmsdreports.views.tables import school_cells, school_names

_MOVES = ("open_before", "opened", "closed", "open_now")
_MOVE_WORDS = ("Opened", "Closed", "Open now")
MOST_TO_DO = 5
"""How many findings a first page names, on every page and in every workbook."""


@dataclass(frozen=True)
class ToDo:
    """What to do, most urgent first: rows of an edition's findings with the short name of the
    `school` ("" in a school's own) and the guideline's `wording`.

    `left` says how many are not among them, those under an exception by themselves ("" where none
    is), `rest` also where they stand; `nothing` is the sentence in place of an empty list.
    """

    rows: Sequence[dict]
    left: str
    rest: str
    nothing: str

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.rows


def table_to_do(edition: Edition, most: int = MOST_TO_DO) -> ToDo:
    """The most urgent open findings; those under an exception ask for nothing."""
    rows = open_rows(edition)
    due = [row for row in rows if not row["excepted"]]
    office = edition.school is None
    rules = edition.guidelines
    wording = dict(zip(rules["guideline"], rules["wording"], strict=True))
    names = school_names(edition) if office else {}
    first = [
        row | {"school": names.get(row["school_id"], ""), "wording": wording[row["guideline"]]}
        for row in due[:most]
    ]
    where = "in the workbook" if office else "under “Every open finding”"
    left = left_words(rows, most)
    are = "is" if len(rows) - len(first) == 1 else "are"
    return ToDo(first, left, f"{left} {are} listed {where}." if left else "", open_words(edition))


def left_words(rows: Sequence[dict], most: int = MOST_TO_DO) -> str:
    """How many open findings are left where the first are named: all of them, with these.

    "7 more and 1 under an exception"; nothing where none is left, or none asks for anything.
    """
    excepted = sum(row["excepted"] for row in rows)
    due = len(rows) - excepted
    if not due:
        return ""
    told = [f"{due - most:,} more"] if due > most else []
    return list_words([*told, f"{excepted:,} under an exception"] if excepted else told)


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
    columns = {"Guideline": names, **columns}
    nothing = f"No finding was open, opened or closed in {month}."
    return Table(f"Findings opened and closed in {month}", columns, nothing=nothing)


def table_findings(edition: Edition) -> Table:
    """Every open finding: the sentence, its clause, who is to do what by when."""
    return _finding_table(edition, "Every open finding", open_rows(edition))


def table_oldest(edition: Edition, most: int = 15) -> Table:
    """The open findings that have been open longest."""
    rows = sorted(open_rows(edition), key=lambda row: (row["opened_on"], row["finding_id"]))
    return _finding_table(edition, "The oldest open findings", rows[:most])


def _finding_table(edition: Edition, caption: str, rows: Sequence[dict]) -> Table:
    columns = {
        "Finding": values(rows, "sentence"),
        **school_cells(edition, rows),
        "State": [state_of(row) for row in rows],
        "Due by": values(rows, "due_on"),
        "What to do": [capital(row["remedy"]) for row in rows],
        "Who": values(rows, "responsible_name"),
        "Severity": values(rows, "severity"),
        "Clause": values(rows, "clause"),
    }
    kinds = {"Severity": "severity", "State": "urgency"}
    return Table(caption, columns, kinds, "No finding is open.")


def state_of(finding: dict) -> str:
    """How an open finding stands: overdue, not yet due, excepted."""
    if finding["excepted"]:
        return "excepted"
    return "overdue" if finding["overdue"] else "not yet due"
