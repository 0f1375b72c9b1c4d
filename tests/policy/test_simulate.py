"""A made-up district, and the benchmark's plain way as a third reading of the rules."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from nmsdreports.policy import assess
from nmsdreports.simulate import simulate

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "policy.py"
CELL = ["month", "guideline", "school_id"]


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("benchmark_policy", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_same_seed_makes_the_same_district():
    one, again, other = simulate(200), simulate(200), simulate(200, seed=7)
    for name in ("accounts", "approvals", "notices", "staff", "exceptions"):
        pd.testing.assert_frame_equal(one.table(name), again.table(name))
        assert not one.table(name).equals(other.table(name))


def test_plain_predicates_on_single_days_give_the_same_counts(benchmark):
    records = simulate(1500)
    trend = assess(records).at(benchmark.LAST_DAY).trend
    trend = trend[trend["guideline"].isin(benchmark.PLAIN) & (trend["school_id"] != "*")]
    computed = trend.set_index(CELL)[benchmark.COUNTS]
    months = ["2024-12", "2025-09", "2026-10"]
    days = [pd.Period(month).end_time.normalize() for month in months]

    plain = benchmark.plain_counts(records, days)

    asked = computed.loc[computed.index.get_level_values("month").isin(months)]
    pd.testing.assert_frame_equal(
        plain.reindex(asked.index).rename_axis(columns=None), asked, check_dtype=False
    )
    assert (asked.sum() > 0)[["meets", "does_not_meet", "excepted"]].all()
