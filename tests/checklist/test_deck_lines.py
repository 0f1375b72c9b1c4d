"""Line 19: what a board member sees, and what a screen reader reads, on every slide."""

import csv
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from pptx.util import Pt

from nmsdreports.views.board.counts import charts_of
from nmsdreports.views.board.deck import write_deck
from tests.views.board import boards

EDITIONS = {
    "usual": boards.made_board,
    "first month": boards.first_month,
    "big": boards.big_board,
}


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request):
    return EDITIONS[request.param]()


@pytest.fixture(scope="module")
def deck(edition, tmp_path_factory) -> Path:
    return write_deck(edition, tmp_path_factory.mktemp("deck") / "Board 2026-10.pptx")


@pytest.fixture(scope="module")
def slides(deck):
    return boards.slides_of(deck)


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    path = tmp_path_factory.mktemp("usual") / "deck.pptx"
    return boards.slides_of(write_deck(boards.made_board(), path))


def test_line_19_there_are_ten_slides_at_16_by_9_fewer_where_there_is_nothing(
    deck, slides, edition
):
    from pptx import Presentation

    size = Presentation(str(deck))
    assert len(slides) == 10 or (edition.one_school and 4 <= len(slides) < 8)
    assert round(size.slide_width / size.slide_height, 2) == round(16 / 9, 2)


def test_line_19_every_slide_has_one_title_of_its_own_that_states_a_finding(edition, slides):
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert len(set(titles)) == len(titles)
    findings = [chart.title for chart in charts_of(edition)]
    told = titles[1:-1]
    if len(told) < len(findings):
        together = slides[-2].shapes[1].text_frame.text
        told = [each for each in findings if each in told or f"{each}." in together]
    assert told == findings
    assert all(len(title.split()) >= 6 for title in titles)
    for slide in slides:
        kinds = [shape.placeholder_format.type for shape in slide.placeholders]
        assert sum("TITLE" in str(kind) and "SUB" not in str(kind) for kind in kinds) == 1


def test_line_19_what_is_not_text_has_an_alternative_text(slides):
    for slide in slides:
        for shape in slide.shapes:
            if not shape.has_text_frame:
                words = shape._element._nvXxPr.cNvPr.get("descr", "")
                assert 30 <= len(words) <= 250, (shape.name, words)


def test_line_19_is_read_in_the_order_title_chart_table_source(slides):
    for slide in slides[1:-1]:
        shapes = list(slide.shapes)
        kinds = [
            "title"
            if shape == slide.shapes.title
            else "chart"
            if shape.has_chart or shape.name.startswith("In place of")
            else "table"
            if shape.has_table
            else "source"
            for shape in shapes
        ]
        order = ["title", "chart", "table", "source"]
        assert kinds == sorted(kinds, key=order.index)
        assert kinds[0] == "title" and kinds.count("source") == 1 and kinds[-1] == "source"


def test_line_19_nothing_lies_outside_the_slide_or_over_another_thing(deck, slides):
    from pptx import Presentation

    size = Presentation(str(deck))
    for slide in slides:
        boxes = []
        for shape in slide.shapes:
            height = shape.height
            if shape.has_table:
                height = sum(row.height for row in shape.table.rows)
            boxes.append((shape.left, shape.top, shape.left + shape.width, shape.top + height))
        for left, top, right, bottom in boxes:
            assert left >= 0 and top >= 0
            assert right <= size.slide_width and bottom <= size.slide_height
        for at, one in enumerate(boxes):
            for other in boxes[at + 1 :]:
                apart = one[2] <= other[0] or other[2] <= one[0]
                assert apart or one[3] <= other[1] or other[3] <= one[1], slide.shapes.title.text


def test_line_19_no_letter_is_smaller_than_18_points(slides):
    for slide in slides:
        for frame in texts_of(slide):
            for paragraph in frame.paragraphs:
                for run in paragraph.runs:
                    assert run.font.size is not None and run.font.size >= Pt(18), run.text
        for chart in boards.charts_of_slide(slide):
            sizes = chart._chartSpace.xpath(".//a:defRPr/@sz")
            assert sizes and min(map(int, sizes)) >= 1800


def test_line_19_every_text_is_marked_as_english(slides):
    for slide in slides:
        for part in (slide._element, slide.notes_slide._element):
            runs = part.xpath(".//a:r")
            assert runs and all(run.rPr.get("lang") == "en-US" for run in runs)
        for chart in boards.charts_of_slide(slide):
            assert chart._chartSpace.xpath("./c:lang/@val") == ["en-US"]


def test_line_19_charts_and_tables_are_native_and_show_the_editions_numbers(usual):
    charts = charts_of(boards.made_board())
    for slide, chart in zip(usual[1:-1], charts, strict=True):
        drawn = [row for each in boards.charts_of_slide(slide) for row in boards.cached(each)]
        assert drawn, chart.name
        if not chart.lines:
            values = [[None if v is None else int(v) for v in row[1:]] for row in drawn]
            wanted = chart.frame.iloc[:, 1:].astype(object)
            assert values == wanted.where(wanted.notna(), None).to_numpy().tolist()[: len(values)]
            shown = [row for table in boards.tables_of(slide) for row in table[1:]]
            told = [
                [v if isinstance(v, str) else f"{v:,}" for v in row]
                for table in chart.tables
                for row in table.to_numpy().tolist()
            ]
            assert [row for row in shown if row not in told] == []


