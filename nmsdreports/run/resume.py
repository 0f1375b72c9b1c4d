"""An interrupted run goes on where it stopped: which finished reports may be kept.

Beside the staging folder lies one small record for each finished report: what it was made from and
the hash of each file. A report whose record does not fit in every part is made again. Likewise a
finished report of an edition that stands is taken over while what it was made from is the same.
"""

import json
import shutil
from pathlib import Path

from nmsdreports.run.publish import digest, file_hash, finished_folder, list_outputs, read_manifest
from nmsdreports.views.index import Entry


def record_finished(staging: Path, folder: Path, key: str) -> None:
    """Put on record that the report in `folder` is finished; `key` says what it was made from."""
    record = _record(staging, folder)
    record.parent.mkdir(exist_ok=True)
    fresh = record.with_suffix(".new")
    fresh.write_text(json.dumps({"key": key, "files": _hashes(folder)}), "utf-8")
    fresh.replace(record)


def finished_entry(staging: Path, folder: Path, key: str, name: str) -> Entry | None:
    """Return the finished report in `folder` as the run before left it, or nothing."""
    try:
        record = json.loads(_record(staging, folder).read_text("utf-8"))
        if record == {"key": key, "files": _hashes(folder)}:
            return Entry(name, tuple(sorted(folder.iterdir())))
    except (OSError, ValueError):
        pass
    return None


def take_over(edition: Path, staging: Path, keys: dict[Path, str]) -> None:
    """Copy the reports of an edition that would be made the same again into the staging folder.

    `keys` has for each report's folder in `staging` what it is made from now. What was changed in
    the edition since it was made is left there.
    """
    manifest = read_manifest(edition) or {}
    made = manifest.get("reports", {})
    for folder, key in keys.items():
        inside = folder.relative_to(staging).as_posix()
        listed = {
            name.removeprefix(f"{inside}/"): facts
            for name, facts in manifest.get("outputs", {}).items()
            if name.startswith(f"{inside}/")
        }
        if folder.exists() or made.get(inside) != key or not listed:
            continue
        if listed == list_outputs(edition / inside):
            shutil.copytree(edition / inside, folder)
            record_finished(staging, folder, key)


def clear(staging: Path, kept: set[Path]) -> None:
    """Remove everything from a staging folder but the reports that are kept."""
    folders = [staging, staging / "schools"]
    for path in [item for folder in folders if folder.is_dir() for item in folder.iterdir()]:
        if path in kept or path == folders[1]:
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _hashes(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in files}


def _record(staging: Path, folder: Path) -> Path:
    name = digest(folder.relative_to(staging).as_posix())[:16]
    return finished_folder(staging) / f"{name}.json"
