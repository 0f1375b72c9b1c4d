"""What a question "what if" is answered with: a sentence of counts, and the subjects by name."""

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.explore.chosen import MOST_ROWS
from nmsdreports.views.sentences import account_labels, count_words, list_words
from nmsdreports.views.tables import Table, school_names

KINDS = {
    "days": "the district set another number of days",
    "fix": "a finding had to be put right within other days",
    "exception-account": "the chosen account had an exception",
    "exception-school": "the chosen school had an exception",
}
DAYS = {
    "notice_lead": "Parents are told at least so many days before the start",
    "response": "A parent's concern is answered within so many days",
    "monitor_every": "Students' actions are reviewed every so many days",
    "report_every": "Account use is reported again every so many days",
    "emergency_notice": "The supervisor is told of an emergency within so many days",
}


def changed_blocks(changed: pd.DataFrame, seen: Edition, day: str) -> list[object]:
    """What would change on a day (in words): counts in both directions, then each subject."""
    if changed.empty:
        return [f"Nothing would change: every account would stand as it does on {day}."]
    moves = changed.groupby(["before", "after"], dropna=False, sort=True).size()
    counts = [f"{count:,} from “{one}” to “{other}”" for (one, other), count in moves.items()]
    sentence = f"{count_words(len(changed), 'verdict')} would be different on {day}: "
    shown = changed.head(MOST_ROWS)
    labels = pd.Series(account_labels(seen.accounts), seen.accounts["account_id"])
    activity = seen.notifications.set_index("subject")["activity"]
    about = shown["account_id"].map(labels).fillna(shown["subject"])
    named = shown["subject"].map(activity)
    titles = seen.guidelines.set_index("guideline")["title"]
    frame = pd.DataFrame(
        {
            "About": about.mask(named.notna(), 'Activity "' + named.fillna("") + '" on ' + about),
            "School": shown["school_id"].map(school_names(seen)),
            "Guideline": shown["guideline"].map(titles),
            "Now": shown["before"],
            "Then": shown["after"],
        }
    )
    more = len(changed) - len(shown)
    note = f"{more:,} more would change as well." if more else ""
    kinds = {"Now": "status", "Then": "status"}
    return [
        f"{sentence}{list_words(counts)}.",
        Table("What would change", frame, kinds, note=note),
    ]
