"""A district's own guideline needs no Python: a day column, or a record that must recur."""

from datetime import date

import pandas as pd

from nmsdreports.policy import assess, read_policy
from nmsdreports.settings import Settings
from tests.laws.registry import records_from

OWN = """
[yearly-review]
clause = "District 1"
wording = "An account is looked through every year."
severity = "low"
fix_within = 30
applies = { column = "visibility", values = ["public"], otherwise = "private account" }
from = { column = "launched_on", days = 365 }
met_by = { log = "reviews", every = 365 }

[told-the-office]
clause = "District 2"
wording = "An account is requested before it is launched."
severity = "medium"
fix_within = 5
from = { column = "launched_on" }
met_by = { column = "requested_on" }

[approved-anew]
clause = "District 3"
wording = "An account is approved anew every year."
severity = "low"
fix_within = 30
from = { column = "launched_on", days = 365 }
met_by = { log = "approvals", every = 365 }

[granted-anew]
clause = "District 4"
wording = "Admin rights are granted anew every year."
severity = "low"
fix_within = 30
from = { column = "launched_on", days = 365 }
met_by = { log = "admins", every = 365 }
"""


def standing_on(day: str, tmp_path, **logs):
    path = tmp_path / "policy.toml"
    path.write_text(OWN, encoding="utf-8")
    settings = Settings(policy=path)
    account = {"school_id": "S1", "launched_on": date(2025, 1, 10), "platform": "facebook"}
    account["owner_email"] = "ann@example.org"
    accounts = [
        {"account_id": "A1", "visibility": "public", "requested_on": date(2025, 1, 2)} | account,
        {"account_id": "A2", "visibility": "private"} | account,
    ]
    records = records_from(
        {"schools": [{"school_id": "S1", "name": "Pine"}], "accounts": accounts, **logs},
        settings=settings,
    )
    status = assess(records, read_policy(settings)).at(day).status
    return status.set_index(["guideline", "subject"])


def test_a_record_that_must_recur(tmp_path):
    reviews = [{"account_id": "A1", "reviewed_on": date(2026, 2, 1)}]
    status = standing_on("2026-01-20", tmp_path, reviews=reviews)
    assert status.loc[("yearly-review", "A1"), "status"] == "does not meet"
    assert status.loc[("yearly-review", "A2"), "reason"] == "private account"
    status = standing_on("2026-02-01", tmp_path, reviews=reviews)
    assert status.loc[("yearly-review", "A1"), "status"] == "meets"
    status = standing_on("2027-02-01", tmp_path, reviews=reviews)
    assert status.loc[("yearly-review", "A1"), "status"] == "does not meet"
    assert status.loc[("yearly-review", "A1"), "since"] == pd.Timestamp(2027, 2, 1)


def test_a_day_column(tmp_path):
    status = standing_on("2025-02-01", tmp_path)
    assert status.loc[("told-the-office", "A1"), "status"] == "meets"
    assert status.loc[("told-the-office", "A2"), "status"] == "does not meet"


def test_an_approval_that_must_recur_is_nobody_s_own(tmp_path):
    approval = {"account_id": "A1", "decision": "approved", "decided_on": date(2026, 2, 1)}
    own, principal_s = (approval | {"decided_by": f"{name}@example.org"} for name in ("ann", "pat"))
    status = standing_on("2026-03-01", tmp_path, approvals=[own])
    assert status.loc[("approved-anew", "A1"), "reason"] == "not met since 2026-01-10"
    status = standing_on("2026-03-01", tmp_path, approvals=[own, principal_s])
    assert status.loc[("approved-anew", "A1"), "reason"] == "met since 2026-02-01, late"
    status = standing_on("2027-02-01", tmp_path, approvals=[own, principal_s])
    assert status.loc[("approved-anew", "A1"), "reason"] == "not met since 2027-02-01"


def test_a_grant_that_must_recur_is_nobody_s_own(tmp_path):
    grant = {"account_id": "A1", "granted_on": date(2026, 2, 1), "role": "supervisor"}
    own, principal_s = (grant | {"person": f"{name}@example.org"} for name in ("ann", "pat"))
    status = standing_on("2026-03-01", tmp_path, admins=[own])
    assert status.loc[("granted-anew", "A1"), "reason"] == "not met since 2026-01-10"
    status = standing_on("2026-03-01", tmp_path, admins=[own, principal_s])
    assert status.loc[("granted-anew", "A1"), "reason"] == "met since 2026-02-01, late"
