"""Approvals and notices against the launch, accounts in use, and reasons: hand-worked cases."""

from datetime import date

import pandas as pd
import pytest

from nmsdreports.policy import assess
from tests.laws.registry import records_from

ACCOUNT = {
    "account_id": "A1",
    "school_id": "S1",
    "platform": "facebook",
    "owner": "Ann Lee",
    "students_invited": "yes",
    "launched_on": date(2026, 9, 1),
}


def standing(day: str, account: dict | None = None, **tables):
    """Return one account's standing at the end of a day."""
    records = records_from(
        {
            "schools": [{"school_id": "S1", "name": "Pine"}, {"school_id": "S2", "name": "Oak"}],
            "accounts": [ACCOUNT | (account or {})],
            **tables,
        }
    )
    return assess(records).at(day)


def reason(standing, guideline: str) -> str:
    return standing.status.set_index("guideline")["reason"][guideline]


def test_an_approval_is_told_with_its_days_from_the_launch_and_its_approver():
    late = standing("2026-10-31", {"approved_on": date(2026, 9, 11), "approved_by": "Bo Ray"})
    (row,) = late.approvals.to_dict("records")
    assert (row["approved_on"], row["approver"]) == (pd.Timestamp(2026, 9, 11), "Bo Ray")
    assert (row["days_from_launch"], row["status"]) == (10, "meets")
    early = standing("2026-10-31", {"approved_on": date(2026, 8, 30)})
    assert early.approvals["days_from_launch"].tolist() == [-2]
    assert early.approvals["note"].tolist() == ["2026-08-30: approver not recorded"]
    own = standing("2026-10-31", {"approved_on": date(2026, 8, 30), "approved_by": "ann  LEE"})
    assert own.approvals["approved_on"].isna().all()
    assert own.approvals["note"].tolist() == ["2026-08-30: self-approval does not count"]


def test_the_first_approval_is_told_and_how_long_the_latest_holds():
    decided = {"account_id": "A1", "decision": "approved"}
    renewed = standing(
        "2026-10-31",
        approvals=[
            decided
            | {
                "decided_on": date(2026, 10, 10),
                "decided_by": "Cy Fox",
                "valid_until": date(2027, 8, 31),
            },
            decided
            | {
                "decided_on": date(2026, 8, 20),
                "decided_by": "Bo Ray",
                "valid_until": date(2026, 10, 15),
            },
        ],
    )
    (row,) = renewed.approvals.to_dict("records")
    assert (row["approved_on"], row["approver"]) == (pd.Timestamp(2026, 8, 20), "Bo Ray")
    assert (row["days_from_launch"], row["valid_until"]) == (-12, pd.Timestamp(2027, 8, 31))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("b.ray@example.org", "Bo Ray"),
        ("bo  RAY", "Bo Ray"),
        ("c.fox@example.org", "c.fox@example.org"),  # two people of the list have the name
    ],
)
def test_an_approver_has_the_name_of_the_staff_list(typed, shown):
    everybody = {"approves_for": "district", "from": date(2020, 1, 1)}
    staff = [
        everybody | {"email": "b.ray@example.org", "name": "Bo Raye", "to": date(2021, 1, 1)},
        everybody | {"email": "b.ray@example.org", "name": "Bo Ray", "from": date(2021, 1, 1)},
        everybody | {"email": "c.fox@example.org", "name": "Cy Fox"},
        everybody | {"email": "cy.fox@example.org", "name": "Cy Fox"},
    ]
    account = {"approved_on": date(2026, 8, 30), "approved_by": typed}
    told = standing("2026-10-31", account, staff=staff).approvals
    assert told["approver"].tolist() == [shown]


def test_an_approval_after_the_day_is_not_known_yet():
    account = {"approved_on": date(2026, 11, 5), "approved_by": "Bo Ray"}
    before = standing("2026-10-31", account)
    assert before.approvals["approved_on"].isna().all()
    assert before.in_time.query("guideline == 'supervisor-approval'")["in_time"].tolist() == [False]


def test_parents_are_told_once_every_invited_group_is():
    notices = [
        {
            "account_id": "A1",
            "groups_invited": "7a|7b",
            "groups_notified": "7a",
            "sent_on": date(2026, 8, 20),
        },
        {
            "account_id": "A1",
            "groups_invited": "7b",
            "groups_notified": "7B",
            "sent_on": date(2026, 9, 4),
        },
    ]
    partly = standing("2026-09-03", notices=notices).notifications.iloc[0]
    assert pd.isna(partly["told_on"]) and partly["status"] == "does not meet"
    assert partly["note"] == "not every invited group has been told"
    told = standing("2026-09-04", notices=notices).notifications.iloc[0]
    assert (told["told_on"], told["days_from_start"]) == (pd.Timestamp(2026, 9, 4), 3)
    assert told["invited"] == "7a, 7b" and told["status"] == "meets"


