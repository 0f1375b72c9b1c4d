"""Parent notifications: who was invited, who was told, when, against the start."""

from nmsdreports.views.audience import Edition
from nmsdreports.views.headlines import notifications_words
from nmsdreports.views.sentences import count_words, names_words
from nmsdreports.views.sheets import Block, Column, Sheet
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
    asked = edition.notifications[edition.notifications["status"].ne("not applicable")]
    left = len(edition.notifications) - len(asked)
    if asked.empty:
        return Sheet(NAME, "no account invites students, so no parents need to be told")
    rows = by_urgency(with_account(asked, edition), "account_id", "subject")
    rows = with_status(rows, edition, GUIDELINE, "subject")
    words = notifications_words(edition)
    if left:
        words.append(
            f"Not listed: {count_words(left, 'account')} that "
            f"{'invites' if left == 1 else 'invite'} no students."
        )
    columns = [
        Column("Account", rows["label"], most=32),
        *school_column(rows, edition),
        Column("Activity", rows["activity"], blank="the account itself", most=22),
        Column("Status", rows["shown"], "state", most=19),
        Column("Invited", rows["invited"].map(lambda text: names_words(text, "nobody")), most=20),
        Column("Starts", rows["starts_on"], "date", NOT_RECORDED),
        Column("Parents told", rows["told_on"], "date", "not told"),
        Column("Days from start", rows["days_from_start"], "count"),
        Column("Owner", rows["owner"], most=19),
        Column("Note", rows["said"], most=30),
        Column("Account ID", rows["account_id"], most=20),
    ]
    return Sheet(
        NAME,
        words[0].partition(";")[0].rstrip("."),
        [*words, "Days from start: a negative number is a notice before the start."],
        [Block("ParentNotifications", columns)],
    )
