"""The raw package of a workbook: what must be known before any reader opens it.

In: the bytes of an .xlsx, .xlsm or .ods file. Out: for each sheet its `Marks` (error cells,
formulas without a stored value, targets of links, merged cells, hidden rows). Raises `Refused`
for what is no workbook, and for what would take a reader down: far cells, bombs, DOCTYPEs.
Trap: nothing here trusts a declared size or dimension.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import partial

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as Xml

from nmsdreports.intake.grid import FORMULA, Marks, letter
from nmsdreports.intake.opendocument import read_marks
from nmsdreports.intake.problems import Refused

_MADE_BY = re.compile(rb'name="nmsdreports"[^>]*>\s*(?:<\w+:\w+[^>]*>)?([^<]*)')
_TEMPLATE = b"template"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LARGEST = 2_000_000_000
_PROGRAM = re.compile(r"vbaProject|vbaData|^xl/macrosheets/|^Basic/.+\.xml$|^Scripts/")
_SMALL = 20_000_000
_HIGHEST_RATIO = 250
_MOST_ROWS_FREE = 100_000
_EMPTIEST = 50
_MOST_COLUMNS = 2_000
_MOST_REPEATS = 10_000
_OTHERS = {"word": "a Word document", "ppt": "a presentation", "Index": "a Numbers file"}
# Attributes stand in any order; one pattern that looks ahead is faster than a parser.
_RELATION = re.compile(
    r'<(?:\w+:)?Relationship\b(?=[^>]*\bId="([^"]*)")(?=[^>]*\bTarget="([^"]*)")([^>]*)>'
)
_LINK = re.compile(
    rb'<(?:\w+:)?hyperlink\b(?=[^>]*\bref="([A-Z]+\d+)(?::[A-Z]+\d+)?")(?=[^>]*:id="([^"]*)")'
)
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True)
class Package:
    """What the raw package says; `own` marks a workbook that this program wrote."""

    marks: dict[str, Marks] = field(default_factory=dict)
    own: bool = False
    date1904: bool = False


def inspect(name: str, data: bytes, *, returned: bool = False) -> Package:
    """Look at a workbook's raw package; raises `Refused` where it must not be opened.

    One that was `returned` is of our own making and is looked at all the same: then the marks have
    every formula, also those with a stored value.
    """
    _check_kind(name, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_sizes(name, package)
            if "xl/workbook.xml" not in package.namelist() and "content.xml" in package.namelist():
                return _inspect_ods(name, package, returned)
            return _inspect_xlsx(name, package, returned)
    except DefusedXmlException as error:
        raise Refused("doctype", file=name) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, OSError) as error:
        raise Refused("truncated", file=name) from error
    except (NotImplementedError, RuntimeError, Xml.ParseError) as error:
        protected = isinstance(error, RuntimeError) and "encrypted" in str(error)
        raise Refused("protected" if protected else "truncated", file=name) from error


def holds_programs(data: bytes) -> bool:
    """Whether a workbook that `inspect` has looked at carries macros; none is ever run."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return any(_PROGRAM.search(part) for part in package.namelist())


def _check_kind(name: str, data: bytes) -> None:
    ending = "." + name.rpartition(".")[2].lower()
    if not data:
        raise Refused("empty-file", file=name)
    if data.startswith(_OLE):
        protected = "EncryptedPackage".encode("utf-16-le") in data
        raise Refused("protected" if protected else "old-excel", file=name)
    if data.startswith(b"PK"):
        return
    head = data[:2000].lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table")):
        raise Refused("renamed", file=name, really="a web page", ending=ending)
    if b"\x00" not in head and head.isascii():
        raise Refused("renamed", file=name, really="a text file", ending=ending)
    raise Refused("truncated", file=name)


