"""Approvals: when each account was launched and when its supervisor approved it."""

from nmsdreports.views.audience import Edition
from nmsdreports.views.headlines import approvals_words
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.workbook.columns import (
    NOT_RECORDED,
    by_urgency,
    school_column,
    with_account,
    with_status,
)

GUIDELINE = "supervisor-approval"


def sheet_approvals(edition: Edition) -> Sheet:
    """A row per account: launched, approved, by whom, days before or after the launch."""
    if edition.approvals.empty:
        return Sheet("Approvals", "no accounts, so there is nothing to approve")
    rows = by_urgency(with_account(edition.approvals, edition), "account_id")
    rows = with_status(rows, edition, GUIDELINE, "account_id")
    words = approvals_words(edition)
    columns = [
        Column("Account", rows["label"], most=32),
        *school_column(rows, edition),
        Column("Status", rows["shown"], "state", most=19),
        Column("Launched", rows["launched_on"], "date", NOT_RECORDED),
        Column("Approved", rows["approved_on"], "date", "not approved"),
        Column("Approved by", rows["approver"], most=27),
        Column("Days from launch", rows["days_from_launch"], "count"),
        Column("Valid until", rows["valid_until"], "date"),
        Column("Closed", rows["closed_on"], "date"),
        Column("Owner", rows["owner"], most=19),
        Column("Note", rows["said"], most=30),
        Column("Account ID", rows["account_id"], most=20),
    ]
    return Sheet(
        "Approvals",
        words[0].partition(";")[0].rstrip("."),
        [
            *words,
            "Days from launch: a negative number is an approval before the launch.",
        ],
        [Block("Approvals", columns)],
    )
