"""The board's two pages on districts of which little can be shown, and with the board's words."""

from dataclasses import replace

import pandas as pd
import pytest
from pptx import Presentation

from nmsdreports import assess, edition, load
from nmsdreports.run.plan import last_day
from nmsdreports.views.board import board_words, counts_rates, drawing, images, monitoring
from nmsdreports.views.board.charts_page import BoardPage
from nmsdreports.views.board.counts import charts_of
from nmsdreports.views.board.deck import write_deck
from tests.checklist import reading
from tests.checklist.months import ROOT, SAMPLE
from tests.checklist.reading import numbers


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
    assert all(not any(cell.endswith("%)") for cell in row) for row in rows)
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
    page = reading.Page(_monitoring(last))
    assert len(page.table("Incidents and parents' concerns in school years that are").rows) > 1
    assert not page.table("Incidents and parents' concerns in the school year that is not")
    assert "This is the last day of a school year" in page.words
    assert write_deck(last, tmp_path / "Board.pptx").is_file()


def _monitoring(seen):
    page = BoardPage(seen, monitoring.monitoring_heading(seen), signed=True)
    page.show(monitoring.monitoring_words(seen))
    page.show(monitoring.overall_words(seen), "All guidelines together")
    page.show(monitoring.table_monitoring(seen), "Guideline by guideline")
    page.show(monitoring.table_incident_years(seen), "Incidents by school year")
    page.show(monitoring.table_running_year(seen))
    return page.html()


def test_without_the_districts_words_the_rows_have_ours_marked_as_ours(board):
    page = reading.Page(_monitoring(board))
    rows = page.tables[0].rows
    assert len(rows) == len(board.guidelines)
    assert all(row[1].startswith("† ") for row in rows)
    assert page.words.count("† marks our words, not the board's") == 1
    assert (
        "interpretation of the guidelines is not given here" in page.words
        and page.tables[0].header[2] == "How many meet it"
    )


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
    assert all(row[1][0] == "†" and row[2] == "none given" for row in others)
    given = replace(board, guidelines=rules.assign(board_words="Ours", interpretation="So"))
    assert "†" not in reading.Page(_monitoring(given)).words


def test_the_superintendent_reports_in_each_row_and_the_board_accepts_at_the_end(board):
    page = reading.Page(_monitoring(board))
    boxes = [row[-1].replace("\u00a0", " ").replace("\u2011", "-") for row in page.tables[0].rows]
    assert boxes == ["☐ compliance ☐ non-compliance"] * len(board.guidelines)
    assert page.read.headings[-1] == "Declaration and acceptance"
    for words in (
        *("I report compliance with every guideline above", "Superintendent:", "Date:"),
        *("The board accepts this report", "Motion by:", "Seconded by:", "Vote:", "For the board:"),
    ):
        assert words in page.words, words
    assert "#declaration" in page.html


def test_what_the_data_say_of_all_guidelines_together_adds_up_from_the_rows(board):
    page = reading.Page(_monitoring(board))
    shares = [row[2] for row in page.tables[0].rows if row[2].endswith("%)")]
    met, judged = (sum(int(numbers(text)[at]) for text in shares) for at in (0, 1))
    assert f"Data decide {len(shares)} of 25 guidelines. None of these 9 is met by" in page.words
    assert f"{judged} times in all: it met the guideline {met} times (92%)" in page.words
    assert "No share can be stated of the other 16" in page.words
    whole = board.guidelines.copy()
    rows = whole["shown"] == ""
    whole.loc[rows, "meets"] += whole.loc[rows, "does_not_meet"] + whole.loc[rows, "excepted"]
    whole.loc[rows, ["does_not_meet", "excepted"]] = 0
    all_met, *_ = monitoring.overall_words(replace(board, guidelines=whole))
    assert "9 of these 9 are met by every account" in all_met
    nothing = board.guidelines.assign(shown="fewer than 10 accounts to judge")
    assert monitoring.overall_words(replace(board, guidelines=nothing)) == [
        "No share can be stated of any of 25 guidelines; the row of each says why. There the "
        "superintendent reports from what else is known."
    ]


def test_without_the_extra_nothing_is_tried_and_without_a_browser_it_says_so(
    board, tmp_path, monkeypatch
):
    page = charts_page(board)
    page.write(tmp_path / "Board.html")
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "no browser"))
    images.write_pictures(page, tmp_path)
    assert {path.suffix for path in (tmp_path / "charts").iterdir()} == {".csv"}
    # a notebook of the district's own may write none; then no browser was looked for
    assert not images.lacks_pictures(tmp_path)
    (tmp_path / "Board.ipynb").write_text('"write_pictures(page, output)"', "utf-8")
    assert images.lacks_pictures(tmp_path)
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
    # an empty place would look like 0: the words stand in it, at the category's own height
    (words,) = launches["layout"]["annotations"]
    assert (words["text"], words["x"], words["y"]) == ("fewer than 10", 0, 2)
    (incidents,) = (c for c in page.read.charts if c["data"][0]["name"] == "Reported")
    reported, substantiated = incidents["data"]
    gaps = [at for at, count in enumerate(substantiated["x"]) if count is None]
    assert gaps and None not in reported["x"]
    below = [substantiated["offset"] + substantiated["width"] / 2 + at for at in gaps]
    annotations = incidents["layout"]["annotations"]
    assert [(a["text"], a["y"]) for a in annotations] == [
        ("substantiated: fewer than 10", y) for y in below
    ]


