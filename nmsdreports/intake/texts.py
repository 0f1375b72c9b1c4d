"""Texts made comparable: white space, invisible characters, accents; empty words; e-mails; lists.

In: distinct texts of a column (pyarrow arrays). Out: arrays of the same length, null = nothing
there. Work is done on whole arrays; only texts that are not plain are touched one by one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from nmsdreports.intake.grid import FORMULA

EMPTY = ("", "n/a", "none", "-", "--", "–", "—", "?", "null")
ERRORS = (
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#BLOCKED!",
)
_ODD = r"^[\s']|\s$|[^\x20-\x7e]"
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# A joiner between two characters of an emoji or an Indic script belongs to them.
_STRAY_JOINER = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\uf8ff]")
_SPACE = re.compile(r"[^\S\n]")
_GUARDED = re.compile(r"^'(?=[=+\-@\t])")
_PLAIN_EMAIL = r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
_EMAIL = re.compile(r"[^\s<>,;|:\"()]+@[^\s<>,;|:\"()@]+\.[^\s<>,;|:\"()@.]+")
_NAMED = re.compile(r"^(?:[^<>@]*<\s*)?(?:mailto:)?([^<>\s]+@[^<>\s]+?)\s*>?$", re.IGNORECASE)
_LONGEST_EMAIL = 1_000
_TWO_NAMES = r"(?i)\p{L}[^|]*?(\s*[&/]\s*| and )[^|]*\p{L}"
_PARTS = re.compile(r"[|;\n]")
_NUMBERS = (
    r"\b\d{3}-\d{2}-\d{4}\b"
    r"|(\b\d{3}[-. ]|\(\d{3}\) ?)\d{3}[-. ]\d{4}\b"
    r"|\b\d{10}\b|\b\d{9}\b|\b\d{7}\b|\b\d{6}\b"
)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one distinct text; `words` fill the message of the problem."""

    code: str
    suggestion: str | None = None
    words: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Parsed:
    """Results for distinct texts (null or NaT = none) and faults by position among them."""

    result: Any
    faults: dict[int, Fault]


