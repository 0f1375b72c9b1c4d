"""The real thing once: the sample's October with the notebooks that an office gets."""

import json
import re
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

import pandas as pd
import pytest

from nmsdreports import assess, load
from nmsdreports.run.month import make_month
from nmsdreports.run.plan import last_day, plan_month
from nmsdreports.run.publish import read_manifest
from nmsdreports.views.exports import COLUMNS, table_frame, write_table

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
TODAY = date(2026, 11, 24)


def make(output, month, schools=()):
    plan = plan_month(load(SAMPLE, read_on=last_day(month)), month, schools, output, TODAY)
    return make_month(plan, lambda *said: None)


@pytest.fixture
def october(sample_month):
    return sample_month


def notebooks(edition):
    return {path: json.loads(path.read_text("utf-8")) for path in edition.rglob("*.ipynb")}


def test_every_school_open_that_month_and_the_office_have_their_three_files(october):
    folders = [*(october.edition / "schools").iterdir(), october.edition / "district"]
    assert len(folders) == 7
    for folder in folders:
        assert sorted(path.suffix for path in folder.iterdir()) == [".html", ".ipynb", ".xlsx"]
        assert len({path.stem for path in folder.iterdir()}) == 1


def test_every_link_of_the_ways_in_leads_to_a_file(october):
    for index in (october.edition / "index.html", october.edition.parent / "index.html"):
        links = re.findall(r'href="([^"#]+)"', index.read_text("utf-8"))
        assert len(links) >= 1
        for link in links:
            assert (index.parent / unquote(link)).exists(), link
    assert (
        len(re.findall("aria-label", (october.edition / "index.html").read_text("utf-8")))
        == 3 * 7 + 5
    )


def test_no_file_names_this_machine_or_its_user(october):
    traces = [tempfile.gettempdir(), str(Path.home()), str(SAMPLE.parents[1]), sys.prefix]
    traces = [trace.encode() for trace in traces if len(trace) > 2]
    for path in october.edition.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if path.suffix == ".xlsx":
                with ZipFile(path) as parts:
                    data = b"".join(parts.read(name) for name in parts.namelist())
            assert not [trace for trace in traces if trace in data], path


def test_a_schools_files_hold_no_other_schools_accounts(october):
    records = load(SAMPLE)
    for folder in (october.edition / "schools").iterdir():
        school = folder.name.split("-")[0]
        foreign = records.accounts[records.accounts["school_id"] != school]
        text = "".join(path.read_text("utf-8") for path in folder.glob("*.[hi]*"))
        with ZipFile(next(folder.glob("*.xlsx"))) as parts:
            text += "".join(parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())
        words = set(re.findall(r"[\w.]+", text))
        names = {handle.strip("@") for handle in foreign["handle"].dropna()}
        assert len(names) > 30
        assert names & words == set(), folder


def test_the_months_tables_are_those_the_program_prints(october, tmp_path):
    standing = assess(load(SAMPLE, read_on=last_day("2026-10"))).at("2026-10-31")
    for name in COLUMNS:
        write_table(table_frame(standing, name), "csv", tmp_path / f"{name}.csv")
        made = (october.edition / "data" / f"{name}.csv").read_bytes()
        assert made == (tmp_path / f"{name}.csv").read_bytes()
        rows = pd.read_parquet(october.edition / "data" / f"{name}.parquet")
        assert len(rows) == len(table_frame(standing, name))


def test_the_same_inputs_give_the_same_bytes(october, tmp_path):
    before = october.edition.with_name("2026-09")
    shutil.copytree(before, tmp_path / "elsewhere" / before.name)
    again = make(tmp_path / "elsewhere", "2026-10", ["S1", "S6"])
    one, two = read_manifest(october.edition)["outputs"], read_manifest(again.edition)["outputs"]

    same = [name for name in two if name != "index.html"]
    assert len(same) > 20
    assert {name: one[name] for name in same} == {name: two[name] for name in same}


@pytest.mark.parametrize("month", ["2024-09", "2026-06"])
def test_the_first_month_and_a_closed_schools_last_one_have_reports(tmp_path, month):
    outcome = make(tmp_path / "reports", month, ["S5", "S6"])

    assert outcome.failed == [] and outcome.made == 2
    for notebook in notebooks(outcome.edition).values():
        outputs = [o for cell in notebook["cells"] for o in cell.get("outputs", [])]
        assert {o["output_type"] for o in outputs} <= {"execute_result", "display_data"}
