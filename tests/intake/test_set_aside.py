"""Rows that name a school or an account whose own row was set aside are told so."""

import pytest

from nmsdreports.intake.tables import read_tables
from nmsdreports.policy.shapes import SEVERITIES
from tests.intake.conftest import ACCOUNTS, INCIDENTS, SCHOOLS

LOGS = {
    "approvals": (["account_id", "decision", "decided_on"], ["approved", "8/1/2026"]),
    "reviews": (["account_id", "reviewed_on"], ["10/1/2026"]),
    "notices": (["account_id", "sent_on"], ["8/1/2026"]),
}


@pytest.fixture
def registry_with_a_row_set_aside(district):
    """A3 names a school that there is not, A4 has no platform; A1 stands twice."""
    rows = [
        ["A3", "Nowhere", "X", "@three", "no", "9/1/2026"],
        ["A4", "S1", "", "@four", "no", "9/1/2026"],
        ["A1", "S2", "X", "@five", "no", "9/1/2026"],
    ]
    return district.csv("accounts.csv", [*ACCOUNTS, *rows])


@pytest.mark.parametrize("log", LOGS)
def test_a_log_row_says_which_row_of_the_registry_to_mend(registry_with_a_row_set_aside, only, log):
    head, rest = LOGS[log]
    named = [[account, *rest] for account in ("a4", "A1", "A9")]
    records = registry_with_a_row_set_aside.csv(f"{log}.csv", [head, *named]).check()
    assert only(records, "account-set-aside")["message"] == (
        "The row of account 'a4' in the registry (accounts.csv!A5) was set aside; mend it first. "
        "Until then this row is kept but counts for nothing."
    )
    assert only(records, "unknown-account")["value"] == "A9"
    assert len(records.table(log)) == 3


def test_an_incident_on_such_an_account_stays_with_its_school(registry_with_a_row_set_aside, only):
    incident = ["I2", "S1", "A3", "logo-use", "10/5/2026"]
    records = registry_with_a_row_set_aside.csv("incidents.csv", [*INCIDENTS, incident]).check()
    problem = only(records, "account-set-aside")
    assert problem["message"].endswith(
        "(accounts.csv!A4) was set aside; mend it first. "
        "Until then the incident stays with its school."
    )
    assert (problem["level"], problem["outcome"]) == ("warning", "warn")
    assert records.incidents["account_registered"].tolist() == [True, False]


def test_mending_the_row_in_the_registry_is_all_that_is_needed(registry_with_a_row_set_aside):
    district = registry_with_a_row_set_aside
    district.csv("reviews.csv", [["account_id", "reviewed_on"], ["A4", "10/1/2026"]])
    assert "account-set-aside" in set(district.check().problems["code"])
    district.csv("accounts.csv", [*ACCOUNTS, ["A4", "S1", "X", "@four", "no", "9/1/2026"]])
    assert district.check().problems.empty


@pytest.mark.parametrize("name", ["Elm High", "Elm", "elm h.s."])
def test_an_account_of_a_school_set_aside_says_which_row_to_mend(district, only, name):
    schools = [["S3", "Ash High", "", "", ""], ["S3", "Elm High", "Elm", "high", "Elm HS|Elm H.S."]]
    district.csv("schools.csv", [*SCHOOLS, *schools])
    district.csv("accounts.csv", [*ACCOUNTS, ["A3", name, "X", "@three", "no", ""]])
    problem = only(district.check(), "school-set-aside")
    assert problem["message"] == (
        "'school_id' names a school whose own row (schools.csv!A5) was set aside; mend it first."
    )
    assert (problem["outcome"], problem["cell"]) == ("quarantine", "B4")


def test_a_school_cannot_bear_the_sign_of_the_district(district, only):
    rows = [*SCHOOLS, ["*", "All schools", "", "", ""], [" * ", "Everywhere", "", "", ""]]
    records = district.csv("schools.csv", rows).check()
    assert records.schools["school_id"].tolist() == ["S1", "S2"]
    found = records.problems
    assert found["code"].tolist() == ["district-sign", "district-sign"]
    assert found["outcome"].eq("quarantine").all() and found["level"].eq("error").all()
    assert found["message"][0] == (
        "'school_id': * stands for the whole district; give the school another ID."
    )


def test_an_incident_may_have_every_severity_that_a_guideline_has(district):
    allowed = read_tables()["incidents"].columns["severity"].allowed
    assert list(allowed) == list(SEVERITIES)
    head = [*INCIDENTS[0], "severity"]
    rows = [[f"I{n}", *INCIDENTS[1][1:], level] for n, level in enumerate(SEVERITIES)]
    records = district.csv("incidents.csv", [head, *rows]).check()
    assert records.incidents["severity"].tolist() == list(SEVERITIES)
    assert records.problems.empty
