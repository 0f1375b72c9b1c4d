"""What a question "what if" is answered with: a sentence of counts, and the subjects by name."""

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.explore.chosen import MOST_ROWS
from nmsdreports.views.sentences import (
    account_labels,
    count_words,
    list_words,
    short_day_words,
)
from nmsdreports.views.table import Table
from nmsdreports.views.tables import school_names

KINDS = {
    "days": "the district set another number of days",
    "fix": "a finding had to be put right within other days",
    "exception-account": "the account shown above had an exception",
    "exception-school": "the school chosen in the box School had an exception",
}
EXCEPTIONS = ("exception-account", "exception-school")
DAYS = {
    "notice_lead": "Parents are told at least so many days before the start",
    "response": "A parent's concern is answered within so many days",
    "monitor_every": "Students' actions are reviewed every so many days",
    "report_every": "Account use is reported again every so many days",
    "emergency_notice": "The supervisor is told of an emergency within so many days",
}
_ASKED = {
    "notice_lead": "parents had to be told at least {} before the start",
    "response": "a parent's concern had to be answered within {}",
    "monitor_every": "students' actions had to be reviewed every {}",
    "report_every": "account use had to be reported again every {}",
    "emergency_notice": "the supervisor had to be told of an emergency within {}",
}


def question_words(kind: str, name: str, about: str, days: int, now: int | None, whom: str) -> str:
    """The question in words, to begin its answer with: "If parents had to be told ...".

    `about` is the guideline's name as it was offered, `now` today's number of days; `whom` names
    the account or the school of an exception, else the school that is chosen, if any.
    """
    if kind in EXCEPTIONS:
        return f"If {whom} had an exception from {about.removesuffix(': not met')}"
    today = "once is enough today" if now is None else f"today: {now}"
    fixed = f"a finding under {about} had to be put right within {{}}"
    asked = _ASKED.get(name, fixed) if kind == "days" else fixed
    where = f" at {whom}" if whom else ""
    return f"If {asked.format(_days_words(days))} ({today}){where}"


def _days_words(days: int) -> str:
    return f"{days:,} day{'' if days == 1 else 's'}"


def changed_blocks(asked: str, changed: pd.DataFrame, seen: Edition, day: str) -> list[object]:
    """What would change on a day (in words): counts in both directions, then each subject.

    `asked` is the question, with which the answer begins.
    """
    if changed.empty:
        return [f"{asked}, nothing would change: every account would stand as it does on {day}."]
    dated = "due_after" in changed
    turned = changed[changed["before"].fillna("").ne(changed["after"].fillna(""))]
    moves = turned.groupby(["before", "after"], dropna=False, sort=True).size()
    counts = [f"{count:,} from “{one}” to “{other}”" for (one, other), count in moves.items()]
    what = count_words(len(turned), "finding" if dated else "status", None if dated else "statuses")
    sentence = f"{asked}, "
    if counts:
        sentence += f"{what} would be different on {day}: {list_words(counts)}"
    if others := len(changed) - len(turned):
        also = "; " if counts else ""
        sentence += f"{also}{count_words(others, 'finding')} would only be due on another day"
    shown = changed.head(MOST_ROWS)
    labels = pd.Series(account_labels(seen.accounts), seen.accounts["account_id"])
    activity = seen.notifications.set_index("subject")["activity"]
    about = shown["account_id"].map(labels).fillna(shown["subject"])
    named = shown["subject"].map(activity).astype("str")
    titles = seen.guidelines.set_index("guideline")["title"]
    frame = pd.DataFrame(
        {
            "About": about.mask(named.notna(), 'Activity "' + named.fillna("") + '" on ' + about),
            "Account": shown["account_id"].fillna(""),
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
        f"{sentence}.",
        Table("What would change", frame, kinds, note=note),
    ]
