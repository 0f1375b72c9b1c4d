"""Editions whole or not at all, mended where they can be, and proved later."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial

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
from tests.run import killed
from tests.run.quick_night import instead_of_workers, quick_notebook

TODAY = date(2026, 11, 24)
SCHOOLS = 8


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setattr(reports, "open_workers", instead_of_workers(quick_notebook))
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


def test_killed_at_any_file_operation_readers_see_the_old_edition_or_the_new(tmp_path):
    """9: before and after those that change what readers see; the soak tries all."""
    source, start = killed.write_source(tmp_path / "source"), tmp_path / "start"
    assert killed.publish(source, start, step=-1)[0] == 0
    killed.change(source)
    whole = shutil.copytree(start, tmp_path / "whole")
    status, listed = killed.publish(source, whole, step=-1)
    renamed = [at for at, line in enumerate(listed) if line.startswith("os.rename")]
    assert status == 0 and len(listed) > 30 and len(renamed) == 3

    place, way_in, _ = renamed  # the edition's, then the page that leads to every month
    steps = [place, way_in, way_in + 1, len(listed) // 2]
    with ThreadPoolExecutor(2) as pool:
        works = [tmp_path / f"work {step}" for step in steps]
        seen = list(pool.map(partial(killed.seen_after, source, start), works, steps))
    assert "index.html" in listed[way_in]
    assert seen == ["2026-10" if step <= way_in else "2026-10-2" for step in steps]
    # The next run puts everything in order, wherever the last one ended.
    assert killed.publish(source, works[-1], step=-1)[0] == 0
    assert sorted(path.name for path in works[-1].iterdir()) == ["2026-10-2", "index.html"]


def test_a_full_disk_met_by_a_notebook_is_no_failure_of_its_school(source, tmp_path, monkeypatch):
    def full(template, target, parameters):
        made = quick_notebook(template, target, parameters)
        cause = "OSError: [Errno 28] No space left on device"
        return Executed(target, cause, "") if parameters["school_id"] == "S2" else made

    monkeypatch.setattr(reports, "open_workers", instead_of_workers(full))
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
