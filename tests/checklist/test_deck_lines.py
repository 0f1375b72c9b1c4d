"""Line 19: what a board member sees, and what a screen reader reads, on every slide."""

import csv
import re
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
        assert shapes.pop().name == "Slide number"
        kinds = [
            "title"
            if shape == slide.shapes.title
            else "chart"
            if shape.has_chart or shape.name.startswith(("In place of", "Heading"))
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


def panels_of(slide):
    """The lines of a slide of rates by the words above them: name, whole percents, what is said."""
    headings = [s.text_frame.text for s in slide.shapes if s.name.startswith("Heading")]
    charts = [shape for shape in slide.shapes if shape.has_chart]
    for heading, shape in zip(headings, charts, strict=True):
        words = shape._element._nvXxPr.cNvPr.get("descr")
        yield (
            heading,
            [v if v is None else int(v) for _, v in boards.cached(shape.chart)],
            words,
            shape.chart,
        )


def test_line_19_each_guideline_has_a_line_of_its_own_from_0_to_100_percent(usual):
    chart = {c.name: c for c in charts_of(boards.made_board())}["rates-over-24-months"]
    slide = next(s for s in usual if s.shapes.title.text == chart.title)
    panels = [*panels_of(slide)]
    meets = chart.tables[0].groupby("Guideline", sort=False)["Meets"].last().to_dict()
    assert [heading for heading, *_ in panels] == [f"{n} ({m} of 41)" for n, m in meets.items()]
    for name, (_, values, words, drawn) in zip(meets, panels, strict=True):
        assert values == chart.frame[name].astype(int).tolist()
        axis = drawn.value_axis
        assert (axis.minimum_scale, axis.maximum_scale) == (0, 100)
        # its first share and its last stand beside it, and in what is read out in the same words
        assert words.startswith(f"{name}: {values[0]}% to {values[-1]}% ({meets[name]} of 41).")
        shown = drawn._chartSpace.xpath(".//c:dLbl[c:showVal/@val='1']/c:idx/@val")
        assert sorted(map(int, shown)) == [0, len(values) - 1]
    assert "November 2024 to October 2026, between 0% and 100%" in slide.shapes[-2].text_frame.text


def test_a_guideline_judged_only_later_is_in_the_title_and_its_gap_is_explained(tmp_path):
    trend = boards.made_trend()
    late = trend["guideline"].eq("student-monitoring") & trend["month"].lt("2025-02")
    edition = boards.made_board(trend=trend[~late])
    slide = boards.slides_of(write_deck(edition, tmp_path / "deck.pptx"))[7]
    title = slide.shapes.title.text_frame.text
    told = [int(n) for n in re.findall(r"\b[0-9]\b", title.replace("none", "0"))]
    assert title.startswith(f"{told[0]} of 9 guidelines are met by a larger share")
    assert title.endswith("; 1 had too few to judge then")
    assert told[0] + sum(told[2:]) == told[1] == 9
    (panel,) = [panel for panel in panels_of(slide) if panel[0].startswith("Monitoring")]
    assert panel[1][:3] == [None] * 3 and panel[1][3] is not None
    assert "since Feb 2025 (" in panel[2]
    assert panel[3]._chartSpace.xpath(".//c:dispBlanksAs/@val") == ["gap"]
    words = "No point: fewer than 10 judged that month, perhaps nobody; that does not stand for 0."
    assert words in slide.shapes[-2].text_frame.text


def test_a_number_that_is_not_shown_is_words_in_the_table_and_a_gap_in_the_chart(usual):
    (slide,) = [s for s in usual if "incidents" in s.shapes.title.text and s.shapes[1].has_chart]
    (chart,) = boards.charts_of_slide(slide)
    assert boards.cached(chart)[0][1:] == (21, None)
    points = chart._chartSpace.xpath(".//c:val//c:pt/c:v/text()")
    assert "0" not in points
    words = [cell for table in boards.tables_of(slide) for row in table for cell in row]
    assert boards.FEW in words
    foot = slide.shapes[-2].text_frame.text
    assert "No bar: see the words in the table; that does not stand for 0." in foot
    assert "“+” joins categories that are counted together." in foot


def test_a_school_year_of_few_launches_says_so_where_its_bars_would_be(usual):
    for slide in usual[2:4]:
        (chart,) = boards.charts_of_slide(slide)
        assert boards.cached(chart)[-1] == ("2026–27 so far:\nfewer than 10", None, None)
        foot = slide.shapes[-2].text_frame.text
        assert "No bar: fewer than 10 accounts launched" in foot
        # the share on the launch day is not the one that meets the guideline now
        assert "Late ones may have caught up since" in foot


def test_accounts_on_record_add_up_and_those_of_unclear_days_are_those_not_assessed(usual):
    in_use, rights = usual[1], usual[4]
    rows = {row[0]: row[1] for row in boards.tables_of(in_use)[0]}
    parts = [int(rows[n]) for n in ("In use", "Closed or not launched yet", "Days not clear")]
    assert parts == [48, 12, 2] and sum(parts) == int(rows["On record"])
    assert "Days not clear: " in in_use.shapes[-2].text_frame.text
    assert "Not assessed: a day that decides is" in rights.shapes[-2].text_frame.text


def test_bars_of_two_series_differ_in_pattern_as_well_as_in_colour(usual):
    for slide in usual:
        for chart in boards.charts_of_slide(slide):
            if chart._chartSpace.xpath(".//c:barChart") and len(chart.plots[0].series) > 1:
                series = chart._chartSpace.xpath(".//c:ser/c:spPr")
                fills = ["".join(each.xpath("./a:pattFill/@prst")) for each in series]
                assert len(set(fills)) == len(fills)
                # each says which it is at its first bar: a legend is ordered by the program
                assert not chart.has_legend
                named = chart._chartSpace.xpath(".//c:ser//c:dLbl/c:showSerName/@val")
                _, *columns = zip(*boards.cached(chart), strict=True)
                drawn = [any(value is not None for value in column) for column in columns]
                assert named == ["1"] * sum(drawn)


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
    for said in ("Every percentage is a whole number, rounded down.", "Personal accounts of "):
        assert said in words.text
    assert "Categories: accounts (how official accounts are approved and kept), " in words.text
    links = [r.hyperlink.address for p in words.paragraphs for r in p.runs if r.hyperlink.address]
    assert links == ["Board%202026-10%20monitoring.html"]


def test_every_slide_but_the_first_has_its_number(slides):
    for number, slide in enumerate(slides, start=1):
        fields = slide._element.xpath(".//a:fld[@type='slidenum']/a:t/text()")
        assert fields == ([str(number)] if number > 1 else [])
        sizes = slide._element.xpath(".//a:fld/a:rPr/@sz")
        assert all(int(size) >= 1800 for size in sizes)


def test_what_a_category_holds_stands_in_the_notes_of_its_slide(usual):
    notes = usual[5].notes_slide.notes_text_frame.text
    assert "Category “families”: Parent notification." in notes


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
        if name == "rates-over-24-months":
            # a slide has the last month of each guideline above its line
            last = {row["Guideline"]: row for row in files[0]}
            for heading, values, *_ in panels_of(slide):
                row = last.pop(heading.rsplit(" (", 1)[0])
                assert heading.endswith(f" ({row['Meets']} of {row['Judged']})")
                assert row["Share"] == f"{values[-1]}%"
            assert not last
            continue
        tables = boards.tables_of(slide)
        assert tables
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
    assert len([*panels_of(rates)]) == 9
    assert "More guidelines stand on the page of charts." in rates.shapes[-2].text_frame.text
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
