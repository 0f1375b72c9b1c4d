"""The algebra of half-open day intervals, for many subjects at once; it knows no guideline.

In: arrays of a key (whose interval), a first day and the first day after. Out: :class:`Spans`.
One sweep over the ends of two sets of spans gives every operation: behind each end it is known
how many spans of either set are open, and the operation says which depths it keeps.
Traps: a day is a whole number counted from 1970-01-01, :data:`OPEN` stands for "no end yet" and
:data:`ALWAYS` for "no beginning"; an interval whose end is not after its start is empty.
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
    return _sweep(one, other, lambda a, b: (a > 0) & (b == 0))


def intersection(one: Spans, other: Spans) -> Spans:
    """Return the days in both."""
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
    valid = [part.stop > part.start for part in (one, other)]
    sizes = [int(mask.sum()) for mask in valid]
    key = np.concatenate([p.key[m] for p, m in zip((one, other), valid, strict=True)] * 2)
    day = np.concatenate(
        [p.start[m] for p, m in zip((one, other), valid, strict=True)]
        + [p.stop[m] for p, m in zip((one, other), valid, strict=True)]
    )
    if not len(key):
        return _nothing()
    step = np.repeat([1, -1], sum(sizes))
    first = np.tile(np.repeat([True, False], sizes), 2)
    order = np.lexsort((day, key))
    key, day, step, first = key[order], day[order], step[order], first[order]
    # All steps of one key's day together: the depth counts once the day's last step is taken.
    last = np.ones(len(key), dtype=bool)
    last[:-1] = (key[1:] != key[:-1]) | (day[1:] != day[:-1])
    depth_one = np.cumsum(np.where(first, step, 0))[last]
    depth_other = np.cumsum(np.where(first, 0, step))[last]
    key, day = key[last], day[last]
    inside = keep(depth_one, depth_other)
    # At a key's last day both depths are zero, so nothing kept runs over into the next key.
    before = np.concatenate(([False], inside[:-1]))
    begins = inside & ~before
    ends = ~inside & before
    return Spans(key[begins], day[begins], day[ends])
