"""Parent notifications: who was invited, who was told, when, against the start."""

from nmsdreports.views.audience import Edition
from nmsdreports.views.headlines import notifications_words
from nmsdreports.views.sentences import names_words
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.workbook.columns import (
    NOT_RECORDED,
    by_urgency,
    reasons,
    school_column,
    with_account,
)

GUIDELINE = "parent-notice"
NAME = "Parent notifications"


def sheet_notifications(edition: Edition) -> Sheet:
    """A row per account and per activity of the notice log."""
    rows = by_urgency(with_account(edition.notifications, edition), "account_id", "subject")
    if rows.empty:
        return Sheet(NAME, "no accounts, so there is nothing to announce")
    words = notifications_words(edition)
    columns = [
        Column("Account", rows["label"], most=28),
        *school_column(rows, edition),
        Column("Activity", rows["activity"], blank="the account itself", most=22),
        Column("Status", rows["status"], "state", most=19),
        Column("Invited", rows["invited"].map(lambda text: names_words(text, "nobody")), most=20),
        Column("Starts", rows["starts_on"], "date", NOT_RECORDED),
        Column("Parents told", rows["told_on"], "date", "not told"),
        Column("Days from start", rows["days_from_start"], "count"),
        Column("Owner", rows["owner"], most=19),
        Column("Note", reasons(rows, edition, GUIDELINE, "subject"), most=30),
        Column("Account ID", rows["account_id"], most=20),
    ]
    return Sheet(
        NAME,
        words[0].partition(";")[0].rstrip("."),
        [*words, "Days from start: a negative number is a notice before the start."],
        [Block("ParentNotifications", columns)],
    )