def tidy(text: str) -> str:
    """One text without the characters nobody sees, composed, with plain spaces."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _STRAY_JOINER.sub("", _INVISIBLE.sub("", text))
    text = _CONTROL.sub("", _SPACE.sub(" ", text)).strip()
    return _GUARDED.sub("", text)


def tidy_texts(texts: pa.Array) -> pa.Array:
    """Distinct texts tidied; the same positions."""
    odd = pc.match_substring_regex(texts, _ODD)
    if not pc.any(odd).as_py():
        return texts
    tidied = [tidy(text) for text in texts.filter(odd).to_pylist()]
    return pc.replace_with_mask(texts, odd, pa.array(tidied, texts.type))


def parse_common(texts: pa.Array, *, words: bool) -> Parsed:
    """Tidied texts, null where nothing stands; error cells and unstored formulas are faults.

    `words` says that the column takes free words, so that NA may be a name.
    """
    faults = {
        position: Fault("error-cell")
        for position in _positions(pc.is_in(texts, pa.array(ERRORS, texts.type)))
    }
    for position in _positions(pc.starts_with(texts, FORMULA)):
        faults[position] = Fault("formula-without-value")
    tidied = tidy_texts(texts)
    nothing = pa.array(EMPTY if words else (*EMPTY, "na"), texts.type)
    empty = pc.is_in(pc.utf8_lower(tidied), nothing)
    if faults:
        wrong = pa.array([position in faults for position in range(len(texts))])
        empty = pc.or_(empty, wrong)
    return Parsed(pc.if_else(empty, pa.scalar(None, texts.type), tidied), faults)


def parse_ids(texts: pa.Array) -> Parsed:
    """Identifiers as text; "7.0" is 7 as a spreadsheet wrote it."""
    return Parsed(pc.replace_substring_regex(texts, r"^(\d+)\.0$", r"\1"), {})


def parse_restricted(texts: pa.Array) -> Parsed:
    """Free words as they are; a warning where they hold what looks like a private number."""
    faults = _positions(pc.match_substring_regex(texts, _NUMBERS))
    return Parsed(texts, {position: Fault("private-number") for position in faults})


def parse_emails(texts: pa.Array) -> Parsed:
    """E-mail addresses; also out of mailto: and Name <address>; two in one cell are a fault."""
    plain = pc.match_substring_regex(texts, _PLAIN_EMAIL)
    values, faults = texts.to_pylist(), {}
    for position in _positions(pc.invert(plain)):
        text = values[position]
        if text.casefold() == "anonymous":  # what a form writes for somebody who did not sign in
            values[position] = None
            continue
        text = text[:_LONGEST_EMAIL]  # the patterns below take the square of a length
        found = _NAMED.match(text)
        if found and _EMAIL.fullmatch(found.group(1)):
            values[position] = found.group(1)
            continue
        addresses = _EMAIL.findall(text)
        code = "several-emails" if len(addresses) > 1 else "not-email"
        faults[position] = Fault(code, addresses[0] if len(addresses) == 1 else None)
        values[position] = None
    return Parsed(pa.array(values, texts.type), faults)


def parse_lists(
    texts: pa.Array, options: frozenset[str] = frozenset(), *, commas: bool = False
) -> Parsed:
    """Lists joined by "|" without spaces; with `commas` a comma separates too, as form exports
    join, but none that stands inside one of the `options`."""
    marks = r"[|;\n,]" if commas else r"[|;\n]"
    values, faults = texts.to_pylist(), {}
    for position in _positions(pc.match_substring_regex(texts, marks)):
        text, sure = values[position], True
        if _PARTS.search(text):
            parts = [part.strip() for part in _PARTS.split(text)]
        else:
            parts, sure = _split_at_commas(text, options)
        values[position] = joined = "|".join(dict.fromkeys(filter(None, parts))) or None
        if not sure:
            faults[position] = Fault("split-list", None, {"parts": joined})
    return Parsed(pa.array(values, texts.type), faults)


def parse_people(texts: pa.Array) -> Parsed:
    """Lists of people; a note where one of them seems to be two, which is never taken apart."""
    parsed = parse_lists(texts)
    pairs = pc.match_substring_regex(parsed.result, _TWO_NAMES)
    return Parsed(parsed.result, {at: Fault("two-names") for at in _positions(pairs)})


def list_options(texts: pa.Array) -> frozenset[str]:
    """The options of a form, as the distinct cells of its columns tell them.

    An option is what stands in a cell without a comma and what | or ; sets apart; and a text with
    a comma that stands both alone and inside a longer cell, where no part of it stands anywhere
    else: in whichever way that is read, no row names one part without the others.
    """
    whole = [text for text in texts.drop_null().to_pylist() if text]
    options = {
        part.strip()
        for text in whole
        if "," not in text or _PARTS.search(text)
        for part in _PARTS.split(text)
        if part.strip()
    }
    joined = [text for text in whole if "," in text and not _PARTS.search(text)]
    cells = [tuple(part.strip() for part in text.split(",")) for text in joined]
    places: dict[str, list[tuple[int, int]]] = {}
    for cell, parts in enumerate(cells):
        for place, part in enumerate(parts):
            places.setdefault(part, []).append((cell, place))
    for text, parts in zip(joined, cells, strict=True):
        runs = places[parts[0]]
        times = {len(places[part]) for part in parts}
        together = len(runs) > 1 and times == {len(runs)} and options.isdisjoint(parts)
        if together and all(cells[at][i : i + len(parts)] == parts for at, i in runs):
            options.add(text)
    return frozenset(options)


def _split_at_commas(text: str, options: frozenset[str]) -> tuple[list[str], bool]:
    """The parts of a list, the longest known option first, and whether all of them are known."""
    pieces = text.split(",")
    longest = max((option.count(",") for option in options), default=0) + 1
    parts, sure, at = [], True, 0
    while at < len(pieces):
        ends = range(min(at + longest, len(pieces)), at, -1)
        spans = ((",".join(pieces[at:end]).strip(), end) for end in ends)
        found = next((span for span in spans if span[0] in options), None)
        part, at = found or (pieces[at].strip(), at + 1)
        parts.append(part)
        sure = sure and (found is not None or not part)
    return parts, sure


def _positions(mask: pa.Array) -> list[int]:
    """Where a mask is true; null counts as false."""
    return pc.indices_nonzero(pc.fill_null(mask, False)).to_pylist()
