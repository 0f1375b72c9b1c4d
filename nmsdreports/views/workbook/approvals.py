"""Approvals: when each account was launched and when its supervisor approved it."""

from nmsdreports.views.audience import Edition
from nmsdreports.views.chart_counts import counts_approvals
from nmsdreports.views.headlines import approvals_words
from nmsdreports.views.rows import records, values
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.workbook.charts import chart_line
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
    rows = by_urgency(with_account(records(edition.approvals), edition), "account_id")
    rows = with_status(rows, edition, GUIDELINE, "account_id")
    words = approvals_words(edition)
    approvers = [
        row["approver"] or (row["approved_on"] and f"approver {NOT_RECORDED}") for row in rows
    ]
    columns = [
        Column("Account", values(rows, "label"), most=32),
        *school_column(rows, edition),
        Column("Status", values(rows, "shown"), "state", most=19),
        Column("Launched", values(rows, "launched_on"), "date", NOT_RECORDED),
        Column("Approved", values(rows, "approved_on"), "date", "not approved"),
        Column("Approved by", approvers, most=27),
        Column("Days from launch", values(rows, "days_from_launch"), "days from"),
        Column("Valid until", values(rows, "valid_until"), "date"),
        Column("Closed", values(rows, "closed_on"), "date"),
        Column("Owner", values(rows, "owner"), most=19),
        Column("Note", values(rows, "said"), most=30),
        Column("Account ID", values(rows, "account_id"), most=20),
    ]
    return Sheet(
        "Approvals",
        words[0].partition(";")[0].rstrip("."),
        [*words, *chart_line(counts_approvals(edition))],
        [Block("Approvals", columns)],
    )
