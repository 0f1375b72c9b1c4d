import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from nmsdreports.cli import common, main, tables
from nmsdreports.views import exports

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "sample"


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run the program in an empty folder; gives exit status, standard output and error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(common.SOURCE_VARIABLE, raising=False)
    monkeypatch.delenv(common.SAMPLE_MONTH_VARIABLE, raising=False)

    def invoke(*arguments):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return invoke


@pytest.fixture(scope="module")
def quarantined():
    from nmsdreports.intake import load

    return int(load(SAMPLE).counts["quarantined"].sum())


def test_check_says_what_was_read_first_and_fits_eighty_columns(run, quarantined):
    status, out, _ = run("check", SAMPLE)
    lines = out.splitlines()

    assert status == (1 if quarantined else 0)
    assert lines[2].split() == ["File", "read", "accepted", "quarantined", "blank"]
    assert {"schools.csv", "accounts.xlsx", "incidents.csv"} <= {
        line.split()[0] for line in lines[3:6]
    }
    assert max(len(line) for line in lines) <= 80
    assert "\x1b" not in out


@pytest.mark.parametrize("name", tables.TABLES)
def test_every_table_is_printed_as_csv_with_its_columns(run, name):
    _, out, _ = run("table", name, "--as-of", "2026-10-31", SAMPLE)

    assert out.splitlines()[0].split(",") == exports.COLUMNS[name].split()
    assert len(out.splitlines()) > 1


def test_the_verb_offers_the_tables_and_formats_there_are():
    assert sorted(tables.TABLES) == sorted(exports.COLUMNS)
    assert list(tables.FORMATS) == list(exports.FORMATS)


def test_a_table_goes_to_a_file_in_the_format_of_its_name(run, tmp_path):
    status, out, _ = run("table", "rates", "--output", "rates.parquet", "--school", "S1", SAMPLE)
    assert out == "" and status in (0, 1)
    assert set(pd.read_parquet(tmp_path / "rates.parquet")["school_id"]) == {"S1"}

    _, out, _ = run("table", "findings", "--format", "json", "--school", "S1", SAMPLE)
    assert {row["school_id"] for row in json.loads(out)} == {"S1"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["check"], "Name the folder"),
        (["check", "nowhere"], "nowhere"),
        (["report", "--month", "2026-13", SAMPLE], "as in 20"),
        (["report", "--month", "2019-01", SAMPLE], "the first month with data is 2024-"),
        (["report", "--month", "2199-01", SAMPLE], "has not begun"),
        (["report", "--month", "2026-10", "--school", "S77", SAMPLE], 'no school "S77"'),
        (["report", "--month", "2026-10", "--school", "S5", SAMPLE], "closed on 2026-07-01"),
        (["report", "--month", "2026-10", "--output", ROOT / "LICENSE", SAMPLE], "is a file"),
        (["table", "status", "--as-of", "31.10.2026", SAMPLE], "is not a day"),
        (["table", "status", "--school", "S77", SAMPLE], "there are S1 Pine Elementary"),
        (["table", "counts", "--school", "S1", SAMPLE], "leave out --school"),
        (["table", "status", "--format", "xlsx", SAMPLE], "--output FILE.xlsx"),
        (["table", "status", "--output", "status.doc", SAMPLE], "csv, json, xlsx, parquet"),
        (["table", "status", "--output", "no/such/folder.csv", SAMPLE], "no/such/folder.csv"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_nothing_written(
    run, tmp_path, arguments, sentence
):
    status, out, err = run(*arguments)

    assert status == 2
    assert out == ""
    said = [line for line in err.splitlines() if not line.endswith(" ...")]
    assert len(said) == 1 and sentence in said[0]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_spreadsheets_is_refused(run, tmp_path):
    (tmp_path / "empty").mkdir()

    status, _, err = run("check", "empty")
    assert status == 2 and "spreadsheet" in err


def test_a_misspelt_verb_or_option_is_refused_by_name(run):
    assert run("rport")[0] == 2
    status, _, err = run("report", "--moth", "2026-10")
    assert status == 2 and "--month" in err


def test_the_current_folder_is_the_source_where_it_is_a_districts(run, tmp_path, monkeypatch):
    monkeypatch.setenv(common.SOURCE_VARIABLE, "not-this-one")
    shutil.copytree(SAMPLE, tmp_path, dirs_exist_ok=True)

    assert "schools.csv" in run("check")[1]


def program(*arguments, cwd, **environment):
    command = [sys.executable, "-m", "nmsdreports.cli", *map(str, arguments)]
    return subprocess.Popen(
        command,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


def test_a_report_says_how_far_it_is_and_what_to_open_first(tmp_path, quarantined):
    month = {common.SOURCE_VARIABLE: str(SAMPLE), common.SAMPLE_MONTH_VARIABLE: "2026-10"}
    run = program("report", "--school", "S6", cwd=tmp_path, **month)
    out, err = run.communicate(timeout=120)

    assert run.returncode == (1 if quarantined else 0), err
    assert out == ""
    assert "\x1b" not in err and "Warning" not in err
    assert "1 of 1  Homestead Learning Program" in err
    last = err.splitlines()[-1]
    assert last.startswith("Wrote 1 of 1 report. Open first: ")
    assert (tmp_path / last.split("Open first: ")[1]).is_file()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to send to a process")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_ends_soon_and_leaves_nothing(tmp_path, number, status):
    run = program("report", "--month", "2026-10", SAMPLE, cwd=tmp_path)
    for line in run.stderr:
        if line.startswith("Making"):
            break
    time.sleep(1.0)
    began = time.monotonic()
    run.send_signal(number)
    _, err = run.communicate(timeout=30)

    assert time.monotonic() - began < 5
    assert run.returncode == status, err
    assert "nothing was published" in err
    assert list(tmp_path.rglob("*")) == []
