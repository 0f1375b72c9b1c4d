"""Each law of the interval algebra, against a walk over single days."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nmsdreports.policy.intervals import Spans, difference, intersection, union
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


@settings(max_examples=300, derandomize=True, deadline=None)
@given(keyed_intervals(), keyed_intervals())
def test_union_difference_and_intersection_day_by_day(rows, others):
    one, other = spans_of(rows), spans_of(others)
    assert walked(union(one, other)) == days_of(rows) | days_of(others)
    assert walked(difference(one, other)) == days_of(rows) - days_of(others)
    assert walked(intersection(one, other)) == days_of(rows) & days_of(others)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(keyed_intervals(), keyed_intervals())
def test_what_is_met_and_what_is_not_make_up_the_duty_again(rows, others):
    duty, evidence = spans_of(rows), spans_of(others)
    rebuilt = union(difference(duty, evidence), intersection(duty, evidence))
    assert walked(rebuilt) == walked(duty)
    assert not len(intersection(difference(duty, evidence), evidence))