def test_line_19_lines_are_those_of_the_edition_and_the_table_tells_their_ends(usual):
    chart = {c.name: c for c in charts_of(boards.made_board())}["rates-over-24-months"]
    slide = next(s for s in usual if s.shapes.title.text == chart.title)
    series = {}
    for drawn in boards.charts_of_slide(slide):
        _, *columns = zip(*boards.cached(drawn), strict=True)
        names = [each.name for each in drawn.plots[0].series]
        series |= dict(zip(names, [[int(v) for v in its] for its in columns], strict=True))
    wanted = {name: chart.frame[name].astype(int).tolist() for name in chart.frame.columns[1:]}
    assert series == wanted
    rows = [row for table in boards.tables_of(slide) for row in table[1:]]
    assert [[row[0].split(" ", 1)[1], *row[1:]] for row in rows] == [
        [name, f"{values[0]}% to {values[-1]}%", "41"] for name, values in wanted.items()
    ]


def test_a_number_that_is_not_shown_is_words_in_the_table_and_a_gap_in_the_chart(usual):
    (slide,) = [s for s in usual if "incidents" in s.shapes.title.text and s.shapes[1].has_chart]
    (chart,) = boards.charts_of_slide(slide)
    assert boards.cached(chart)[0][1:] == (21, None)
    points = chart._chartSpace.xpath(".//c:val//c:pt/c:v/text()")
    assert "0" not in points
    words = [cell for table in boards.tables_of(slide) for row in table for cell in row]
    assert boards.FEW in words


def test_bars_of_two_series_differ_in_pattern_as_well_as_in_colour(usual):
    for slide in usual:
        for chart in boards.charts_of_slide(slide):
            if chart._chartSpace.xpath(".//c:barChart") and len(chart.plots[0].series) > 1:
                series = chart._chartSpace.xpath(".//c:ser/c:spPr")
                fills = ["".join(each.xpath("./a:pattFill/@prst")) for each in series]
                assert len(set(fills)) == len(fills)


def test_the_first_slide_names_district_month_day_and_says_what_is_counted(edition, slides):
    text = slides[0].placeholders[1].text_frame.text.split("\n")
    assert text[0] == edition.district["name"]
    assert text[1] == "Report to the board for October 2026, as of October 31, 2026"
    assert len(text[2:]) == 4 + edition.one_school and all(
        sentence.endswith(".") for sentence in text[2:]
    )
    # the office's own report has another number, and a reader of both has to know why
    assert "Incidents and parents' concerns are counted apart" in text[-1]


def test_the_last_slide_tells_how_numbers_are_protected_and_leads_to_the_monitoring_page(slides):
    words = slides[-1].shapes[1].text_frame
    assert "fewer than 10" in words.text and "not shown" in words.text
    links = [r.hyperlink.address for p in words.paragraphs for r in p.runs if r.hyperlink.address]
    assert links == ["Board%202026-10%20monitoring.html"]


def test_line_19_a_real_months_slides_have_the_numbers_of_its_csv_files(sample_month):
    folder = sample_month.edition / "board"
    (deck,) = folder.glob("*.pptx")
    names = [chart.name for chart in charts_of(boards.made_board())]
    slides = boards.slides_of(deck)
    assert len(slides) == len(names) + 2
    for slide, name in zip(slides[1:-1], names, strict=True):
        files = [
            list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
            for path in folder.glob(f"charts/{name}*.csv")
        ]
        tables = boards.tables_of(slide)
        assert tables
        if name == "rates-over-24-months":
            # a slide has the last month of each guideline, behind the mark of its line
            last = {row["Guideline"]: [row["Share"], row["Judged"]] for row in files[0]}
            rows = [row for _, *rows in tables for row in rows]
            assert {row[0].split(" ", 1)[1] for row in rows} == {*last}
            for label, share, judged in rows:
                shown = share.removesuffix(" now").split()[-1]
                assert [shown, judged] == last[label.split(" ", 1)[1]]
            continue
        for header, *shown in tables:
            (rows,) = [rows for rows in files if {*header} <= {*rows[0]}]
            assert shown == [[row[each] for each in header] for row in rows][: len(shown)], name


def test_a_district_with_many_guidelines_of_its_own_is_told_where_the_others_stand(tmp_path):
    base = boards.made_board()
    own = [f"own-{at}" for at in range(4)]
    added = base.guidelines.iloc[:4].assign(guideline=own, title=[f"Our rule {at}" for at in own])
    edition = replace(
        base,
        guidelines=pd.concat([base.guidelines, added], ignore_index=True),
        trend=pd.concat([base.trend, boards.made_trend(guidelines=own)], ignore_index=True),
        moves=pd.concat([base.moves, base.moves.iloc[:4].assign(guideline=own)]),
    )
    slides = boards.slides_of(write_deck(edition, tmp_path / "deck.pptx"))
    rates, moves = slides[7], slides[8]
    assert sum(len(table) - 1 for table in boards.tables_of(rates)) == 10
    assert "More guidelines stand on the page of charts." in rates.shapes[-1].text_frame.text
    (table,) = boards.tables_of(moves)
    assert [row[0] for row in table[-2:]] == ["Other guidelines", "All together"]
    numbers = [[int(cell) for cell in row[1:]] for row in table[1:]]
    assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[-1]


def texts_of(slide):
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame
        if shape.has_table:
            yield from (cell.text_frame for row in shape.table.rows for cell in row.cells)
