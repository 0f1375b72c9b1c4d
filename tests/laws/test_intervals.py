"""Each law of the interval algebra, against a walk over single days."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nmsdreports.policy.intervals import Intervals, Spans, difference, split
from tests.laws.strategies import interval_sets

KEYS = 3


@st.composite
def keyed_intervals(draw) -> list[tuple[int, int, int]]:
    """Draw intervals of several keys, in any order, some with an end before their start."""
    rows = [
        (key, start, stop - draw(st.integers(0, 3)))
        for key in range(KEYS)
        for start, stop in draw(interval_sets())
    ]
    return draw(st.permutations(rows))


def spans_of(rows) -> Spans:
    return Spans.of(*(np.array([row[place] for row in rows], dtype=int) for place in range(3)))


def days_of(rows) -> set[tuple[int, int]]:
    return {(key, day) for key, start, stop in rows for day in range(start, stop)}


def walked(spans: Spans) -> set[tuple[int, int]]:
    return days_of(zip(spans.key, spans.start, spans.stop, strict=True))


@settings(max_examples=300, derandomize=True, deadline=None)
@given(keyed_intervals())
def test_spans_are_the_same_days_sorted_disjoint_and_apart(rows):
    spans = spans_of(rows)
    assert walked(spans) == days_of(rows)
    listed = list(zip(spans.key, spans.start, spans.stop, strict=True))
    assert listed == sorted(listed)
    assert all(start < stop for _, start, stop in listed)
    for one, following in pairwise(listed):
        assert one[0] != following[0] or one[2] < following[1]


def raw(rows) -> Intervals:
    return Intervals(*(np.array([row[place] for row in rows], dtype=int) for place in range(3)))


@st.composite
def one_each(draw) -> list[tuple[int, int, int]]:
    """Draw at most one interval a key, in the order of their keys, empty ones too."""
    keys = sorted(draw(st.sets(st.integers(0, KEYS))))
    days = st.integers(0, 12)
    return [(key, draw(days), draw(days)) for key in keys]


EITHER = st.one_of(keyed_intervals(), one_each())


@settings(max_examples=400, derandomize=True, deadline=None)
@given(EITHER, EITHER)
def test_what_lies_inside_and_outside_day_by_day(rows, others):
    inside, outside = split(spans_of(rows), raw(others))
    assert walked(inside) == days_of(rows) & days_of(others)
    assert walked(outside) == days_of(rows) - days_of(others)
    for part in (inside, outside):
        listed = list(zip(part.key, part.start, part.stop, strict=True))
        assert listed == sorted(listed)
        assert all(start < stop for _, start, stop in listed)
        assert len(spans_of(listed)) == len(listed)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(EITHER, EITHER)
def test_what_is_met_and_what_is_not_make_up_the_duty_again(rows, others):
    duty = spans_of(rows)
    met, gaps = split(duty, raw(others))
    rebuilt = [*zip(met.key, met.start, met.stop, strict=True)]
    rebuilt += zip(gaps.key, gaps.start, gaps.stop, strict=True)
    assert walked(spans_of(rebuilt)) == walked(duty)
    assert not len(split(gaps, met)[0])
    assert walked(difference(duty, gaps)) == walked(met)
