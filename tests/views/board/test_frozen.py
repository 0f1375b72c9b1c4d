"""A school year that was published is printed again as it was, whatever the log says by then."""

from types import SimpleNamespace

import pandas as pd

from nmsdreports.views.board.edition import PRINTED, incidents_printed

FIRST, LATER = pd.Timestamp("2026-08-31"), pd.Timestamp("2026-10-31")
FEW = "fewer than 10"


def standing(*rows, as_of=LATER):
    columns = ["school_year", "closed", "category", "reported", "substantiated"]
    years = pd.DataFrame(rows, columns=columns)
    # accounts were launched from 2025 on
    years = years.assign(launched=years["school_year"] >= "2025–26")
    return SimpleNamespace(school_years=years, as_of=as_of)


def printed(*rows):
    return pd.DataFrame(rows, columns=PRINTED).astype({"as_of": "datetime64[us]"})


NOW = [
    ("2025–26", True, "accounts", 40, 15),
    ("2025–26", True, "families", 15, 3),
    ("2026–27", False, "accounts", 9, 3),
    ("2026–27", False, "families", 5, 1),
]
BEFORE = [
    # a bar of a chart, a deck with room for one row, and the whole table
    ("a.html", pd.NaT, "closed", "2025–26", "accounts", "31", ""),
    ("b.pptx", FIRST, "closed", "2025–26", "accounts", "31", "12"),
    ("c.csv", FIRST, "closed", "2025–26", "accounts", "31", "12"),
    ("c.csv", FIRST, "closed", "2025–26", "families", "14", FEW),
]


def test_a_published_year_keeps_its_counts_and_their_day():
    years, running = incidents_printed(standing(*NOW), printed(*BEFORE), 10)
    assert [*years.itertuples(index=False, name=None)] == [
        ("2025–26", "accounts", "31", "12", FIRST),
        ("2025–26", "families", "14", FEW, FIRST),
    ]
    assert running == {"school_year": "2026–27", "reported": "10–19"}


def test_a_year_not_published_yet_is_counted_now():
    years, _ = incidents_printed(standing(*NOW), None, 10)
    assert years["reported"].tolist() == ["40", "15"]
    assert years["counted_on"].unique().tolist() == [LATER]


def test_what_was_told_of_the_running_year_counts_when_it_is_closed():
    june = ("a.csv", pd.Timestamp("2026-06-30"), "running", "2025–26", "", "50–59", "")
    years, _ = incidents_printed(standing(*NOW), printed(june), 10)
    assert years["reported"].tolist() == ["40", "not shown"]


def test_a_month_within_a_published_year_prints_that_year_and_no_total_of_its_own():
    june = pd.Timestamp("2026-06-30")
    rows = [("2025–26", False, "accounts", 38, 15), ("2025–26", False, "families", 14, 3)]
    years, running = incidents_printed(standing(*rows, as_of=june), printed(*BEFORE), 10)
    assert years["reported"].tolist() == ["31", "14"]
    assert running == {"school_year": "", "reported": ""}


def before(reported, substantiated=0):
    """A school year before the first launch, with so many incidents of two categories."""
    rows = [("2024–25", True, "accounts", reported, substantiated)]
    return [*rows, ("2024–25", True, "families", 0, 0), *NOW]


def told(rows, printed=None):
    years, _ = incidents_printed(standing(*rows), printed, 10)
    return [*years.itertuples(index=False, name=None)]


def test_incidents_before_the_first_launch_are_counted_where_there_are_enough():
    assert told(before(14, 3))[0] == ("2024–25", "accounts + families", "14", FEW, LATER)
    # that there is no such year tells nothing of how many there were, nor that there were any
    small = [told(before(few)) for few in range(10)]
    assert all(years == told(NOW) for years in small)


def test_a_year_before_the_first_launch_that_was_left_out_once_is_never_told():
    assert told(before(14), printed(*BEFORE))[0][0] == "2025–26"
    june = ("a.csv", pd.Timestamp("2025-06-30"), "running", "2024–25", "", "10–19", "")
    assert told(before(3), printed(june))[0][:3] == ("2024–25", "accounts + families", FEW)
