"""Which shape each value of a policy file must have, and which part of one that has not is wrong.

In: a key's value as TOML gives it. Out: what is expected and what is wrong with it, in words.
Traps: a column or a value that no account can have would bind no account, and nobody would notice.
"""

from collections.abc import Callable, Mapping
from typing import Any

from nmsdreports.intake.tables import read_tables
from nmsdreports.policy.evidence import LOGS
from nmsdreports.settings import nearest

SEVERITIES = ("critical", "high", "medium", "low")
MOST_DAYS = 36_500  # a century: days beyond the calendar would be no days any more
RESPONSIBLE = ("owner", "supervisor")
_TEXTS = (
    *("clause", "title", "wording", "remedy", "lacks", "board_category", "board_words"),
    "interpretation",
)
_EXPECTED = {
    "severity": f"one of {', '.join(SEVERITIES)}",
    "responsible": f"one of {', '.join(RESPONSIBLE)}",
    "fix_within": f"a whole number of calendar days, 0 to {MOST_DAYS}",
    "applies": "{ column = a column of accounts, values = [its values, as in yes or class] }",
    "aliases": "a list of texts",
    "from": "{ column = a day column of accounts, days = a whole number }",
    "met_by": "{ column = a day column of accounts } or "
    f"{{ log = one of {', '.join(LOGS)}, every = a number of days }}",
    "until": "a day column of accounts",
} | dict.fromkeys(_TEXTS, "a text")


def wrong_words(key: str, value: Any) -> str:
    """Return what is wrong with a key's value and what is expected; "" where nothing is."""
    if key not in _EXPECTED or (wrong := _CHECKS.get(key, _text)(value)) is None:
        return ""
    which = f"{wrong}; " if wrong else ""
    return f"{key} = {_written(value)}: {which}expected {_EXPECTED[key]}"


def _written(value: Any) -> str:
    """A value as a TOML file writes it."""
    if isinstance(value, dict):
        parts = [f"{key} = {_written(part)}" for key, part in value.items()]
        return f"{{ {', '.join(parts)} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, str) else str(value)


# Each check gives None where the value fits, "" where there is no more to say than what is
# expected, else which part is wrong.


def _among(known: tuple[str, ...]) -> Callable[[Any], str | None]:
    return lambda value: None if value in known else ""


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() else ""


def _texts(value: Any) -> str | None:
    fits = isinstance(value, list) and all(_text(text) is None for text in value)
    return None if fits else ""


def _days(value: Any, least: int = 0) -> str | None:
    return None if _is_number(value) and least <= value <= MOST_DAYS else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _day_column(value: Any) -> str | None:
    columns = read_tables()["accounts"].columns
    days = [name for name, column in columns.items() if column.type == "day"]
    if value in days:
        return None
    if not isinstance(value, str):
        return "the column is missing"
    if value in columns:
        return f"'{value}' is a column of accounts, but holds no day"
    return f"accounts have no column '{value}'{nearest(value, days)}"


def _unknown_parts(value: Any, known: tuple[str, ...]) -> str | None:
    """Say which part a table has that it cannot have; "" of what is no table."""
    if not isinstance(value, Mapping):
        return ""
    strange = [key for key in value if key not in known]
    return f"'{strange[0]}' cannot stand in it{nearest(strange[0], known)}" if strange else None


def _condition(value: Any) -> str | None:
    wrong = _unknown_parts(value, ("column", "values", "otherwise"))
    if wrong is not None:
        return wrong
    columns = read_tables()["accounts"].columns
    name = value.get("column")
    if not isinstance(name, str):
        return "the column is missing"
    if name not in columns:
        return f"accounts have no column '{name}'{nearest(name, columns)}"
    column = columns[name]
    if column.type == "day":
        return f"'{name}' holds days"
    if not isinstance(value.get("values"), list):
        return "the values are missing"
    if _texts(value["values"]) is not None or _text(value.get("otherwise", "-")) is not None:
        return ""
    known = ("yes", "no") if column.type == "yes-no" else column.allowed
    strange = [text for text in value["values"] if known is not None and text not in known]
    if not strange:
        return None
    near = nearest(strange[0].casefold(), known)
    return f"'{name}' has no value '{strange[0]}'{near}; its values are {', '.join(known)}"


def _start(value: Any) -> str | None:
    wrong = _unknown_parts(value, ("column", "days"))
    if wrong is None:
        wrong = _day_column(value.get("column"))
    days = 0 if wrong is not None else value.get("days", 0)
    fits = _is_number(days) and abs(days) <= MOST_DAYS
    return wrong if fits else f"days = {_written(days)} is no whole number of days"


def _evidence(value: Any) -> str | None:
    wrong = _unknown_parts(value, ("column", "log", "every"))
    if wrong is not None:
        return wrong
    if "log" not in value:
        wrong = _day_column(value.get("column"))
    elif "column" in value:
        wrong = "either a column or a log"
    elif (name := str(value["log"])) not in LOGS:
        wrong = f"there is no log '{name}'{nearest(name, LOGS)}"
    elif "every" not in value:
        wrong = "a log needs every how many days"
    every = value.get("every", 1)
    if wrong is None and _days(every, 1) is not None:
        wrong = f"every = {_written(every)} is no number of days"
    return wrong


_CHECKS: dict[str, Callable[[Any], str | None]] = {
    "severity": _among(SEVERITIES),
    "responsible": _among(RESPONSIBLE),
    "fix_within": _days,
    "applies": _condition,
    "aliases": _texts,
    "from": _start,
    "met_by": _evidence,
    "until": _day_column,
}
