"""Who may approve, by the staff list of the very day of the decision."""

from datetime import date

import pandas as pd
import pytest

from nmsdreports.policy import assess
from tests.laws.registry import records_from

# Ann's supervisor is Cy until the end of March and Ed from the first of April; Di acts for Cy.
STAFF = [
    {
        "email": "ann@example.org",
        "name": "Ann Lee",
        "supervisor_email": "cy@example.org",
        "from": date(2026, 1, 1),
        "to": date(2026, 4, 1),
    },
    {
        "email": "ann@example.org",
        "name": "Ann Lee",
        "supervisor_email": "ed@example.org",
        "from": date(2026, 4, 1),
    },
    {
        "email": "cy@example.org",
        "name": "Cy Fox",
        "designee_email": "di@example.org",
        "from": date(2026, 1, 1),
    },
    {"email": "ed@example.org", "name": "Ed Hay", "from": date(2026, 1, 1)},
    {
        "email": "fay@example.org",
        "name": "Fay Orr",
        "approves_for": "district",
        "from": date(2026, 2, 1),
        "to": date(2026, 3, 1),
    },
]


def judged(staff: list[dict], account: dict | None = None, **logs) -> pd.DataFrame:
    """Return how the guidelines of one account stand at the end of April, by guideline."""
    row = {"account_id": "A1", "school_id": "S1", "platform": "facebook", "owner": "Ann Lee"}
    records = records_from(
        {
            "schools": [{"school_id": "S1", "name": "Pine"}],
            "accounts": [row | {"launched_on": date(2026, 1, 20)} | (account or {})],
            "staff": staff,
            **logs,
        }
    )
    return assess(records).at("2026-04-30").status.set_index("guideline")


def approved(on: date, by: str, staff: list[dict], owner: str = "Ann Lee") -> bool:
    """Say whether an approval counts for an account of that owner."""
    decision = {"account_id": "A1", "decision": "approved", "decided_on": on, "decided_by": by}
    status = judged(staff, {"owner": owner}, approvals=[decision]).loc["supervisor-approval"]
    return status["status"] == "meets"


@pytest.mark.parametrize(
    ("on", "by", "counts"),
    [
        (date(2026, 3, 31), "Cy Fox", True),
        (date(2026, 4, 1), "Cy Fox", False),  # no longer the supervisor
        (date(2026, 3, 31), "Ed Hay", False),  # not the supervisor yet
        (date(2026, 4, 1), "ED@example.org", True),
        (date(2026, 3, 31), "di@example.org", True),
        (date(2026, 4, 1), "di@example.org", False),  # acts for somebody who no longer may
        (date(2026, 1, 31), "Fay Orr", False),  # the role is not held yet
        (date(2026, 2, 1), "Fay Orr", True),
        (date(2026, 2, 28), "Fay Orr", True),
        (date(2026, 3, 1), "Fay Orr", False),  # the first day on which it is not held any more
    ],
)
def test_an_approval_counts_by_the_staff_list_of_its_day(on, by, counts):
    assert approved(on, by, STAFF) is counts


@pytest.mark.parametrize(
    ("owner", "by"), [("Ann Lee", "ANN@example.org"), ("ann@example.org", "ann  lee")]
)
def test_a_principal_does_not_approve_an_own_account_by_the_other_of_name_and_email(owner, by):
    role = {"approves_for": "district", "from": date(2026, 1, 1)}
    staff = [
        role | {"email": "ann@example.org", "name": "Ann Lee"},
        role | {"email": "cy@example.org", "name": "Cy Fox"},
    ]
    assert not approved(date(2026, 1, 20), by, staff, owner)
    assert approved(date(2026, 1, 20), "Cy Fox", staff, owner)


def test_of_several_owners_none_approves_and_the_supervisor_of_one_is_enough():
    both = [*STAFF, {"email": "gus@example.org", "name": "Gus Ode", "from": date(2026, 1, 1)}]
    for owners in ("Gus Ode|Ann Lee", "Ann Lee|Gus Ode"):
        assert approved(date(2026, 1, 20), "Cy Fox", both, owners)
    for owners in ("Gus Ode|Fay Orr", "Fay Orr|Gus Ode"):
        assert not approved(date(2026, 2, 10), "Fay Orr", both, owners)


def test_two_people_whom_the_staff_list_does_not_know_are_two_people():
    registered = {"admin_holder": "Gil Moss", "admin_granted_on": date(2026, 1, 20)}
    later = {"account_id": "A1", "person": "Hal Reed", "role": "supervisor"}
    later |= {"granted_on": date(2026, 3, 1)}
    rights = judged(STAFF, registered, admins=[later]).loc["admin-rights"]
    # Gil Moss held them from the launch on, whoever got them later.
    assert (rights["status"], rights["late"]) == ("meets", False)
