"""What became of each message: one line a step, on the disk before the next step is taken.

A line is never changed. "sending" is written before the words go out that a server may accept,
"sent" after it has said so; a message of which only "sending" is on record may or may not have
arrived, and nobody but the office can find out. Trap: a crash may cut the last line in
the middle; what it tells of has not happened yet, so it does not count.
"""

import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from nmsdreports.run.publish import flush_folder
from nmsdreports.settings import InputError

OUTBOX = "outbox"
JOURNAL = "what-was-sent.jsonl"
OFFICE = "*"
SENDING, SENT, QUEUED, REFUSED, DRAFTED = "sending", "sent", "queued", "refused", "drafted"
BEGUN = "begun"
"""Of no message: the edition is about to go out, and is marked as published for that."""
_STATES = (BEGUN, SENDING, SENT, QUEUED, REFUSED, DRAFTED)


@dataclass(frozen=True)
class Line:
    """One step of one message.

    `edition` is the hash of what the edition holds and `folder` its name, `whose` the school's id
    (`*` for the office) and `name` what it is called, `message` the Message-ID, `to` and `sender`
    are addresses, `reply` what the server said, `on` the moment in UTC.
    """

    edition: str
    folder: str
    whose: str
    name: str
    message: str
    to: str
    state: str
    sender: str = ""
    reply: str = ""
    on: str = ""


def read_journal(output: Path) -> list[Line]:
    """Return every line of the journal in a folder of reports, oldest first.

    Raises InputError where one cannot be read: then nobody can tell what was sent.
    """
    path = output / OUTBOX / JOURNAL
    # What stands behind the last line break was cut off, and has not happened yet.
    texts = path.read_bytes().split(b"\n")[:-1] if path.is_file() else []
    return [_read_line(text, path, number) for number, text in enumerate(texts, start=1)]


def write_line(output: Path, line: Line) -> Line:
    """Add a line with the moment it was written; it is on the disk when this returns."""
    path = output / OUTBOX / JOURNAL
    new = not path.exists()
    path.parent.mkdir(exist_ok=True)
    stamped = replace(line, on=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    text = json.dumps(vars(stamped), ensure_ascii=False).encode() + b"\n"
    with path.open("ab+") as file:
        _drop_cut_line(file)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if new:
        flush_folder(path.parent)
        flush_folder(output)
    return stamped


def states_of(lines: list[Line], edition: str, whose: str) -> dict[str, Line]:
    """Return by Message-ID the last line of each message of an edition to one recipient."""
    return {line.message: line for line in lines if (line.edition, line.whose) == (edition, whose)}


def left_over(lines: list[Line]) -> dict[str, list[str]]:
    """Return by edition's name whose messages wait to be sent or answered for, in names."""
    last = {(line.edition, line.whose, line.message): line for line in lines}
    waiting = {
        (line.folder, line.name): None for line in last.values() if line.state in (QUEUED, SENDING)
    }
    return {folder: [n for f, n in waiting if f == folder] for folder, _ in waiting}


def _read_line(text: bytes, path: Path, number: int) -> Line:
    try:
        line = Line(**json.loads(text))
        if line.state not in _STATES:
            raise ValueError(line.state)
        datetime.fromisoformat(line.on)
        return line
    except (ValueError, TypeError, RecursionError):
        raise InputError(
            f'Line {number} of "{path}" cannot be read, so nobody can tell what was sent already, '
            "and nothing was sent. Put the file back as it was from a copy of the folder."
        ) from None


def _drop_cut_line(file) -> None:
    """Cut off what a crash left of a line that was never finished."""
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    whole = file.read().rfind(b"\n") + 1
    if whole != end:
        file.truncate(whole)
