"""The tables of findings: what to do first, what is open, what the month moved."""

from dataclasses import dataclass

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.headlines import open_words
from nmsdreports.views.sentences import capital, month_words
from nmsdreports.views.tables import Table, school_names


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


def table_to_do(edition: Edition, most: int = 5) -> ToDo:
    """The most urgent open findings; those under an exception ask for nothing."""
    due = edition.findings[edition.findings["open"] & ~edition.findings["excepted"]]
    office = edition.school is None
    wording = edition.guidelines.set_index("guideline")["wording"]
    due = due.assign(
        school=due["school_id"].map(school_names(edition)) if office else "",
        wording=due["guideline"].map(wording),
    )
    rest = "in the workbook" if office else "under “Every open finding”"
    return ToDo(due.head(most), max(0, len(due) - most), rest, open_words(edition))


def table_moves(edition: Edition) -> Table:
    """One row a guideline with any finding in the month: open before, opened, closed, open now.

    The last row is their total.
    """
    moves = edition.totals.moves
    moved = moves[moves[["open_before", "opened", "closed", "open_now"]].sum(axis=1) > 0]
    titles = edition.guidelines.set_index("guideline")["title"]
    month = month_words(edition.month)
    frame = pd.DataFrame(
        {
            "Guideline": [titles[name] for name in moved["guideline"]],
            f"Open before {month}": moved["open_before"].to_list(),
            "Opened": moved["opened"].to_list(),
            "Closed": moved["closed"].to_list(),
            "Open now": moved["open_now"].to_list(),
        }
    )
    if len(frame):
        total = {"Guideline": "All guidelines", **frame.drop(columns="Guideline").sum()}
        frame = pd.concat([frame, pd.DataFrame([total])], ignore_index=True)
    nothing = f"No finding was open, opened or closed in {month}."
    return Table(f"Findings opened and closed in {month}", frame, nothing=nothing)


def table_closed(edition: Edition) -> Table:
    """The findings that were closed in the month, each as a sentence."""
    closed = edition.findings["closed_on"].dt.strftime("%Y-%m").eq(edition.month)
    rows = edition.findings[closed & ~edition.findings["open"]]
    frame = pd.DataFrame({"Finding": rows["sentence"], "Closed": rows["closed_on"]})
    month = month_words(edition.month)
    return Table(f"Closed in {month}", frame, nothing=f"No finding was closed in {month}.")


def table_findings(edition: Edition) -> Table:
    """Every open finding: the sentence, its clause, who is to do what by when."""
    return _finding_table(edition, "Every open finding", edition.findings[edition.findings["open"]])


def table_oldest(edition: Edition, most: int = 15) -> Table:
    """The open findings that have been open longest."""
    rows = edition.findings[edition.findings["open"]]
    rows = rows.sort_values(["opened_on", "finding_id"], kind="stable").head(most)
    return _finding_table(edition, "The oldest open findings", rows)


def _finding_table(edition: Edition, caption: str, rows: pd.DataFrame) -> Table:
    due = rows["overdue"] & ~rows["excepted"]
    state = due.map({True: "overdue", False: "open"}).mask(rows["excepted"], "excepted")
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
