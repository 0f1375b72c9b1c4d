"""Readers see an edition whole or not at all.

A run fills a staging folder beside the editions, on the same file system. Only when all of it is
written and listed in its manifest does the folder get its final name, a new one that nobody has
open; then one small index file is replaced, and drafts that the new edition supersedes go.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path

MANIFEST = "manifest.json"
PROGRAM = "nmsdreports"
STAGING = ".staging-"

_EDITION = re.compile(r"(\d{4}-\d{2})(?:-(\d+))?")


@contextmanager
def staging_folder(output: Path):
    """Give a new folder beside the editions; what still bears its name at the end is removed."""
    found = output.exists()
    output.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=STAGING, dir=output))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if not found:
            with suppress(OSError):
                output.rmdir()  # only an empty folder goes: nothing was published into it


def write_manifest(folder: Path, facts: dict) -> Path:
    """Write manifest.json: the facts given and size and SHA-256 of every other file."""
    outputs = {
        path.relative_to(folder).as_posix(): {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = {"program": PROGRAM, "state": "draft", **facts, "outputs": outputs}
    path = folder / MANIFEST
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", "utf-8", newline="\n")
    return path


def read_manifest(folder: Path) -> dict | None:
    """Return an edition's manifest, or nothing where it is not one of ours that can be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    ours = isinstance(manifest, dict) and manifest.get("program") == PROGRAM
    return manifest if ours else None


def publish(staging: Path, output: Path, month: str) -> Path:
    """Give the staging folder its final name, `2026-10` or the next free `2026-10-2`; return it."""
    _flush(staging)
    number = max((n for _, n in _named(output, month)), default=0) + 1
    while True:
        target = output / (month if number == 1 else f"{month}-{number}")
        if not target.exists():
            staging.rename(target)
            return target
        number += 1


def editions(output: Path) -> dict[str, list[Path]]:
    """Return the edition folders of every month, oldest first."""
    found: dict[str, list[tuple[int, Path]]] = {}
    for path in output.iterdir():
        match = _EDITION.fullmatch(path.name)
        if match and path.is_dir():
            found.setdefault(match[1], []).append((int(match[2] or 1), path))
    return {month: [path for _, path in sorted(paths)] for month, paths in sorted(found.items())}


def current_edition(folders: list[Path]) -> Path | None:
    """Return the edition that readers are led to: the newest whole one, else the newest."""
    known = [(folder, manifest) for folder in folders if (manifest := read_manifest(folder))]
    whole = [folder for folder, manifest in known if manifest.get("whole")]
    return (whole or [folder for folder, _ in known] or [None])[-1]


def remove_superseded(output: Path, edition: Path, month: str) -> list[Path]:
    """Remove the drafts whose place `edition` takes; return those that could not go.

    A whole edition supersedes every older draft of its month, one of single schools only older
    drafts of single schools. What is no draft of ours stays for ever.
    """
    whole = (read_manifest(edition) or {}).get("whole", False)
    left = []
    for folder, _ in _named(output, month):
        manifest = read_manifest(folder)
        if folder == edition or not manifest or manifest.get("state") != "draft":
            continue
        if manifest.get("whole") and not whole:
            continue
        # Renamed first: from then on it is no edition, however far the removal gets.
        doomed = folder.with_name(f"{STAGING}old-{folder.name}")
        try:
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
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return path


def _named(output: Path, month: str) -> list[tuple[Path, int]]:
    folders = editions(output).get(month, [])
    return [(path, int(_EDITION.fullmatch(path.name)[2] or 1)) for path in folders]


def _flush(folder: Path) -> None:
    """Have the system write every file to disk before the folder's name makes it count."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
