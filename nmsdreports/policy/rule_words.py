"""What differs between two policies, by guideline, in the words of those who read a report.

Trap: a guideline names columns as the program does; people know them by the headings of their
spreadsheets.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from nmsdreports.intake.tables import heading, read_tables
from nmsdreports.policy.guidelines import Guideline, Policy

_WORDS = {
    "until": "applies until",
    "met_by": "what meets it",
    "needs": "what must be on record to judge it",
    "severity": "severity",
    "fix_within": "days to put it right",
}
# The day from which a guideline's days are counted, and what the day is where no column says so.
_DAYS = {
    "launched_on": "the launch",
    "received_on": "it was received",
    "occurred_on": "it happened",
    "notice": "the start",
}


def rule_words(before: Policy, now: Policy) -> dict[str, str]:
    """Return what differs between two policies, by guideline, in words."""
    rules = [{rule.id: rule for rule in policy.rules} for policy in (before, now)]
    words = {}
    for name in rules[0] | rules[1]:
        old, new = (side.get(name) for side in rules)
        if old is None or new is None:
            words[name] = "a new guideline" if old is None else "no guideline any more"
            continue
        parts = [_applies_words(old, new), _starts_words(old, new)]
        parts += [_key_words(key, getattr(old, key), getattr(new, key)) for key in _WORDS]
        if before.assumed_launch_on != now.assumed_launch_on:
            days = [_plain(policy.assumed_launch_on) for policy in (before, now)]
            parts.append(f"launch day assumed where none is on record: {_from_to(*days)}")
        words[name] = "; ".join(filter(None, parts))
    return words


def _applies_words(old: Guideline, new: Guideline) -> str:
    """For which accounts it holds: 'applies where "Audience" is class or grade (so far always)'."""
    conditions = [
        f'where "{heading(applies["column"])}" is {" or ".join(applies["values"])}'
        if (applies := rule.applies)
        else "always"
        for rule in (old, new)
    ]
    return "" if old.applies == new.applies else f"applies {conditions[1]} (so far {conditions[0]})"


def _starts_words(old: Guideline, new: Guideline) -> str:
    """From when it holds: "applies from 21 days after the launch (so far 30 days after)"."""
    if old.starts == new.starts:
        return ""
    days = [_DAYS.get(rule.subject) or _day(rule.starts["column"]) for rule in (old, new)]
    told = [_after_words(rule.starts["days"]) for rule in (old, new)]
    first = f"{told[1]} {days[1]}" if new.starts["days"] else f"{days[1]} on"
    before = told[0] if days[0] == days[1] else f"{told[0]} {days[0]}"
    return f"applies from {first} (so far {before})"


def _day(column: str) -> str:
    return _DAYS.get(column) or f'"{heading(column)}"'


def _after_words(days: int) -> str:
    """A number of days after the day from which a duty counts, before it where negative."""
    if not days:
        return "from that very day"
    return f"{abs(days)} day{'s' * (abs(days) != 1)} {'after' if days > 0 else 'before'}"


def _key_words(key: str, old: Any, new: Any) -> str:
    """What differs between two values, of tables only the entries that do; nothing where none."""
    if old == new:
        return ""
    parts = []
    if isinstance(old, Mapping):
        if old.get("every") != new.get("every"):
            often = [_every_words(side.get("every"), at) for at, side in enumerate((old, new))]
            parts.append(f"{often[1]} (so far {often[0]})")
        keys = [name for name in old | new if old.get(name) != new.get(name) and name != "every"]
        old, new = ({name: side.get(name) for name in keys} for side in (old, new))
    if not isinstance(old, Mapping) or old:
        parts.append(f"{_WORDS[key]}: {_from_to(_plain(old), _plain(new))}")
    return "; ".join(parts)


def _every_words(days: int | None, now: bool | int) -> str:
    if days is None:
        return "once is enough" if now else "once was enough"
    return f"{'to be done again ' if now else ''}every {days} days"


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(_plain(item) for item in value.values() if item is not None)
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_plain, value))
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if value in read_tables()["accounts"].columns:
        return f'"{heading(value)}"'
    return "" if value is None else str(value)


def _from_to(before: str, after: str) -> str:
    return f"from {before or 'none'} to {after or 'none'}"
