"""Incidents by their outcome in words, and the emergencies that are no incident findings.

In: the incident rows of an Edition. An emergency under one of the guidelines of contact is judged
by the notice to the supervisor and counted as an incident in no table, so it is named beside them.
"""

from functools import lru_cache

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.sentences import count_words, list_words, state_words, were_words

EMERGENCY = "emergency: judged under Notice after an emergency"
"""What an emergency says in place of an outcome."""

_OUTCOMES = ("substantiated", "unsubstantiated", "under investigation", "alleged", "withdrawn")
_DECIDED = ["unsubstantiated", "withdrawn"]


def is_emergency(edition: Edition, rows: pd.DataFrame) -> pd.Series:
    """Which of the incident rows are emergencies, which have no incident finding (bool)."""
    said = rows["emergency"].eq("yes")
    if not said.any():
        return said
    ids = rows["guideline"] + ":incident:" + rows["incident_id"]
    return said & ~ids.isin(edition.findings["finding_id"])


@lru_cache(maxsize=8)
def recent(edition: Edition, months: int) -> pd.DataFrame:
    """The incident rows of the last `months` months, the edition's month the last of them."""
    rows = edition.incident_rows
    opened = rows["reported_on"].fillna(rows["occurred_on"])
    end = pd.Period(edition.month, freq="M")
    first = (end - (months - 1)).to_timestamp()
    return rows[(opened >= first) & (opened < (end + 1).to_timestamp())]


def reported_words(edition: Edition, months: int) -> str:
    """How many incidents were reported and, as long as there are any, how each stands.

    "2 incidents were reported: 1 substantiated, 1 only reported".
    """
    states = _states(edition, months)
    counts = states.value_counts()
    parts = [f"{counts[name]:,} {state_words(name)}" for name in _OUTCOMES if name in counts]
    told = f": {', '.join(parts)}" if parts else ""
    return f"{were_words(len(states), 'incident', 'reported')}{told}"


def substantiated_words(edition: Edition) -> str:
    """How many of the month's incidents are violations; nothing where none was reported."""
    states = _states(edition, 1)
    sure = int(states.eq("substantiated").sum())
    if states.empty:
        return ""
    alone = len(states) == 1
    if sure:
        violations = f"({count_words(sure, 'violation')})"
        of_them = " and" if alone else f", {sure:,} of them"
        return f"{of_them} substantiated {violations}"
    so_far = "" if states.isin(_DECIDED).all() else " so far"
    return f", {'not' if alone else 'none of them'} substantiated{so_far}"


@lru_cache(maxsize=8)
def _states(edition: Edition, months: int) -> pd.Series:
    rows = recent(edition, months)
    return rows.loc[~is_emergency(edition, rows), "substantiation"]


@lru_cache(maxsize=8)
def emergency_words(edition: Edition, months: int) -> str:
    """The emergencies of the last `months` months in one sentence; nothing where there is none."""
    if not edition.incident_rows["emergency"].eq("yes").any():
        return ""
    rows = recent(edition, months)
    ids = rows.loc[is_emergency(edition, rows), "incident_id"].to_list()
    if not ids:
        return ""
    title = edition.guidelines.set_index("guideline")["title"]["emergency-notice"]
    was, judged = ("was", "is") if len(ids) == 1 else ("were", "are")
    return (
        f"{len(ids):,} more {was} contact in an emergency and {judged} judged under {title} "
        f"({list_words(ids)})"
    )


def emergency_guidelines(edition: Edition, months: int) -> set[str]:
    """The guidelines under which an emergency of the last `months` months is on record."""
    rows = recent(edition, months)
    return set(rows.loc[is_emergency(edition, rows), "guideline"])
