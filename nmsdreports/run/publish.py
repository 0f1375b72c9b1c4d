"""Readers see an edition whole or not at all.

A run fills a staging folder beside the editions, on the same file system. Only when all of it is
written, flushed to disk and found as its manifest lists it does the folder get its final name, a
new one that nobody has open; then one small index file is replaced, and drafts that the new
edition supersedes go. An edition marked as published stays for ever; a later one restates it.

Each manifest carries a seal (its own hash) and the hash of the edition before, so that `verify`
can tell what was changed afterwards.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path

from nmsdreports.run.shape import is_manifest

MANIFEST = "manifest.json"
PROGRAM = "nmsdreports"
STAGING = ".staging-"
FINISHED = ".finished"
ABOUT_THE_FILES = (MANIFEST, f".{MANIFEST}.new")
OF_THE_SYSTEM = (".DS_Store", "Thumbs.db", "desktop.ini")
"""What systems put by themselves into any folder that somebody looks at."""

EDITION = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))(?:-(\d+))?")


@contextmanager
def staging_folder(output: Path, name: str):
    """Give the folder `name` beside the editions, with what an interrupted run finished in it.

    What still bears its name at the end is removed, unless reports in it are on record as finished:
    then the next run goes on from there.
    """
    folder = output / f"{STAGING}{name}"
    folder.mkdir(exist_ok=True)
    try:
        yield folder
    finally:
        # An index or a manifest of a run that failed is no finished report.
        if not folder.exists() or not any(finished_folder(folder).glob("*.json")):
            forget(folder)


def finished_folder(staging: Path) -> Path:
    """Where the reports that are finished in a staging folder are on record: beside it."""
    return staging.with_name(staging.name + FINISHED)


def forget(staging: Path) -> None:
    """Remove a staging folder and the record of what is finished in it, the record first."""
    shutil.rmtree(finished_folder(staging), ignore_errors=True)
    shutil.rmtree(staging, ignore_errors=True)


def write_manifest(folder: Path, facts: dict, path: Path | None = None) -> Path:
    """Write manifest.json: the facts given, size and SHA-256 of every other file, and a seal."""
    manifest = {"program": PROGRAM, "state": "draft", **facts, "outputs": list_outputs(folder)}
    path = path or folder / MANIFEST
    path.write_text(manifest_text(manifest), "utf-8", newline="\n")
    return path


def list_outputs(folder: Path) -> dict[str, dict]:
    """Return size and SHA-256 of every file of an edition but its manifest."""
    return {
        name: {"sha256": file_hash(path), "bytes": path.stat().st_size}
        for name, path in listed_files(folder).items()
    }


def listed_files(folder: Path) -> dict[str, Path]:
    """Return by its name within an edition every file that its manifest lists, in order."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ABOUT_THE_FILES + OF_THE_SYSTEM
    }


