"""What in a folder of reports is not as a run left it: what can be mended, and words for the rest.

Nothing here is ever overwritten: a manifest that cannot be read is kept beside the new one, and a
folder that is none of ours, a copy or renamed is left alone and named.
"""

import re
import shutil
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from nmsdreports.run.compared import read_told
from nmsdreports.run.publish import (
    EDITION,
    MANIFEST,
    as_made,
    current_edition,
    digest,
    editions,
    file_hash,
    folders,
    is_published,
    listed_files,
    manifest_text,
    read_manifest,
    replace_file,
    write_manifest,
)
from nmsdreports.settings import InputError
from nmsdreports.views.index import state_badge
from nmsdreports.views.sentences import list_words, month_words

DAMAGED = "manifest.damaged"
INDEX = "index.html"
_END = "</head>"
_SEAL = re.compile(r'<meta name="seal" content="([0-9a-f]{64})">\n')
_EDITION_LINK = re.compile(r'href="([^"/]+)/index\.html"')


def mend_manifests(output: Path) -> list[str]:
    """Make a new manifest from the files for each edition whose own is gone or cannot be read.

    The unreadable one is kept beside it. An edition so mended counts as published, because nobody
    can tell any more whether it was; it is marked as rebuilt. Returns the editions' names.
    """
    mended = []
    for month, found in folders(output).items():
        for folder in found:
            path = folder / MANIFEST
            ours = (folder / INDEX).is_file() and (folder / "data" / "records").is_dir()
            if not ours or path.is_dir() or read_manifest(folder):
                continue
            if path.exists():
                shutil.copyfile(path, folder / DAMAGED)
            whole = (folder / "district").is_dir()
            known = {"month": month, "whole": whole, "state": "published", "rebuilt": True}
            replace_file(path, partial(write_manifest, folder, known))
            mended.append(folder.name)
    return mended


def strange_words(folder: Path) -> str:
    """Return what is wrong with a folder that bears a month's name or holds a month's reports.

    Nothing of an edition, nor of a folder that has to do with neither.
    """
    named, manifest = EDITION.fullmatch(folder.name), read_manifest(folder)
    if manifest is None:
        return unreadable_words(folder) if named else ""
    holds = f"the reports of {month_words(manifest['month'])}"
    if named:
        return "" if named[1] == manifest["month"] else f"it holds {holds}"
    return f"it was copied or renamed; it holds {holds}"


def unreadable_words(folder: Path) -> str:
    """Return what is wrong with the manifest of a folder in which none can be read."""
    return f"{MANIFEST} {'cannot be read' if (folder / MANIFEST).exists() else 'is missing'}"


def strange_folders(output: Path) -> dict[str, str]:
    """Return the name of each folder beside the editions that looks like one, with what is wrong.

    Staging folders are none of these.
    """
    found = [path for path in output.iterdir() if path.is_dir() and not path.name.startswith(".")]
    return {path.name: words for path in sorted(found) if (words := strange_words(path))}


def beside(output: Path, edition: Path, left: list[Path]) -> list[str]:
    """Return a sentence for each thing beside an edition that a person has to look at.

    `left` are the older drafts that could not go.
    """
    before = restated_or_before(edition).get("name", "")
    compared = f", and {edition.name} is compared with it"
    repair = ""
    if read_told(edition).get("cannot"):
        compared = f", so {edition.name} could not be compared with it"
        repair = " Put it back as it was, and run report again."
    said = [
        f"{folder.name} is not as it was made{compared if folder.name == before else ''}; "
        f"`nmsdreports verify` names what was changed.{repair if folder.name == before else ''}"
        for folder in _others(output, edition)
        if not (as_made(folder) if folder.name == before else looks_as_made(folder))
    ]
    said += [
        f'The older draft "{folder.name}" is still open somewhere; the next run removes it.'
        if as_made(folder) or not EDITION.fullmatch(folder.name)
        else f'The older draft "{folder.name}" was changed by hand, so it is kept; remove it '
        "when nobody needs it."
        for folder in left
    ]
    return said + [
        f'The folder "{name}" is left alone, and no page leads to it: {words}.'
        for name, words in strange_folders(output).items()
    ]


