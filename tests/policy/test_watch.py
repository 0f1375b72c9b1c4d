"""Watch lists: each entry appears on its day, names its account, and goes when it is dealt with."""

from datetime import date

import pytest

from nmsdreports.policy import assess
from tests.laws.registry import records_from

DAY = "2026-09-30"
ACCOUNT = {
    "account_id": "A1",
    "school_id": "S1",
    "platform": "facebook",
    "owner": "Olive Quill",
    "owner_email": "oquill@example.org",
    "students_invited": "yes",
    "launched_on": date(2025, 10, 1),
    "reported_on": date(2026, 9, 1),
}
STAFF = {"email": "oquill@example.org", "name": "Olive Quill", "from": date(2020, 9, 1)}
EXCEPTION = {
    "guideline": "admin-rights",
    "account_id": "A1",
    "reason": "new page",
    "approved_by": "Nell Inkpenny",
    "starts_on": date(2026, 9, 1),
    "expires_on": date(2026, 10, 31),
}


def watched(day: str = DAY, account: dict | None = None, **tables) -> dict[str, str]:
    """Return the messages of a small registry's watch lists by list."""
    records = records_from(
        {
            "schools": [{"school_id": "S1", "name": "Pine"}],
            "accounts": [ACCOUNT | (account or {})],
            **tables,
        }
    )
    table = assess(records).at(day).watch
    assert (table["account_id"].isin(["A1", "lost"])).all()
    return dict(zip(table["list"], table["message"], strict=True))


def approval(decision: str = "approved", **more) -> dict:
    return {"account_id": "A1", "decision": decision, "decided_on": date(2025, 9, 1)} | more


@pytest.mark.parametrize(
    ("name", "message", "tables"),
    [
        (
            "approval runs out",
            "the approval is valid until 2026-11-29",
            {"approvals": [approval(valid_until=date(2026, 11, 29))]},
        ),
        (
            "exception runs out",
            "admin-rights: the exception expires on 2026-10-31",
            {"exceptions": [EXCEPTION]},
        ),
        (
            "review due",
            "a review is due by 2026-10-05",
            {"reviews": [{"account_id": "A1", "reviewed_on": date(2026, 9, 5)}]},
        ),
        (
            "owner or admin has left",
            "the account's owner left on 2026-07-01",
            {"staff": [STAFF | {"to": date(2026, 7, 1)}]},
        ),
        (
            "only admin is the owner",
            "the only admin on record is the account's owner",
            {
                "admins": [
                    {
                        "account_id": "A1",
                        "person": "olive  quill",
                        "role": "owner",
                        "granted_on": date(2025, 10, 1),
                    }
                ]
            },
        ),
        (
            "account not in the registry",
            "incident on account lost, which is not in the registry",
            {
                "incidents": [
                    {
                        "incident_id": "I1",
                        "school_id": "S1",
                        "account_id": "lost",
                        "guideline": "logo-use",
                        "reported_on": date(2026, 9, 3),
                    }
                ]
            },
        ),
        (
            "denied and launched",
            "denied on 2025-09-01 and launched all the same",
            {"approvals": [approval("denied")]},
        ),
        (
            "needless exception",
            "audience-privacy: no finding has needed it since 2026-09-01",
            {
                "account": {"audience": "public", "visibility": "public"},
                "exceptions": [EXCEPTION | {"guideline": "audience-privacy"}],
            },
        ),
        (
            "needless exception",
            "audience-privacy: it is over, and no finding needed it; it began on 2026-09-01",
            {
                "account": {"audience": "public", "visibility": "public"},
                "exceptions": [
                    EXCEPTION | {"guideline": "audience-privacy", "expires_on": date(2026, 9, 8)}
                ],
            },
        ),
        (
            "needless exception",
            "emergency-notice: this guideline cannot be excepted; "
            "the exception began on 2026-09-01",
            {"exceptions": [EXCEPTION | {"guideline": "emergency-notice"}]},
        ),
        (
            "requested exception",
            "admin-rights: only a request, as its reason, approver or expiry is missing; "
            "asked for from 2026-09-01",
            {"exceptions": [EXCEPTION | {"expires_on": None}]},
        ),
        (
            "new school year",
            "last approved on 2025-09-01: renew for the new school year",
            {"approvals": [approval()]},
        ),
    ],
)
def test_an_entry_stands_on_its_list(name, message, tables):
    assert watched(**tables).get(name) == message


def test_what_is_in_order_stands_on_no_list():
    tables = {
        "approvals": [approval(valid_until=date(2026, 11, 30)), approval("denied")],
        "staff": [STAFF, {"email": "nell@example.org", "approves_for": "district", "from": None}],
        "reviews": [{"account_id": "A1", "reviewed_on": date(2026, 9, 8)}],
        "exceptions": [EXCEPTION | {"expires_on": date(2026, 11, 30)}],
    }
    assert watched(**tables, account={"closed_on": date(2026, 9, 15)}).keys() <= {
        "needless exception"
    }


def test_nothing_on_record_for_six_months():
    quiet = {"reported_on": date(2025, 10, 1)}
    assert watched(account=quiet)["nothing on record for 6 months"] == (
        "nothing on record since 2025-10-01"
    )
    assert "nothing on record for 6 months" not in watched("2026-03-31", account=quiet)


def test_an_approval_that_is_followed_by_another_does_not_run_out():
    tables = {
        "approvals": [
            approval(valid_until=date(2026, 11, 1)),
            approval(decided_on=date(2026, 9, 2), valid_until=date(2027, 8, 31)),
        ]
    }
    assert "approval runs out" not in watched(**tables)


def test_an_exception_for_an_account_stands_under_its_school():
    records = records_from(
        {
            "schools": [{"school_id": "S1", "name": "Pine"}],
            "accounts": [ACCOUNT],
            "exceptions": [EXCEPTION],
        }
    )
    table = assess(records).at(DAY).watch.set_index("list")
    assert table.loc["exception runs out", "school_id"] == "S1"


def test_admin_rights_taken_back_are_on_record_too():
    grant = {"account_id": "A1", "person": "Nell Inkpenny", "role": "supervisor"}
    days = {"granted_on": date(2025, 10, 1), "revoked_on": date(2026, 5, 1)}
    quiet = {"reported_on": date(2025, 10, 1)}
    assert "nothing on record for 6 months" in watched(account=quiet)
    assert "nothing on record for 6 months" not in watched(account=quiet, admins=[grant | days])