def manifest_text(manifest: dict) -> str:
    """Return a manifest as it is written, with the seal that its content asks for."""
    sealed = {**manifest, "seal": digest({**manifest, "seal": None})}
    return json.dumps(sealed, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_manifest(folder: Path) -> dict | None:
    """Return an edition's manifest, or nothing where it is not one of ours that can be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return manifest if is_manifest(manifest) and manifest.get("program") == PROGRAM else None


def as_made(folder: Path) -> bool:
    """Whether an edition's manifest and every file it lists are as the run left them."""
    manifest = read_manifest(folder)
    return (
        manifest is not None
        and (folder / MANIFEST).read_bytes() == manifest_text(manifest).encode()
        and manifest["outputs"] == list_outputs(folder)
    )


def publish(staging: Path, output: Path, month: str) -> Path:
    """Give the staging folder its final name, `2026-10` or the next free `2026-10-2`; return it.

    Raises OSError where a file is not on the disk as the manifest lists it.
    """
    _flush(staging)
    listed = (read_manifest(staging) or {}).get("outputs")
    if listed != list_outputs(staging):
        raise OSError(None, "a file does not read back as it was written", str(staging))
    taken = [EDITION.fullmatch(path.name)[2] or 1 for path in folders(output).get(month, [])]
    number = max(map(int, taken), default=0) + 1
    while True:
        target = output / (month if number == 1 else f"{month}-{number}")
        if not target.exists():
            staging.rename(target)
            flush_folder(output)
            return target
        number += 1


def edition_before(output: Path, month: str, of: Path | None = None) -> dict | None:
    """Return name, state and hash of the edition that one of `month` follows, if there is one.

    That is the month's last published one, else the current edition of the last month before it.
    Of an edition that stands (`of`) the same, as if it were made now.
    """
    found = editions(output)
    before = [current_edition(same) for m, same in found.items() if m < month]
    own = found.get(month, [])
    published = [f for f in own[: own.index(of) if of in own else None] if is_published(f)]
    folder = ([f for f in before if f] + published or [None])[-1]
    if folder is None:
        return None
    manifest = read_manifest(folder)
    return {
        "name": folder.name,
        "state": manifest.get("state"),
        "sha256": content_hash(manifest),
        "restated": folder in published,
    }


def follows_the_same(edition: Path, manifest: dict) -> bool:
    """Whether an edition would follow the edition now that it says it follows.

    What was published stays as it is, whatever becomes of the edition before it.
    """
    if manifest.get("state") == "published":
        return True
    now = edition_before(edition.parent, manifest["month"], edition) or {}
    then = manifest.get("before") or {}
    return all(now.get(name) == then.get(name) for name in ("sha256", "restated"))


def is_published(folder: Path) -> bool:
    """Whether an edition was marked as published."""
    return (read_manifest(folder) or {}).get("state") == "published"


def mark_published(folder: Path) -> None:
    """Mark an edition as published, in one step."""
    text = manifest_text({**read_manifest(folder), "state": "published"})
    replace_file(folder / MANIFEST, lambda fresh: fresh.write_text(text, "utf-8", newline="\n"))


def content_hash(manifest: dict) -> str:
    """Return the hash of what an edition holds; marking it as published does not change it."""
    return digest({**manifest, "seal": None, "state": None})


def folders(output: Path) -> dict[str, list[Path]]:
    """Return by month the folders that bear the name of an edition, whatever is in them."""
    found: dict[str, list[tuple[int, Path]]] = {}
    for path in output.iterdir() if output.is_dir() else ():
        match = EDITION.fullmatch(path.name)
        if match and path.is_dir():
            found.setdefault(match[1], []).append((int(match[2] or 1), path))
    return {month: [path for _, path in sorted(paths)] for month, paths in sorted(found.items())}


def editions(output: Path) -> dict[str, list[Path]]:
    """Return the editions of every month, oldest first.

    A folder whose manifest cannot be read, or speaks of another month, is none.
    """
    found = {
        month: [path for path in paths if (read_manifest(path) or {}).get("month") == month]
        for month, paths in folders(output).items()
    }
    return {month: paths for month, paths in found.items() if paths}


def current_edition(found: list[Path]) -> Path | None:
    """Return the edition that readers are led to: the newest whole one, else the newest."""
    known = [(folder, manifest) for folder in found if (manifest := read_manifest(folder))]
    whole = [folder for folder, manifest in known if manifest.get("whole")]
    return (whole or [folder for folder, _ in known] or [None])[-1]


def missing_months(months: Iterable[str]) -> list[str]:
    """Return the months without an edition between the first and the last that has one."""
    known = sorted(months)
    return (
        [
            month
            for year in range(int(known[0][:4]), int(known[-1][:4]) + 1)
            for month in (f"{year:04d}-{number:02d}" for number in range(1, 13))
            if known[0] < month < known[-1] and month not in known
        ]
        if known
        else []
    )


def remove_superseded(output: Path, edition: Path, month: str) -> list[Path]:
    """Remove the drafts whose place `edition` takes; return those that could not go.

    A whole edition supersedes every older draft of its month, one of single schools only older
    drafts of single schools. What is no draft of ours, or was changed by hand, stays for ever.
    """
    whole = (read_manifest(edition) or {}).get("whole", False)
    for half_gone in output.glob(f"{STAGING}old-*"):
        shutil.rmtree(half_gone, ignore_errors=True)
    left = []
    for folder in editions(output).get(month, []):
        manifest = read_manifest(folder)
        if folder == edition or manifest["state"] != "draft" or (manifest["whole"] and not whole):
            continue
        # Renamed first: from then on it is no edition, however far the removal gets.
        doomed = folder.with_name(f"{STAGING}old-{folder.name}")
        try:
            if not as_made(folder):
                left.append(folder)
                continue
            folder.rename(doomed)
            shutil.rmtree(doomed)
        except OSError:
            left.append(folder if folder.exists() else doomed)
    return left


def replace_file(path: Path, write: Callable[[Path], object]) -> Path:
    """Let `write` fill a file beside `path`, then put it in its place in one step."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        write(fresh)
        _flush_file(fresh)
        fresh.replace(path)
        flush_folder(path.parent)
    finally:
        fresh.unlink(missing_ok=True)
    return path


def file_hash(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(value: object) -> str:
    """Return the SHA-256 of a value as JSON with sorted keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _flush(folder: Path) -> None:
    """Have the system write all to disk before the folder's name makes it count."""
    for path in folder.rglob("*"):
        flush_folder(path) if path.is_dir() else _flush_file(path)
    flush_folder(folder)


def _flush_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_folder(path: Path) -> None:
    """Have the system write to disk which files a folder holds."""
    if os.name == "nt":  # Windows opens no folder, and writes its names by itself
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
