"""What the office left marked in a proposal enters the logs: all of it, or nothing.

In: the workbook that `collect` wrote, as the office left it. Each log file is made anew in memory;
the whole source is read once more with the new files in place of the old; only where every new row
was accepted, nothing else moved and every finding would be closed, copies of the old files are kept
and the new ones put in their places. Traps: what stands in a log already is not entered again, so
whoever does not know whether it went through accepts once more.
"""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from nmsdreports.intake import load
from nmsdreports.intake.dates import Calendar
from nmsdreports.intake.tables import PROVENANCE, read_tables
from nmsdreports.policy import assess, read_policy
from nmsdreports.run.accepted import Chosen, read_chosen
from nmsdreports.run.appended import with_more_rows
from nmsdreports.run.copied import copied_source
from nmsdreports.run.log_rows import CONCERNS, EVERYONE, remains_open
from nmsdreports.run.logs import LogFile, find_log
from nmsdreports.run.publish import replace_file
from nmsdreports.settings import InputError, fold
from nmsdreports.views.sentences import list_words

_MOST_TOLD = 5
_NOTHING = "Nothing was changed."


@dataclass
class Accepted:
    """What was entered: `rows` by the words for the file, `backups`, and how many stood there."""

    rows: dict[str, int] = field(default_factory=dict)
    backups: list[Path] = field(default_factory=list)
    already: int = 0


@dataclass(frozen=True)
class _Change:
    """The rows that one log gets."""

    log: LogFile
    rows: list[Chosen]


@dataclass(frozen=True)
class _File:
    """A file of logs: its bytes before (None: it is new) and after.

    `path` is the file itself where the source only holds a link of the name `named` to it.
    """

    path: Path
    named: str
    before: bytes | None
    after: bytes


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
    changes, files = _changes(_once(new), records, today)
    for file in files:
        for place in {file.path, records.source / file.named}:
            _check_closed(place)
    _check_read_back(changes, files, records, as_of, today)
    done.backups = _replace(files, today)
    done.rows = {change.log.words: len(change.rows) for change in changes}
    return done


def _once(rows: list[Chosen]) -> list[Chosen]:
    """The rows without those that say the same as one before."""
    said: dict[tuple, Chosen] = {}
    for row in rows:
        cells = sorted((name, fold(str(value))) for name, value in row.cells.items())
        said.setdefault((row.table, *cells), row)
    return [*said.values()]


def _stands(row: Chosen, records: Any) -> bool:
    """Whether a row stands in its log already, in whatever file."""
    frame = getattr(records, row.table)
    same = pd.Series(True, frame.index)
    for name, value in row.cells.items():
        if isinstance(value, pd.Timestamp):
            same &= frame[name].eq(value)
        elif name == "groups_notified":
            same &= frame[name].fillna(EVERYONE).map(fold).eq(fold(value))
        else:
            same &= frame[name].map(fold, na_action="ignore").eq(fold(value))
    return bool(same.any())


def _changes(rows: list[Chosen], records: Any, today: date) -> tuple[list[_Change], list[_File]]:
    """What each log gets, and every file concerned; one workbook may hold several logs."""
    changes, files = [], {}
    for table in dict.fromkeys(row.table for row in rows):
        mine = [row for row in rows if row.table == table]
        cells = [row.cells for row in mine]
        log = find_log(records, table, cells, today)
        path = log.path.resolve()
        if path not in files:
            before = None if log.grid is None else path.read_bytes()
            files[path] = _File(path, log.path.name, before, before or b"")
        files[path] = replace(files[path], after=with_more_rows(log, files[path].after, cells))
        changes.append(_Change(log, mine))
    return changes, [*files.values()]


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


