"""One day's look-ups: the identities that hold for every guideline, school and month."""

import sys

import pandas as pd
import pytest

from nmsdreports.policy import assess
from nmsdreports.policy.spells import STATUSES
from tests.laws.registry import records_from

MONTH_ENDS = pd.date_range("2024-08-31", "2026-11-30", freq="ME")
CELL = ["guideline", "school_id"]


@pytest.mark.parametrize("day", MONTH_ENDS, ids=lambda day: f"{day:%Y-%m}")
def test_identities(sample, day):
    standing = sample.at(day)
    moves = standing.moves.set_index(CELL)
    balance = moves["open_before"] + moves["opened"] - moves["closed"]
    assert (balance == moves["open_now"]).all()
    before = sample.at(day.replace(day=1) - pd.Timedelta(days=1)).moves.set_index(CELL)
    assert (moves["open_before"] == before["open_now"]).all()
    open_findings = standing.findings.query("open").groupby(CELL).size()
    assert (
        moves["open_now"].drop("*", level=1)
        == open_findings.reindex(moves["open_now"].drop("*", level=1).index, fill_value=0)
    ).all()

    rates = standing.rates.set_index(CELL)
    subjects = standing.status.groupby(CELL).size()
    inapplicable = standing.status.query("status == 'not applicable'").groupby(CELL).size()
    schools = rates.drop("*", level=1)
    parts = ["meets", "does_not_meet", "excepted", "not_assessed", "upcoming", "ended"]
    assert (schools[parts].sum(axis=1) == schools["applicable"]).all()
    assert (
        schools["applicable"]
        == subjects.reindex(schools.index, fill_value=0)
        - inapplicable.reindex(schools.index, fill_value=0)
    ).all()

    for table in (rates, moves, standing.incidents.set_index(CELL)):
        counts = table.select_dtypes("int64")
        district = counts.xs("*", level=1)
        summed = counts.drop("*", level=1).groupby(level=0).sum()
        assert (summed.loc[district.index] == district).all(axis=None)
    in_use = standing.in_use.set_index("school_id")
    assert (in_use.drop("*").sum() == in_use.loc["*"]).all()


def test_a_district_without_a_school_yet_has_zeros_and_no_rate():
    standing = assess(records_from({})).at("2026-10-31")
    assert (standing.rates["school_id"] == "*").all()
    assert (standing.rates["applicable"] == 0).all()
    assert standing.rates["rate"].isna().all()
    for table in (standing.moves, standing.incidents, standing.trend):
        assert len(table)
        assert (table.select_dtypes("integer") == 0).all(axis=None)


def test_every_status_occurs_in_the_sample(sample):
    assert set(sample.at("2026-10-31").status["status"]) == set(STATUSES)


def test_the_trend_is_what_each_month_said(sample):
    trend = sample.at("2026-10-31").trend
    assert trend["month"].nunique() == 24
    shared = ["meets", "does_not_meet", "excepted", "not_assessed", "rate"]
    for month, rows in trend.groupby("month"):
        standing = sample.at(pd.Period(month).end_time)
        rates = standing.rates.set_index(CELL)[shared]
        rows = rows.set_index(CELL)
        same = rows.loc[rates.index, shared].astype(rates.dtypes)
        pd.testing.assert_frame_equal(same, rates)
        assert (rows["open_findings"] == standing.moves.set_index(CELL)["open_now"]).all()


def test_asking_for_another_day_computes_no_duty_again(sample, monkeypatch):
    names = ("status", "findings", "rates", "moves", "incidents", "trend", "changes", "watch")
    for name in names:
        assert isinstance(getattr(sample.at("2026-10-31"), name), pd.DataFrame)
    # `policy.assess` is the function by now; its module is reached through the import system.
    for module, made in (("assess", ("judge", "_texts")), ("duties", ("spells", "split"))):
        for name in made:
            monkeypatch.setattr(sys.modules[f"nmsdreports.policy.{module}"], name, None)
    for name in names:
        assert isinstance(getattr(sample.at("2025-06-30"), name), pd.DataFrame)


@pytest.mark.parametrize("day", MONTH_ENDS, ids=lambda day: f"{day:%Y-%m}")
def test_reasons_of_moves_add_up(sample, day):
    standing = sample.at(day)
    moves = standing.moves.query("school_id != '*'").set_index(CELL)
    for move in ("opened", "closed"):
        counts = standing.changes[standing.changes["move"] == move].groupby(CELL).size()
        assert (counts.reindex(moves.index, fill_value=0) == moves[move]).all()
    assert standing.changes["reason"].notna().all()
    closed_too = standing.changes.query("move == 'closed'")["finding_id"]
    still = standing.changes[~standing.changes["finding_id"].isin(closed_too)]
    still = still.groupby(CELL).size().reindex(moves.index, fill_value=0)
    assert (still == moves["open_now"]).all()
