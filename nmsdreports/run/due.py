"""Whether last month's reports are still to be made or sent; imports nothing slow.

A month is due from the first weekday after it on, or from the one that the office chose, each
weekday until it is done. It is done once the office has been told what went out and no message
waits, or once the office has marked the month's reports as published itself. So a machine that was
off, a holiday and a change of the clock do no harm: the next run finds what is still to be done.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nmsdreports.run.clock import first_due, month_by_clock
from nmsdreports.run.journal import DRAFTED, OFFICE, QUEUED, SENT, read_journal
from nmsdreports.run.publish import editions, read_manifest


@dataclass(frozen=True)
class Due:
    """How it stands with the last complete month.

    `begins` is the day from which on it is due; `edition` the month's published edition, of which
    the messages are to be finished, or nothing where the reports come first; `told` whether the
    office has had its message.
    """

    month: str
    begins: date
    edition: Path | None
    told: bool
    done: bool


def find_due(output: Path, today: date, workday: int = 1) -> Due:
    """Return how it stands with the last complete month in a folder of reports.

    Raises InputError where the clock cannot be right, and where the journal cannot be read.
    """
    found = editions(output)
    month = month_by_clock(today, found)
    known = {folder: read_manifest(folder) for folder in found.get(month, [])}
    some = {folder.name for folder, manifest in known.items() if not manifest.get("whole")}
    published = [
        folder
        for folder, manifest in known.items()
        if folder.name not in some
        and manifest["state"] == "published"
        # Nobody can tell what was in it, so it cannot be sent.
        and not manifest.get("rebuilt")
    ]
    edition = published[-1] if published else None
    lines = [
        line
        for line in read_journal(output)
        if line.folder[:7] == month and line.folder not in some
    ]
    told = any(line.whose == OFFICE and line.state in (SENT, DRAFTED) for line in lines)
    last = {line.whose: line.state for line in lines if edition and line.folder == edition.name}
    handed_out = edition is not None and not last
    done = handed_out or (told and QUEUED not in last.values())
    return Due(month, first_due(today, workday), edition, told, done)
