"""What goes wrong on an unattended night, against the real command in a process of its own.

The numbers are those of docs/for-engineers/faults.md.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nmsdreports.run.lock import only_run
from nmsdreports.run.verify import verify
from tests.checklist import months
from tests.run.processes import children_of, ended, still_running
from tests.run.quick_night import quick

resource = pytest.importorskip("resource")  # Windows has none, and no such signals

SAMPLE = months.SAMPLE
HANGING = """
import time
while school_id == "S2" and Path(r"{flag}").exists():
    time.sleep(0.1)
"""


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def source(district):
    return district("hello")


@pytest.fixture(scope="module")
def september(tmp_path_factory):
    output = tmp_path_factory.mktemp("september") / "reports"
    assert quick("report", "--month", "2026-09", "--output", output, SAMPLE).returncode == 0
    return output


@pytest.fixture
def old(september, tmp_path):
    """A folder of reports with a good September in it."""
    return shutil.copytree(september, tmp_path / "reports")


def untouched(output, before):
    """Whether all that stood there is as it was, and nothing but waiting folders came to it."""
    now = contents(output)
    assert {path: now.get(path) for path in before} == before
    shown = [path.name for path in output.iterdir() if not path.name.startswith(".")]
    assert sorted(shown) == ["2026-09", "index.html"]


def test_a_full_disk_leaves_the_old_month_and_is_named(old):
    """4."""
    before = contents(old)
    asked = ["report", "--month", "2026-10", "--output", old, SAMPLE]
    most = (20_000, 20_000)
    done = quick(*asked, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, most))

    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f'The disk is full: the reports did not fit into "{old}"')
    untouched(old, before)
    again = quick(*asked)
    assert again.returncode == 0
    assert again.stderr.count("(was finished before)") == 8


def test_a_draft_of_which_a_file_is_open_stays_until_it_can_go(old, source):
    """6."""
    before = contents(old / "2026-09")
    asked = ["report", "--month", "2026-09", "--output", old, source]
    done = quick(*asked, env={**os.environ, "HELD_OPEN": "2026-09"})

    sentence = 'The older draft "2026-09" is still open somewhere; the next run removes it.'
    assert done.returncode == 1 and sentence in done.stderr
    assert contents(old / "2026-09") == before
    page = (old / "index.html").read_text("utf-8")
    assert 'href="2026-09-2/index.html"' in page and "is still open somewhere" in page
    assert [one.faults for one in verify(old)] == [[], [], []]

    again = quick(*asked)
    assert again.returncode == 0 and again.stderr.startswith("Nothing has changed since 2026-09-2")
    assert sorted(path.name for path in old.iterdir()) == ["2026-09-2", "index.html"]
    assert "is still open" not in (old / "index.html").read_text("utf-8")


def test_last_months_spreadsheets_again_are_told(old, source):
    """13: on the screen, in the month's index, in its manifest and to the office's notebook."""
    asked = ["report", "--month", "2026-10", "--output", old]
    done = quick(*asked, SAMPLE)
    sentence = "The spreadsheets are the same as those of September 2026: not one of them"
    assert done.returncode == 0 and sentence in done.stderr
    assert sentence in (old / "2026-10" / "index.html").read_text("utf-8")
    assert (
        json.loads((old / "2026-10" / "manifest.json").read_text("utf-8"))["same_as"] == "2026-09"
    )
    assert sentence in quick(*asked, SAMPLE).stderr  # also when there is nothing to do

    (source / "schools.csv").write_text((source / "schools.csv").read_text("utf-8") + "\n", "utf-8")
    done = quick(*asked, source)
    assert done.returncode == 0 and "The spreadsheets are the same" not in done.stderr
    assert sentence not in (old / "2026-10-2" / "index.html").read_text("utf-8")


def test_a_folder_that_cannot_be_written_is_refused_before_the_first_notebook(tmp_path):
    """5."""
    output = tmp_path / "locked"
    output.mkdir(mode=0o555)
    if os.geteuid() == 0:  # nothing is forbidden to root but what the system itself keeps
        output = Path("/proc")
    done = quick("report", "--month", "2026-10", "--output", output / "reports", SAMPLE)

    assert done.returncode == 2
    assert "Making" not in done.stderr
    assert "Nothing can be written into" in done.stderr and "--output" in done.stderr


def test_a_second_run_stops_and_names_the_first(old):
    """7."""
    before = contents(old)
    with only_run(old):
        done = quick("report", "--month", "2026-10", "--output", old, SAMPLE)

    assert done.returncode == 2
    assert f"process {os.getpid()} on {os.uname().nodename}, since 20" in done.stderr
    untouched(old, before)


def interrupt(source, old, tmp_path, number):
    """Send a signal to a run that has one report finished and one that hangs until we go on.

    Gives the run, what it was asked, and the file that keeps the report from ending.
    """
    flag = tmp_path / "hangs"
    flag.touch()
    template = source / "notebooks" / "school_report.ipynb"
    notebook = json.loads(template.read_text("utf-8"))
    notebook["cells"][-1]["source"] += HANGING.format(flag=flag)
    template.write_text(json.dumps(notebook), "utf-8")
    asked = ["report", "--month", "2026-10", "--school", "S1", "--school", "S2", "--output", old]
    before = contents(old)
    run = subprocess.Popen(
        [sys.executable, "-m", "nmsdreports.cli", *asked, source],
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    with ended(run):
        for line in run.stderr:
            if line.startswith("  1 of 2"):
                break
        children = children_of(run.pid)
        assert "Pine Elementary" in line and children
        if number == signal.SIGINT:  # a terminal sends it to every process
            os.killpg(run.pid, number)
        else:
            run.send_signal(number)
        run.communicate(timeout=5)
    assert still_running(children) == []
    untouched(old, before)
    return run, [*asked, source], flag


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_ends_at_once_and_keeps_what_is_finished(
    source, old, tmp_path, number, status
):
    """8."""
    run, _, _ = interrupt(source, old, tmp_path, number)
    assert run.returncode == status
    assert len(list(old.glob(".staging-2026-10-*.finished/*.json"))) == 1
    assert [one.faults for one in verify(old)] == [[], []]


def test_a_run_that_is_killed_in_the_middle_goes_on_where_it_stopped(source, old, tmp_path):
    """2."""
    run, asked, flag = interrupt(source, old, tmp_path, signal.SIGKILL)
    assert run.returncode == -signal.SIGKILL

    flag.unlink()
    again = months.run(*asked, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "  1 of 2  Pine Elementary (was finished before)" in again.stderr
    assert "  2 of 2  Cedar Creek Elementary\n" in again.stderr
    assert [path.name for path in old.iterdir() if path.name.startswith(".")] == []
    assert [one.faults for one in verify(old)] == [[], [], []]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("accounts.xlsx", b""),
        ("accounts.xlsx", "half"),
        ("incidents.csv", b"PK\x03\x04 no table"),
    ],
)
def test_one_corrupt_spreadsheet_is_named_and_nothing_made(source, old, name, data):
    """11."""
    path = source / name
    path.write_bytes(path.read_bytes()[:3000] if data == "half" else data)
    before = contents(old)
    done = quick("report", "--month", "2026-10", "--output", old, source)

    assert done.returncode == 2
    assert name in done.stderr.splitlines()[-1]
    untouched(old, before)


def test_a_spreadsheet_saved_during_the_run_ends_it(source, old):
    """12."""
    template = source / "notebooks" / "school_report.ipynb"
    saves = f"open(r'{source / 'schools.csv'}', 'a').write('\\\\n'); from pathlib"
    template.write_text(template.read_text("utf-8").replace("from pathlib", saves), "utf-8")
    before = contents(old)
    done = months.run(
        "report", "--month", "2026-10", "--school", "S1", "--output", old, source, cwd=old.parent
    )

    assert done.returncode == 2
    assert "schools.csv changed while the reports were made" in done.stderr
    untouched(old, before)
    assert [path.name for path in old.iterdir() if path.name.startswith(".")] == []


def test_the_day_is_the_districts_and_the_repeated_hour_makes_one_report(tmp_path):
    """19."""
    output = tmp_path / "reports"
    made = [
        quick("report", "--output", output, SAMPLE, clock=clock)
        for clock in ("2026-11-01T07:30+00:00", "2026-11-01T08:30+00:00", "2026-11-01T09:30+00:00")
    ]

    assert [done.returncode for done in made] == [0, 0, 0]
    assert "Making 8 reports of October 2026" in made[0].stderr  # half past midnight on the 1st
    assert all("Nothing has changed since 2026-10" in done.stderr for done in made[1:])
    assert sorted(path.name for path in output.iterdir()) == ["2026-10", "index.html"]
    evening = quick("report", "--output", output, SAMPLE, clock="2026-11-01T06:30+00:00")
    assert "Making 8 reports of September 2026" in evening.stderr  # October 31 in Washington


@pytest.mark.parametrize("clock", ["2026-08-31T20:00+00:00", "2027-12-02T20:00+00:00"])
def test_a_clock_that_cannot_be_right_is_refused(old, clock):
    """20."""
    done = quick("report", "--output", old, SAMPLE, clock=clock)
    assert done.returncode == 2
    assert "last month with reports is September 2026" in done.stderr.splitlines()[-1]


def test_a_month_that_is_named_needs_no_clock(old):
    """20."""
    asked = ["report", "--month", "2026-09", "--output", old, SAMPLE]
    done = quick(*asked, clock="2028-01-02T20:00+00:00")
    assert done.returncode == 0, done.stderr
