"""What board files print is read back from every kind of file, seen and unseen."""

import io
import json

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from nmsdreports.views.board.printed import bounds, read_printed
from tests.views.board.editions import CLOSED, FEW, OUT, RUNNING, write_rows

DAY = "Aug 31, 2026"
ROWS = [
    ("2025–26", "accounts + families", "1,031", FEW, DAY),
    ("2025–26", "students", OUT, "11", DAY),
]
READ = [
    ("closed", "2025–26", "accounts + families", "1,031", FEW),
    ("closed", "2025–26", "students", OUT, "11"),
]
NOW = [("2026–27", "10–19", "Oct 31, 2026")]


def read(folder, *, day=True):
    table = read_printed(folder)
    columns = ["kind", "school_year", "categories", "reported", "substantiated"]
    if day:
        assert table["as_of"].notna().all()
    return [*table[columns].itertuples(index=False, name=None)]


def html(header, rows):
    lines = ["".join(f"<th>{name}</th>" for name in header)]
    lines += ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    return f"<table><caption>x</caption>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def figure(**more):
    bars = {"type": "bar", "orientation": "h", "name": "Reported", "y": ["2025–26: students"]}
    return {"data": [bars | {"x": [4]} | more], "layout": {}}


def deck(path, draw):
    presentation = Presentation()
    draw(presentation.slides.add_slide(presentation.slide_layouts[6]).shapes)
    presentation.save(path)


def put_table(shapes, rows):
    box = (Inches(0), Inches(0), Inches(5), Inches(5))
    table = shapes.add_table(len(rows), len(rows[0]), *box).table
    for at, row in enumerate(rows):
        for place, text in enumerate(row):
            table.cell(at, place).text = text


def put_chart(shapes, labels, **series):
    data = CategoryChartData()
    data.categories = labels
    for name, values in series.items():
        data.add_series(name, values)
    box = (Inches(0), Inches(0), Inches(5), Inches(5))
    return shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box, data).chart


def test_a_csv_file(tmp_path):
    write_rows(tmp_path / "a.csv", [CLOSED, *ROWS])
    write_rows(tmp_path / "b.csv", [RUNNING, *NOW])
    write_rows(tmp_path / "c.csv", [["School year", "Launched"], ("2025–26", "4")])
    assert read(tmp_path) == [*READ, ("running", "2026–27", "", "10–19", "")]
    table = read_printed(tmp_path)
    assert table["file"].tolist() == ["a.csv", "a.csv", "b.csv"]
    assert table["as_of"].tolist() == [
        *[pd.Timestamp("2026-08-31")] * 2,
        pd.Timestamp("2026-10-31"),
    ]


def test_a_page_and_what_its_charts_hold_unseen(tmp_path):
    chart = json.dumps(figure()).replace("<", "\\u003c")
    page = f"<h1>x</h1>{html(CLOSED, ROWS)}<script type='application/json'>{chart}</script>"
    (tmp_path / "page.html").write_text(page, "utf-8")
    assert read(tmp_path, day=False) == [*READ, ("closed", "2025–26", "students", "4", "")]


@pytest.mark.parametrize("unseen", ["text", "hovertext", "customdata"])
def test_what_a_pointer_over_a_chart_would_tell(tmp_path, unseen):
    chart = json.dumps(figure(x=[None], **{unseen: ["7"]}))
    (tmp_path / "page.html").write_text(f"<script type='application/json'>{chart}</script>")
    rows = read(tmp_path, day=False)
    assert ("closed", "2025–26", "students", "7", "") in rows


def test_numbers_of_a_chart_that_are_packed(tmp_path):
    chart = json.dumps(figure(x={"dtype": "i1", "bdata": "BA=="}))
    (tmp_path / "page.html").write_text(f"<script type='application/json'>{chart}</script>")
    assert read(tmp_path, day=False) == [("closed", "2025–26", "students", "4", "")]


def test_a_notebook_that_was_run(tmp_path):
    data = {"text/html": [html(CLOSED, ROWS)], "text/plain": "x"}
    drawn = {"application/vnd.plotly.v1+json": figure()}
    cell = {"outputs": [{"data": data}, {"data": drawn}, {"name": "stdout", "text": "x"}]}
    notebook = {"cells": [{"cell_type": "markdown"}, cell]}
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook), "utf-8")
    assert read(tmp_path, day=False) == [*READ, ("closed", "2025–26", "students", "4", "")]


def test_a_decks_tables(tmp_path):
    deck(tmp_path / "a.pptx", lambda shapes: put_table(shapes, [CLOSED, *ROWS]))
    assert read(tmp_path) == READ


def test_a_decks_chart_and_the_workbook_inside_it(tmp_path):
    labels = ["2025–26: students", "2024–25"]

    def draw(shapes):
        chart = put_chart(shapes, labels, Reported=[14, None], Substantiated=[None, 12])
        part = chart.part.chart_workbook.xlsx_part
        book = openpyxl.load_workbook(io.BytesIO(part.blob))
        hidden = book.create_sheet("x")
        hidden.sheet_state = "hidden"
        for row in ([None, "Reported"], [labels[0], 3]):
            hidden.append(row)
        saved = io.BytesIO()
        book.save(saved)
        part._blob = saved.getvalue()

    deck(tmp_path / "a.pptx", draw)
    found = read(tmp_path, day=False)
    assert ("closed", "2025–26", "students", "14", "") in found  # the drawing's own copy
    assert ("closed", "2024–25", "", "", "12") in found
    assert ("closed", "2025–26", "students", "3", "") in found  # unseen


def test_a_chart_without_years_is_of_the_newest_that_has_its_rows(tmp_path):
    def draw(shapes):
        put_table(shapes, [CLOSED, *ROWS, ("2024–25", "students", "44", "20", DAY)])
        put_chart(shapes, ["accounts + families", "students"], Reported=[1031, None])

    deck(tmp_path / "a.pptx", draw)
    assert ("closed", "2025–26", "accounts + families", "1031", "") in read(tmp_path, day=False)


def test_a_chart_of_rows_that_no_table_has_cannot_be_checked(tmp_path):
    deck(tmp_path / "a.pptx", lambda shapes: put_chart(shapes, ["students"], Reported=[14]))
    with pytest.raises(ValueError, match=r"a\.pptx cannot be read back: .* no school year"):
        read_printed(tmp_path)


def test_a_table_with_joined_cells_cannot_be_checked(tmp_path):
    page = html(CLOSED, ROWS).replace("<td>", "<td rowspan=2>", 1)
    (tmp_path / "a.html").write_text(page, "utf-8")
    with pytest.raises(ValueError, match="joined cells"):
        read_printed(tmp_path)


def test_a_picture_is_passed_over_and_a_folder_without_tables_is_empty(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    assert read_printed(tmp_path).empty


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("14", (14, 14)),
        ("1,014", (1014, 1014)),
        ("Fewer than 10", (0, 9)),
        ("10–19", (10, 19)),
        ("1000–1009", (1000, 1009)),
        (OUT, (0, None)),
    ],
)
def test_what_a_printed_text_leaves_open(text, open_):
    assert bounds(text) == open_


@pytest.mark.parametrize("text", ["", "about 10", "14 incidents", "-3", "2.5"])
def test_other_texts_are_no_counts(text):
    with pytest.raises(ValueError, match="no count"):
        bounds(text)
