"""What the office left marked in a proposal enters the logs: all of it, or nothing.

In: the workbook that `collect` wrote, as the office left it. Each log file is made anew in memory;
the whole source is read once more with the new files in place of the old; only where every new row
was accepted, nothing else moved and every finding would be closed, copies of the old files are kept
and the new ones put in their places. Traps: what stands in a log already is not entered again, so
whoever does not know whether it went through accepts once more.
"""

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from nmsdreports.intake import load
from nmsdreports.intake.dates import Calendar
from nmsdreports.intake.tables import PROVENANCE, read_tables
from nmsdreports.policy import assess
from nmsdreports.run.accepted import Chosen, read_chosen
from nmsdreports.run.appended import with_more_rows
from nmsdreports.run.log_rows import CONCERNS, EVERYONE, remains_open
from nmsdreports.run.logs import LogFile, find_log
from nmsdreports.run.publish import replace_file
from nmsdreports.settings import InputError, fold
from nmsdreports.views.sentences import list_words

_MOST_TOLD = 5
_NOTHING = "Nothing was changed."
_NOT_COPIED = shutil.ignore_patterns("reports", ".*", "~$*", "*.bak")


@dataclass
class Accepted:
    """What was entered: `rows` by the words for the file, `backups`, and how many stood there."""

    rows: dict[str, int] = field(default_factory=dict)
    backups: list[Path] = field(default_factory=list)
    already: int = 0


@dataclass(frozen=True)
class _Change:
    """One log file: its bytes before (None: it is new) and after, and the rows it gets."""

    log: LogFile
    before: bytes | None
    after: bytes
    rows: list[Chosen]


def accept(path: Path, records: Any, as_of: pd.Timestamp, today: date) -> Accepted:
    """Enter the marked rows of the proposal `path` into the logs of `records`.

    Raises InputError, with nothing changed, where a row cannot be read, would be set aside or would
    close nothing, and where a log file is open elsewhere or changed meanwhile.
    """
    calendar = Calendar(records.settings.time_zone, as_of.date(), today=today)
    chosen = read_chosen(path, records, calendar, today)
    new = [row for row in chosen if not _stands(row, records)]
    done = Accepted(already=len(chosen) - len(new))
    if not new:
        return done
    changes = _changes(new, records, today)
    for change in changes:
        _check_closed(change.log.path)
    _check_read_back(changes, records, as_of, today)
    done.backups = _replace(changes, today)
    done.rows = {change.log.words: len(change.rows) for change in changes}
    return done


def _stands(row: Chosen, records: Any) -> bool:
    """Whether a row stands in its log already, in whatever file."""
    frame = getattr(records, row.table)
    same = pd.Series(True, frame.index)
    for name, value in row.cells.items():
        if isinstance(value, pd.Timestamp):
            same &= frame[name].eq(value)
        elif not (value == EVERYONE and name == "groups_notified"):
            same &= frame[name].map(fold, na_action="ignore").eq(fold(value))
    return bool(same.any())


def _changes(rows: list[Chosen], records: Any, today: date) -> list[_Change]:
    """The new bytes of every log file concerned."""
    made = []
    for table in dict.fromkeys(row.table for row in rows):
        mine = [row for row in rows if row.table == table]
        log = find_log(records, table, [row.cells for row in mine], today)
        before = log.path.read_bytes() if log.grid is not None else None
        after = with_more_rows(log, before or b"", [row.cells for row in mine])
        made.append(_Change(log, before, after, mine))
    return made


