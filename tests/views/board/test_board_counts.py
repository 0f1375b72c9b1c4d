"""The numbers and the findings of the board's charts are those of the edition, words words."""

import pandas as pd
import pytest

from nmsdreports.views.board.counts import charts_of
from tests.views.board.boards import FEW, TITLES, first_month, made_board, made_years


@pytest.fixture(scope="module")
def charts():
    return {chart.name: chart for chart in charts_of(made_board())}


def rows(chart, at=0):
    return chart.tables[at].to_numpy().tolist()


def drawn(chart):
    return [[None if pd.isna(v) else v for v in row] for row in chart.frame.to_numpy().tolist()]


def test_the_board_gets_what_it_asked_for_and_no_more(charts):
    assert [*charts] == [
        "accounts-in-use",
        "approvals-in-time",
        "parents-told-in-time",
        "admin-rights",
        "incidents-by-school-year",
        "ageing-of-open-findings",
        "rates-over-24-months",
        "what-moved",
    ]
    assert all(chart.meaning and chart.source.startswith("Source: ") for chart in charts.values())


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("accounts-in-use", "48 of 62 official accounts on record are in use (77%)"),
        (
            "approvals-in-time",
            "In 2025–26, 12 of 19 accounts launched were approved in time (63%), against 65% in "
            "2024–25",
        ),
        (
            "parents-told-in-time",
            "In 2025–26, parents were told in time of 10 of 14 accounts launched (71%), against "
            "43% in 2024–25",
        ),
        ("admin-rights", "A supervisor or designee holds admin rights to 38 of 48 accounts (79%)"),
        (
            "incidents-by-school-year",
            "In 2025–26, 21 incidents and concerns were reported under accounts + families; "
            "substantiated: fewer than 10",
        ),
        (
            "ageing-of-open-findings",
            "29 findings about accounts are open, 25 of them overdue; 17 for over 90 days",
        ),
        (
            "what-moved",
            "Since the end of September 2026, 13 findings about accounts were closed and 15 opened",
        ),
    ],
)
def test_a_title_states_the_finding_with_its_numbers(charts, name, title):
    assert charts[name].title == title


def test_launches_stand_in_time_and_late_with_words_for_a_year_of_few(charts):
    chart = charts["approvals-in-time"]
    assert drawn(chart) == [["2024–25", 23, 12], ["2025–26", 12, 7], ["2026–27 so far", None, None]]
    assert rows(chart) == [
        ["2024–25", 35, 23, "65%"],
        ["2025–26", 19, 12, "63%"],
        ["2026–27 so far", FEW, FEW, ""],
    ]


def test_incidents_stand_newest_first_each_as_it_is_printed(charts):
    chart = charts["incidents-by-school-year"]
    assert "contacts in an emergency, which are judged by the notice of them" in chart.meaning
    assert [*chart.tables[0]] == [
        *("School year", "Category", "Reported", "Substantiated", "Counted on")
    ]
    assert rows(chart) == [
        ["2025–26", "accounts + families", 21, FEW, "Sep 30, 2026"],
        ["2025–26", "students + conduct + personal use", FEW, FEW, "Sep 30, 2026"],
        ["2024–25", "accounts + families", FEW, FEW, "Sep 30, 2026"],
        ["2024–25", "students + conduct", 34, 11, "Sep 30, 2026"],
        ["2024–25", "personal use", "not shown", 13, "Sep 30, 2026"],
    ]
    assert [*chart.tables[1]] == ["School year", "Reported so far", "As of"]
    assert rows(chart, 1) == [["2026–27", "10–19", "Oct 31, 2026"]]
    assert [row[1:] for row in drawn(chart)] == [
        *([21, None], [None, None], [None, None], [34, 11], [None, 13])
    ]


def test_no_total_and_no_share_of_incidents_is_made(charts):
    chart = charts["incidents-by-school-year"]
    shown = {21, 34, 11, 13}
    numbers = {v for table in chart.tables for row in table.to_numpy() for v in row}
    assert {value for value in numbers if isinstance(value, int)} == shown
    assert "%" not in chart.title + str(numbers)


