"""The board's part of a month, published or not: with reports that take no kernel."""

import json
import shutil
from pathlib import Path

import pytest
from pptx import Presentation

from nmsdreports import assess, edition, load
from nmsdreports.run import board, publish, reports
from nmsdreports.run.execute import Executed
from nmsdreports.run.plan import last_day
from nmsdreports.settings import InputError
from nmsdreports.views.board import board_words, monitoring
from nmsdreports.views.board.counts import charts_of
from nmsdreports.views.board.deck import write_deck
from tests.checklist.months import SAMPLE
from tests.run.quick_night import instead_of_workers, quick_notebook
from tests.run.test_editions import make

MONTH = "2026-10"
CLOSED = (
    "<table><tr><th>School year</th><th>Category</th><th>Reported</th><th>Substantiated</th>"
    "<th>Counted on</th></tr><tr><td>2025–26</td><td>conduct</td><td>{count}</td><td>fewer than 10"
    "</td><td>2026-09-30</td></tr></table>"
)


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setattr(reports, "open_workers", instead_of_workers(quick_notebook))
    return shutil.copytree(SAMPLE, tmp_path / "source")


def told_of(output, name=MONTH):
    """What an edition says of its part for the board: the manifest, the index, the files."""
    edition = output / name
    failed = json.loads((edition / "manifest.json").read_text("utf-8"))["failed"]
    return failed, (edition / "index.html").read_text("utf-8"), edition / "board"


def stopped(*_):
    raise MemoryError


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (lambda folders, least: ["charts/incidents.csv, 2025–26: 1 to 3"], "2025–26: 1 to 3"),
        (stopped, "The check itself stopped (MemoryError)"),
    ],
)
def test_where_the_check_fails_nothing_is_published_and_the_schools_reports_stand(
    source, tmp_path, monkeypatch, check, words
):
    monkeypatch.setattr(board, "check_hidden", check)
    outcome, _ = make(source, tmp_path / "reports")

    (failed,), index, part = told_of(tmp_path / "reports")
    assert failed["name"] == outcome.failed[0].name == "Board packet"
    assert words in failed["cause"] and words in index
    assert not part.exists() and outcome.made == 7
    assert [path for path in outcome.edition.rglob("*") if "oard" in path.name and "data" not in
            path.parts] == []  # fmt: skip
    assert len(list((outcome.edition / "schools").iterdir())) == 6


def test_a_notebook_of_the_districts_own_without_incidents_is_told_what_to_keep(
    source, tmp_path, monkeypatch
):
    def without(template, target, parameters):
        done = quick_notebook(template, target, parameters)
        if "board" in template.name:
            for page in Path(parameters["output"]).glob("*.html"):
                page.write_text("<p>48 accounts are in use.</p>", "utf-8")
        return done

    monkeypatch.setattr(reports, "open_workers", instead_of_workers(without))
    outcome, _ = make(source, tmp_path / "reports")
    (failed,), index, part = told_of(tmp_path / "reports")
    assert failed["cause"].startswith("it cannot be checked, so nothing of it was published: ")
    assert "no table of incidents was found" in failed["cause"] and "would tell" not in index
    assert "keep in your own board_charts.ipynb a cell that shows the incidents" in index
    assert not part.exists() and outcome.made == 7


def test_the_cell_that_stopped_is_kept_for_the_office_beside_the_boards_folder(
    source, tmp_path, monkeypatch
):
    def fails(template, target, parameters):
        done = quick_notebook(template, target, parameters)
        return Executed(target, "ValueError: no", "look") if "board" in template.name else done

    monkeypatch.setattr(reports, "open_workers", instead_of_workers(fails))
    outcome, _ = make(source, tmp_path / "reports")
    (failed,), index, part = told_of(tmp_path / "reports")
    assert failed["cause"] == "ValueError: no" and not part.exists()
    assert (outcome.edition / f"Board packet {MONTH} (failed).ipynb").is_file()
    assert "Board%20packet%202026-10%20%28failed%29.ipynb" in index


def test_two_drafts_that_tell_together_what_each_hides_are_not_both_published(source, tmp_path):
    output = tmp_path / "reports"
    for month, count in (("2026-09", 14), (MONTH, 15)):
        make(source, output, month)
        edition = output / month
        page = next((edition / "board").glob("*.html"))
        page.write_text(page.read_text("utf-8") + CLOSED.format(count=count), "utf-8")
    board.check_publishable(output / "2026-09")
    publish.mark_published(output / "2026-09")
    with pytest.raises(InputError, match=r"2026-10 cannot be published.*2025–26"):
        board.check_publishable(output / MONTH)


def test_what_was_published_is_read_back_and_a_restated_packet_says_what_it_restates(
    source, tmp_path
):
    output = tmp_path / "reports"
    make(source, output, "2026-09")
    publish.mark_published(output / "2026-09")
    make(source, output)
    since, printed = board.read_before(str(output / MONTH / "board"), MONTH)
    assert since.name == "2026-09" and since.restates is None
    assert printed["kind"].to_list() == ["running"]
    assert printed["reported"].to_list() == ["fewer than 10"]
    by_hand, nothing = board.read_before(str(tmp_path), MONTH)
    assert by_hand.name == "" and by_hand.restates is None and nothing.empty

    publish.mark_published(output / MONTH)
    grants = source / "admins.csv"
    kept = [line for line in grants.read_text("utf-8").splitlines() if "A024" not in line]
    grants.write_text("\n".join(kept) + "\n", "utf-8")
    again = make(source, output)[0].edition
    since, printed = board.read_before(str(again / "board"), MONTH)
    assert again.name == f"{MONTH}-2" and len(printed) == 2
    standing = assess(load(source)).at(last_day(MONTH))
    check_restated(edition(standing, "board", since=since, printed=printed), tmp_path)


def check_restated(seen, folder):
    """It says of which edition and what the corrections moved, and looks back over the month."""
    (words,) = board_words.restated_words(seen)
    assert words.startswith(
        f"Restated: October 2026 was published before, as {MONTH}, whose place "
    )
    assert words.endswith(
        "Against that packet, 1 finding about accounts was closed and none opened."
    )
    titles = {chart.name: chart.title for chart in charts_of(seen)}
    assert titles["what-moved"].startswith("Since the end of September 2026, ")
    assert seen.moves["opened"].sum() > 1 and "none opened" not in titles["what-moved"]
    first, *findings, _ = Presentation(str(write_deck(seen, folder / "Board.pptx"))).slides
    assert words in first.placeholders[1].text_frame.text
    assert "in October 2026 (restated): " in first.shapes.title.text_frame.text
    for slide in findings:
        said = " ".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
        assert "as of October 31, 2026, restated." in said
    assert words in board_words.opening_words(seen)
    assert words in monitoring.monitoring_words(seen)
    assert seen.heading.endswith("(restated)")
