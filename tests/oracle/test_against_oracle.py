"""The program and the second reading agree: on random registries, and on the sample."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nmsdreports.intake import Records, load
from tests.laws.strategies import registries, several_days
from tests.oracle.compare import differences, explained

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
SOME = {  # what fails here is made small by `python -m tests.oracle.soak`, which takes minutes
    "derandomize": True,
    "deadline": None,
    "database": None,
    "phases": [Phase.generate],
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}


class Case:
    """A registry and the days on which it is looked at; told by its facts, not its frames."""

    def __init__(self, records: Records, days: list[date]) -> None:
        self.records, self.days = records, days

    def __repr__(self) -> str:
        return "a registry of the facts above"


@st.composite
def cases(draw, logs: bool) -> Case:
    return Case(draw(registries(logs=logs)), draw(several_days()))


def check(case: Case) -> None:
    unlike = differences(case.records, case.days)
    assert not unlike, explained(case.records, unlike)


@settings(max_examples=35, **SOME)
@given(cases(logs=False))
def test_three_files_are_judged_alike(case):
    check(case)


@settings(max_examples=75, **SOME)
@given(cases(logs=True))
def test_three_files_and_all_logs_are_judged_alike(case):
    check(case)


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2026, 10, 31)])
def test_the_sample_is_judged_alike(day):
    check(Case(load(SAMPLE, read_on=day), [day]))