def _others(output: Path, edition: Path) -> list[Path]:
    """The editions beside this one, but the drafts whose place it takes."""
    month = EDITION.fullmatch(edition.name)[1]
    return [
        folder
        for name, found in editions(output).items()
        for folder in found
        if folder != edition and (name != month or read_manifest(folder)["state"] == "published")
    ]


def restated_or_before(edition: Path) -> dict:
    """What an edition's manifest says of the one that it follows or restates; else nothing."""
    before = (read_manifest(edition) or {}).get("before") or {}
    return before if EDITION.fullmatch(before.get("name", "")) else {}


def looks_as_made(folder: Path) -> bool:
    """Whether an edition looks as the run left it, without reading every byte of it.

    Read is its manifest, and what was written after that; of the rest only name and size. Whoever
    sets a file's time back as well is found by `verify`.
    """
    path = folder / MANIFEST
    manifest, made = read_manifest(folder), path.stat().st_mtime_ns
    if manifest is None or path.read_bytes() != manifest_text(manifest).encode():
        return False
    listed, found = manifest["outputs"], listed_files(folder)
    facts = {name: file.stat() for name, file in found.items()}
    if {name: fact.st_size for name, fact in facts.items()} != {
        name: fact.get("bytes") for name, fact in listed.items()
    }:
        return False
    later = [name for name, fact in facts.items() if fact.st_mtime_ns >= made]
    return all(file_hash(found[name]) == listed[name]["sha256"] for name in later)


def mended_words(name: str) -> str:
    """Say that an edition's manifest was made anew."""
    return (
        f"The list of files of {name} ({MANIFEST}) was missing or could not be read. It was made "
        "anew from the files as they are now, so nothing before that is proved, and the folder "
        f"counts as published. What there was of the old list is beside it as {DAMAGED}. Put back "
        f"the list of a backup, or run report with --month {name[:7]}, which restates the month."
    )


def seal_page(path: Path) -> None:
    """Add to a page that is whole what a later change is seen by: its own hash, shown to nobody."""
    text = path.read_text("utf-8")
    before, end, after = text.partition(_END)
    seal = f'<meta name="seal" content="{digest(text)}">\n'
    path.write_text(f"{before}{seal}{end}{after}", "utf-8", newline="\n")


def page_text(path: Path) -> str:
    """Return a sealed page as it was before its seal; raises InputError where it is not as made."""
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise InputError("is missing") from None
    except (OSError, ValueError):
        raise InputError("cannot be read") from None
    seal, page = _SEAL.search(text), _SEAL.sub("", text)
    if not seal or seal[1] != digest(page):
        raise InputError("was changed")
    return page


def index_fault(output: Path) -> str:
    """Return what is wrong with the page that leads to every month; nothing where it is right."""
    mend = "run report again to mend it"
    try:
        text = page_text(output / INDEX)
    except InputError as error:
        return f"{error}; {mend}"
    led = {unquote(name) for name in _EDITION_LINK.findall(text)}
    standing = [current_edition(found) for found in editions(output).values()]
    before = [restated_or_before(folder) for folder in standing]
    current = {folder.name for folder in standing}
    wrong = sorted(led - current - {one["name"] for one in before if one.get("restated")})
    lacks = sorted(current - led)
    if wrong:
        return f"leads to {list_words(wrong)}, which is gone or not the current one; {mend}"
    if lacks:
        return f"does not lead to {list_words(lacks)}; {mend}"
    stale = [
        f"{folder.name} {'a draft' if published else 'published'}"
        for folder in standing
        for published in [is_published(folder)]
        if state_badge(folder.name, not published) in text
    ]
    return f"calls {list_words(stale)}, which is so no more; {mend}" if stale else ""
