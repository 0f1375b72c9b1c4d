"""The board's two pages on districts of which little can be shown, and with the board's words."""

from dataclasses import replace

import pandas as pd
import pytest
from pptx import Presentation

from nmsdreports import assess, edition, load
from nmsdreports.run.plan import last_day
from nmsdreports.views.board import board_words, images, monitoring
from nmsdreports.views.board.charts_page import BoardPage
from nmsdreports.views.board.counts import charts_of
from nmsdreports.views.board.deck import write_deck
from tests.checklist import reading
from tests.checklist.months import SAMPLE


@pytest.fixture(scope="module")
def standing():
    return assess(load(SAMPLE, read_on=last_day("2026-10"))).at(last_day("2026-10"))


@pytest.fixture(scope="module")
def board(standing):
    return edition(standing, "board")


def charts_page(seen):
    page = BoardPage(seen)
    page.show(board_words.opening_words(seen))
    for chart in charts_of(seen):
        page.show_chart(chart)
    return page


def with_settings(standing, **settings):
    records = standing.records
    changed = replace(records, settings=replace(records.settings, **settings))
    return assess(changed).at(standing.as_of)


def test_a_district_with_one_school_says_whose_totals_they_are(standing, board, tmp_path):
    assert not board.one_school
    assert "one school" not in reading.Page(charts_page(board).html()).words
    records = standing.records
    only = records.schools[records.schools["school_id"].isin(["S1", "DO"])].reset_index(drop=True)
    alone = edition(assess(replace(records, schools=only)).at(standing.as_of), "board")
    words = reading.Page(charts_page(alone).html()).words
    assert "The district has one school, so what is said here of the district is said of" in words
    assert "Pine" not in words
    deck = Presentation(write_deck(alone, tmp_path / "Board.pptx"))
    told = " ".join(
        shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame
    )
    assert "The district has one school" in told


def test_fewer_accounts_than_may_be_shown_leave_words_and_no_chart(standing):
    few = edition(with_settings(standing, min_cell=70), "board")
    page = reading.Page(charts_page(few).html())
    assert "Fewer than 70 accounts are on record" in page.words
    assert page.read.charts == [] or all(
        value is None or value >= 70 or trace["name"] in ("Overdue", "Not overdue", "Number")
        for chart in page.read.charts
        for trace in chart["data"]
        for value in trace["x"]
    )
    rows = reading.Page(_monitoring(few)).tables[0].rows
    assert all(not any(cell.endswith("meet it") for cell in row) for row in rows)
    assert sum("Fewer than 70 accounts" in row[2] for row in rows) >= 9


def test_less_than_a_school_year_says_that_no_year_is_over_yet(standing):
    first = edition(standing.assessment.at("2025-02-28"), "board")
    words = reading.Page(charts_page(first).html()).words
    assert "No school year has ended since the first account was launched" in words
    assert first.incident_years.empty and first.running["school_year"] == "2024–25"
    assert "No school year has ended since" in reading.Page(_monitoring(first)).words


def test_on_the_last_day_of_a_school_year_no_year_is_running(standing, tmp_path):
    last = edition(standing.assessment.at("2026-08-31"), "board")
    assert last.running == {"school_year": "", "reported": ""}
    assert last.incident_years["school_year"].to_list()[-1] == "2025–26"
    assert charts_page(last).html()
    assert write_deck(last, tmp_path / "Board.pptx").is_file()


def _monitoring(seen):
    page = BoardPage(seen, monitoring.monitoring_heading(seen), signed=True)
    page.show(monitoring.monitoring_words(seen))
    page.show(monitoring.table_monitoring(seen), "Guideline by guideline")
    page.show(monitoring.table_incident_years(seen), "Incidents by school year")
    return page.html()


def test_without_the_districts_words_the_rows_have_ours_marked_as_ours(board):
    page = reading.Page(_monitoring(board))
    rows = page.tables[0].rows
    assert len(rows) == len(board.guidelines)
    assert all(row[1].startswith("Our words, not the board's: ") for row in rows)
    assert "interpretation yet" in page.words and page.tables[0].header[2] == "How many meet it"
    assert "Superintendent:" in page.words and "Date:" in page.words


def test_the_boards_words_and_the_interpretation_stand_in_their_row(board):
    rules = board.guidelines.copy()
    chosen = rules["guideline"] == "caution"
    rules.loc[chosen, ["board_words", "interpretation"]] = ["Be careful <b>", "We train each fall"]
    page = reading.Page(_monitoring(replace(board, guidelines=rules)))
    row = next(row for row in page.tables[0].rows if "Caution" in row[0])
    assert row[1:4] == [
        *("Be careful <b>", "We train each fall"),
        "No data can decide it; it is left to the employee's own judgement.",
    ]
    others = [row for row in page.tables[0].rows if "Caution" not in row[0]]
    assert all(row[2] == "none given" for row in others)


def test_without_the_extra_nothing_is_tried_and_without_a_browser_it_says_so(
    board, tmp_path, monkeypatch
):
    page = charts_page(board)
    page.write(tmp_path / "Board.html")
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "no browser"))
    images.write_pictures(page, tmp_path)
    assert [*(tmp_path / "charts").iterdir()] == [] and images.lacks_pictures(tmp_path)
    assert "install Google Chrome or Chromium" in images.NO_BROWSER
    monkeypatch.setattr(images, "find_spec", lambda name: None)
    monkeypatch.setattr(images, "_write_all", None)
    images.write_pictures(page, tmp_path)
    assert not images.lacks_pictures(tmp_path)


def test_a_number_that_is_not_shown_is_a_gap_in_the_drawing_and_words_beside_it(board):
    page = reading.Page(charts_page(board).html())
    (launches,) = (c for c in page.read.charts if "In time" in c["data"][0]["name"] and
                   c["data"][0]["x"][0] == 23)  # fmt: skip
    assert [trace["x"][-1] for trace in launches["data"]] == [None, None]
    row = next(row for row in page.tables[1].rows if row[0].startswith("2026–27"))
    assert row[1] == "fewer than 10"
    assert pd.isna(board.launches["launched"].iloc[-1])