def test_a_month_in_which_nobody_was_judged_is_a_gap_in_its_line(board):
    out = board.trend["month"].isin(["2025-06", "2026-10"])
    out |= board.trend["month"].eq("2025-08") & board.trend["guideline"].eq("admin-rights")
    chart = counts_rates.chart_rates(replace(board, trend=board.trend[~out]))
    page = reading.Page(charts_page(replace(board, trend=board.trend[~out])).html())
    (drawn,) = (c for c in page.read.charts if c["data"][0]["type"] == "scatter")
    for line in drawn["data"]:
        values = dict(zip((day[:7] for day in line["x"]), line["y"], strict=True))
        assert len(values) == 24 and not line["connectgaps"]
        assert values["2025-06"] is None and values["2026-10"] is None, line["name"]
        assert (values["2025-08"] is None) == (line["name"] == "Admin rights")
    (table,) = (t for t in page.tables if t.header[0] == "Month")
    rows = {row["Month"]: row for row in table.records()}
    assert {*rows["Jun 2025"].values()} == {"Jun 2025", "fewer than 10"}
    assert rows["Aug 2025"]["Admin rights"] == "fewer than 10"
    words = "No point: fewer than 10 judged that month, perhaps nobody; that does not stand for 0."
    assert words in page.words
    assert chart.title == "No guideline has a share for both November 2024 and October 2026"


def test_a_single_launch_can_be_followed_as_the_office_is_told(standing, board):
    told = (ROOT / "docs" / "for-the-office" / "the-boards-packet.md").read_text("utf-8")
    assert "*Supervisor approval: 42 of 48 meet it* and October's *42 of 49*" in " ".join(
        told.split()
    )
    records = standing.records
    one = records.accounts[records.accounts["account_id"] == "A001"].assign(account_id="A900")
    one = one.assign(launched_on=pd.Timestamp("2026-10-12"), approved_on=pd.NaT)
    accounts = pd.concat([records.accounts, one], ignore_index=True)
    more = edition(assess(replace(records, accounts=accounts)).at(standing.as_of), "board")
    shares = [
        next(
            row[2] for row in reading.Page(_monitoring(each)).tables[0].rows if "approval" in row[0]
        )
        for each in (board, more)
    ]
    assert shares == ["42 of 48 (87%)", "42 of 49 (85%)"]


def test_more_guidelines_than_fit_beside_each_other_stand_below_each_other_all_of_them(board):
    own = [f"own-{at}" for at in range(8)]
    rule = board.guidelines[board.guidelines["guideline"] == "admin-rights"]
    rules = [rule.assign(guideline=name, title=name) for name in own]
    line = board.trend[board.trend["guideline"] == "admin-rights"]
    many = replace(
        board,
        guidelines=pd.concat([board.guidelines, *rules], ignore_index=True),
        trend=pd.concat([board.trend, *(line.assign(guideline=name) for name in own)]),
    )
    page = reading.Page(charts_page(many).html())
    table = next(t for t in page.tables if t.header[:2] == ["Guideline", "Month"])
    assert len(table.rows) == len(many.trend) > 350
    assert "workbook" not in page.words


def test_a_picture_stands_alone_its_parts_counted_its_source_and_district_below(board):
    page = charts_page(board)
    pictures = {
        chart.name: drawing.picture(chart, page.drawn[chart.name], board.theme, page.whose)
        for chart in page.charts
    }
    for name, drawn in pictures.items():
        *_, foot = drawn["layout"]["annotations"]
        assert "Sample School District (made up), October 2026. Source: " in foot["text"], name
        assert "as of October 31, 2026." in foot["text"], name
        lines = foot["text"].count("<br>") + 1
        # below the axis, and the margin has room for it
        assert drawn["layout"]["margin"]["b"] >= -foot["yshift"] + 20 * lines
    texts = [a["text"] for a in pictures["approvals-in-time"]["layout"]["annotations"]]
    assert texts[:-1] == ["fewer than 10", "23 + 12", "12 + 7"]
    # no panel's words reach into the next one, nor beyond a phone
    *names, _ = pictures["rates-over-24-months"]["layout"]["annotations"]
    lines = [line for name in names for line in name["text"].split("<br>")]
    assert len(lines) > len(names) and max(map(len, lines)) <= 34


def test_what_is_in_use_and_what_is_judged_add_up_and_words_are_the_same_everywhere(
    standing, board, tmp_path
):
    accounts, in_use, unclear = board.in_use.iloc[0]
    rights = board.guidelines.set_index("guideline").loc["admin-rights"]
    judged = rights[["meets", "does_not_meet", "excepted"]].sum()
    assert (in_use, unclear) == (judged, rights["not_assessed"]) and unclear == 2
    page = reading.Page(charts_page(board).html()).words
    page += reading.Page(_monitoring(board)).words
    deck = Presentation(write_deck(board, tmp_path / "Board.pptx"))
    slides = [
        " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        for slide in deck.slides
    ]
    assert f"{in_use} of {accounts} official accounts on record are in use" in slides[1]
    assert f"Days not clear {unclear}" in page
    for said in (slides[1], slides[-1], page):
        assert board_words.PERSONAL in said
    # a line's first share and last are told in the same words on the page and to who cannot see
    told = [
        counts_rates.span_words(charts_of(board)[6].frame, name)
        for name in ("Supervisor approval", "Monitoring of students' actions")
    ]
    assert told[1].endswith(" since Dec 2024")
    words = [
        shape._element._nvXxPr.cNvPr.get("descr")
        for shape in deck.slides[7].shapes
        if shape.has_chart
    ]
    drawn = reading.Page(charts_page(board).html()).read.charts
    above = [
        text["text"].replace("<br>", " ")
        for c in drawn
        for text in c["layout"].get("annotations", [])
    ]
    for span in told:
        assert any(f": {span} (" in each for each in words)
        assert any(each.endswith(f": {span}") for each in above)
