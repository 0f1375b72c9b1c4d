"""Accounts by guidelines: one row an account, one column a guideline, a word and a mark a cell."""

from nmsdreports.views.audience import Edition
from nmsdreports.views.rows import records, values
from nmsdreports.views.sentences import count_words
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.tables import account_words
from nmsdreports.views.workbook.columns import school_column, with_account

NAME = "Accounts"


def sheet_accounts(edition: Edition) -> Sheet:
    """The matrix; where an account has several subjects (activities), its worst status counts."""
    rows = with_account(records(edition.accounts, "account_id", "school_id", "title"), edition)
    if not rows:
        return Sheet(NAME, "no accounts")
    rules = records(edition.guidelines, "guideline", "title", "subject")
    cells = account_words(edition)
    columns = [
        Column("Account", values(rows, "label"), most=26),
        *school_column(rows, edition),
        Column("Account ID", values(rows, "account_id"), most=16),
        *(
            Column(
                rule["title"],
                [cells.get((rule["guideline"], row["account_id"])) for row in rows],
                "state",
                most=13,
            )
            for rule in rules
            if rule["subject"] in ("account", "notice")
        ),
        Column("Title", values(rows, "title"), most=22),
    ]
    return Sheet(
        NAME,
        f"{count_words(len(rows), 'account')} under each guideline that the record can decide",
        ["How each account stands under each guideline that the record can decide."],
        [Block("Accounts", columns)],
        fixed_columns=1,
    )
