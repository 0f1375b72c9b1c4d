"""What the office asks of a delivery, what became of each message, and what is known before it."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from nmsdreports.run.journal import DRAFTED, QUEUED, REFUSED, SENDING, SENT, Line
from nmsdreports.run.messages import Message

OFFICE, OFFICE_NAME = "*", "The office"
ALL = "all"
"""In an order: each message that is asked about."""
BEFORE, ASKED, FAULT = "before", "asked", "fault"


_DONE = {SENT: "sent", DRAFTED: "draft written"}


@dataclass(frozen=True)
class Order:
    """What the office asked for; schools are ids, `*` is the office's own message.

    `only` are the schools to send to (none named: all, and the office), `again` those to which it
    may go once more, `arrived` those of which the office says that they have it; of both `all` are
    those that are asked about.
    """

    smtp: bool = False
    only: Collection[str] = ()
    again: Collection[str] = ()
    arrived: Collection[str] = ()
    unchanged: bool = False


@dataclass(frozen=True)
class Outcome:
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
    def word(self) -> str:
        """What names it in an option: the school's id, or "office"."""
        return "office" if self.whose == OFFICE else self.whose


@dataclass(frozen=True)
class Delivered:
    """What a run did: every message's outcome, where drafts lie, what older editions still owe."""

    outcomes: list[Outcome]
    drafts: Path
    left_over: dict[str, list[str]]


def known_state(
    states: dict[str, Line], message: Message, smtp: bool, sender: str
) -> tuple[str, str]:
    """What the journal says of a message that is not to go now, and why; nothing where it is."""
    for line in states.values():
        if line.state == SENDING:
            return ASKED, asked_words("", line)
    line = states.get(message.identity)
    fresh = line is None or line.state == QUEUED
    if fresh or (line.state == REFUSED and not (smtp and line.sender == sender)):
        return "", ""
    day = line.on[:10]
    if line.state == REFUSED:
        return REFUSED, f"{line.reply}, on {day}; it was not tried again"
    if line.state == DRAFTED and smtp:
        return ASKED, f"a draft was written on {day}; whether it was sent is not known here"
    return BEFORE, f"{_DONE[line.state]} on {day}"


def asked_words(reply: str, line: Line | None = None) -> str:
    """Say that a message may have arrived, with what broke off, or the line on record of it."""
    broke = f" ({reply})" if reply else ""
    when = f" on {line.on[:10]} to {line.to}" if line else ""
    return f"it was on its way{when} when that was broken off{broke}, so it may have arrived"
