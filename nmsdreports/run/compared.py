"""An edition beside the one that it follows: what moved, or why that cannot be told.

In: the folder of the edition before, today's standing. Out: :class:`Since`, written into the new
edition's data before its reports, which find it there by the folder that they are made in.
Traps: it has the rows of all schools, and only :func:`edition` narrows it; an earlier edition that
cannot be used is no reason not to make the month.
"""

import dataclasses
import json
from pathlib import Path

import pandas as pd

from nmsdreports.intake import Records
from nmsdreports.policy import Standing, steps
from nmsdreports.policy.since import Moved, Printed, Since, moved_since, nothing_moved
from nmsdreports.run.manifest import plain, program_state
from nmsdreports.run.publish import (
    current_edition,
    digest,
    editions,
    file_hash,
    read_manifest,
)
from nmsdreports.run.shape import fits
from nmsdreports.run.snapshots import read_snapshot
from nmsdreports.settings import SETTINGS_FILE, InputError
from nmsdreports.views.caveats import left_words
from nmsdreports.views.exports import write_table
from nmsdreports.views.sentences import account_labels

DATA = "data"
SINCE = "since.json"
ROWS, COUNTS = "changes", "changes_counts"
_TOLD_TO_SCHOOLS = ("name", "month", "restated", "cannot", "unfinished")
_TOLD = (*_TOLD_TO_SCHOOLS, "same_as", "left")
_LEFT = {"account_id": str, "school_id": str, "label": str, "set_aside": bool}
_SHAPE = {
    **{"name": str, "month": str, "cannot": str, "same_as": str},
    **{"left": [_LEFT], "unfinished": bool},
}


def compare(output: Path, before: dict | None, standing: Standing) -> Since:
    """Return what moved since the edition `before` (as of `publish.edition_before`) in `output`."""
    if before is None:
        return Since("", "", False, "", nothing_moved())
    folder = output / before["name"]
    manifest = read_manifest(folder) or {}
    since = Since(
        before["name"], str(manifest.get("month", "")), before["restated"], "", nothing_moved()
    )
    try:
        then = _read_unchanged(folder, manifest)
    except InputError as error:
        return dataclasses.replace(since, cannot=str(error))
    same_program = manifest.get("program_state") == program_state()
    read_by = _read_by(then.records.inputs, manifest, standing, same_program)
    moved = moved_since(then, standing, same_program, read_by)
    left = left_accounts(then.records.accounts, standing.records)
    return dataclasses.replace(since, moved=moved, left=left)


def could_be_compared(edition: Path) -> bool:
    """Whether an edition that could not be compared with the one before it now could be."""
    told = read_told(edition)
    if not (told.get("name") and told.get("cannot")):
        return False
    folder = edition.parent / told["name"]
    try:
        _read_unchanged(folder, read_manifest(folder) or {})
    except InputError:
        return False
    return True


def left_accounts(then: pd.DataFrame, now: Records) -> list[dict]:
    """Return the accounts of an earlier registry that are in it no more, as of `Since.left`."""
    column = now.columns[
        (now.columns["table"] == "accounts") & (now.columns["column"] == "account_id")
    ]
    aside = now.originals.merge(column[["file", "sheet", "letter"]])
    there, kept, seen = (
        texts.astype("str").str.strip().str.casefold()
        for texts in (then["account_id"], now.accounts["account_id"], aside["value"])
    )
    gone = then[~there.isin(kept)]
    gone = gone.assign(label=account_labels(gone), set_aside=there.isin(seen)[gone.index])
    names = ["account_id", "school_id", "label", "set_aside"]
    return gone.sort_values("account_id")[names].to_dict("records")


def left_since_last(output: Path, now: Records) -> list[str]:
    """Say which accounts of the last month's report in `output` cannot be judged any more.

    Nothing where there is no such report, or its data cannot be read.
    """
    months = editions(output)
    if not months:
        return []
    month = max(months)
    try:
        then = read_snapshot(current_edition(months[month]) / DATA)
    except InputError:
        return []
    return left_words(left_accounts(then.records.accounts, now), month)


