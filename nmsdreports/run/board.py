"""The board's part of a month: what the board was given before, and whether it may be given this.

In: the published editions of a folder of reports. Out: what they have printed, what moved since
the last of them, and a verdict on the part just made. What is published stays public, so the check
reads the finished files of this edition and of every published one, and no doubt is waved through.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd

from nmsdreports.policy import Standing
from nmsdreports.policy.since import Since, nothing_moved
from nmsdreports.run.compared import compare, read_since, since_folder, since_key, write_since
from nmsdreports.run.publish import digest, editions, is_published, read_manifest
from nmsdreports.settings import InputError, Settings
from nmsdreports.views.board.audit import NO_TABLE, check_hidden
from nmsdreports.views.board.edition import PRINTED
from nmsdreports.views.board.printed import read_printed
from nmsdreports.views.exports import write_table
from nmsdreports.views.index import Entry

FOLDER = "board"
"""Where the board's part lies in an edition, and in its data what that part follows."""
_PRINTED = "printed.parquet"
_RESTATED = "restated"
_ASK = "ask whoever looks after this program; publish no count of incidents meanwhile"
_KEEP = (
    "keep in your own board_charts.ipynb a cell that shows the incidents, as the program's own has"
)
_NONE = Since("", "", False, "", nothing_moved())


def published_parts(output: Path) -> list[Path]:
    """Return the board's part of every published edition, of any month, oldest month first."""
    found = [folder for same in editions(output).values() for folder in same]
    parts = [folder / FOLDER for folder in found if is_published(folder)]
    return [part for part in parts if part.is_dir()]


def given_before(output: Path) -> list[str]:
    """Return the names of the published editions whose part for the board is public."""
    return [part.parent.name for part in published_parts(output)]


def write_before(
    output: Path, month: str, standing: Standing, since: Since, before: dict | None, data: Path
) -> str:
    """Write what the board was given before into the edition's `data`; return its hash.

    Compared is the last published edition of an earlier month, as in `compared.compare`: `since` is
    what moved since the edition `before` and serves where that is the one. A month that was
    published already is restated; then what moved since that edition lies in a folder of its own.
    """
    parts = published_parts(output)
    printed = pd.concat([_printed_in(part) for part in parts] or [_nothing_printed()])
    printed = printed.reset_index(drop=True)
    names = [part.parent.name for part in parts]
    known = {before["name"]: since} if before else {}
    folders = {
        data / FOLDER: [name for name in names if name[:7] < month],
        data / FOLDER / _RESTATED: [name for name in names if name[:7] == month],
    }
    keys = []
    for folder, found in folders.items():
        moved = _NONE
        if found:
            edition = {"name": found[-1], "restated": folder.name == _RESTATED}
            moved = known.get(found[-1]) or compare(output, edition, standing)
        moved = replace(moved, unfinished=since.unfinished)
        write_since(moved, month, folder)
        keys.append(since_key(moved, None))
    write_table(printed, "parquet", data / FOLDER / _PRINTED)
    return digest([*keys, printed.to_csv(index=False)])


def read_before(output: str, month: str) -> tuple[Since, pd.DataFrame]:
    """Return what the board was given before, for the part that is made in the folder `output`.

    Of a month that is restated `restates` of the first names the published edition, and what moved
    since that. A notebook that is run by hand elsewhere knows of no edition before.
    """
    folder = since_folder(output, month, FOLDER)
    printed = _nothing_printed() if folder is None else pd.read_parquet(folder / _PRINTED)
    restated = read_since(output, month, f"{FOLDER}/{_RESTATED}")
    since = read_since(output, month, FOLDER)
    return replace(since, restates=restated if restated.name else None), printed


def check_part(entry: Entry, folder: Path, output: Path, min_cell: int) -> Entry:
    """Return the entry of the board's part in `folder`, if need be as one that failed.

    It fails where its notebook did, and where a hidden number can be worked out from it and from
    all that was published before, or that cannot be told. Then nothing of it stays.
    """
    if entry.cause:
        # the office finds the cell that stopped beside the board's folder, never in it
        kept = tuple(file.rename(folder.with_name(file.name)) for file in entry.files)
        shutil.rmtree(folder)
        return replace(entry, files=kept)
    found = audit([folder, *published_parts(output)], min_cell)
    faults = [text.replace(folder.parent.name, "this month") for text in found]
    if not faults:
        return entry
    shutil.rmtree(folder)
    more = f" ({len(faults) - 1:,} more)" if len(faults) > 1 else ""
    why, repair = "would tell what it hides", _ASK
    if NO_TABLE in faults[0]:
        # the program's own notebook always shows one, if only of "fewer than 10"
        why, repair = "cannot be checked", _KEEP
    cause = f"it {why}, so nothing of it was published: {faults[0]}{more}"
    return replace(entry, files=(), cause=cause, repair=repair)


def check_publishable(edition: Path) -> None:
    """Refuse to publish an edition that tells with those published since it was made too much.

    Raises InputError that names table and cells.
    """
    part, others = edition / FOLDER, published_parts(edition.parent)
    # a manifest that was made anew knows of no settings
    known = (read_manifest(edition) or {}).get("settings") or {}
    min_cell = known.get("min_cell", Settings.min_cell)
    faults = audit([part, *others], min_cell) if part.is_dir() else []
    if faults:
        raise InputError(
            f"{edition.name} cannot be published: beside what was published before, its part for "
            f"the board would tell what it hides: {faults[0]} Make the month again first."
        )


def audit(parts: list[Path], min_cell: int) -> list[str]:
    """Return what the parts tell together that they must not; what cannot be checked does so."""
    try:
        return check_hidden(parts, min_cell)
    except Exception as error:  # whatever stops the check, it has not been passed
        return [f"The check itself stopped ({type(error).__name__})."]


def _printed_in(part: Path) -> pd.DataFrame:
    rows = read_printed(part)
    return rows.assign(file=f"{part.parent.name}/" + rows["file"].astype("str"))


def _nothing_printed() -> pd.DataFrame:
    frame = pd.DataFrame({name: pd.Series(dtype="str") for name in PRINTED})
    return frame.astype({"as_of": "datetime64[us]"})
