"""What a worker keeps is what the real functions give, whatever a notebook does to its own."""

import dataclasses

import pytest

from nmsdreports import edition
from nmsdreports.intake import load
from nmsdreports.policy import assess
from nmsdreports.run import at_hand
from nmsdreports.run.plan import last_day
from nmsdreports.views.audience import _LISTS
from tests.checklist.months import SAMPLE

DAY = last_day("2026-10")


@pytest.fixture(scope="module")
def real():
    return edition(assess(load(SAMPLE, read_on=DAY)).at(DAY), "school", "S1")


def kept():
    return at_hand.load(SAMPLE, read_on=DAY)


def same(one, other):
    return all(getattr(one, name).equals(getattr(other, name)) for name in _LISTS)


def test_an_edition_is_the_same_from_what_is_at_hand(real):
    for _ in range(2):
        standing = at_hand.assess(kept()).at(DAY)
        assert same(edition(standing, "school", "S1"), real)


def test_what_a_notebook_does_to_its_records_reaches_no_other(real):
    records = kept()
    records.accounts.loc[:, "title"] = "changed"
    records.incidents.loc[:, "school_id"] = "S2"
    standing = at_hand.assess(records).at(DAY)
    assert standing.records.accounts["title"].eq("changed").all()
    of_the_first = standing.incidents[standing.incidents["school_id"].eq("S1")]
    assert of_the_first["reported_12m"].sum() == 0

    standing = at_hand.assess(kept()).at(DAY)
    standing.findings["school_id"] = "S9"
    standing.status.loc[:, "status"] = "meets"
    assert same(edition(at_hand.assess(kept()).at(DAY), "school", "S1"), real)


def test_other_records_and_another_policy_are_judged_anew(real):
    records = kept()
    fewer = dataclasses.replace(records, accounts=records.accounts.iloc[:3])
    assert len(at_hand.assess(fewer).at(DAY).records.accounts) == 3
    assert at_hand.assess(fewer).at(DAY).status["account_id"].nunique() <= 3
    policy = at_hand.assess(records).policy
    narrow = dataclasses.replace(policy, rules=policy.rules[:2])
    assert at_hand.assess(records, narrow).policy is narrow