def _check_read_back(
    changes: list[_Change], files: list[_File], records: Any, as_of: pd.Timestamp, today: date
) -> None:
    """Read the whole source with the new files; raise InputError where anything is not as meant."""
    with copied_source(records) as copy:
        for file in files:
            (copy / file.named).write_bytes(file.after)
        try:
            again = load(copy, read_on=as_of.date(), today=today)
        except InputError as error:
            raise InputError(f"With the new rows: {error} {_NOTHING}") from error
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
    """Which rows answer no open finding any more, or would leave theirs open."""
    policy = read_policy(records.settings)  # the copy that was read again is gone, its file too
    before = assess(records, policy).at(as_of).findings.set_index(["finding_id", "opened_on"])
    after, found = assess(again, policy).at(as_of), []
    for row in (row for change in changes for row in change.rows):
        key, take = (row.finding_id, row.opened_on), "take the yes away."
        if row.finding_id is None:  # the office added it itself
            continue
        if key not in before.index or not before.loc[key, "open"]:
            found.append(f"{row.place}: {row.finding_id} is not open any more; {take}")
        elif remains_open(*key, *before.loc[key, ["guideline", "subject"]], after):
            words = "would stay open with this row; mend the row, or"
            found.append(f"{row.place}: {row.finding_id} {words} {take}")
    return found


def _replace(files: list[_File], today: date) -> list[Path]:
    """Keep copies of the old files and put the new ones in their places: all, or none."""
    for file in files:
        if (file.path.read_bytes() if file.path.exists() else None) != file.before:
            raise InputError(
                f"{file.path.name} changed while this was at work; accept again. {_NOTHING}"
            )
    backups: dict[Path, Path] = {}
    done: list[_File] = []
    try:
        for file in files:
            if file.before is not None:
                backups[file.path] = _keep(file, today)
        for file in files:
            done.append(file)
            _write(file.path, file.after)
    except BaseException as error:
        left = [file.path for file in done if not _put_back(file)]
        for path, backup in backups.items():
            if path not in left:
                with suppress(OSError):
                    backup.unlink(missing_ok=True)
        if left:
            raise InputError(_left_words(left, backups)) from error
        if not isinstance(error, OSError):
            raise
        raise InputError(
            f"{(done or files)[-1].path.name} could not be written "
            f"({error.strerror or error}): close it where it is open, then accept again. {_NOTHING}"
        ) from error
    return [*backups.values()]


def _write(path: Path, data: bytes) -> None:
    """Put the bytes in the file's place; who may read and write it stays as it was."""

    def fill(fresh: Path) -> None:
        fresh.write_bytes(data)
        if not path.exists():
            return
        old = path.stat()
        # Only an administrator may give a file to somebody else, and Windows knows no such call.
        for owner, group in ((-1, old.st_gid), (old.st_uid, -1)):
            with suppress(OSError, AttributeError):
                os.chown(fresh, owner, group)
        with suppress(OSError):
            shutil.copymode(path, fresh)

    replace_file(path, fill)


def _keep(file: _File, today: date) -> Path:
    """Copy the old file beside it, dated, under a name that is no input."""
    path, number = file.path, 1
    backup = path.with_name(f"{path.name}.before-{today.isoformat()}.bak")
    while backup.exists():
        number += 1
        backup = path.with_name(f"{path.name}.before-{today.isoformat()}-{number}.bak")
    replace_file(backup, lambda fresh: fresh.write_bytes(file.before))
    shutil.copystat(path, backup)
    return backup


def _put_back(file: _File) -> bool:
    """Let a file be what it was before, if it is not so still; whether that is so now."""
    try:
        if file.before is None:
            file.path.unlink(missing_ok=True)
        elif file.path.read_bytes() != file.before:
            _write(file.path, file.before)
    except OSError:
        return False
    return True


def _left_words(left: list[Path], backups: dict[Path, Path]) -> str:
    """Which files may hold new rows though not all could be written, and what to do with each."""
    told = [
        f"put {backups[path].name} in the place of {path.name}"
        if path in backups
        else f"delete {path.name}"
        for path in left
    ]
    return (
        f"Not every file could be written, and {list_words([path.name for path in left])} could "
        f"not be put back and may hold new rows: {list_words(told)}, in "
        f"{list_words(sorted({str(path.parent) for path in left}))}. All other files are as they "
        "were. Then accept again."
    )


def entered_words(done: Accepted) -> str:
    """What was entered where: "3 rows into approvals.xlsx · Approvals and 1 row into …"."""
    return list_words(
        [
            f"{rows} {'row' if rows == 1 else 'rows'} into {words}"
            for words, rows in done.rows.items()
        ]
    )
