"""The program's answer beside the second reading's, row by row, with the facts of what differs."""

from datetime import date
from fractions import Fraction

from nmsdreports.intake import Records
from nmsdreports.policy import assess, read_policy
from tests.oracle import facts_of, second_reading
from tests.oracle.counts import four_digits
from tests.oracle.facts import Facts, plain, rows_of

KEYS = {
    "status": ("guideline", "subject"),
    "findings": ("finding_id",),
    "rates": ("guideline", "school_id"),
    "incidents": ("guideline", "school_id"),
    "moves": ("guideline", "school_id"),
}
MOST_LINES = 12


def differences(records: Records, days: list[date]) -> list[str]:
    """Return a line for every row in which the two readings differ; none where they agree."""
    assessment = assess(records, read_policy(records.settings))
    lines = []
    for day in days:
        standing, expected = assessment.at(day), second_reading(records, day)
        for table, keys in KEYS.items():
            answered = by_key(rows_of(getattr(standing, table)), keys)
            unlike = table_lines(answered, by_key(expected[table], keys))
            lines += [f"{day} {table}: {line}" for line in unlike]
    return lines


def by_key(rows: list[dict], keys: tuple[str, ...]) -> dict[tuple, dict]:
    found: dict[tuple, dict] = {}
    for row in rows:
        key = tuple(row[name] for name in keys)
        assert key not in found, f"two rows of {key}"
        found[key] = row
    return found


def table_lines(answered: dict[tuple, dict], expected: dict[tuple, dict]) -> list[str]:
    lines = [
        f"{key} is missing; expected {show(expected[key])}" for key in missing(expected, answered)
    ]
    lines += [
        f"{key} is too much; answered {show(answered[key])}" for key in missing(answered, expected)
    ]
    for key in sorted(answered.keys() & expected.keys()):
        one, other = answered[key], expected[key]
        unlike = [name for name in other if not equal(one[name], other[name])]
        if unlike:
            words = [f"{name} answered {one[name]}, expected {other[name]}" for name in unlike]
            lines.append(f"{key}: {'; '.join(words)} | {show(other)}")
    return lines


def missing(rows: dict, others: dict) -> list[tuple]:
    return sorted(rows.keys() - others.keys())


def equal(answered, expected) -> bool:
    """Say whether two plain values agree; a rate in the four digits in which it is told."""
    if isinstance(answered, float) and isinstance(expected, float):
        exact = Fraction(answered).limit_denominator(10_000)
        return four_digits(exact) == expected
    return answered == expected


def show(row: dict) -> str:
    """Return a row's values without the blank ones."""
    return ", ".join(
        f"{name}={value}" for name, value in row.items() if value is not None and name != "index"
    )


def explained(records: Records, lines: list[str]) -> str:
    """Return the differences, then every fact of the registry: they are few."""
    facts = facts_of(records)
    parts = lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        parts.append(f"... and {len(lines) - MOST_LINES} more")
    return "\n".join(["", *parts, str(facts.days), *fact_lines(facts)])


def fact_lines(facts: Facts) -> list[str]:
    hidden = ("file", "sheet", "row", "key", "platform", "handle")
    tables = {**facts.tables, "unreadable": facts.unreadable}
    return [
        f"{table} {show({name: plain(value) for name, value in row.items() if name not in hidden})}"
        for table, rows in tables.items()
        for row in rows
    ]
