"""What a message says: the subject and the text, to a principal and to the office.

Plain text, one line a paragraph. A principal reads what the first page of the report says, what to
do first and by when, whom to ask. A subject is one line whatever a name holds, because a line break
would begin another header.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.caveats import caveats, left_words
from nmsdreports.views.headlines import counted_words, headline
from nmsdreports.views.sentences import (
    capital,
    count_words,
    day_words,
    due_words,
    list_words,
    month_words,
    name_words,
)
from nmsdreports.views.since_words import is_restated
from nmsdreports.views.tables_findings import table_to_do
from nmsdreports.views.workbook.to_do import NAME as TO_DO

_SENTENCES = 3
_MOST_FIRST = 3
_AGAIN = " (restated)"


@dataclass(frozen=True)
class Words:
    """What stands in a message: `subject` on one line, `text` with its paragraphs."""

    subject: str
    text: str


@dataclass(frozen=True)
class OfficeNews:
    """What the office is told of an edition.

    `findings` are all that the edition prints, `as_of` its day; `restated` are sentences on the
    edition whose place this one takes. `done` says what has been done with a message that went well
    ("sent"), `well` counts those, `all` is how many there are; `wrong` names each other one with
    why. `problems` are sentences on what is wrong in the reports and the spreadsheets.
    """

    month: str
    edition: str
    as_of: pd.Timestamp
    findings: pd.DataFrame
    restated: Sequence[str]
    done: str
    well: int
    all: int
    wrong: Sequence[str]
    problems: Sequence[str]


def school_words(edition: Edition, principal: str, workbook: str) -> Words:
    """The message to a school's principal, with the name of the workbook that it brings."""
    name, month = name_words(edition.name), month_words(edition.month)
    restated = (
        [f"This report takes the place of the one of {month} that was sent before."]
        if is_restated(edition)
        else []
    )
    since = edition.since or {}
    left = left_words(since["left"], since["month"], to_school=True) if since.get("left") else []
    paragraphs = [
        f"Dear {one_line(principal) or f'principal of {name}'},",
        *restated,
        f"Here is the report on the official social media accounts of {name} for {month}, as of "
        f"{day_words(edition.as_of)}.",
        *caveats(edition),
        " ".join(headline(edition)[:_SENTENCES]),
        *left,
        *_first(edition),
        f"Attached: {workbook}. Its first sheet leads to all the others. It names people, so "
        "please keep it to those whose work it is.",
        *_contact(edition),
    ]
    subject = f"{name}: social media report of {month}{_AGAIN if restated else ''}"
    return Words(one_line(subject), "\n\n".join(paragraphs) + "\n")


def office_words(news: OfficeNews) -> Words:
    """The message to the office: what went out, what did not and why, what is to be repaired."""
    month, again = month_words(news.month), _AGAIN if news.restated else ""
    some = "" if news.well == news.all else f"{news.well or 'none'} of "
    are = "is" if news.well == 1 else "are"
    messages = f"{some}{count_words(news.all, 'message')} to principals"
    counts = counted_words(news.findings[news.findings["open"]].to_dict("records"))
    stands = f"Across the district, as of {day_words(news.as_of)}, {counts[0].lower()}{counts[1:]}"
    what = f"with the reports of {month} (folder {news.edition})"
    went = [f"{capital(messages)} {are} {news.done}, {what}."]
    if news.wrong:
        went.append("\n".join(["What did not go out:", *(f"- {line}" for line in news.wrong)]))
    wrong = ["\n".join(["What else needs a look:", *(f"- {line}" for line in news.problems)])]
    well = ["All is well: nothing failed, and no row had to be set aside."]
    also = wrong if news.problems else [] if news.wrong else well
    return Words(
        # A longer one is folded so that it begins with a blank where it is read.
        one_line(f"Reports of {month}{again}: {messages} {news.done}"),
        "\n\n".join([stands, *news.restated, *went, *also]) + "\n",
    )


def restated_words(
    edition: str, month: str, cannot: str, moved: Sequence[str], same: Sequence[str]
) -> str:
    """Tell the office that its reports restate an edition, and of which schools.

    `moved` are the names of the schools of which a finding or a status is another one now, `same`
    those of the others; `cannot` is why the two editions cannot be compared.
    """
    lead = (
        f"This is a restatement: these reports take the place of those of {month_words(month)} "
        f"that were published as {edition}."
    )
    if cannot:
        return f"{lead} What moved cannot be told, because {cannot}."
    parts = [
        f"{what}: {list_words([name_words(name) for name in names])}."
        for what, names in (
            ("A finding or a status is another one now at", moved),
            ("None is another one at", same),
        )
        if names
    ]
    return " ".join([lead, *parts])


def stale_words(folder: Path) -> str:
    """Say that drafts lie there whose edition another one has taken the place of."""
    return f"Drafts of {folder.name} still lie in {folder}; do not send them any more."


def trouble_words(month: str, made: bool, wrong: Sequence[str], again: str, log: str) -> Words:
    """The message to the office where nobody was at the keyboard and a month is not done.

    `made` is whether its reports stand, `wrong` are sentences on why it is not done, `again` is
    what to type to try at once, `log` where to read what happened.
    """
    so_far = "are made, but they did not go out" if made else "could not be made"
    paragraphs = [
        f"The reports of {month_words(month)} {so_far}.",
        "\n".join(["What is wrong:", *(f"- {line}" for line in wrong)]),
        "Mend it, and nothing else is to be done: it is tried again each weekday morning until "
        f"the month is done. To try at once: {again}",
        f"What happened step by step: {log}",
    ]
    return Words(
        one_line(f"Social media reports of {month_words(month)}: not done, please look"),
        "\n\n".join(paragraphs) + "\n",
    )


def one_line(text: str) -> str:
    """A text on one line, without what no header may hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _first(edition: Edition) -> list[str]:
    """What to do first, by whom and by when; nothing where nothing is to be done."""
    to_do = table_to_do(edition, _MOST_FIRST)
    if to_do.empty:
        return []
    lines = [
        f"{number}. {row['label']}: {row['remedy']}; "
        f"{row['responsible_name']}, {due_words(row['due_on'], row['overdue'])}."
        for number, row in enumerate(to_do.rows, start=1)
    ]
    more = [f"And {to_do.left}, on the sheet {TO_DO} of the workbook."] if to_do.left else []
    answer = (
        f"What is done: type day and name on the sheet {TO_DO}, and send the workbook back. What "
        f"was done after {day_words(edition.as_of)}, shows in the next report; what you have "
        "answered already need not be answered again."
    )
    return ["\n".join(["What to do first:", *lines, *more]), answer]


def _contact(edition: Edition) -> list[str]:
    """Whom to ask, and when the next report comes."""
    district = edition.district
    known = [district[key] for key in ("contact_name", "contact_email", "contact_phone")]
    whom = ", ".join(one_line(text) for text in known if text) or "the district office"
    following = (edition.as_of + pd.offsets.MonthEnd(1)).normalize()
    return [
        f"Questions: {whom}. The next report comes after {day_words(following)}.",
        one_line(district["name"]),
    ]
