"""The algebra of half-open day intervals, for many subjects at once; it knows no guideline.

In: arrays of a key (whose interval), a first day and the first day after. Out: :class:`Spans`.
One sweep over the ends of two sets of spans gives every operation: behind each end it is known
how many spans of either set are open, and the operation says which depths it keeps.
Traps: a day is a whole number counted from 1970-01-01, :data:`OPEN` stands for "no end yet" and
:data:`ALWAYS` for "no beginning"; an interval whose end is not after its start is empty; keys are
row labels, at least 0 and below 2**29.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

OPEN = np.int64(2**31 - 1)
ALWAYS = np.int64(-(2**31))


@dataclass(frozen=True)
class Spans:
    """Sets of days, one set for each key.

    ``key``, ``start`` and ``stop`` are int64 arrays of one length; the set of a key is the union
    of its ``[start, stop)``. Sorted by key, then start; the spans of one key are not empty, do
    not overlap and do not touch.
    """

    key: np.ndarray
    start: np.ndarray
    stop: np.ndarray

    @classmethod
    def of(cls, key: object, start: object, stop: object) -> "Spans":
        """Return the spans of the same days as intervals in any order, overlapping or empty."""
        raw = cls(*(np.asarray(values, dtype=np.int64) for values in (key, start, stop)))
        return _sweep(raw, _nothing(), lambda one, other: one > 0)

    def __len__(self) -> int:
        return len(self.key)


def union(one: Spans, other: Spans) -> Spans:
    """Return the days in either."""
    return _sweep(one, other, lambda a, b: (a > 0) | (b > 0))


def difference(one: Spans, other: Spans) -> Spans:
    """Return the days in ``one`` that are not in ``other``."""
    if not len(other):
        return one
    return _sweep(one, other, lambda a, b: (a > 0) & (b == 0))


def intersection(one: Spans, other: Spans) -> Spans:
    """Return the days in both."""
    if not len(other):
        return other
    return _sweep(one, other, lambda a, b: (a > 0) & (b > 0))


def to_days(values: pd.Series, missing: np.int64) -> np.ndarray:
    """Return days counted from 1970-01-01 for a datetime column, ``missing`` where it is NaT."""
    days = values.to_numpy(dtype="datetime64[D]").astype(np.int64)
    return np.where(values.isna().to_numpy(), missing, days)


def to_dates(days: np.ndarray) -> pd.Series:
    """Return the datetime64[us] column of counted days, NaT for :data:`OPEN` and :data:`ALWAYS`."""
    days = np.asarray(days, dtype=np.int64)
    endless = (days >= OPEN) | (days <= ALWAYS)
    dates = np.where(endless, 0, days).astype("datetime64[D]").astype("datetime64[us]")
    dates[endless] = np.datetime64("NaT")
    return pd.Series(dates)


def _nothing() -> Spans:
    empty = np.empty(0, dtype=np.int64)
    return Spans(empty, empty, empty)


def _sweep(one: Spans, other: Spans, keep: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Spans:
    # Each end is one whole number (key, day, kind), so that one fast sort brings all in order.
    ends = np.concatenate(
        [
            (((part.key[valid] << 32) | (day[valid] - ALWAYS)) << 2) | kind
            for part, kinds in ((one, (0, 1)), (other, (2, 3)))
            for valid in (part.stop > part.start,)
            for day, kind in zip((part.start, part.stop), kinds, strict=True)
        ]
    )
    if not len(ends):
        return _nothing()
    ends.sort()
    place, kind = ends >> 2, ends & 3
    # All ends of one key's day together: the depth counts once the day's last end is taken.
    last = np.append(place[1:] != place[:-1], True)
    depth_one = np.cumsum((kind == 0).astype(np.int64) - (kind == 1))[last]
    depth_other = np.cumsum((kind == 2).astype(np.int64) - (kind == 3))[last]
    inside = keep(depth_one, depth_other)
    # At a key's last day both depths are zero, so nothing kept runs over into the next key.
    before = np.append(False, inside[:-1])
    begins, stops = place[last][inside & ~before], place[last][~inside & before]
    day = (1 << 32) - 1
    return Spans(begins >> 32, (begins & day) + ALWAYS, (stops & day) + ALWAYS)
