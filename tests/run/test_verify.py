"""A published year can be proved later, file by file; what was damaged is named and mended."""

import json
import shutil
import sys
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from nmsdreports.cli import main
from nmsdreports.intake import load
from nmsdreports.policy import assess
from nmsdreports.policy.since import Since, nothing_moved
from nmsdreports.run import month, publish, reports
from nmsdreports.run.compared import read_since
from nmsdreports.run.plan import plan_month
from nmsdreports.run.shape import OPTIONAL, REQUIRED
from nmsdreports.run.verify import check_edition, verify
from tests.checklist.months import SAMPLE
from tests.run.quick_night import instead_of_workers, quick, quick_notebook

YEAR = [str(m) for m in pd.period_range("2025-09", "2026-08", freq="M")]
DRAFT = "2026-09"


def make(output, name):
    plan = plan_month(load(SAMPLE), name, (), output, date.today())
    return month.make_month(plan, lambda *said: None).edition


@pytest.fixture(scope="module")
def made_year(tmp_path_factory):
    """Twelve published months and a draft, all of the same spreadsheets."""
    output = tmp_path_factory.mktemp("year") / "reports"
    records = load(SAMPLE)
    assessment = assess(records)
    compare, write_snapshot = month.compare, month.write_snapshot

    def first_or(told, standing, otherwise):
        """What stands in the data of most months is no matter here, so it is made once."""
        return told if standing.month not in (YEAR[0], DRAFT) else otherwise()

    def compared(output, before, standing):
        none = Since("", "", False, "", nothing_moved())
        return first_or(none, standing, lambda: compare(output, before, standing))

    def snapshot(standing, folder):
        data = output / YEAR[0] / "data"
        copy = partial(shutil.copytree, data, folder, dirs_exist_ok=True)
        first_or(copy, standing, lambda: partial(write_snapshot, standing, folder))()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reports, "open_workers", instead_of_workers(quick_notebook))
        patch.setattr(month, "assess", lambda records: assessment)
        patch.setattr(month, "compare", compared)
        patch.setattr(month, "write_snapshot", snapshot)
        patch.setattr(sys.modules[__name__], "load", lambda source: records)
        for name in [*YEAR, DRAFT]:
            edition = make(output, name)
            if name != DRAFT:
                publish.mark_published(edition)
    return output


@pytest.fixture
def year(made_year, tmp_path, monkeypatch):
    """A copy of the year to damage."""
    monkeypatch.setattr(reports, "open_workers", instead_of_workers(quick_notebook))
    return shutil.copytree(made_year, tmp_path / "reports")


def faults(folder):
    return {one.name: one.faults for one in verify(folder) if one.faults}


def run(*arguments):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def report(output, name=DRAFT):
    return run("report", "--month", name, "--output", output, SAMPLE)


def led_to(output):
    """The folders that the page of all months leads to."""
    links = (output / "index.html").read_text("utf-8").split('href="')[1:]
    return [link.split("/")[0] for link in links]


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_each_file_of_a_published_year_is_named_when_it_was_touched(made_year):
    assert faults(made_year) == {}
    touched = 0
    for folder in (made_year / name for name in YEAR):
        for path in [path for path in folder.rglob("*") if path.is_file()]:
            name, data = path.relative_to(folder).as_posix(), path.read_bytes()
            path.write_bytes(data[:-1] + b"?")
            found = check_edition(folder).faults
            if path.name == publish.MANIFEST:
                assert found == ["manifest.json cannot be read"]
            else:
                assert found == [f"{name} was changed"]
            if touched % 10 == 0:
                path.unlink()
                assert check_edition(folder).faults == [f"{name} is missing"]
            path.write_bytes(data)
            touched += 1
    assert touched > 12 * 40 and faults(made_year) == {}


