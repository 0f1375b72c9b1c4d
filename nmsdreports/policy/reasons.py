"""Why a subject stands as it does on a day, in a few words: "met since 2026-09-01, late".

In: the spell of each subject that holds the day. Out: one text a row.
Trap: a district of 50,000 accounts has half a million rows and a few hundred days; so each text is
spelled once, for its kind and its day, and rows are given theirs by number.
"""

import numpy as np
import pandas as pd

from nmsdreports.policy.assess import Assessment
from nmsdreports.policy.frames import spelled
from nmsdreports.policy.intervals import ALWAYS, OPEN, Spans, to_dates
from nmsdreports.policy.spells import STATUSES

_WORDS = {
    "ended": "closed on ",
    "upcoming": "the duty begins on ",
    "excepted": "exception until ",
    "does not meet": "not met since ",
    "meets": "met since ",
}
_PLANNED = "requested, not launched yet"
_KINDS = [*_WORDS.values(), _PLANNED]
_LATE, _ASSUMED, _KIND, _DAY = 1 << 33, 1 << 34, 1 << 35, 1 << 33


def reasons(
    now: pd.DataFrame, subjects: pd.DataFrame, late: np.ndarray, assessment: Assessment, day: int
) -> pd.Series:
    """Return the reason (str) of each row of ``now``, the spells that hold the day.

    ``subjects`` are their rows of :attr:`Assessment.subjects`; ``late`` (bool) are those that meet
    now and did not on an earlier day.
    """
    status, position = now["status"].to_numpy(), now["position"].to_numpy()
    held = {name: status == place for place, name in enumerate(STATUSES)}
    since = now["start"].to_numpy(dtype=np.int64)
    since = np.where(held["upcoming"], subjects["starts"], since)
    for name, spans, end in (
        ("excepted", assessment.excepted, "stop"),
        ("does not meet", assessment.gaps, "start"),
    ):
        since[held[name]] = _end(spans, end, position[held[name]], day)
    since[held["excepted"]] -= 1
    since[(since <= ALWAYS) | (since >= OPEN)] = 0
    kind = np.zeros(len(now), dtype=np.int64)
    for place, name in enumerate(_WORDS):
        kind[held[name]] = place
    kind[held["upcoming"] & subjects["planned"].to_numpy()] = _KINDS.index(_PLANNED)
    judged = held["excepted"] | held["does not meet"] | held["meets"]
    assumed = judged & subjects["assumed"].to_numpy()
    number = (since - ALWAYS) + late * _LATE + assumed * _ASSUMED + kind * _KIND
    places, numbers = pd.factorize(number)
    reason = spelled(_spell(numbers, str(assessment.policy.assumed_launch_on)[:10]), places)
    for name, column in (("not applicable", "not_applicable"), ("not assessed", "undecided")):
        if held[name].any():
            reason = reason.mask(held[name], subjects[column])
    return reason


def _end(spans: Spans, end: str, position: np.ndarray, day: int) -> np.ndarray:
    """Return that end of the span of each position which holds the day."""
    spans = spans.only((spans.start <= day) & (day < spans.stop))
    return getattr(spans, end)[np.searchsorted(spans.key, position)]


def _spell(numbers: np.ndarray, assumed_launch: str) -> list[str]:
    """Return the text of each number: a day, whether late, whether assumed, and a kind of words."""
    days = to_dates(numbers % _DAY + ALWAYS).dt.strftime("%Y-%m-%d")
    note = f"; launch not on record, judged from {assumed_launch}"
    texts = []
    for number, day in zip(numbers.tolist(), days, strict=True):
        words = _KINDS[number // _KIND]
        late = ", late" if number & _LATE else ""
        texts.append(
            (words if words == _PLANNED else words + day)
            + late
            + (note if number & _ASSUMED else "")
        )
    return texts
