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

from nmsdreports.intake.tables import read_tables
from nmsdreports.policy.evidence import LOGS
from nmsdreports.settings import InputError, nearest

SEVERITIES = ("critical", "high", "medium", "low")
MOST_DAYS = 36_500  # a century: days beyond the calendar would be no days any more
RESPONSIBLE = ("owner", "supervisor")
CHANGEABLE = (
    *("severity", "fix_within", "applies", "wording", "remedy", "responsible"),
    *("board_category", "board_words", "interpretation"),
)
NEEDED = ("clause", "wording", "severity", "fix_within", "from", "met_by")
OPTIONAL = (
    *("title", "applies", "until", "lacks", "remedy", "responsible", "board_category"),
    *("board_words", "interpretation", "aliases"),
)


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
    faults = []
    for guideline, values in _parse(text, path.name).items():
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
    of_accounts = table.get("subject") in ("account", "notice")
    return tuple(key for key in CHANGEABLE if of_accounts or key != "applies")


def _value_faults(guideline: str, values: Mapping[str, Any], where: _Lines) -> list[Fault]:
    checks = {
        "severity": (lambda value: value in SEVERITIES, f"one of {', '.join(SEVERITIES)}"),
        "responsible": (lambda value: value in RESPONSIBLE, f"one of {', '.join(RESPONSIBLE)}"),
        "fix_within": (_is_days, f"a whole number of calendar days, 0 to {MOST_DAYS}"),
        "applies": (
            _is_condition,
            "{ column = a column of accounts, values = [its values, as in yes or class] }",
        ),
        "aliases": (_is_texts, "a list of texts"),
    }
    texts = ("clause", "title", "wording", "remedy", "lacks", "board_category")
    checks |= dict.fromkeys((*texts, "board_words", "interpretation"), (_is_text, "a text"))
    return [
        Fault(where.of(key), key, f"[{guideline}] {key} = {value!r}: expected {checks[key][1]}.")
        for key, value in values.items()
        if key in checks and not checks[key][0](value)
    ]


def _new_faults(
    guideline: str, values: Mapping[str, Any], tables: Mapping[str, Any], where: _Lines
) -> list[Fault]:
    missing = [key for key in NEEDED if key not in values]
    if missing:
        message = (
            f"there is no guideline [{guideline}]{nearest(guideline, tables)}; "
            f"a new one still needs {', '.join(missing)}."
        )
        return [Fault(where.start + 1, guideline, message)]
    faults = _key_faults(guideline, values, (*NEEDED, *OPTIONAL), where)
    faults += _value_faults(guideline, values, where)
    shapes = {
        "from": (_is_start, "{ column = a day column of accounts, days = a whole number }"),
        "met_by": (
            _is_evidence,
            "{ column = a day column of accounts } or "
            f"{{ log = one of {', '.join(LOGS)}, every = a number of days }}",
        ),
        "until": (_is_day_column, "a day column of accounts"),
    }
    faults += [
        Fault(where.of(key), key, f"[{guideline}] {key} = {values[key]!r}: expected {expected}.")
        for key, (fits, expected) in shapes.items()
        if key in values and not fits(values[key])
    ]
    return faults


def _as_new(guideline: str, values: Mapping[str, Any]) -> dict[str, Any]:
    title = values.get("title", guideline.replace("-", " ").capitalize())
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


def _is_days(value: Any) -> bool:
    return _is_offset(value) and value >= 0


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_day_column(value: Any) -> bool:
    column = read_tables()["accounts"].columns.get(value) if isinstance(value, str) else None
    return column is not None and column.type == "day"


def _is_condition(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) <= {"column", "values", "otherwise"}
        and _is_texts(value.get("values"))
        and _has_values(value.get("column"), value["values"])
        and _is_text(value.get("otherwise", "-"))
    )


def _has_values(name: Any, values: list[str]) -> bool:
    """Say whether a column of accounts can hold these values: "Yes" would bind no account."""
    column = read_tables()["accounts"].columns.get(name) if isinstance(name, str) else None
    if column is None or column.type == "day":
        return False
    known = ("yes", "no") if column.type == "yes-no" else column.allowed
    return known is None or set(values) <= set(known)


def _is_start(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) <= {"column", "days"}
        and _is_day_column(value.get("column"))
        and _is_offset(value.get("days", 0))
    )


def _is_offset(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MOST_DAYS


def _is_evidence(value: Any) -> bool:
    if not isinstance(value, dict) or not set(value) <= {"column", "log", "every"}:
        return False
    if "every" in value and not (_is_days(value["every"]) and value["every"] > 0):
        return False
    if "log" in value:
        return "column" not in value and value["log"] in LOGS and "every" in value
    return _is_day_column(value.get("column"))
