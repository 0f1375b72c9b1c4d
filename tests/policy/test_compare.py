"""A proposed policy beside the one in force: who would change status, in both directions."""

from datetime import date

import pandas as pd

from nmsdreports.policy import assess, read_policy
from nmsdreports.policy.compare import compare
from nmsdreports.settings import Settings
from tests.laws.registry import records_from

PROPOSED = """
[audience-privacy]
applies = { column = "audience", values = ["class"], otherwise = "not a class account" }

[supervisor-approval]
severity = "critical"
fix_within = 0

[asked-before]
clause = "District 1"
wording = "An account is requested before it is launched."
severity = "low"
fix_within = 30
from = { column = "launched_on" }
met_by = { column = "requested_on" }
"""


def standings(tmp_path):
    account = {"school_id": "S1", "platform": "Facebook", "launched_on": date(2026, 3, 2)}
    records = records_from(
        {
            "schools": [{"school_id": "S1", "name": "Pine"}],
            "accounts": [
                {"account_id": "A1", "audience": "team", "visibility": "public"} | account,
                {"account_id": "A2", "audience": "class", "visibility": "public"} | account,
            ],
        }
    )
    path = tmp_path / "policy.toml"
    path.write_text(PROPOSED, encoding="utf-8")
    policies = (read_policy(), read_policy(Settings(policy=path)))
    return [assess(records, policy).at("2026-06-30") for policy in policies]


def test_subjects_that_change_status_with_before_and_after(tmp_path):
    before, after = standings(tmp_path)
    moved = compare(before, after)
    rows = moved.set_index(["guideline", "subject"])
    assert list(moved) == ["guideline", "subject", "account_id", "school_id", "before", "after"]
    assert rows.loc[("audience-privacy", "A1"), "before"] == "does not meet"
    assert rows.loc[("audience-privacy", "A1"), "after"] == "not applicable"
    assert ("audience-privacy", "A2") not in rows.index
    assert "supervisor-approval" not in set(moved["guideline"])


def test_both_directions_and_a_guideline_only_one_has(tmp_path):
    before, after = standings(tmp_path)
    there, back = compare(before, after), compare(after, before)
    assert there["before"].equals(back["after"]) and there["after"].equals(back["before"])
    own = there.set_index(["guideline", "subject"]).loc[("asked-before", "A1")]
    assert pd.isna(own["before"]) and own["after"] == "does not meet"
    assert own["school_id"] == "S1"


def test_the_same_policy_moves_nothing(tmp_path):
    before, _ = standings(tmp_path)
    assert compare(before, before).empty
