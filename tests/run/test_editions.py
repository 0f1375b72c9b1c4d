"""Editions whole or not at all, mended where they can be, and proved later."""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from nmsdreports.cli import main
from nmsdreports.intake import load
from nmsdreports.run import publish, reports
from nmsdreports.run.execute import Executed
from nmsdreports.run.month import make_month, unchanged_month
from nmsdreports.run.plan import plan_month
from nmsdreports.run.verify import verify
from nmsdreports.settings import read_settings
from tests.checklist.months import SAMPLE
from tests.run.quick_night import quick_notebook

TODAY = date(2026, 11, 24)
SCHOOLS = 7


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setattr(reports, "execute_notebook", quick_notebook)
    return shutil.copytree(SAMPLE, tmp_path / "source")


def make(source, output, month="2026-10", schools=(), fresh=False):
    """Make a month; gives the outcome and the names of the reports that were made anew."""
    told = []
    plan = plan_month(load(source), month, schools, output, TODAY)
    outcome = make_month(plan, lambda *said: told.append(said[2]), fresh)
    return outcome, [name for name in told if "finished before" not in name]


def faults(folder):
    return {one.name: one.faults for one in verify(folder) if one.faults}


def run(*arguments):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


KILLED_AT_EVERY_STEP = """
import os, shutil, sys
from pathlib import Path
from tests.run import quick_night
from tests.run.test_editions import TODAY, load, make_month, plan_month
from nmsdreports.run import month, publish

quick_night.begin("2026-11-24T20:00+00:00")
source, start, work = map(Path, sys.argv[1:])
plan = plan_month(load(source), "2026-10", ["S1"], work, TODAY)
assessed = month.assess(plan.records)
month.assess = lambda records: assessed
month.write_snapshot = lambda standing, folder: None
WATCHED = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir"}

def die_at(step):
    seen = -1
    def hook(event, arguments):
        nonlocal seen
        if event not in WATCHED or (event == "open" and not arguments[2] & os.O_TRUNC):
            return
        if seen >= 0 or (event == "open" and str(arguments[0]).endswith("manifest.json")):
            seen += 1
            if seen == step:
                os._exit(9)
    sys.addaudithook(hook)

step, status = -1, 9
while status == 9:
    step += 1 if step < 15 else 4
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(start, work)
    child = os.fork()
    if child == 0:
        die_at(step)
        make_month(plan, lambda *said: None)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    index = (work / "index.html").read_text("utf-8")
    led_to = index.split('href="2026-10')[1].split("/index.html")[0]
    folder = work / f"2026-10{led_to}"
    manifest = publish.read_manifest(folder)
    whole = manifest and manifest["outputs"] == publish.list_outputs(folder)
    print(status, folder.name, "whole" if whole else "BROKEN")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked")
def test_killed_at_any_file_operation_readers_see_the_old_edition_or_the_new(source, tmp_path):
    """9."""
    start = tmp_path / "start"
    make(source, start, schools=["S1"])
    accounts = source / "incidents.csv"
    accounts.write_text(accounts.read_text("utf-8") + "\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AT_EVERY_STEP, source, start, tmp_path / "work"],
        cwd=Path(__file__).parents[2], capture_output=True, encoding="utf-8", timeout=200,
    )  # fmt: skip
    lines = [line.split() for line in done.stdout.splitlines()]

    assert lines and lines[-1] == ["0", "2026-10-2", "whole"], done.stderr
    assert len(lines) > 12
    assert {tuple(line[1:]) for line in lines} == {("2026-10", "whole"), ("2026-10-2", "whole")}


def test_a_full_disk_met_by_a_notebook_is_no_failure_of_its_school(source, tmp_path, monkeypatch):
    def full(template, target, parameters):
        made = quick_notebook(template, target, parameters)
        cause = "OSError: [Errno 28] No space left on device"
        return Executed(target, cause, "") if parameters["school_id"] == "S2" else made

    monkeypatch.setattr(reports, "execute_notebook", full)
    with pytest.raises(OSError, match="No space left"):
        make(source, tmp_path / "reports", schools=["S1", "S2"])
    assert [path for path in (tmp_path / "reports").iterdir() if path.name[0] != "."] == []


def test_only_what_changed_is_made_again(source, tmp_path):
    output = tmp_path / "reports"
    assert len(make(source, output)[1]) == SCHOOLS
    settings = read_settings(source)

    def unchanged():
        return unchanged_month(source, settings, "2026-10", output, TODAY)

    assert unchanged().edition == output / "2026-10"
    assert make(source, output)[1] == []  # all taken over from the edition that stands
    assert len(make(source, output, fresh=True)[1]) == SCHOOLS

    page = output / "2026-10-3" / "schools" / "S1-pine-elementary" / "S1 2026-10.html"
    page.write_text("changed by hand", "utf-8")
    assert unchanged() is None
    assert make(source, output)[1] == ["Pine Elementary"]

    incidents = source / "incidents.csv"
    incidents.write_text(incidents.read_text("utf-8") + "\n", "utf-8")
    assert unchanged() is None
    assert len(make(source, output)[1]) == SCHOOLS
    settings_file = source / "district.toml"
    settings_file.write_text(settings_file.read_text("utf-8") + "\n", "utf-8")
    assert unchanged() is None


def test_a_changed_notebook_redoes_only_its_reports(source, tmp_path):
    own = source / "notebooks"
    own.mkdir()
    for name in (reports.SCHOOL_NOTEBOOK, reports.DISTRICT_NOTEBOOK):
        shutil.copy(reports.find_notebook(read_settings(tmp_path), name), own / name)
    settings = source / "district.toml"
    settings.write_text('notebooks = "notebooks"\n' + settings.read_text("utf-8"), "utf-8")
    make(source, tmp_path / "reports")
    office = own / reports.DISTRICT_NOTEBOOK
    office.write_text(office.read_text("utf-8") + "\n", "utf-8")

    assert make(source, tmp_path / "reports")[1] == ["All schools"]


def test_an_unchanged_month_is_left_alone_and_what_was_left_undone_is_done(source, tmp_path):
    output = tmp_path / "reports"
    asked = ["report", "--month", "2026-10", "--output", output, source]
    assert run(*asked)[0] == 0
    (output / "index.html").unlink()
    (output / ".staging-old-2026-10").mkdir()

    status, _, said = run(*asked)
    assert status == 0 and said.startswith("Nothing has changed since 2026-10 was made")
    assert sorted(path.name for path in output.iterdir()) == ["2026-10", "index.html"]


def test_a_published_month_stays_and_a_later_one_restates_it(source, tmp_path):
    output = tmp_path / "reports"
    make(source, output)
    assert run("publish", "2026-10", "--output", output) == (
        0, "", "2026-10 is marked as published and stays for ever.\n",
    )  # fmt: skip
    assert "already" in run("publish", "2026-10", "--output", output)[2]
    kept = {path: path.read_bytes() for path in (output / "2026-10").rglob("*") if path.is_file()}

    incidents = source / "incidents.csv"
    incidents.write_text(incidents.read_text("utf-8") + "\n", "utf-8")
    _, _, said = run("report", "--month", "2026-10", "--output", output, source)
    assert "2026-10 was published and stays; 2026-10-2 restates it." in said
    assert {path: path.read_bytes() for path in kept} == kept
    manifest = publish.read_manifest(output / "2026-10-2")
    assert manifest["before"]["name"] == "2026-10" and manifest["before"]["restated"]
    assert faults(output) == {}

    (output / "2026-10-2" / "index.html").write_text("by hand", "utf-8")
    status, _, said = run("publish", "2026-10", "--output", output)
    assert status == 2 and "index.html was changed" in said
    status, _, said = run("publish", "2026-12", "--output", output)
    assert status == 2 and "there are 2026-10 and 2026-10-2" in said
