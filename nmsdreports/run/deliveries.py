"""A delivery: what the office asks, what became of each message, and what is known before it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from nmsdreports.run.journal import DRAFTED, OFFICE, OUTBOX, QUEUED, REFUSED, SENDING, SENT, Line
from nmsdreports.run.messages import Message
from nmsdreports.run.publish import EDITION, folders, read_manifest
from nmsdreports.views.sentences import day_words

OFFICE_NAME = "The office"
ALL = "all"
"""In an order: each message that is asked about."""
BEFORE, ASKED, FAULT = "before", "asked", "fault"


_DONE = {SENT: "sent", DRAFTED: "draft written"}


@dataclass(frozen=True)
class Order:
    """What the office asked for; schools are ids, `*` is the office's own message.

    `only` are the schools to send to (none named: all, and the office), `again` those to which it
    may go once more, `arrived` those of which the office says that they have it; of both `all` are
    those that are asked about. `news` are sentences that the office is told besides.
    """

    smtp: bool = False
    only: Collection[str] = ()
    again: Collection[str] = ()
    arrived: Collection[str] = ()
    unchanged: bool = False
    news: Collection[str] = ()


@dataclass(frozen=True)
class MessageOutcome:
    """What became of one message, and the words on it; `state` is one of the journal's, or
    `before` (done in an earlier run), `asked` (nobody knows whether it arrived), `fault`.
    """

    whose: str
    name: str
    to: str
    state: str
    words: str

    @property
    def well(self) -> bool:
        """Whether it asks for nothing more."""
        return self.state in (SENT, DRAFTED, BEFORE)

    @property
    def sentences(self) -> str:
        """Why it did not go well, and what to do."""
        named = "office" if self.whose == OFFICE else self.whose
        repair = {
            QUEUED: "The next run tries it again.",
            REFUSED: f"Mend the address; or mend the cause and add --again {named}.",
            ASKED: f"Find out whether it did; then add --arrived {named} or --again {named}.",
        }.get(self.state, "")
        return f"{self.words}. {repair}".strip()


@dataclass(frozen=True)
class Delivered:
    """What a run did: every message's outcome, where drafts lie, what older editions still owe.

    `stale` are the folders with drafts of the editions whose place this one takes.
    """

    outcomes: list[MessageOutcome]
    drafts: Path
    left_over: dict[str, list[str]]
    stale: list[Path]


def known_state(
    states: dict[str, Line], message: Message, sender: str, time_zone: str
) -> tuple[str, str]:
    """What the journal says of a message that is not to go now, and why; nothing where it is.

    Without a `sender` it would become a draft.
    """
    for line in states.values():
        if line.state == SENDING:
            return ASKED, asked_words(f" on {_day(line, time_zone)} to {line.to}")
    line = states.get(message.identity)
    fresh = line is None or line.state == QUEUED
    if fresh or (line.state == REFUSED and not (sender and line.sender == sender)):
        return "", ""
    day = _day(line, time_zone)
    if line.state == REFUSED:
        return REFUSED, f"{line.reply}, on {day}; it was not tried again"
    if line.state == DRAFTED and sender:
        return ASKED, f"a draft was written on {day}; whether it was sent is not known here"
    return BEFORE, f"{_DONE[line.state]} on {day}"


def stale_drafts(edition: Path) -> list[Path]:
    """Return the folders with drafts of the editions whose place this one has taken.

    One of single schools takes nobody's place.
    """
    if not read_manifest(edition)["whole"]:
        return []
    number = int(EDITION.fullmatch(edition.name)[2] or 1)
    lying = folders(edition.parent / OUTBOX).get(edition.name[:7], [])
    return [
        folder
        for folder in lying
        if int(EDITION.fullmatch(folder.name)[2] or 1) < number and any(folder.glob("*.eml"))
    ]


def asked_words(when: str = "", reply: str = "") -> str:
    """Say that a message may have arrived, with when that was, or what broke it off."""
    broke = f" ({reply})" if reply else ""
    return f"it was on its way{when} when that was broken off{broke}, so it may have arrived"


def _day(line: Line, time_zone: str) -> str:
    """The day of a line, as it was in the district."""
    moment = datetime.fromisoformat(line.on).astimezone(ZoneInfo(time_zone))
    return day_words(pd.Timestamp(moment.date()))
