"""What to do: the open findings in order of urgency, each with its facts, who, and by when."""

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.headlines import open_words
from nmsdreports.views.sentences import capital, count_words
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.workbook.columns import school_column


def open_findings(edition: Edition) -> pd.DataFrame:
    """The open findings as the edition orders them, those covered by an exception last.

    More columns: `state` (overdue, not yet due, excepted).
    """
    findings = edition.findings[edition.findings["open"]]
    state = findings["overdue"].map({True: "overdue", False: "not yet due"})
    findings = findings.assign(state=state.mask(findings["excepted"], "excepted"))
    return findings.sort_values("excepted", kind="stable")


def sheet_to_do(edition: Edition) -> Sheet:
    """The table of open findings."""
    findings = open_findings(edition)
    if findings.empty:
        return Sheet("To do", "no finding is open, so nothing is to be done")
    overdue = int(findings["state"].eq("overdue").sum())
    columns = [
        Column("State", findings["state"], "state"),
        *school_column(findings, edition),
        Column("What was found", findings["sentence"], most=50),
        Column("What to do", findings["remedy"].map(capital), most=26),
        Column("Who", findings["responsible_name"], most=18),
        Column("Due by", findings["due_on"], "date"),
        Column("Days open", findings["days_open"], "count"),
        Column("Severity", findings["severity"], "state"),
        Column(
            "Guideline and clause", findings["title"] + " (" + findings["clause"] + ")", most=22
        ),
        Column("Finding", findings["finding_id"], most=24),
    ]
    return Sheet(
        "To do",
        f"{count_words(len(findings), 'open finding')}, {overdue or 'none'} overdue",
        [open_words(edition), "What is overdue comes first, then what is most severe."],
        [Block("ToDo", columns)],
    )