def test_the_command_names_each_thing_that_was_touched_and_nothing_else(year):
    touched = {
        "2025-10": "data/rates.csv",
        "2025-11": "data/findings.parquet",
        "2025-12": "data/records/staff.parquet",
        "2026-01": "data/basis.json",
        "2026-02": "quarantine.xlsx",
        "2026-03": "schools/S1-pine-elementary/S1 2026-03.html",
        "2026-06": "district/office 2026-06.ipynb",
        "2026-07": "index.html",
    }
    kinds = {Path(name).suffix for name in publish.read_manifest(year / "2026-09")["outputs"]}
    assert {Path(name).suffix for name in touched.values()} == kinds
    for name, file in touched.items():
        path = year / name / file
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    (year / "2025-09" / "data" / "moves.csv").unlink()
    (year / "2025-09" / "schools" / "note.txt").touch()
    (year / "2025-09" / ".DS_Store").touch()  # a system's own, in a folder somebody looked at
    manifest = publish.read_manifest(year / "2026-04")
    forged = publish.manifest_text({**manifest, "as_of": "2026-04-29"})
    (year / "2026-04" / "manifest.json").write_text(forged, "utf-8")  # with a seal that fits
    (year / "2026-08" / "manifest.json").write_bytes(
        (year / "2026-08" / "manifest.json").read_bytes().replace(b"\n", b"\r\n")
    )
    page = year / "index.html"
    page.write_text(page.read_text("utf-8").replace("2026-09/", "2026-08/"), "utf-8")
    done = quick("verify", year)
    said = [line.split("  ", 1) for line in done.stdout.splitlines()]
    wrong = [(name, words.strip()) for name, words in said if "as it was made (" not in words]

    assert done.returncode == 1 and done.stderr == "13 things not as it should be.\n"
    assert len(said) == len(YEAR) + 3
    assert sorted(wrong) == sorted(
        [
            *((name, f"{file} was changed") for name, file in touched.items()),
            ("2025-09", "data/moves.csv is missing"),
            ("2025-09", "schools/note.txt was added"),
            (
                "2026-05",
                "2026-04, which it follows, is not the one that stood there when it was made",
            ),
            ("2026-08", "manifest.json was changed"),
            ("index.html", "was changed; run report again to mend it"),
        ]
    )


def test_a_month_that_is_gone_is_named_by_verify_and_by_the_next_run(year):
    shutil.rmtree(year / "2026-03")
    assert faults(year) == {
        "2026-03": ["there are no reports of March 2026"],
        "2026-04": ["2026-03, which it follows, is gone"],
        "index.html": [
            "leads to 2026-03, which is gone or not the current one; run report again to mend it"
        ],
    }
    status, _, said = report(year)
    assert status == 0 and said.startswith("Nothing has changed since 2026-09")
    assert "There are no reports of March 2026; --month 2026-03 makes them." in said
    assert "index.html" not in faults(year) and "2026-03" not in led_to(year)


@pytest.mark.parametrize("text", [None, "", "by hand", "stale"])
def test_the_way_in_is_checked_and_made_anew(year, text):
    page = year / "index.html"
    right = page.read_bytes()
    if text is None:
        page.unlink()
    elif text == "stale":  # as after a run that was killed before its last step
        shutil.copytree(year / "2026-09", year / "2026-09-2")
    else:
        page.write_text(text, "utf-8")
    (fault,) = faults(year)["index.html"]
    assert fault.endswith("run report again to mend it")
    assert report(year)[0] == 0
    assert faults(year) == {}
    assert page.read_bytes() == right or led_to(year)[0] == "2026-09-2"


