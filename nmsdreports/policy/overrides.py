"""A district's own policy file, laid over the guidelines: changes, and guidelines of its own.

In: the toolkit's guidelines and the district's TOML file. Out: the guidelines in force.
Traps: the file holds changes only, never a copy; a misspelt key would change verdicts in silence,
so whatever is not known is refused, with the line it stands on.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nmsdreports.policy.shapes import wrong_words
from nmsdreports.settings import InputError, fold, nearest

CHANGEABLE = (
    *("severity", "fix_within", "applies", "wording", "remedy", "responsible"),
    *("board_category", "board_words", "interpretation"),
)
# What the employee judges alone has no severity, no days and nobody whom a finding falls to.
OF_ADVICE = ("wording", "board_words", "interpretation")
NEEDED = ("clause", "wording", "severity", "fix_within", "from", "met_by")
OPTIONAL = (
    *("title", "applies", "until", "lacks", "remedy", "responsible", "board_category"),
    *("board_words", "interpretation", "aliases"),
)
# Headings that stand beside the guidelines' titles where accounts are listed by guidelines.
TAKEN = ("Account", "Account ID", "School", "Title")


@dataclass(frozen=True)
class Fault:
    """One thing in a policy file that cannot be used: ``line`` (from 1), ``key`` and a sentence."""

    line: int
    key: str
    message: str


def overlay(tables: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Return the guidelines with a district's file laid over them, new guidelines at the end.

    Raises :class:`InputError` with the first fault, its line and key.
    """
    text = _read(path)
    changes = _parse(text, path.name)
    faults = check_policy(tables, path)
    if faults:
        first = faults[0]
        more = f" ({len(faults) - 1} more)" if len(faults) > 1 else ""
        raise InputError(f"{path.name}, line {first.line}: {first.message}{more}")
    result = {guideline: dict(table) for guideline, table in tables.items()}
    for guideline, values in changes.items():
        if guideline in result:
            result[guideline] |= values
        else:
            result[guideline] = _as_new(guideline, values)
    return result


def check_policy(tables: Mapping[str, Any], path: Path) -> list[Fault]:
    """Return every fault of a district's policy file, in the order of its lines.

    Raises :class:`InputError` when the file cannot be read as TOML at all.
    """
    text = _read(path)
    changes = _parse(text, path.name)
    faults = _title_faults(changes, tables, text)
    for guideline, values in changes.items():
        where = _Lines(text, guideline)
        if not isinstance(values, dict):
            message = f"`{guideline}` stands outside a guideline's table; begin one with [id]."
            faults.append(Fault(where.of(guideline), guideline, message))
        elif guideline in tables:
            faults += _key_faults(guideline, values, _changeable(tables[guideline]), where)
            faults += _value_faults(guideline, values, where)
        else:
            faults += _new_faults(guideline, values, tables, where)
    return sorted(faults, key=lambda fault: fault.line)


class _Lines:
    """Where a guideline's keys stand in the file (lines from 1)."""

    def __init__(self, text: str, guideline: str) -> None:
        self.lines = text.splitlines()
        header = re.compile(rf'\s*\[\s*["\']?{re.escape(guideline)}["\']?\s*[\].]')
        self.start = next((i for i, line in enumerate(self.lines) if header.match(line)), 0)

    def of(self, key: str) -> int:
        assignment = re.compile(
            rf'\s*(["\']?{re.escape(key)}["\']?\s*[=.]|\[.*\b{re.escape(key)}\])'
        )
        for number, line in enumerate(self.lines[self.start :], self.start + 1):
            if assignment.match(line):
                return number
        return self.start + 1


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(
            f"The policy file {path.name} cannot be read ({error.strerror}): "
            "put it beside district.toml or correct the key `policy` there."
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not a text file in UTF-8: save it as UTF-8.") from error


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name} is not a TOML file: {error}.") from error


def _key_faults(
    guideline: str, values: Mapping[str, Any], known: tuple[str, ...], where: _Lines
) -> list[Fault]:
    return [
        Fault(
            where.of(key),
            key,
            f"[{guideline}] `{key}` cannot be set here{nearest(key, known)}; "
            f"what can: {', '.join(known)}.",
        )
        for key in values
        if key not in known
    ]


def _changeable(table: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys that may change; only accounts have the columns that ``applies`` asks."""
    if table.get("method") == "advice":
        return OF_ADVICE
    of_accounts = table.get("subject") in ("account", "notice")
    return tuple(key for key in CHANGEABLE if of_accounts or key != "applies")


def _value_faults(guideline: str, values: Mapping[str, Any], where: _Lines) -> list[Fault]:
    wrong = {key: wrong_words(key, value) for key, value in values.items()}
    return [
        Fault(where.of(key), key, f"[{guideline}] {words}.")
        for key, words in wrong.items()
        if words
    ]


def _new_faults(
    guideline: str, values: Mapping[str, Any], tables: Mapping[str, Any], where: _Lines
) -> list[Fault]:
    missing = [key for key in NEEDED if key not in values]
    faults = []
    if missing:
        message = (
            f"there is no guideline [{guideline}]{nearest(guideline, tables)}; "
            f"a new one still needs {', '.join(missing)}."
        )
        faults.append(Fault(where.start + 1, guideline, message))
    faults += _key_faults(guideline, values, (*NEEDED, *OPTIONAL), where)
    return faults + _value_faults(guideline, values, where)


def _title_faults(changes: Mapping[str, Any], tables: Mapping[str, Any], text: str) -> list[Fault]:
    """Two columns of one heading are one too many: a title is no other's, and no heading's."""
    taken = {fold(heading): "" for heading in TAKEN}
    taken |= {fold(table["title"]): guideline for guideline, table in tables.items()}
    faults = []
    for guideline, values in changes.items():
        if guideline in tables or not isinstance(values, dict):
            continue
        title = _title(guideline, values)
        other = taken.setdefault(fold(str(title)), guideline)
        if other != guideline:
            whose = f"that of [{other}]" if other else "a heading of the reports"
            message = f'[{guideline}] `title`: "{title}" is {whose}; choose another one.'
            faults.append(Fault(_Lines(text, guideline).of("title"), "title", message))
    return faults


def _title(guideline: str, values: Mapping[str, Any]) -> Any:
    return values.get("title", guideline.replace("-", " ").capitalize())


def _as_new(guideline: str, values: Mapping[str, Any]) -> dict[str, Any]:
    title = _title(guideline, values)
    return {
        "title": title,
        "method": "record",
        "subject": "account",
        "until": "closed_on",
        "lacks": f'record for "{title}"',
        "remedy": "do what the guideline asks for and record the day",
        "responsible": "owner",
        "board_category": "accounts",
    } | dict(values)