def test_rates_are_rounded_down_from_their_counts_which_stand_beside(charts):
    chart, trend = charts["rates-over-24-months"], made_board().trend
    assert [*chart.frame.columns[1:]] == [*TITLES.values()]
    table = chart.tables[0]
    assert len(table) == len(trend) == 24 * 9
    last = table[table["Guideline"].eq("Admin rights")].to_numpy().tolist()[-1]
    row = trend[trend["guideline"].eq("admin-rights")].iloc[-1]
    share = 100 * row["meets"] // 41
    assert last == ["Admin rights", "October 2026", row["meets"], 41, f"{share}%"]
    assert chart.frame["Admin rights"].iloc[-1] == share
    first, last = (chart.frame.iloc[at, 1:] for at in (0, -1))
    rose, fell = int((last > first).sum()), int((last < first).sum())
    assert chart.title.startswith(f"{rose} of 9 guidelines ")
    assert chart.title.endswith(f"than in November 2024, {fell} by a smaller one")


def test_a_month_with_too_few_is_a_gap_in_its_line():
    trend = made_board().trend
    hidden = trend["guideline"].eq("admin-rights") & trend["month"].eq("2025-05")
    charts = {c.name: c for c in charts_of(made_board(trend=trend[~hidden]))}
    frame = charts["rates-over-24-months"].frame
    assert frame["Admin rights"].isna().tolist().index(True) == 6
    assert int(frame["Admin rights"].isna().sum()) == 1


def test_what_moved_leaves_out_guidelines_of_which_nothing_was_open(charts):
    chart = charts["what-moved"]
    names = [row[0] for row in rows(chart)]
    assert names == [*list(TITLES.values())[:-1], "All together"]
    assert rows(chart)[-1][1:] == [25, 15, 13, 27]
    assert [row[1] for row in drawn(chart)] == rows(chart)[-1][1:]


def test_what_moved_in_a_first_month_is_told_of_the_month_itself():
    charts = {chart.name: chart for chart in charts_of(made_board(moves_since=""))}
    assert charts["what-moved"].title.startswith("In October 2026, 13 findings")


def test_a_first_month_of_a_small_district_has_words_and_no_numbers():
    for chart in charts_of(first_month()):
        assert chart.instead, chart.name
        assert chart.title and not chart.title.endswith(".")
        assert chart.frame.iloc[:, 1:].fillna(0).to_numpy().sum() == 0
    titles = [chart.title for chart in charts_of(first_month())]
    assert len(set(titles)) == len(titles)


def test_years_of_words_only_have_no_chart_but_their_table():
    years = made_years(("2025–26", "accounts + families", FEW, FEW))
    chart = {c.name: c for c in charts_of(made_board(incident_years=years))}[
        "incidents-by-school-year"
    ]
    assert chart.instead and rows(chart)[0][2:4] == [FEW, FEW]
    assert chart.title == "In 2025–26, fewer than 10 incidents and concerns were reported"


def test_a_year_of_which_no_count_of_reports_is_shown_says_so():
    years = made_years(
        ("2025–26", "accounts", FEW, FEW), ("2025–26", "students", "not shown", "13")
    )
    charts = {c.name: c for c in charts_of(made_board(incident_years=years))}
    title = charts["incidents-by-school-year"].title
    assert title == "In 2025–26, no count of incidents and concerns reported can be shown"


def test_on_the_last_day_of_a_school_year_none_is_running():
    edition = made_board(running={"school_year": "", "reported": ""})
    chart = {c.name: c for c in charts_of(edition)}["incidents-by-school-year"]
    assert len(chart.tables) == 1


def test_no_finding_is_denied_that_is_only_not_counted():
    edition = first_month()
    few = edition.guidelines["shown"].str.startswith("fewer than")
    titles = {chart.name: chart.title for chart in charts_of(edition)}
    assert few.any() and edition.ageing["findings"].sum() == 0
    assert titles["ageing-of-open-findings"] == (
        "No finding about accounts is open under guidelines that concern at least 10"
    )
    assert titles["what-moved"].endswith(" under guidelines that concern at least 10")
