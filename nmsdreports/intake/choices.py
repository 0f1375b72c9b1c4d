"""Texts out of a fixed set: yes and no, choices, guidelines; with the nearest value as suggestion.

Only an exact match after folding is read; a near one is suggested, never taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa
from rapidfuzz import fuzz, process

from nmsdreports.intake.dates import holds_day
from nmsdreports.intake.grid import TEXT
from nmsdreports.intake.tables import Column
from nmsdreports.intake.texts import Fault, Parsed
from nmsdreports.settings import fold

YES = ("yes", "y", "x", "✓", "✔", "☑", "✅", "true", "t", "1", "1.0")
NO = ("no", "n", "false", "f", "0", "0.0", "☐")
_NEAR = 75
_LONGEST_NAME = 200
_MOST_SUGGESTIONS = 500
_LIKE = 5


def nearest(text: str, known: Iterable[str], near: int = _NEAR) -> str | None:
    """The known text that a misspelt one most likely means, or None."""
    best = process.extractOne(
        text[:_LONGEST_NAME],
        list(known),
        scorer=fuzz.token_sort_ratio,
        processor=fold,
        score_cutoff=near,
    )
    return best[0] if best else None


def parse_yes_no(texts: Sequence[str | None], instead: str) -> Parsed:
    """ "yes", "no" or null; `instead` is the column where a day typed here belongs."""
    values: list[str | None] = []
    faults: dict[int, Fault] = {}
    for position, text in enumerate(texts):
        folded = text.casefold().rstrip(".") if text is not None else None
        value = "yes" if folded in YES else "no" if folded in NO else None
        values.append(value)
        if text is not None and value is None:
            day = instead and holds_day(text)
            because = f"; the day belongs in {instead}" if day else "; nothing else can be read"
            faults[position] = Fault("not-yes-no", None, {"because": because})
    return Parsed(pa.array(values, TEXT), faults)


def parse_choices(texts: Sequence[str | None], column: Column) -> Parsed:
    """The allowed value that a text or one of its other wordings names, or null."""
    known = {fold(other): value for value, others in column.allowed.items() for other in others}
    known |= {fold(value): value for value in column.allowed}
    words = {"allowed": ", ".join(column.allowed)}
    return _look_up(texts, known, "not-allowed", words)


def parse_guidelines(texts: Sequence[str | None], names: dict[str, str]) -> Parsed:
    """The guideline that an id or alias names, or null."""
    parsed = _look_up(texts, names, "unknown-guideline", {})
    faults = {
        position: Fault(fault.code, fault.suggestion, {"guidelines": _like(texts[position], names)})
        if not fault.suggestion and number < _MOST_SUGGESTIONS
        else Fault(fault.code, fault.suggestion, {"guidelines": ""})
        for number, (position, fault) in enumerate(parsed.faults.items())
    }
    return Parsed(parsed.result, faults)


def _like(text: str, names: dict[str, str]) -> str:
    """The guidelines whose names are most like a text that is near none."""
    found = process.extract(
        text[:_LONGEST_NAME], list(names), scorer=fuzz.WRatio, processor=fold, limit=12
    )
    ids = list(dict.fromkeys(names[name] for name, *_ in found))[:_LIKE]
    more = len(set(names.values())) - len(ids)
    return f"; the likest of {more + len(ids)} are {', '.join(ids)}" if ids else ""


def _look_up(
    texts: Sequence[str | None], known: dict[str, str], code: str, words: dict[str, str]
) -> Parsed:
    values = [known.get(fold(text)) if text is not None else None for text in texts]
    faults: dict[int, Fault] = {}
    for position, (text, value) in enumerate(zip(texts, values, strict=True)):
        if text is None or value is not None:
            continue
        near = nearest(text, known) if len(faults) < _MOST_SUGGESTIONS else None
        faults[position] = Fault(code, known[near] if near else None, words)
    return Parsed(pa.array(values, TEXT), faults)
