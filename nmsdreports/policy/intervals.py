"""The algebra of half-open day intervals, for many subjects at once; it knows no guideline.

In: arrays of a key (whose interval), a first day and the first day after. Out: :class:`Spans`.
:func:`split` is the one operation: a set of days is cut along another into what lies inside and
what lies outside. Where each key has one interval on either side the ends are compared; else one
sweep over the sorted ends of both tells how many of either are open behind each end.
Traps: a day is a whole number counted from 1970-01-01, :data:`OPEN` stands for "no end yet" and
:data:`ALWAYS` for "no beginning"; an interval whose end is not after its start is empty; keys are
row labels, at least 0 and below 2**29.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

OPEN = np.int64(2**31 - 1)
ALWAYS = np.int64(-(2**31))
# Two depths in one number: the lower half counts the intervals of one set, the upper of the other.
_STEP = np.array([1, -1, 1 << 32, -(1 << 32)])
_DAY = (1 << 32) - 1
_DAY_LONG = np.int64(86_400_000_000)  # in microseconds


@dataclass(frozen=True)
class Intervals:
    """Intervals of several keys in any order; they may overlap and be empty.

    ``key``, ``start`` and ``stop`` are arrays of one length, int64 or :meth:`halved`; one row is
    ``[start, stop)``.
    """

    key: np.ndarray
    start: np.ndarray
    stop: np.ndarray

    def __len__(self) -> int:
        return len(self.key)

    def only(self, chosen: np.ndarray) -> Self:
        """Return the chosen rows (bool)."""
        return type(self)(self.key[chosen], self.start[chosen], self.stop[chosen])

    def halved(self) -> Self:
        """Return the same in half the room (int32), to be kept for long."""
        return type(self)(*(part.astype(np.int32) for part in (self.key, self.start, self.stop)))


@dataclass(frozen=True)
class Spans(Intervals):
    """Sets of days, one set for each key: the union of its intervals.

    Sorted by key, then start; the spans of one key are not empty, do not overlap and do not touch.
    """

    @classmethod
    def of(cls, key: object, start: object, stop: object) -> "Spans":
        """Return the spans of the same days as intervals in any order, overlapping or empty."""
        raw = cls(*(np.asarray(values, dtype=np.int64) for values in (key, start, stop)))
        if _one_each(raw):
            return raw.only(raw.stop > raw.start)
        if len(raw) and (raw.key[1:] >= raw.key[:-1]).all():
            same = raw.key[1:] == raw.key[:-1]
            several = np.append(same, False) | np.append(False, same)
            alone = raw.only(~several & (raw.stop > raw.start))
            return _together(alone, raw.only(several)._merged())
        return raw._merged()

    def _merged(self) -> "Spans":
        place, depth = _depths(self, nothing())
        return _runs(place, depth > 0)


def nothing() -> Spans:
    """Return the spans without a day."""
    empty = np.empty(0, dtype=np.int64)
    return Spans(empty, empty, empty)


def split(one: Spans, other: Intervals) -> tuple[Spans, Spans]:
    """Return the days of ``one`` that are in ``other``, and those that are not."""
    if not len(other) or not len(one):
        return nothing(), one
    touched = _is_among(one.key, other.key)
    mine, alone = one.only(touched), one.only(~touched)
    if not len(mine):
        return nothing(), one
    other = other.only(_is_among(other.key, mine.key))
    cut = _compared if _one_each(mine) and _one_each(other) else _swept
    inside, outside = cut(mine, other)
    return inside, _together(outside, alone)


def difference(one: Spans, other: Intervals) -> Spans:
    """Return the days in ``one`` that are not in ``other``."""
    return split(one, other)[1]


def to_days(values: pd.Series, missing: np.int64) -> np.ndarray:
    """Return days counted from 1970-01-01 for a datetime column, ``missing`` where it is NaT."""
    days = values.to_numpy(dtype="datetime64[D]").astype(np.int64)
    return np.where(values.isna().to_numpy(), missing, days)


def to_dates(days: np.ndarray) -> pd.Series:
    """Return the datetime64[us] column of counted days, NaT for :data:`OPEN` and :data:`ALWAYS`."""
    days = np.asarray(days)
    endless = (days >= OPEN) | (days <= ALWAYS)
    dates = np.multiply(days, _DAY_LONG, dtype=np.int64, casting="unsafe").view("datetime64[us]")
    dates[endless] = np.datetime64("NaT")
    return pd.Series(dates, copy=False)


def _one_each(part: Intervals) -> bool:
    return bool((part.key[1:] > part.key[:-1]).all())


def _is_among(key: np.ndarray, others: np.ndarray) -> np.ndarray:
    seen = np.zeros(max(key.max(), others.max()) + 1, dtype=bool)
    seen[others] = True
    return seen[key]


def _compared(one: Spans, other: Intervals) -> tuple[Spans, Spans]:
    """Split where each key has one interval in ``one`` and, in order, one in ``other``."""
    place = np.searchsorted(other.key, one.key)
    start = np.maximum(one.start, other.start[place])
    stop = np.minimum(one.stop, other.stop[place])
    # Where they do not meet nothing is inside, and all of it lies before the cut.
    start, stop = (np.where(start < stop, end, one.stop) for end in (start, stop))
    around = Spans(
        np.repeat(one.key, 2),
        np.column_stack([one.start, stop]).ravel(),
        np.column_stack([start, one.stop]).ravel(),
    )
    inside = Spans(one.key, start, stop)
    return inside.only(start < stop), around.only(around.start < around.stop)


def _swept(one: Intervals, other: Intervals) -> tuple[Spans, Spans]:
    place, depth = _depths(one, other)
    in_one, in_other = (depth & _DAY) > 0, depth > _DAY
    return _runs(place, in_one & in_other), _runs(place, in_one & ~in_other)


def _depths(one: Intervals, other: Intervals) -> tuple[np.ndarray, np.ndarray]:
    """Return each key's days on which an interval begins or stops, and how many are open then."""
    # Each end is one whole number (key, day, kind), so that one fast sort brings all in order.
    ends = np.concatenate(
        [
            (((part.key[valid].astype(np.int64) << 32) | (day[valid] - ALWAYS)) << 2) | kind
            for part, kinds in ((one, (0, 1)), (other, (2, 3)))
            for valid in (part.stop > part.start,)
            for day, kind in zip((part.start, part.stop), kinds, strict=True)
        ]
    )
    ends.sort()
    place = ends >> 2
    depth = np.cumsum(_STEP[ends & 3])
    # All ends of one key's day together: the depth counts once the day's last end is taken.
    last = np.append(place[1:] != place[:-1], np.ones(min(len(place), 1), dtype=bool))
    return place[last], depth[last]


def _runs(place: np.ndarray, inside: np.ndarray) -> Spans:
    # At a key's last day nothing is open any more, so no run goes on into the next key.
    before = np.append(False, inside[:-1])[: len(inside)]
    begins, stops = place[inside & ~before], place[~inside & before]
    return Spans(begins >> 32, (begins & _DAY) + ALWAYS, (stops & _DAY) + ALWAYS)


def _together(one: Spans, other: Spans) -> Spans:
    """Return the spans of two sets that have no key in common."""
    if not len(one) or not len(other):
        return one if len(one) else other
    key = np.concatenate([one.key, other.key])
    order = np.argsort(key, kind="stable")
    return Spans(
        key[order],
        np.concatenate([one.start, other.start])[order],
        np.concatenate([one.stop, other.stop])[order],
    )
