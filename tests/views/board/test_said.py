"""A sentence names no count of incidents that the tables of its edition do not print."""

import json

import pytest
from pptx import Presentation

from nmsdreports.views.board.audit import check_hidden
from nmsdreports.views.board.said import read_named
from tests.views.board.editions import FEW, write_edition

ROWS = [("2025–26", "accounts", "34", "11", "Aug 31, 2026"), ("2025–26", "families", FEW, FEW, "")]


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("In 2025–26, 34 incidents and concerns were reported; substantiated: 11", {34, 11}),
        ("10–19 incidents and concerns so far in 2026–27", {10, 19}),
        ("Fewer than 10 concerns", {10}),
        ("Reported: 1,204; Substantiated: fewer than 10", {1204}),
        ("Of all reported, substantiated 25%", {25}),
        ("2 new incidents", {2}),
        # what looks alike and tells of no incident
        ("Use reported: 45, of 50 accounts", set()),
        ("Use reported 51% to 65%", set()),
        ("In the school year 2025–26 incidents were counted on Aug 31, 2026", set()),
        ("A concern is answered within 5 days; reported 30 days after", set()),
        ("45 accounts; incidents are counted together", set()),
    ],
)
def test_counts_are_known_by_the_words_beside_them(sentence, named, tmp_path):
    (tmp_path / "a.html").write_text(f"<p>{sentence}</p>", "utf-8")
    assert read_named(tmp_path / "a.html") == named


def test_a_cell_has_nothing_to_do_with_the_words_of_the_next(tmp_path):
    page = "<table><tr><td>12</td><td>incidents</td></tr></table><p>7</p><h2>Incidents</h2>"
    (tmp_path / "a.html").write_text(page, "utf-8")
    assert read_named(tmp_path / "a.html") == set()
    (tmp_path / "a.html").write_text("<p><strong>7</strong> <span>incidents</span></p>", "utf-8")
    assert read_named(tmp_path / "a.html") == {7}


def on_a_page(path):
    path.with_suffix(".html").write_text("<p>In all, 38 incidents</p>", "utf-8")


def in_an_alternative_text(path):
    path.with_suffix(".html").write_text('<img alt="38 incidents in all">', "utf-8")


def in_a_picture(path):
    words = "<text><tspan>In all,</tspan><tspan>38 incidents</tspan></text>"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><g>{words}</g></svg>'
    path.with_suffix(".svg").write_text(svg, "utf-8")


def in_a_charts_title(path):
    drawing = json.dumps({"layout": {"title": {"text": "38 incidents"}}})
    text = f'<script type="application/json">{drawing}</script>'
    path.with_suffix(".html").write_text(text, "utf-8")


def in_what_a_notebook_printed(path):
    outputs = [{"data": {"text/plain": ["38 incidents"]}}]
    notebook = {"cells": [{"source": ["x"], "outputs": outputs}]}
    path.with_suffix(".ipynb").write_text(json.dumps(notebook), "utf-8")


def in_the_notes_of_a_slide(path):
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.notes_slide.notes_text_frame.text = "Together 38 incidents."
    deck.save(path.with_suffix(".pptx"))


def in_the_alternative_text_of_a_slide(path):
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes[0]._element.nvSpPr.cNvPr.set("descr", "38 incidents")
    deck.save(path.with_suffix(".pptx"))


@pytest.mark.parametrize(
    "write",
    [
        *(on_a_page, in_an_alternative_text, in_a_charts_title, in_what_a_notebook_printed),
        *(in_the_notes_of_a_slide, in_the_alternative_text_of_a_slide),
        in_a_picture,
    ],
)
def test_a_total_in_a_sentence_is_found_wherever_it_stands(write, tmp_path):
    board = write_edition(tmp_path / "2026-10", ROWS)
    assert check_hidden([board], 10) == []
    write(board / "said")
    (fault,) = check_hidden([board], 10)
    assert fault.startswith("2026-10/said.")
    assert fault.endswith("a sentence tells of 38 incidents or concerns, and no table does.")
