"""Accounts by guidelines: one row an account, one column a guideline, a word and a mark a cell."""

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.sentences import count_words
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.workbook.columns import (
    STATUS_ORDER,
    school_column,
    with_account,
)

NAME = "Accounts"


def sheet_accounts(edition: Edition) -> Sheet:
    """The matrix; where an account has several subjects (activities), its worst status counts."""
    rows = with_account(edition.accounts, edition)
    if rows.empty:
        return Sheet(NAME, "no accounts")
    rules = edition.guidelines.set_index("guideline")
    judged = [g for g in rules.index if rules["subject"][g] in ("account", "notice")]
    cells = _cells(edition.status)
    columns = [
        Column("Account", rows["label"], most=26),
        *school_column(rows, edition),
        Column("Account ID", rows["account_id"], most=16),
        *(
            Column(rules["title"][g], rows["account_id"].map(cells.get(g, {})), "state", most=13)
            for g in judged
        ),
        Column("Title", rows["title"], most=22),
    ]
    return Sheet(
        NAME,
        f"{count_words(len(rows), 'account')} under each guideline that the record can decide",
        ["How each account stands under each guideline that the record can decide."],
        [Block("Accounts", columns)],
        fixed_columns=1,
    )


def _cells(status: pd.DataFrame) -> dict[str, dict[str, str]]:
    """For each guideline the words of each account: its worst status, and of how many subjects."""
    order = {state: at for at, state in enumerate(STATUS_ORDER)}
    named = status[status["account_id"].notna()]
    late = named["late"].fillna(False).astype(bool)
    subjects: dict[tuple[str, str], list[tuple[int, str, bool]]] = {}
    for guideline, account, state, was_late in zip(
        named["guideline"], named["account_id"], named["status"], late, strict=True
    ):
        subjects.setdefault((guideline, account), []).append((order[state], state, was_late))
    cells: dict[str, dict[str, str]] = {}
    for (guideline, account), states in subjects.items():
        _, worst, was_late = min(states)
        same = sum(state == worst for _, state, _ in states)
        more = f" ({same} of {len(states)})" if len(states) > 1 else ", late" if was_late else ""
        cells.setdefault(guideline, {})[account] = worst + more
    return cells
