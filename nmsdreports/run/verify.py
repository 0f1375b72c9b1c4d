"""Whether editions are as they were made, file by file, and follow one another without a gap.

Every manifest carries the hash of each file beside it, a seal (its own hash) and the hash of the
edition before: so a file that was changed, added or removed is named, and so is an edition that was
replaced by another or is gone.
"""

from dataclasses import dataclass
from pathlib import Path

from nmsdreports.run.damage import (
    DAMAGED,
    INDEX,
    index_fault,
    strange_folders,
    strange_words,
    unreadable_words,
)
from nmsdreports.run.publish import (
    ABOUT_THE_FILES,
    EDITION,
    MANIFEST,
    OF_THE_SYSTEM,
    content_hash,
    current_edition,
    editions,
    file_hash,
    folders,
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
    found = folders(folder)
    if not found:
        raise InputError(f'"{folder}" holds no month\'s reports.')
    checked = [
        Checked(month, "", [f"there are no reports of {month_words(month)}"])
        for month in missing_months(found)
    ]
    known = [path for month in found.values() for path in month]
    for path in known:
        one = check_edition(path)
        newer = restated_by(path, known)
        if newer:
            words = f"{one.words}; its list of files was made anew, and {newer} restates it"
            own = [fault for fault in one.faults if fault != rebuilt_words(path)]
            one = Checked(one.name, words, own)
        checked.append(Checked(one.name, one.words, one.faults + follow_faults(path, known)))
    named = {path.name for path in known}
    checked += [
        Checked(name, "", [words])
        for name, words in strange_folders(folder).items()
        if name not in named
    ]
    fault = index_fault(folder)
    leads = f"leads to {count_words(len(editions(folder)), 'month')}"
    checked.append(Checked(INDEX, leads, [fault] if fault else []))
    return sorted(checked, key=lambda one: one.name[:7])


def find_edition(output: Path, text: str) -> Path:
    """Return the edition that a month or a folder's name means; raise InputError with those there.

    Of a month it is the one that readers are led to.
    """
    known = {path.name: path for found in folders(output).values() for path in found}
    edition = current_edition(editions(output).get(text.strip(), [])) or known.get(text.strip())
    if edition is None:
        there = f"there are {list_words(list(known))}" if known else "there are none at all"
        raise InputError(f'There are no reports "{text}" in "{output}"; {there}.')
    return edition


def check_edition(folder: Path) -> Checked:
    """Compare every file of an edition with its manifest."""
    manifest = read_manifest(folder)
    if manifest is None:
        return Checked(folder.name, "", [unreadable_words(folder)])
    listed, strange = manifest["outputs"], strange_words(folder)
    faults = [strange] if strange and EDITION.fullmatch(folder.name) else []
    found = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.name not in OF_THE_SYSTEM and (path.is_file() or path.is_symlink())
    }
    for name in sorted((listed | found).keys() - set(ABOUT_THE_FILES)):
        if name not in found:
            faults.append(f"{name} is missing")
        elif name not in listed:
            faults.append(f"{name} was added")
        elif _hash(found[name]) != listed[name].get("sha256"):
            faults.append(f"{name} was changed")
    if (folder / MANIFEST).read_bytes() != manifest_text(manifest).encode():
        faults.append(f"{MANIFEST} was changed")
    if manifest.get("rebuilt"):
        faults.append(rebuilt_words(folder))
    schools = "" if manifest.get("whole") else ", only some schools"
    words = f"{count_words(len(listed), 'file')}, {manifest.get('state')}{schools}"
    return Checked(folder.name, words, faults)


def rebuilt_words(folder: Path) -> str:
    """Say that an edition's list of files was made anew, and the two ways out of that."""
    return (
        f"{MANIFEST} was made anew from the files, and nothing before that is proved; put back the "
        f"old one from a backup, without {DAMAGED}, or run report with --month {folder.name[:7]}, "
        "which restates it"
    )


def restated_by(folder: Path, known: list[Path]) -> str:
    """Return the whole edition, as it was made, that restates one whose list was made anew.

    With it the month is proved again, so that the loss of an old list is no fault for ever.
    """
    if not (read_manifest(folder) or {}).get("rebuilt"):
        return ""
    for path in known:
        manifest = read_manifest(path) or {}
        before = manifest.get("before") or {}
        follows = before.get("name") == folder.name and before["restated"]
        if follows and manifest["whole"] and not check_edition(path).faults:
            return path.name
    return ""


def follow_faults(folder: Path, known: list[Path]) -> list[str]:
    """Return what is wrong with the edition that this one says it follows.

    A draft that a newer edition of its month has replaced may be gone; a published one may not. Of
    one whose list of files was made anew it is said there that nothing before that is proved.
    """
    before = (read_manifest(folder) or {}).get("before")
    if not before:
        return []
    there = {path.name: path for path in known}
    name = before["name"]
    if name not in there:
        newer = [path for path in known if path.name[:7] == name[:7]]
        if before["state"] == "draft" and newer:
            return []
        return [f"{name}, which it follows, is gone"]
    manifest = read_manifest(there[name])
    if manifest is None or manifest.get("rebuilt"):
        return []
    if content_hash(manifest) != before["sha256"]:
        return [f"{name}, which it follows, is not the one that stood there when it was made"]
    return []


def _hash(path: Path) -> str:
    """A file's hash; nothing fits of one that cannot be read."""
    try:
        return file_hash(path)
    except OSError:
        return ""
