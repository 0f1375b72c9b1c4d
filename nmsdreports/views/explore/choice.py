"""What was chosen, and the rows that it chooses: open findings, or subjects of one status."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

EVERY = "*"
OPEN = "open"
STATUSES = {
    OPEN: "Open",
    "overdue": "Open and overdue",
    "not yet due": "Open, not yet due",
    "excepted": "Open, under an exception",
    "not assessed": "Not assessed",
    "late": "Meets, late",
    "meets": "Meets",
    "upcoming": "Upcoming",
    "ended": "Ended",
    "not applicable": "Not applicable",
}
"""What the chooser of the status offers: its key and its words, what needs action first.

What meets late is one of those that meet.
"""
COLUMNS = [
    *("finding_id", "guideline", "subject", "account_id", "school_id", "state"),
    *("severity", "days_open", "due_on", "reason"),
]
STATES = ("overdue", "not yet due", "excepted")
SEVERITIES = ("critical", "high", "medium", "low")


@dataclass(frozen=True)
class Choice:
    """A month "2026-10", and a school, a guideline (`*`: every one) and a key of STATUSES."""

    month: str
    school_id: str = EVERY
    guideline: str = EVERY
    status: str = OPEN


def choose(
    choice: Choice, findings: pd.DataFrame, status: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    """The rows chosen, most urgent first: COLUMNS, `due_on` a day, `days_open` a whole number.

    `findings` and `status` are a standing's; the second is asked for only where it is needed. A
    row of `findings` has its `finding_id`, one of `status` its `reason`.
    """
    if choice.status in (OPEN, *STATES):
        return _open(_narrowed(findings, choice), choice.status)
    rows = _narrowed(status(), choice)
    late = rows["late"].fillna(False).astype(bool)
    rows = rows[late] if choice.status == "late" else rows[rows["status"].eq(choice.status)]
    rows = rows.assign(state=rows["status"].mask(rows["late"].fillna(False), "meets, late"))
    return rows.reindex(columns=COLUMNS).reset_index(drop=True)


def open_states(findings: pd.DataFrame) -> pd.Series:
    """Of each open finding: overdue, not yet due, or excepted (which asks for nothing)."""
    return pd.Series(np.array(STATES)[_places(findings)], findings.index, dtype="str")


def _places(findings: pd.DataFrame) -> np.ndarray:
    """The place of each open finding's state in STATES."""
    places = np.where(findings["overdue"], STATES.index("overdue"), STATES.index("not yet due"))
    return np.where(findings["excepted"], STATES.index("excepted"), places)


def _open(findings: pd.DataFrame, wanted: str) -> pd.DataFrame:
    rows = findings[findings["open"]]
    places = _places(rows)
    if wanted != OPEN:
        chosen = places == STATES.index(wanted)
        rows, places = rows[chosen], places[chosen]
    ranks = pd.Categorical(rows["severity"], SEVERITIES).codes.astype("uint8")  # others come last
    # whole numbers and days sort in a third of the time that a frame of columns takes
    order = np.lexsort((rows["due_on"], ranks, places))
    rows = rows.take(order).reset_index(drop=True)
    return rows.assign(state=open_states(rows)).reindex(columns=COLUMNS)


def _narrowed(frame: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    if choice.school_id != EVERY:
        frame = frame[frame["school_id"].eq(choice.school_id)]
    if choice.guideline != EVERY:
        frame = frame[frame["guideline"].eq(choice.guideline)]
    return frame