def _check_sizes(name: str, package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    whole = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if whole > _LARGEST or (whole > _SMALL and whole / packed > _HIGHEST_RATIO):
        raise Refused("zip-bomb", file=name)


def _read(name: str, package: zipfile.ZipFile, part: str) -> bytes:
    raw = package.read(part)
    if b"\x00" in raw[:200]:
        raise Refused("truncated", file=name)
    if b"<!DOCTYPE" in raw:
        raise Refused("doctype", file=name)
    return raw


def _inspect_ods(name: str, package: zipfile.ZipFile, returned: bool) -> Package:
    if b"encryption-data" in _optional(package, "META-INF/manifest.xml"):
        raise Refused("protected", file=name)
    raw = _read(name, package, "content.xml")
    # Empty cells repeated to the end of the sheet are how LibreOffice ends every row and sheet;
    # only what carries a value is repeated on the reader's cost.
    for row in raw.split(b"<table:table-row")[1:]:
        times = re.match(rb"[^>]*number-rows-repeated=\"(\d+)\"", row)
        if times and int(times.group(1)) > _MOST_REPEATS and b"office:value-type" in row:
            raise Refused("far-cell", file=name, far=f"row {int(times.group(1))}")
    for cell in re.findall(rb"<table:table-cell\b[^>]*office:value-type[^>]*>", raw):
        times = re.search(rb"number-columns-repeated=\"(\d+)\"", cell)
        if times and int(times.group(1)) > _MOST_COLUMNS:
            raise Refused("far-cell", file=name, far=f"column {letter(int(times.group(1)) - 1)}")
    own = _is_own(_optional(package, "meta.xml"))
    return Package(read_marks(raw, every_formula=returned), own=own)


def _is_own(properties: bytes) -> bool:
    """Whether a document's properties say that this program wrote it; a template is for data."""
    found = _MADE_BY.search(properties)
    return found is not None and found.group(1) != _TEMPLATE


def _optional(package: zipfile.ZipFile, part: str) -> bytes:
    return package.read(part) if part in package.namelist() else b""


def _inspect_xlsx(name: str, package: zipfile.ZipFile, returned: bool) -> Package:
    names = package.namelist()
    main = _main_part(name, package)
    if not main:
        tops = {part.partition("/")[0] for part in names}
        really = next(
            (kind for top, kind in _OTHERS.items() if top in tops), "another kind of file"
        )
        raise Refused("renamed", file=name, really=really, ending=".xlsx")
    for part in names:
        if part.endswith((".xml", ".rels")) and "/worksheets/sheet" not in part:
            _read(name, package, part)
    if not returned and _is_own(_optional(package, "docProps/custom.xml")):
        return Package(own=True)
    book = Xml.fromstring(_read(name, package, main))
    targets = _targets(name, package, main)
    marks = {}
    for sheet in book.iter():
        if _local(sheet.tag) != "sheet":
            continue
        relation = next((value for key, value in sheet.items() if _local(key) == "id"), "")
        part = targets.get(relation, "")
        if part in names and "worksheet" in part:
            raw = _read(name, package, part)
            find_targets = partial(_targets, name, package, part)
            marks[sheet.get("name", "")] = _scan(name, raw, find_targets, returned)
    setup = next((item for item in book.iter() if _local(item.tag) == "workbookPr"), None)
    date1904 = setup is not None and setup.get("date1904") in ("1", "true")
    return Package(marks, date1904=date1904)


def _main_part(name: str, package: zipfile.ZipFile) -> str:
    if "xl/workbook.xml" in package.namelist():
        return "xl/workbook.xml"
    if "_rels/.rels" not in package.namelist():
        return ""
    targets = _targets(name, package, "")
    return next((part for part in targets.values() if part.endswith("workbook.xml")), "")


def _targets(name: str, package: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Relation id → target of a part's relations; targets inside the package are full names."""
    folder, _, file = part.rpartition("/")
    rels = posixpath.join(folder, "_rels", f"{file}.rels")
    if rels not in package.namelist():
        return {}
    found = {}
    raw = _read(name, package, rels).decode(errors="replace")
    for relation, target, tag in _RELATION.findall(raw):
        if 'TargetMode="External"' in tag:
            found[relation] = html.unescape(target)
        else:
            place = target if target.startswith("/") else f"{folder}/{target}"
            found[relation] = posixpath.normpath(place).lstrip("/")
    return found


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _scan(name: str, raw: bytes, targets: partial, every_formula: bool) -> Marks:
    root = re.search(rb"<(\w+:)?worksheet\b", raw[:4000])
    prefix = root.group(1) or b"" if root else b""
    _check_area(name, raw, prefix)
    formulas = b"<%bf" % prefix in raw
    # What stands behind the cells is searched there alone: the cells may be a hundred megabytes.
    tail = raw[max(raw.find(b"</%bsheetData" % prefix), 0) :]
    return Marks(
        errors=_errors(raw, prefix) if b't="e"' in raw else {},
        formulas=_formulas(raw, prefix, every_formula) if formulas else {},
        links=(_link_formulas(raw, prefix) if formulas else {}) | _links(tail, targets),
        merged=_merged(tail, prefix),
        hidden_rows=_hidden_rows(raw, prefix) if b' hidden="' in raw else [],
    )


def _check_area(name: str, raw: bytes, prefix: bytes) -> None:
    """Refuse a sheet of which all but a corner is empty: readers fill the whole rectangle."""
    rows = max(raw.count(b"<%brow" % prefix), 1)
    last_row = max(map(int, re.findall(rb"<%brow\b[^>]*?\br=\"(\d+)\"" % prefix, raw)), default=0)
    # Only columns behind ZZ are looked for: a pattern that every cell fits would cost too much.
    far = {_cell(reference)[::-1] for reference in re.findall(rb' r="([A-Z]{3}\d+)"', raw)}
    last_column, row = max(far, default=(0, 0))
    stray_row = last_row > _MOST_ROWS_FREE and last_row > _EMPTIEST * rows
    if stray_row or last_row > 1_048_576 or last_column >= _MOST_COLUMNS:
        at = f"{letter(last_column)}{row + 1}" if far else f"row {last_row}"
        raise Refused("far-cell", file=name, far=at)


def _errors(raw: bytes, prefix: bytes) -> dict[tuple[int, int], str]:
    pattern = rb"<%bc\b(?=[^>]*\bt=\"e\")(?=[^>]*\br=\"([A-Z]+\d+)\")[^>]*>(.*?)</%bc>" % (
        prefix,
        prefix,
    )
    found = {}
    for reference, inside in re.findall(pattern, raw, re.DOTALL):
        value = re.search(rb"<%bv[^>]*>([^<]*)</" % prefix, inside)
        found[_cell(reference)] = html.unescape(value.group(1).decode()) if value else "#N/A"
    return found


def _formulas(raw: bytes, prefix: bytes, every: bool) -> dict[tuple[int, int], str]:
    """The formulas without a stored value, or every one."""
    behind = b"" if every else rb"(<%bv\s*/>|<%bv>\s*</%bv>)?\s*</%bc>" % ((prefix,) * 4)
    pattern = rb"<%bc\b([^>]*)>\s*<%bf\b(?:[^>]*/>|[^>]*>([^<]*)</%bf>)\s*" % ((prefix,) * 3)
    found = {}
    for match in re.finditer(pattern + behind, raw):
        attributes, formula, *empty = match.groups()
        if any(empty) and b't="str"' in attributes:
            continue
        reference = re.search(rb"\br=\"([A-Z]+\d+)\"", attributes)
        if reference:
            text = html.unescape((formula or b"").decode(errors="replace"))
            found[_cell(reference.group(1))] = f"{FORMULA}={text}"
    return found


def _link_formulas(raw: bytes, prefix: bytes) -> dict[tuple[int, int], str]:
    pattern = (
        rb"<%bc\b[^>]*\br=\"([A-Z]+\d+)\"[^>]*>\s*<%bf[^>]*>\s*(?:_xlfn\.)?HYPERLINK\(\s*"
        rb"(?:&quot;|\")(.*?)(?:&quot;|\")" % (prefix, prefix)
    )
    found = re.findall(pattern, raw) if b"HYPERLINK(" in raw else []
    return {_cell(at): html.unescape(to.decode(errors="replace")) for at, to in found}


def _links(tail: bytes, targets: partial) -> dict[tuple[int, int], str]:
    found = _LINK.findall(tail)
    known = targets() if found else {}
    links = {_cell(at): known.get(relation.decode(errors="replace"), "") for at, relation in found}
    return {at: to for at, to in links.items() if to.startswith(("http://", "https://"))}


def _merged(raw: bytes, prefix: bytes) -> list[tuple[int, int, int, int]]:
    """First row, first column, last row, last column of each merged area."""
    pattern = rb"<%bmergeCell\b[^>]*\bref=\"([A-Z]+\d+):([A-Z]+\d+)\"" % prefix
    return [(*_cell(first), *_cell(last)) for first, last in re.findall(pattern, raw)]


def _hidden_rows(raw: bytes, prefix: bytes) -> list[int]:
    pattern = rb"<%brow\b(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*?\br=\"(\d+)\"" % prefix
    return [int(row) - 1 for row in re.findall(pattern, raw)]


def _cell(reference: bytes) -> tuple[int, int]:
    letters, row = _REFERENCE.fullmatch(reference.decode()).groups()
    return int(row) - 1, _position(letters)


def _position(letters: str) -> int:
    position = 0
    for sign in letters:
        position = position * 26 + ord(sign) - 64
    return position - 1
