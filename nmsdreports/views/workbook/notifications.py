"""Parent notifications: who was invited, who was told, when, against the start."""

from nmsdreports.views.audience import Edition
from nmsdreports.views.chart_counts import counts_notifications
from nmsdreports.views.headlines import notifications_words
from nmsdreports.views.rows import records, values
from nmsdreports.views.sentences import count_words, names_words
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.workbook.charts import chart_line
from nmsdreports.views.workbook.columns import (
    NOT_RECORDED,
    by_urgency,
    school_column,
    with_account,
    with_status,
)

GUIDELINE = "parent-notice"
NAME = "Parent notifications"


def sheet_notifications(edition: Edition) -> Sheet:
    """A row per account that invites students, and per activity of the notice log."""
    noted = records(edition.notifications)
    asked = [row for row in noted if row["status"] != "not applicable"]
    left = len(noted) - len(asked)
    if not asked:
        return Sheet(NAME, "no account invites students, so no parents need to be told")
    rows = by_urgency(with_account(asked, edition), "account_id", "subject")
    rows = with_status(rows, edition, GUIDELINE, "subject")
    words = notifications_words(edition)
    if left:
        words.append(
            f"Not listed: {count_words(left, 'account')} that "
            f"{'invites' if left == 1 else 'invite'} no students."
        )
    invited = [names_words(row["invited"], "nobody") for row in rows]
    columns = [
        Column("Account", values(rows, "label"), most=32),
        *school_column(rows, edition),
        Column("Activity", values(rows, "activity"), blank="the account itself", most=22),
        Column("Status", values(rows, "shown"), "state", most=19),
        Column("Invited", invited, most=20),
        Column("Starts", values(rows, "starts_on"), "date", NOT_RECORDED),
        Column("Parents told", values(rows, "told_on"), "date", "not told"),
        Column("Days from start", values(rows, "days_from_start"), "days from"),
        Column("Owner", values(rows, "owner"), most=19),
        Column("Note", values(rows, "said"), most=30),
        Column("Account ID", values(rows, "account_id"), most=20),
    ]
    return Sheet(
        NAME,
        words[0].partition(";")[0].rstrip("."),
        [*words, *chart_line(counts_notifications(edition))],
        [Block("ParentNotifications", columns)],
    )
