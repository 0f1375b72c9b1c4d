"""What a question "what if" is answered with: a sentence of counts, and the subjects by name."""

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.explore.chosen import MOST_ROWS
from nmsdreports.views.sentences import (
    account_labels,
    capital,
    count_words,
    list_words,
    short_day_words,
)
from nmsdreports.views.tables import Table, school_names

KINDS = {
    "days": "the district set another number of days",
    "fix": "a finding had to be put right within other days",
    "exception-account": "the account shown above had an exception",
    "exception-school": "the school chosen in the box School had an exception",
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
    dated = "due_after" in changed
    turned = changed[changed["before"].fillna("").ne(changed["after"].fillna(""))]
    moves = turned.groupby(["before", "after"], dropna=False, sort=True).size()
    counts = [f"{count:,} from “{one}” to “{other}”" for (one, other), count in moves.items()]
    what = count_words(len(turned), "finding" if dated else "verdict")
    sentence = f"{what} would be different on {day}: {list_words(counts)}." if counts else ""
    if others := len(changed) - len(turned):
        sentence += f" {count_words(others, 'finding')} would only be due on another day."
    shown = changed.head(MOST_ROWS)
    labels = pd.Series(account_labels(seen.accounts), seen.accounts["account_id"])
    activity = seen.notifications.set_index("subject")["activity"]
    about = shown["account_id"].map(labels).fillna(shown["subject"])
    named = shown["subject"].map(activity).astype("str")
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
    if dated:
        for side, day_of in (("Now", "due_before"), ("Then", "due_after")):
            days = shown[day_of].map(short_day_words, na_action="ignore")
            frame[side] = frame[side].str.cat(", due by " + days, na_rep="")
    more = len(changed) - len(shown)
    note = f"{more:,} more would change as well." if more else ""
    kinds = {} if dated else {"Now": "status", "Then": "status"}
    return [
        capital(sentence.strip()),
        Table("What would change", frame, kinds, note=note),
    ]
