"""Incidents by their outcome in words, and the emergencies that are no incident findings.

In: the incident rows of an Edition. An emergency under one of the guidelines of contact is judged
by the notice to the supervisor and counted as an incident in no table, so it is named beside them.
"""

from collections import Counter
from functools import lru_cache

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.rows import records
from nmsdreports.views.sentences import count_words, list_words, state_words, were_words

EMERGENCY = "emergency: judged under Notice after an emergency"
"""What an emergency says in place of an outcome."""

_OUTCOMES = ("substantiated", "unsubstantiated", "under investigation", "alleged", "withdrawn")
_DECIDED = {"unsubstantiated", "withdrawn"}


@lru_cache(maxsize=8)
def incidents(edition: Edition) -> tuple[dict, ...]:
    """The incident rows; nobody changes them. Each has, too, the `day` it is counted from, its
    `finding_id` as of an incident, and whether it is an `emergency_apart`, which has no finding.
    """
    findings = set(edition.findings["finding_id"])
    rows = []
    for row in records(edition.incident_rows):
        finding_id = f"{row['guideline']}:incident:{row['incident_id']}"
        apart = row["emergency"] == "yes" and finding_id not in findings
        day = row["reported_on"] or row["occurred_on"]
        rows.append(row | {"day": day, "finding_id": finding_id, "emergency_apart": apart})
    return tuple(rows)


def recent(edition: Edition, months: int) -> list[dict]:
    """The `incidents` of the last `months` months, the edition's month the last of them."""
    end = pd.Period(edition.month, freq="M")
    first, after = ((end + n).to_timestamp().to_pydatetime() for n in (1 - months, 1))
    return [row for row in incidents(edition) if row["day"] and first <= row["day"] < after]


def reported_words(edition: Edition, months: int) -> str:
    """How many incidents were reported and, as long as there are any, how each stands.

    "2 incidents were reported: 1 substantiated, 1 only reported".
    """
    states = _states(edition, months)
    counts = Counter(states)
    parts = [f"{counts[name]:,} {state_words(name)}" for name in _OUTCOMES if name in counts]
    told = f": {', '.join(parts)}" if parts else ""
    return f"{were_words(len(states), 'incident', 'reported')}{told}"


def substantiated_words(edition: Edition) -> str:
    """How many of the month's incidents are violations; nothing where none was reported."""
    states = _states(edition, 1)
    sure = states.count("substantiated")
    if not states:
        return ""
    alone = len(states) == 1
    if sure:
        violations = f"({count_words(sure, 'violation')})"
        of_them = " and" if alone else f", {sure:,} of them"
        return f"{of_them} substantiated {violations}"
    so_far = "" if set(states) <= _DECIDED else " so far"
    return f", {'not' if alone else 'none of them'} substantiated{so_far}"


def _states(edition: Edition, months: int) -> list[str]:
    rows = recent(edition, months)
    return [row["substantiation"] for row in rows if not row["emergency_apart"]]


def emergency_words(edition: Edition, months: int) -> str:
    """The emergencies of the last `months` months in one sentence; nothing where there is none."""
    rows = recent(edition, months)
    ids = [row["incident_id"] for row in rows if row["emergency_apart"]]
    if not ids:
        return ""
    rules = edition.guidelines
    title = dict(zip(rules["guideline"], rules["title"], strict=True))["emergency-notice"]
    was, judged = ("was", "is") if len(ids) == 1 else ("were", "are")
    return (
        f"{len(ids):,} more {was} contact in an emergency and {judged} judged under {title} "
        f"({list_words(ids)})"
    )


def emergency_guidelines(edition: Edition, months: int) -> set[str]:
    """The guidelines under which an emergency of the last `months` months is on record."""
    rows = recent(edition, months)
    return {row["guideline"] for row in rows if row["emergency_apart"]}
