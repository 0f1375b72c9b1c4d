"""Districts that `simulate` makes up: they load without a problem; what was planted is found."""

import tracemalloc
from dataclasses import replace

import pandas as pd
import pytest
from click.testing import CliRunner

from nmsdreports import load
from nmsdreports.cli import main
from nmsdreports.policy import assess
from nmsdreports.simulate import LAST_DAY, write_districts

SAYS = [
    *("finding_id", "guideline", "subject", "account_id", "school_id", "opened_on"),
    *("closed_on", "closed_by", "excepted"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Three districts as the verb writes them."""
    folder = tmp_path_factory.mktemp("made") / "districts"
    asked = f"simulate {folder} --districts 3 --accounts 250 --months 30 --seed 7".split()
    done = CliRunner().invoke(main, asked, prog_name="nmsdreports")
    assert done.exit_code == 0, done.output
    assert done.stderr.splitlines()[-2:] == [
        f"Wrote 3 districts of 250 accounts into {folder}, their findings into {folder}/truth",
        f"Then: nmsdreports report --month 2026-10 {folder}/D0001",
    ]
    return folder


def read_truth(folder, name):
    days = ["opened_on", "closed_on"]
    return pd.read_csv(folder / "truth" / f"{name}.csv", parse_dates=days)


def rows(frame):
    shown = frame[SAYS].astype(object)
    return sorted(map(tuple, shown.where(shown.notna(), None).to_numpy().tolist()), key=str)


@pytest.mark.parametrize("name", ["D0001", "D0003"])
def test_a_simulated_district_loads_without_a_problem_and_its_findings_are_those_planted(
    made, name
):
    records = load(made / name, read_on=LAST_DAY)
    assert records.problems.empty
    assert (records.counts["rows_read"] == records.counts["accepted"]).all()
    assert len(records.accounts) == 250

    truth = read_truth(made, name)
    assert len(truth) > 300
    assert rows(assess(records).at(LAST_DAY).findings) == rows(truth)
    if name == "D0001":
        without = replace(records, reviews=records.reviews.iloc[:0])
        assert rows(assess(without).at(LAST_DAY).findings) != rows(truth)

    listed = pd.read_csv(made / "districts.csv").set_index("district").loc[name]
    assert listed[["accounts", "findings"]].tolist() == [250, len(truth)]
    assert listed["open"] == truth["closed_on"].isna().sum()


def test_every_guideline_of_record_and_every_way_to_miss_it_is_planted(made):
    truth = pd.concat([read_truth(made, name) for name in ("D0001", "D0002", "D0003")])
    recorded = assess(load(made / "D0001", read_on=LAST_DAY)).policy.recorded()
    assert {rule.id for rule in recorded} <= {*truth["guideline"]}
    assert truth["planted"].nunique() == 30
    assert truth["excepted"].sum() > 3
    assert {*truth["closed_by"].dropna()} == {"met", "account closed", "resolved"}


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "districts.csv"
    }


def test_a_district_is_the_same_however_many_there_are_and_another_with_another_seed(
    made, tmp_path
):
    write_districts(tmp_path / "one", 1, 250, 30, 7, lambda number: None)
    write_districts(tmp_path / "other", 1, 250, 30, 8, lambda number: None)
    first = {name: content for name, content in files(made).items() if "D0001" in name}
    assert files(tmp_path / "one") == first
    other = files(tmp_path / "other")
    assert other.keys() == first.keys()
    assert other["truth/D0001.csv"] != first["truth/D0001.csv"]
    assert first["D0001/approvals.csv"] != files(made)["D0002/approvals.csv"]


def test_the_smallest_district_loads(tmp_path):
    write_districts(tmp_path / "small", 1, 1, 1, 0, lambda number: None)
    records = load(tmp_path / "small" / "D0001", read_on=LAST_DAY)
    found = assess(records).at(LAST_DAY).findings
    assert records.problems.empty and len(records.accounts) == 1
    assert rows(found) == rows(read_truth(tmp_path / "small", "D0001"))


def test_only_one_district_is_in_memory_at_a_time(tmp_path):
    peaks = []
    for districts in (1, 2):
        tracemalloc.start()
        write_districts(tmp_path / str(districts), districts, 200, 24, 1, lambda number: None)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            ["--districts", "many"],
            '--districts cannot be "many"; write a whole number from 1 to 10,000.',
        ),
        (
            ["--accounts", "0"],
            '--accounts cannot be "0"; write a whole number from 1 to 1,000,000.',
        ),
        (["--months", "241"], '--months cannot be "241"; write a whole number from 1 to 240.'),
        (["--seed", "-3"], '--seed cannot be "-3"; write a whole number from 0 to 2,147,483,647.'),
        ([], '"full" is not empty; name a new folder, so that nothing is lost.'),
    ],
)
def test_what_cannot_be_made_is_refused_in_a_sentence(tmp_path, monkeypatch, asked, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", "utf-8")
    done = CliRunner().invoke(main, ["simulate", "full", *asked], prog_name="nmsdreports")
    assert (done.exit_code, done.stderr.splitlines()) == (2, [sentence])
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]