def _check_closed(path: Path) -> None:
    """Raise InputError where a file is open in a spreadsheet program, or may not be written."""
    signs = [path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")]
    try:
        if path.exists():
            with path.open("rb+"):
                pass
        open_elsewhere = any(sign.exists() for sign in signs)
    except PermissionError:
        open_elsewhere = True
    if open_elsewhere:
        raise InputError(
            f"{path.name} is open somewhere, or may not be written: save and close it, then accept "
            f"again. {_NOTHING}"
        )


def _check_read_back(changes: list[_Change], records: Any, as_of: pd.Timestamp, today) -> None:
    """Read the whole source with the new files; raise InputError where anything is not as meant."""
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / "source"
        shutil.copytree(records.source, copy, ignore=_NOT_COPIED)
        for change in changes:
            (copy / change.log.path.name).write_bytes(change.after)
        again = load(copy, read_on=as_of.date(), today=today)
    faults = _of_rows(changes, again) or _of_the_rest(changes, records, again)
    faults = faults or _of_findings(changes, records, again, as_of)
    if faults:
        more = f" ({len(faults) - _MOST_TOLD} more.)" if len(faults) > _MOST_TOLD else ""
        raise InputError(f"{' '.join(faults[:_MOST_TOLD])}{more} {_NOTHING}")


def _of_rows(changes: Iterable[_Change], again: Any) -> list[str]:
    """What the reader says against the new rows."""
    found = []
    for change in changes:
        log = change.log
        problems = again.problems
        here = problems[problems["file"].eq(log.path.name) & problems["level"].eq("error")]
        if log.grid is not None and log.grid.sheet is not None:
            here = here[here["sheet"].eq(log.grid.sheet)]
        first = log.last + 1 if log.grid is not None else 2
        for at, row in enumerate(change.rows):
            wrong = here[here["row"].eq(first + at)]
            found += [f"{row.place}: {message}" for message in wrong["message"]]
    return found


def _of_the_rest(changes: Iterable[_Change], records: Any, again: Any) -> list[str]:
    """Whether each log has exactly the new rows more, and everything else is as it was."""
    by_table = {change.log.table.name: change for change in changes}
    for table in read_tables():
        old, new = getattr(records, table), getattr(again, table)
        change = by_table.get(table)
        if change is not None and table == CONCERNS:
            answered = [row.cells["concern_id"] for row in change.rows]
            old, new = (frame[~frame["concern_id"].isin(answered)] for frame in (old, new))
        elif change is not None:
            added = _added(change, again, table)
            if int(added.sum()) != len(change.rows):
                return [_not_as_it_was(change.log.path)]
            new = new[~added]
        if _prints(old) != _prints(new):
            return [_not_as_it_was(change.log.path if change else records.source)]
    return []


def _not_as_it_was(path: Path) -> str:
    return f"{path.name} would not be read as it was with the new rows; enter them by hand."


def _added(change: _Change, again: Any, table: str) -> pd.Series:
    """Which rows of a log, as read again, are the new ones."""
    frame, log = getattr(again, table), change.log
    first = log.last + 1 if log.grid is not None else 2
    here = frame["file"].eq(log.path.name)
    if log.grid is not None and log.grid.sheet is not None:
        here &= frame["sheet"].eq(log.grid.sheet)
    return here & frame["row"].between(first, first + len(change.rows) - 1)


def _prints(frame: pd.DataFrame) -> list[int]:
    """A number for each row, without the place it came from; sorted."""
    rows = frame.drop(columns=[*PROVENANCE])
    return sorted(pd.util.hash_pandas_object(rows, index=False).tolist())


def _of_findings(
    changes: Iterable[_Change], records: Any, again: Any, as_of: pd.Timestamp
) -> list[str]:
    """Which rows would leave their finding open."""
    before = assess(records).at(as_of).findings.set_index(["finding_id", "opened_on"])
    after, found = assess(again).at(as_of), []
    for row in (row for change in changes for row in change.rows):
        key = (row.finding_id, row.opened_on)
        if key not in before.index:
            continue
        finding = before.loc[key]
        if remains_open(*key, finding["guideline"], finding["subject"], after):
            found.append(
                f"{row.place}: {row.finding_id} would stay open with this row; mend the row, or "
                "take the yes away."
            )
    return found


def _replace(changes: list[_Change], today: date) -> list[Path]:
    """Keep copies of the old files and put the new ones in their places: all, or none."""
    for change in changes:
        path = change.log.path
        if (path.read_bytes() if path.exists() else None) != change.before:
            raise InputError(
                f"{path.name} changed while this was at work; accept again. {_NOTHING}"
            )
    backups = [_keep(change, today) for change in changes if change.before is not None]
    done: list[_Change] = []
    try:
        for change in changes:
            replace_file(change.log.path, lambda fresh, data=change.after: fresh.write_bytes(data))
            done.append(change)
    except OSError as error:
        for change in done:
            _put_back(change)
        for backup in backups:
            backup.unlink(missing_ok=True)
        raise InputError(
            f"{changes[len(done)].log.path.name} could not be written "
            f"({error.strerror or error}): close it where it is open, then accept again. {_NOTHING}"
        ) from error
    return backups


def _keep(change: _Change, today: date) -> Path:
    """Copy the old file beside it, dated, under a name that is no input."""
    path, number = change.log.path, 1
    backup = path.with_name(f"{path.name}.before-{today.isoformat()}.bak")
    while backup.exists():
        number += 1
        backup = path.with_name(f"{path.name}.before-{today.isoformat()}-{number}.bak")
    replace_file(backup, lambda fresh: fresh.write_bytes(change.before))
    shutil.copystat(path, backup)
    return backup


def _put_back(change: _Change) -> None:
    if change.before is None:
        change.log.path.unlink()
    else:
        replace_file(change.log.path, lambda fresh: fresh.write_bytes(change.before))


def entered_words(done: Accepted) -> str:
    """What was entered where: "3 rows into approvals.xlsx · Approvals and 1 row into …"."""
    return list_words(
        [
            f"{rows} {'row' if rows == 1 else 'rows'} into {words}"
            for words, rows in done.rows.items()
        ]
    )
