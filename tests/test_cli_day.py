"""The day of reading, months that are not over, and what a verb says at its end."""

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from nmsdreports.cli import common, main, tables
from nmsdreports.intake import load
from nmsdreports.run import clock, plan

FILES = Path(__file__).parent / "files" / "notebooks"
SAMPLE = Path(__file__).parents[1] / "data" / "sample"


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run the program in a folder with a copy of the sample, "ours", whose reports are short."""
    source = tmp_path / "ours"
    shutil.copytree(SAMPLE, source)
    (source / "notebooks").mkdir()
    for name in ("school_report", "district_report"):
        shutil.copy(FILES / "hello.ipynb", source / "notebooks" / f"{name}.ipynb")
    shutil.copy(FILES / "board.ipynb", source / "notebooks" / "board_charts.ipynb")
    settings = source / "district.toml"
    settings.write_text('notebooks = "notebooks"\n' + settings.read_text("utf-8"), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(common.SOURCE_VARIABLE, raising=False)

    def invoke(*arguments, today="2026-11-24"):
        for module in (clock, plan):
            monkeypatch.setattr(module, "today_in", lambda settings: date.fromisoformat(today))
        result = CliRunner().invoke(main, list(arguments), prog_name="nmsdreports")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return invoke


def add_row(path, text):
    path.write_text(path.read_text("utf-8").rstrip("\n") + f"\n{text}\n", "utf-8")


def test_a_report_reads_on_its_months_last_day_and_is_the_same_on_any_day(run, tmp_path):
    outputs = []
    for number, today in enumerate(("2026-11-03", "2027-02-01")):
        folder = f"reports {number}"
        run("report", "--month", "2026-10", "--school", "S6", "--output", folder, "ours",
            today=today)  # fmt: skip
        manifest = json.loads((tmp_path / folder / "2026-10" / "manifest.json").read_text("utf-8"))
        assert manifest["read_on"] == manifest["as_of"] == "2026-10-31"
        outputs.append(manifest["outputs"])
    assert outputs[0] == outputs[1] and len(outputs[0]) > 10


def test_what_was_entered_since_an_old_month_sets_no_row_aside(run, tmp_path):
    status, _, err = run("report", "--month", "2024-09", "--school", "S1", "ours")
    assert status == 0, err

    counts = pd.read_csv(tmp_path / "reports" / "2024-09" / "data" / "counts.csv")
    assert counts["quarantined"].sum() == 0


@pytest.mark.parametrize("name", ["school_report", "district_report"])
def test_the_shipped_notebooks_read_on_the_months_last_day(name):
    text = (SAMPLE.parents[1] / "notebooks" / f"{name}.ipynb").read_text("utf-8")
    assert "load(source, read_on=last_day(month))" in text


def test_a_table_reads_on_its_as_of_day_and_check_today(run):
    def late(name, *arguments, today="2026-11-24"):
        out = run(name, *arguments, "ours", today=today)[1]
        return out.count("lies after the day of reading") + out.count("after June 30, 2026")

    on_the_day = late("table", "problems", "--as-of", "2026-06-30", today="2026-06-30")
    assert on_the_day > 100 > 30 > late("table", "problems", "--as-of", "2026-06-30") > 10
    assert late("table", "problems") == 0
    assert late("check") == 0


def test_a_month_that_is_not_over_is_said_aloud_and_made(run, tmp_path):
    said = "November 2026 is not over yet: days to come are counted as if nothing more happened."
    arguments = ("report", "--month", "2026-11", "--school", "S6", "--quiet", "ours")

    status, _, err = run(*arguments)
    assert status == 0 and said in err.splitlines()
    assert (tmp_path / "reports" / "2026-11" / "index.html").exists()
    assert "not over" not in run(*arguments, today="2026-12-01")[2]


def test_values_that_count_as_unknown_are_counted_with_where_to_see_them(run):
    values = int(load(SAMPLE).problems["outcome"].eq("unknown").sum())
    assert values > 1
    status, _, err = run("report", "--month", "2026-10", "--school", "S6", "ours")
    assert status == 0
    assert f"{values} values count as unknown: `nmsdreports check ours` lists them." in err


def test_a_row_set_aside_ends_a_report_with_one(run, tmp_path):
    (tmp_path / "ours").rename(tmp_path / "our district")
    row = "I900,No Such Place,,student-identity,professional,9/20/2024,,,,,,,,"
    add_row(tmp_path / "our district" / "incidents.csv", row)

    for verb in (("report", "--month", "2026-10", "--school", "S6"), ("table", "counts")):
        status, _, err = run(*verb, "our district")
        assert status == 1
        assert "1 row could not be used, " in err
        assert "`nmsdreports check 'our district'` lists them." in err.replace('"', "'")


def test_one_schools_new_folder_is_explained_and_counted_in_words(run):
    _, _, err = run("report", "--month", "2026-10", "--school", "S6", "--output", "alone", "ours")
    assert "Making 1 report of October 2026" in err and "Wrote 1 of 1 report. Open" in err
    assert "holds only" not in err

    _, _, err = run("report", "--month", "2026-10", "ours")
    assert "Making 8 reports of October 2026" in err and "Wrote 8 of 8 reports. Open" in err
    _, _, err = run("report", "--month", "2026-10", "--school", "pine elem", "--quiet", "ours")
    assert (
        "The new folder 2026-10-2 holds only Pine Elementary; the whole month stays in 2026-10."
        in err.splitlines()
    )


def test_reading_is_said_only_of_a_folder_there_is(run):
    assert "Reading" in run("check", "ours")[2]
    status, _, err = run("check", "theirs")
    assert status == 2 and "Reading" not in err and "theirs" in err


def test_ctrl_c_while_reading_ends_with_130(run, monkeypatch):
    def stopped(*arguments, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr("nmsdreports.intake.load", stopped)
    status, _, err = run("check", "ours")
    assert status == 130 and err.splitlines()[-1] == "Stopped."


def test_a_table_takes_a_schools_name(run):
    status, out, _ = run("table", "rates", "--school", "HLP", "ours")
    assert status == 0
    assert {line.split(",")[1] for line in out.splitlines()[1:]} == {"S6"}


def test_the_help_of_table_has_a_line_for_each_and_breaks_no_word(run):
    lines = run("table", "--help")[1].splitlines()

    assert lines[0] == "Usage: nmsdreports table [OPTIONS] NAME [SOURCE]"
    for name, words in tables.TABLES.items():
        assert f"  {name:<9} {words}" in lines
    assert max(len(line) for line in lines) <= 80
    assert "..." not in run("--help")[1].split("Commands:")[1]


def test_untouched_templates_are_no_success(run):
    run("new", "fresh")
    said = "There is nothing to report on yet: fill in schools.xlsx and accounts.xlsx."

    assert run("check", "fresh")[1].splitlines()[-1] == said
    assert "nothing to report" not in run("check", "ours")[1]