@pytest.mark.parametrize(
    ("approved_on", "in_time"), [(date(2026, 9, 1), True), (date(2026, 9, 2), False)]
)
def test_in_time_is_covered_on_the_first_day_of_the_duty(approved_on, in_time):
    table = standing("2026-10-31", {"approved_on": approved_on}).in_time
    (row,) = table.query("guideline == 'supervisor-approval'").to_dict("records")
    assert (row["month"], row["in_time"]) == ("2026-09", in_time)


def test_a_duty_that_has_not_begun_is_neither_in_time_nor_late():
    notices = [{"account_id": "A1", "starts_on": date(2026, 12, 1)}]
    table = standing("2026-10-31", notices=notices).in_time
    assert table.query("guideline == 'parent-notice'").empty


def test_accounts_in_use_are_launched_and_not_closed():
    for dates, in_use in (
        ({}, 1),
        ({"closed_on": date(2026, 11, 1)}, 1),
        ({"closed_on": date(2026, 10, 31)}, 0),
        ({"launched_on": date(2026, 10, 31)}, 1),
        ({"launched_on": date(2026, 11, 1)}, 0),  # planned
        ({"launched_on": None}, 0),
    ):
        table = standing("2026-10-31", dates).in_use
        assert table["in_use"].tolist() == [in_use, in_use, 0]
        assert table["accounts"].tolist() == [1, 1, 0]


def test_the_trend_ends_on_the_day_itself():
    account = {"approved_on": date(2026, 10, 20)}
    middle = standing("2026-10-15", account).trend.query(
        "month == '2026-10' and guideline == 'supervisor-approval' and school_id == '*'"
    )
    assert middle[["meets", "does_not_meet", "open_findings"]].to_numpy().tolist() == [[0, 1, 1]]


def test_the_trend_has_the_open_incidents_of_every_school():
    incidents = [
        {
            "incident_id": f"I{number}",
            "school_id": school,
            "guideline": "logo-use",
            "reported_on": date(2026, 9, 5),
            "resolved_on": resolved_on,
        }
        for number, (school, resolved_on) in enumerate(
            [("S1", None), ("S2", None), ("S2", date(2026, 10, 20))]
        )
    ]
    trend = standing("2026-10-31", incidents=incidents).trend.query("guideline == 'logo-use'")
    for school, last_months in (("S1", [0, 1, 1]), ("S2", [0, 2, 1]), ("*", [0, 3, 2])):
        own = trend[trend["school_id"] == school].sort_values("month")
        assert own["open_findings"].tolist()[-3:] == last_months


def test_reasons_tell_what_the_day_knows():
    exception = {
        "guideline": "supervisor-approval",
        "account_id": "A1",
        "reason": "r",
        "approved_by": "Bo Ray",
        "starts_on": date(2026, 9, 1),
        "expires_on": date(2026, 12, 31),
    }
    account = {"approved_on": date(2026, 11, 5)}
    excepted = standing("2026-10-31", account, exceptions=[exception])
    assert reason(excepted, "supervisor-approval") == "exception until 2026-12-31"
    over = standing("2027-01-15", exceptions=[exception])
    assert reason(over, "supervisor-approval") == "not met since 2026-09-01"
    closing = standing("2026-10-31", {"closed_on": date(2026, 9, 20)})
    assert reason(closing, "supervisor-approval") == "closed on 2026-09-20"
    soon = {"launched_on": date(2026, 10, 20), "closed_on": date(2026, 11, 10)}
    assert reason(standing("2026-10-31", soon), "student-monitoring") == (
        "the duty begins on 2026-11-19"
    )
    unlaunched = {"launched_on": None, "requested_on": date(2026, 10, 1)}
    assert reason(standing("2026-10-31", unlaunched), "admin-rights") == (
        "requested, not launched yet"
    )
    blank = standing("2026-10-31", {"launched_on": None})
    assert reason(blank, "admin-rights") == '"Launched on" is blank'


def test_a_withdrawn_incident_is_reported_and_nothing_else():
    incident = {
        "incident_id": "I1",
        "school_id": "S1",
        "guideline": "logo-use",
        "reported_on": date(2026, 10, 5),
        "resolved_on": date(2026, 11, 20),
        "substantiation": "withdrawn",
    }
    table = standing("2026-10-31", incidents=[incident]).incidents
    row = table.query("guideline == 'logo-use' and school_id == 'S1'").iloc[0]
    assert row.iloc[2:].tolist() == [1, 0, 0, 0, 1, 0, 0, 0]
