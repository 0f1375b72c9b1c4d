"""Whom an exception covers: the school or the account that it names, and nobody else."""

from datetime import date

import pytest

from nmsdreports.policy import assess
from tests.laws.registry import records_from

EXCEPTION = {
    "guideline": "supervisor-approval",
    "reason": "the school has no principal yet",
    "approved_by": "Nell Inkpenny",
    "starts_on": date(2026, 9, 1),
    "expires_on": date(2026, 12, 31),
}


@pytest.mark.parametrize(
    ("named", "excepted"),
    [
        ({"school_id": "S1"}, {"A1"}),
        ({"school_id": "S2"}, {"A2", "A3"}),
        ({"account_id": "A2"}, {"A2"}),
        ({"account_id": "A2", "school_id": "S2"}, {"A2"}),  # the account's, not its school's
    ],
)
def test_an_exception_covers_whom_it_names(named, excepted):
    assert excepted_by(EXCEPTION | named) == excepted


@pytest.mark.parametrize("missing", ["reason", "approved_by", "expires_on"])
def test_without_reason_approver_or_last_day_it_is_only_a_request(missing):
    assert excepted_by(EXCEPTION | {"account_id": "A1", missing: None}) == set()


def excepted_by(row: dict) -> set[str]:
    """Return which of three accounts without an approval an exception covers on a day."""
    records = records_from(
        {
            "schools": [{"school_id": "S1", "name": "Pine"}, {"school_id": "S2", "name": "Oak"}],
            "accounts": [
                {"account_id": account, "school_id": school, "platform": "facebook"}
                | {"launched_on": date(2026, 9, 1)}
                for account, school in (("A1", "S1"), ("A2", "S2"), ("A3", "S2"))
            ],
            "exceptions": [row],
        }
    )
    status = assess(records).at("2026-10-31").status
    status = status[status["guideline"] == "supervisor-approval"]
    assert status["status"].isin(["excepted", "does not meet"]).all()
    return set(status.loc[status["status"] == "excepted", "subject"])
