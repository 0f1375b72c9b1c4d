"""Accounts by guidelines: one row an account, one column a guideline, a word and a mark a cell."""

from nmsdreports.views.audience import Edition
from nmsdreports.views.sentences import count_words
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.workbook.columns import (
    STATUS_ORDER,
    records,
    school_column,
    values,
    with_account,
)

NAME = "Accounts"


def sheet_accounts(edition: Edition) -> Sheet:
    """The matrix; where an account has several subjects (activities), its worst status counts."""
    rows = with_account(records(edition.accounts, "account_id", "school_id", "title"), edition)
    if not rows:
        return Sheet(NAME, "no accounts")
    rules = records(edition.guidelines, "guideline", "title", "subject")
    cells = _cells(edition)
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


def _cells(edition: Edition) -> dict[tuple[str, str], str]:
    """The words of each guideline and account: its worst status, and of how many subjects."""
    order = {state: at for at, state in enumerate(STATUS_ORDER)}
    subjects: dict[tuple[str, str], list[tuple[int, str, bool]]] = {}
    for row in records(edition.status, "guideline", "account_id", "status", "late"):
        key = (row["guideline"], row["account_id"])
        found = (order[row["status"]], row["status"], bool(row["late"]))
        subjects.setdefault(key, []).append(found)
    return {key: _worst(states) for key, states in subjects.items()}


def _worst(states: list[tuple[int, str, bool]]) -> str:
    _, worst, late = min(states)
    if len(states) == 1:
        return f"{worst}, late" if late else worst
    same = sum(state == worst for _, state, _ in states)
    return f"{worst} ({same} of {len(states)})"
