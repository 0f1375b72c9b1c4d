"""Whether editions are as they were made, file by file, and follow one another without a gap.

Every manifest carries the hash of each file beside it, a seal (its own hash) and the hash of the
edition before: so a file that was changed, added or removed is named, and so is an edition that was
replaced by another or is gone.
"""

from dataclasses import dataclass
from pathlib import Path

from nmsdreports.run.publish import (
    EDITION,
    MANIFEST,
    content_hash,
    current_edition,
    editions,
    file_hash,
    manifest_text,
    missing_months,
    read_manifest,
)
from nmsdreports.settings import InputError
from nmsdreports.views.sentences import count_words, list_words, month_words


@dataclass(frozen=True)
class Checked:
    """What was found in an edition, or where one should be: its name, what it is, its faults."""

    name: str
    words: str
    faults: list[str]


def verify(folder: Path) -> list[Checked]:
    """Check one edition, or every edition of a folder of reports and how they follow one another.

    Raises InputError where the folder is none of these.
    """
    if not folder.is_dir():
        raise InputError(f'There is no folder "{folder}"; name the folder with the reports.')
    if (folder / MANIFEST).is_file() or EDITION.fullmatch(folder.resolve().name):
        return [check_edition(folder)]
    found = editions(folder)
    if not found:
        raise InputError(f'"{folder}" holds no month\'s reports.')
    checked = [
        Checked(month, "", [f"there are no reports of {month_words(month)}"])
        for month in missing_months(found)
    ]
    folders = [path for month in found.values() for path in month]
    for path in folders:
        one = check_edition(path)
        checked.append(Checked(one.name, one.words, one.faults + follow_faults(path, folders)))
    return sorted(checked, key=lambda one: one.name[:7])


def find_edition(output: Path, text: str) -> Path:
    """Return the edition that a month or a folder's name means; raise InputError with those there.

    Of a month it is the one that readers are led to.
    """
    found = editions(output)
    known = {path.name: path for folders in found.values() for path in folders}
    edition = current_edition(found.get(text.strip(), [])) or known.get(text.strip())
    if edition is None:
        there = f"there are {list_words(list(known))}" if known else "there are none at all"
        raise InputError(f'There are no reports "{text}" in "{output}"; {there}.')
    return edition


def check_edition(folder: Path) -> Checked:
    """Compare every file of an edition with its manifest."""
    manifest = read_manifest(folder)
    if manifest is None:
        state = "cannot be read" if (folder / MANIFEST).exists() else "is missing"
        return Checked(folder.name, "", [f"{MANIFEST} {state}"])
    listed, faults = manifest["outputs"], []
    found = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path != folder / MANIFEST and (path.is_file() or path.is_symlink())
    }
    for name in sorted(listed | found):
        if name not in found:
            faults.append(f"{name} is missing")
        elif name not in listed:
            faults.append(f"{name} was added")
        elif _hash(found[name]) != listed[name].get("sha256"):
            faults.append(f"{name} was changed")
    if (folder / MANIFEST).read_text("utf-8") != manifest_text(manifest):
        faults.append(f"{MANIFEST} was changed")
    if manifest.get("rebuilt"):
        faults.append(f"{MANIFEST} was made anew from the files; nothing before that is proved")
    schools = "" if manifest.get("whole") else ", only some schools"
    words = f"{count_words(len(listed), 'file')}, {manifest.get('state')}{schools}"
    return Checked(folder.name, words, faults)


def follow_faults(folder: Path, folders: list[Path]) -> list[str]:
    """Return what is wrong with the edition that this one says it follows.

    A draft that a newer edition of its month has replaced may be gone; a published one may not.
    """
    before = (read_manifest(folder) or {}).get("before")
    if not before:
        return []
    known = {path.name: path for path in folders}
    name = before["name"]
    if name not in known:
        newer = [path for path in folders if path.name[:7] == name[:7]]
        if before["state"] == "draft" and newer:
            return []
        return [f"{name}, which it follows, is gone"]
    manifest = read_manifest(known[name])
    if manifest is not None and content_hash(manifest) != before["sha256"]:
        return [f"{name}, which it follows, is not the one that stood there when it was made"]
    return []


def _hash(path: Path) -> str:
    """A file's hash; nothing fits of one that cannot be read."""
    try:
        return file_hash(path)
    except OSError:
        return ""
