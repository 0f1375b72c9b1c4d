import re
from datetime import date

import pytest

from nmsdreports.intake import load
from nmsdreports.run.month import make_month
from nmsdreports.run.plan import plan_month
from nmsdreports.settings import InputError
from nmsdreports.views.exports import COLUMNS


def run(source, output, schools=(), month="2026-10"):
    told = []
    plan = plan_month(load(source), month, schools, output, date(2026, 11, 24))
    return make_month(plan, lambda *said: told.append(said)), told


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_when_no_report_can_be_made_nothing_is_published(district, tmp_path):
    output = tmp_path / "reports"
    good, _ = run(district("hello"), output, ["S1"])
    notebooks = tmp_path / "source" / "notebooks"
    template = notebooks / "school_report.ipynb"
    template.write_text(template.read_text().replace("from pathlib", "1 / 0; from pathlib"))

    with pytest.raises(InputError, match=r"No report could be made.*division by zero.*failed"):
        run(tmp_path / "source", output, ["S1"])

    assert good.edition.exists()
    assert sorted(p.name for p in output.iterdir()) == ["2026-10", "2026-10 failed", "index.html"]


def test_a_notebook_that_writes_nothing_made_no_report(district, tmp_path):
    source = district("hello")
    own = source / "notebooks" / "school_report.ipynb"
    own.write_text(own.read_text("utf-8").replace("made.write_text", "print"), "utf-8")
    with pytest.raises(InputError, match="wrote no report"):
        run(source, tmp_path / "reports", ["S1"])


def test_the_same_inputs_give_the_same_bytes_in_any_folder(district, tmp_path):
    source = district("hello")
    first, _ = run(source, tmp_path / "one", ["S1", "S6"])
    second, _ = run(source, tmp_path / "two" / "deeper", ["S6", "S1"])

    assert files(first.edition) == files(second.edition)
    for name, data in files(first.edition).items():
        assert str(tmp_path).encode() not in data, name


def test_one_schools_edition_is_put_beside_the_whole_month_and_never_taken_for_it(
    district, tmp_path
):
    source, output = district("hello"), tmp_path / "reports"

    def index():
        return (output / "index.html").read_text("utf-8")

    alone, _ = run(source, output, ["S1"])
    assert alone.whole_stays is None
    assert "Only some schools" in alone.first.read_text("utf-8")
    assert re.search(r"October 2026</a> .*draft</span> \(only Pine Elementary\)</li>", index())

    whole, _ = run(source, output)
    assert whole.whole_stays is None and "(only" not in index()

    beside, _ = run(source, output, ["S6"])
    assert beside.whole_stays == whole.edition
    assert f'href="{whole.edition.name}/index.html"' in index() and "(only" not in index()


def test_a_newer_draft_of_all_schools_takes_the_older_ones_place(district, tmp_path):
    source = district("hello")
    output = tmp_path / "reports"
    run(source, output)
    outcome, told = run(source, output)

    assert len(told) == outcome.made == 8  # six schools open, the office, the board
    assert sorted(p.name for p in output.iterdir()) == ["2026-10-2", "index.html"]
    assert 'href="2026-10-2/index.html"' in (output / "index.html").read_text("utf-8")
    assert (outcome.edition / "district" / "S1 2026-10.html").exists()
    assert (outcome.edition / "schools" / "DO-district-office").exists()
    # closed on July 1, 2026: no report of October, one of June
    assert not list(outcome.edition.glob("schools/S5*"))
    assert list(run(source, output, ["S5"], "2026-06")[0].edition.glob("schools/S5*/*.html"))


def test_the_months_data_holds_no_restricted_text(district, tmp_path):
    import pandas as pd

    source = district("hello")
    outcome, _ = run(source, tmp_path / "reports", ["S1"])
    data = outcome.edition / "data"

    names = {path.stem for path in data.glob("*.csv")}
    assert names == {*COLUMNS, "changes", "changes_counts"}
    for path in data.rglob("*.parquet"):
        assert not set(pd.read_parquet(path).columns) & {"description", "action", "note"}
    incidents = pd.read_parquet(data / "records" / "incidents.parquet")
    assert {"incident_id", "file", "sheet", "row"} <= set(incidents.columns)
    assert len(incidents) == len(load(source).incidents)


def test_a_reports_folder_inside_the_source_is_not_read(district, tmp_path):
    source = district("hello")
    before = load(source)
    outcome, _ = run(source, source / "reports", ["S1"])
    (outcome.edition / "schools.csv").write_text("School ID,School name\nS9,Intruder\n")

    after = load(source)
    assert list(after.inputs["file"]) == list(before.inputs["file"])
    assert list(after.schools["school_id"]) == list(before.schools["school_id"])
