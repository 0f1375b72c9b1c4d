"""What is hidden stays hidden, also from a reader who knows how it is chosen."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nmsdreports.views.board.suppression import band, suppress
from tests.views.board.histories import CATEGORIES as NAMES
from tests.views.board.knowing import narrowed

FEW, OUT = "fewer than 10", "not shown"


def years_of(counts, year="2025–26", names=NAMES):
    rows = [(year, name, *pair) for name, pair in zip(names, counts, strict=False)]
    return pd.DataFrame(rows, columns=["school_year", "category", "reported", "substantiated"])


def printed(counts, told=0, min_cell=10):
    table = suppress(years_of(counts), {"2025–26": told}, min_cell)
    return list(table[["categories", "reported", "substantiated"]].itertuples(index=False))


@pytest.mark.parametrize(
    ("counts", "told", "shown"),
    [
        # small counts are alike, and what is too small to stand alone is told together
        ([(0, 0), (9, 9)], 0, [("accounts + families", FEW, FEW)]),
        ([(10, 9)], 0, [("accounts", "10", FEW)]),
        ([(30, 10)], 0, [("accounts", "30", "10")]),
        (
            [(4, 1), (6, 2), (12, 3)],
            0,
            [("accounts + families", "10", FEW), ("students", "12", FEW)],
        ),
        # 12 and 11 would tell of the one that was not substantiated
        ([(12, 11)], 0, [("accounts", OUT, "11")]),
        ([(25, 16)], 0, [("accounts", OUT, "16")]),
        ([(26, 16)], 0, [("accounts", "26", "16")]),
        # two rows that hide the same column hide nothing together
        ([(12, 5), (15, 8)], 0, [("accounts + families", "27", "13")]),
        ([(14, 10), (17, 11)], 0, [("accounts + families", "31", "21")]),
        ([(12, 2), (15, 3)], 0, [("accounts", "12", FEW), ("families", "15", FEW)]),
        ([(12, 5), (15, 11)], 0, [("accounts", "12", FEW), ("families", OUT, "11")]),
        # what is left at the end joins the last row
        ([(12, 2), (3, 1)], 0, [("accounts + families", "15", FEW)]),
        # while the year was running "10–19" was printed: the total must not lie in that band
        ([(12, 2), (3, 1)], 10, [("accounts", "12", FEW), ("families", FEW, FEW)]),
        ([(14, 2)], 10, [("accounts", OUT, OUT)]),
        ([(19, 2)], 10, [("accounts", OUT, OUT)]),
        ([(20, 2)], 10, [("accounts", "20", FEW)]),
        ([(24, 13)], 20, [("accounts", OUT, "13")]),
        ([(12, 2), (14, 3)], 20, [("accounts", "12", FEW), ("families", OUT, OUT)]),
        # joined, the last row would be "not shown" and 11: 8 or 9 not substantiated, no other
        (
            [(13, 0), (17, 9), (2, 2)],
            20,
            [("accounts", "13", FEW), ("families", "17", FEW), ("students", FEW, FEW)],
        ),
        # "20–29", then fewer in all: a correction, and nothing that is left tells by how many
        ([(12, 2), (3, 1)], 20, [("accounts + families", OUT, OUT)]),
        ([(2, 2), (3, 1)], 20, [("accounts + families", FEW, FEW)]),
    ],
)
def test_a_year_is_printed_so(counts, told, shown):
    assert printed(counts, told) == shown


def test_bands_are_as_wide_as_the_smallest_count_shown():
    assert [band(total, 10) for total in (0, 9, 10, 19, 20, 1234)] == [
        *(FEW, FEW, "10–19", "10–19", "20–29", "1230–1239"),
    ]
    assert [band(total, 5) for total in (4, 5, 12)] == ["fewer than 5", "5–9", "10–14"]


def test_a_district_that_hides_nothing_gets_every_category():
    assert printed([(0, 0), (3, 2)], min_cell=1) == [("accounts", "0", "0"), ("families", "3", "2")]
    assert band(14, 1) == "14"


def test_a_category_without_a_count_is_not_told_by_its_absence():
    years = pd.concat(
        [years_of([(12, 2), (15, 3)], "2024–25"), years_of([(20, 4)], "2025–26", ["families"])]
    )
    table = suppress(years, {}, 10)
    assert table["categories"].tolist() == ["accounts", "families", "accounts + families"]
    assert table["school_year"].tolist() == ["2024–25", "2024–25", "2025–26"]


def test_without_a_closed_year_the_table_has_its_columns_and_no_row():
    table = suppress(years_of([]), {}, 10)
    assert [*table] == ["school_year", "categories", "reported", "substantiated"]
    assert table.empty


pairs = st.integers(0, 60).flatmap(lambda r: st.tuples(st.just(r), st.integers(0, r)))


@settings(max_examples=150, deadline=None)
@given(st.lists(pairs, min_size=1, max_size=5), st.integers(0, 4), st.integers(2, 12))
def test_every_category_is_told_once_in_order_and_what_is_shown_is_true(counts, bands, min_cell):
    rows = printed(counts, bands * min_cell, min_cell)
    assert " + ".join(row[0] for row in rows).split(" + ") == NAMES[: len(counts)]
    exact = dict(zip(NAMES, counts, strict=False))
    for names, *texts in rows:
        sums = [sum(exact[name][column] for name in names.split(" + ")) for column in (0, 1)]
        for number, text in zip(sums, texts, strict=True):
            assert text in (str(number), f"fewer than {min_cell}", OUT)
            if text != OUT:
                assert (number < min_cell) == (text == f"fewer than {min_cell}")
        if texts == [str(number) for number in sums]:
            assert sums[0] - sums[1] >= min_cell


@pytest.mark.parametrize(("categories", "most"), [(1, 16), (2, 8)])
@pytest.mark.parametrize("told", [0, 3, 6])
def test_who_knows_the_rules_and_tries_every_year_that_could_be_learns_no_more(
    categories, most, told
):
    assert narrowed(categories, most, told) == []
