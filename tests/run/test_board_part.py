"""The board's part of a month, published or not: with reports that take no kernel."""

import json
import shutil

import pytest

from nmsdreports.run import board, publish, reports
from nmsdreports.run.execute import Executed
from nmsdreports.settings import InputError
from tests.checklist.months import SAMPLE
from tests.run.quick_night import quick_notebook
from tests.run.test_editions import make

MONTH = "2026-10"
CLOSED = (
    "<table><tr><th>School year</th><th>Category</th><th>Reported</th><th>Substantiated</th>"
    "<th>Counted on</th></tr><tr><td>2025–26</td><td>conduct</td><td>{count}</td><td>fewer than 10"
    "</td><td>2026-09-30</td></tr></table>"
)


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setattr(reports, "execute_notebook", quick_notebook)
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


def test_the_cell_that_stopped_is_kept_for_the_office_beside_the_boards_folder(
    source, tmp_path, monkeypatch
):
    def fails(template, target, parameters):
        done = quick_notebook(template, target, parameters)
        return Executed(target, "ValueError: no", "look") if "board" in template.name else done

    monkeypatch.setattr(reports, "execute_notebook", fails)
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


def test_what_was_published_is_read_back_for_the_next_part(source, tmp_path):
    output = tmp_path / "reports"
    make(source, output, "2026-09")
    publish.mark_published(output / "2026-09")
    make(source, output)
    since, printed = board.read_before(str(output / MONTH / "board"), MONTH)
    assert since.name == "2026-09"
    assert printed["kind"].to_list() == ["running"]
    assert printed["reported"].to_list() == ["fewer than 10"]
    by_hand, nothing = board.read_before(str(tmp_path), MONTH)
    assert by_hand.name == "" and nothing.empty