def write_since(since: Since, month: str, folder: Path) -> None:
    """Write what moved into a folder of the edition of `month`.

    That is the rows and the counts (Parquet and CSV), and the edition before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in ((ROWS, since.moved.rows), (COUNTS, since.moved.counts)):
        write_table(frame, "parquet", folder / f"{name}.parquet")
        write_table(frame, "csv", folder / f"{name}.csv")
    told = {"of": month, **{name: getattr(since, name) for name in _TOLD}}
    text = json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / SINCE).write_text(text + "\n", "utf-8", newline="\n")


def read_since(output: str, month: str, inside: str = "") -> Since:
    """Return what moved since the edition before, for the report that is made in `output`.

    It lies in the edition to which that folder belongs (in its data, there in the folder `inside`);
    a notebook that is run by hand elsewhere has none.
    """
    folder = since_folder(output, month, inside)
    if folder is None:
        return Since("", "", False, "it was made by hand", nothing_moved())
    told = json.loads((folder / SINCE).read_text("utf-8"))
    rows, counts = (pd.read_parquet(folder / f"{name}.parquet") for name in (ROWS, COUNTS))
    return Since(**{name: told[name] for name in _TOLD if name in told}, moved=Moved(rows, counts))


def read_told(edition: Path) -> dict:
    """Return what an edition says of the one before it; nothing where that cannot be read."""
    try:
        # An older program did not write whether the month was over.
        told = {"unfinished": False} | json.loads((edition / DATA / SINCE).read_text("utf-8"))
    except (OSError, ValueError, TypeError):
        return {}
    return told if fits(told, _SHAPE) else {}


def since_folder(output: str, month: str, inside: str = "") -> Path | None:
    """Return the folder that says what the report made in `output` follows, if there is one."""
    for edition in Path(output).resolve().parents[:2]:
        path = edition / DATA / inside / SINCE
        if path.is_file() and json.loads(path.read_text("utf-8")).get("of") == month:
            return path.parent
    return None


def since_key(since: Since, school_id: str | None) -> str:
    """Return the hash of what the report of a school, or of the office, says of it."""
    frames = [since.moved.rows, since.moved.counts]
    if school_id is not None:
        frames = [frame[frame["school_id"] == school_id] for frame in frames]
    names = _TOLD if school_id is None else _TOLD_TO_SCHOOLS
    told = {name: getattr(since, name) for name in names}
    told["left"] = [one for one in since.left if school_id in (None, one["school_id"])]
    return digest([told, *(frame.to_csv(index=False) for frame in frames)])


def _read_unchanged(folder: Path, manifest: dict) -> Printed:
    """Return what an edition printed; raises InputError where its data are not those it lists."""
    _check_unchanged(folder, manifest)
    return read_snapshot(folder / DATA)


def _check_unchanged(folder: Path, manifest: dict) -> None:
    """Refuse data that are not those which the manifest lists."""
    for name, facts in manifest.get("outputs", {}).items():
        if not name.startswith(f"{DATA}/"):
            continue
        path = folder / name
        if not path.is_file():
            raise InputError(f"{name} is missing")
        try:
            same = file_hash(path) == facts.get("sha256")
        except OSError as error:
            raise InputError(f"{name} cannot be read") from error
        if not same:
            raise InputError(f"{name} was changed since it was made")


def _read_by(inputs: pd.DataFrame, manifest: dict, standing: Standing, same_program: bool) -> str:
    """Why the facts of now may be others than those of then.

    The same spreadsheets are read otherwise only by another program or by other settings.
    """
    sheets = [
        frame.loc[frame["file"] != SETTINGS_FILE, ["file", "sha256"]]
        .sort_values("file")
        .to_numpy()
        .tolist()
        for frame in (inputs, standing.records.inputs)
    ]
    if sheets[0] != sheets[1]:
        return steps.DATA
    if not same_program:
        return steps.PROGRAM
    now = plain(dataclasses.asdict(standing.records.settings))
    return steps.DATA if manifest.get("settings") == now else steps.POLICY