def damaged(data):
    """A manifest cut, emptied, foreign, or of which one part has another form."""
    manifest = json.loads(data)
    yield from (b"", data[: len(data) // 2], b"\xef\xbb\xbf" + data, b"\xff\xfe", b"[" * 5000)
    yield from (json.dumps(value).encode() for value in ([], {}, {"name": "a web app"}))
    for name in ("program", *REQUIRED):
        yield json.dumps({key: manifest[key] for key in manifest if key != name}).encode()
    for name in OPTIONAL:
        yield json.dumps({**manifest, name: "x" if name != "same_as" else 1}).encode()


def test_a_damaged_manifest_is_never_believed(year):
    """10: whatever else it may hold."""
    path = year / "2026-07" / "manifest.json"
    for other in damaged(path.read_bytes()):
        path.write_bytes(other)
        assert faults(path.parent) == {"2026-07": ["manifest.json cannot be read"]}, other[:50]


def test_a_manifest_cut_at_any_byte_is_named_kept_and_made_anew(tmp_path):
    """10: a small one is cut at every byte, each in an edition of its own; some are then mended."""
    output = tmp_path / "reports"
    first = output / "2026-07"
    (first / "data" / "records").mkdir(parents=True)
    (first / "index.html").write_text("way in")
    path = publish.write_manifest(first, {"month": "2026-07", "whole": True})
    data = path.read_bytes()
    for length in range(len(data)):
        folder = shutil.copytree(first, output / f"2026-07-{length + 2}")
        (folder / "manifest.json").write_bytes(data[:length])
    said = quick("verify", output).stdout.splitlines()
    named = [line.split()[0] for line in said if line.endswith("manifest.json cannot be read")]
    assert named == [f"2026-07-{length + 2}" for length in range(len(data) - 1)]
    assert said[-2].split(maxsplit=1) == [f"2026-07-{len(data) + 1}", "manifest.json was changed"]

    lengths = range(0, len(data) - 1, 12)
    for length in set(range(len(data) - 1)) - {*lengths}:
        shutil.rmtree(output / f"2026-07-{length + 2}")
    done = quick("report", "--month", "2026-08", "--output", output, SAMPLE)
    assert done.returncode == 1 and "2026-07 is" not in done.stderr
    for length in lengths:
        folder = output / f"2026-07-{length + 2}"
        assert f"The list of files of {folder.name} (manifest.json) was missing" in done.stderr
        assert (folder / "manifest.damaged").read_bytes() == data[:length]
        assert publish.read_manifest(folder)["state"] == "published"
        assert (folder / "index.html").read_text() == "way in"
    since = read_since(str(output / "2026-08" / "district"), "2026-08")
    assert since.cannot.startswith("basis.json is missing") and since.moved.rows.empty


def test_a_damaged_manifest_is_named_kept_and_made_anew(year):
    """10."""
    left = {"2026-05": None, "2026-06": b"", "2026-07": b'{"half": '}
    for name, data in left.items():
        (year / name / "manifest.json").unlink()
        if data is not None:
            (year / name / "manifest.json").write_bytes(data)
    before = {name: contents(year / name) for name in left}
    done = quick("report", "--month", DRAFT, "--output", year, SAMPLE)

    assert done.returncode == 1
    page = (year / "index.html").read_text("utf-8")
    for name, data in left.items():
        path, sentence = year / name / "manifest.json", f"The list of files of {name}"
        assert f"{sentence} (manifest.json) was missing or" in done.stderr and sentence in page
        kept = path.with_name("manifest.damaged")
        assert (kept.read_bytes() if kept.exists() else None) == data
        assert json.loads(path.read_text("utf-8"))["state"] == "published"
        files = before[name].items()
        assert all(file.read_bytes() == found for file, found in files if file != path)
        assert name in led_to(year)
        assert "made anew from the files" in faults(year)[name][0]
    assert report(year)[0] == 0  # said once; verify goes on naming it


def test_a_month_whose_list_was_lost_is_proved_again_once_it_is_restated(year):
    """10: no fault is for ever."""
    path = year / "2026-07" / "manifest.json"
    old = path.read_bytes()
    path.unlink()
    status, _, said = report(year)
    assert status == 1 and "run report with --month 2026-07, which restates the month" in said
    lost = path.read_bytes()
    (fault,) = faults(year).pop("2026-07")
    assert set(faults(year)) == {"2026-07"} and "or run report with --month 2026-07" in fault

    path.write_bytes(old)  # one way: a backup
    assert faults(year) == {}
    path.write_bytes(lost)  # the other: what the sentence says
    status, _, said = report(year, "2026-07")
    assert status == 0 and "2026-07 was published and stays; 2026-07-2 restates it." in said
    assert faults(year) == {} and run("verify", year)[0] == 0
    assert "as it was made" in run("verify", year)[1]
    (words,) = (one.words for one in verify(year) if one.name == "2026-07")
    assert words.endswith("was made anew, and 2026-07-2 restates it")
    (year / "2026-07-2" / "quarantine.xlsx").write_bytes(b"")  # proves nothing any more
    assert set(faults(year)) == {"2026-07", "2026-07-2"}


def test_what_looks_like_an_edition_and_is_none_is_named_and_left_alone(year):
    shutil.copytree(year / "2026-09", year / "2026-09 (1)")  # as a cloud's folder does
    shutil.copytree(year / "2026-08", year / "2026-09-2")
    for name in ("2026-10", "photos"):
        (year / name).mkdir()
        (year / name / "index.html").write_text("a site of somebody else")
        (year / name / "manifest.json").write_text('{"name": "a web app"}')
    (year / "2026-07" / "manifest.json").unlink()
    (year / "2026-07" / "manifest.json").mkdir()
    strange = {
        "2026-09 (1)": ["it was copied or renamed; it holds the reports of September 2026"],
        "2026-09-2": ["it holds the reports of August 2026"],
        "2026-10": ["manifest.json cannot be read"],
        "2026-07": ["manifest.json cannot be read"],
    }
    before = {path: data for name in strange for path, data in contents(year / name).items()}
    found = faults(year)
    assert {name: words for name, words in found.items() if name != "index.html"} == strange

    status, _, said = report(year)
    assert status == 1 and said.startswith("Nothing has changed since 2026-09 was made")
    page = (year / "index.html").read_text("utf-8")
    for name, (words,) in strange.items():
        sentence = f'The folder "{name}" is left alone, and no page leads to it: {words}.'
        assert sentence in said and name not in led_to(year)
        assert f"no page leads to it: {words}." in page
    assert {path: path.read_bytes() for path in before} == before
    assert "photos" not in said
    assert report(year, "2026-10")[0] == 1
    assert (year / "2026-10-2").is_dir() and led_to(year)[:2] == ["2026-10-2", "2026-09"]


def test_an_edition_changed_by_hand_is_named_and_kept(year):
    own = year / "2026-09" / "schools" / "S1-pine-elementary" / "S1 2026-09.html"
    own.write_text("our own words", "utf-8")
    assert faults(year)["2026-09"] == [f"schools/{own.parent.name}/{own.name} was changed"]

    status, _, said = report(year)
    kept = 'The older draft "2026-09" was changed by hand, so it is kept'
    assert status == 1 and kept in said
    assert own.read_text("utf-8") == "our own words"
    assert led_to(year)[0] == "2026-09-2"
    assert "was changed by hand, so it is kept" in (year / "index.html").read_text("utf-8")
    assert kept in report(year)[2]


def test_a_month_is_told_when_the_one_it_is_compared_with_was_changed(year):
    """10: a damaged snapshot."""
    asked = ["report", "--month", DRAFT, "--output", year, SAMPLE]
    (year / "2026-08" / "data" / "findings.parquet").write_bytes(b"")
    done = quick(*asked)
    assert done.returncode == 1
    assert "2026-08 is not as it was made, and 2026-09 is compared with it" in done.stderr
    assert "2026-08 is not as it was made" in (year / "index.html").read_text("utf-8")

    (year / "2026-08" / "manifest.json").unlink()  # the new one lists the files as they are now
    done = quick(*asked)
    assert done.returncode == 1 and "The list of files of 2026-08" in done.stderr
    since = read_since(str(year / "2026-09-2" / "district"), DRAFT)
    assert since.cannot == "findings.parquet cannot be read" and since.moved.rows.empty


def test_a_month_long_ago_that_was_touched_is_named_by_the_next_run_too(year):
    (year / "2025-10" / "data" / "rates.csv").unlink()
    (year / "2025-11" / "schools" / "note.txt").touch()
    page = year / "2025-12" / "index.html"
    page.write_bytes(page.read_bytes()[:-1] + b"?")  # of the same size
    (year / "2026-01" / "quarantine.xlsx").write_bytes(b"shorter")
    manifest = publish.read_manifest(year / "2026-02")
    (year / "2026-02" / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    status, _, said = report(year)

    assert status == 1 and said.startswith("Nothing has changed since 2026-09")
    touched = ["2025-10", "2025-11", "2025-12", "2026-01", "2026-02"]
    sentences = [
        f"{name} is not as it was made; `nmsdreports verify` names what was changed."
        for name in touched
    ]
    assert [line for line in said.splitlines() if "as it was made" in line] == sentences
    way_in = (year / "index.html").read_text("utf-8")
    assert [name for name in YEAR if f"{name} is not as it was made" in way_in] == touched
    assert "nmsdreports verify names what was changed" in way_in


def test_the_months_that_verify_knows_are_told_where_none_fits(tmp_path, year):
    assert run("verify", tmp_path / "no")[0] == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "holds no month's reports" in run("verify", empty)[2]
    status, said, _ = run("verify", Path(year, "2025-09"))
    assert status == 0 and said.startswith("2025-09  as it was made (")
