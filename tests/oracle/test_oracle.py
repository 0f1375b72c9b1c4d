"""The second reading itself, against cases worked out by hand from the rules."""

from datetime import date

import pandas as pd
import pytest

from nmsdreports.settings import Days, Settings
from tests.laws.registry import records_from
from tests.oracle import second_reading

SCHOOLS = [{"school_id": "S1", "name": "Sample Pine"}, {"school_id": "S2", "name": "Sample Oak"}]


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def account(**values) -> dict:
    """Return a registered account that was launched on March 2 and says nothing else."""
    return {"account_id": "A1", "school_id": "S1", "launched_on": day("03-02"), **values}


def reading(as_of: str, days: dict | None = None, unknowns=(), **tables) -> dict[str, list[dict]]:
    settings = Settings(email_domains=("example.org",), days=Days(**days or {}))
    tables = {"schools": SCHOOLS, "accounts": [account()], **tables}
    return second_reading(records_from(tables, settings, unknowns), day(as_of))


def status(answer: dict, guideline: str, subject: str = "A1") -> dict:
    (row,) = [
        row
        for row in answer["status"]
        if (row["guideline"], row["subject"]) == (guideline, subject)
    ]
    return row


def findings(answer: dict, guideline: str) -> list[tuple]:
    """Return id, first day, day closed and why, in date order."""
    return [
        (row["finding_id"], row["opened_on"], row["closed_on"], row["closed_by"])
        for row in answer["findings"]
        if row["guideline"] == guideline
    ]


def test_an_approval_on_the_launch_day_is_in_time():
    answer = reading("03-31", accounts=[account(approved_on=day("03-02"))])
    row = status(answer, "supervisor-approval")
    assert (row["status"], row["late"], row["since"]) == ("meets", False, day("03-02"))
    assert findings(answer, "supervisor-approval") == []


def test_a_late_approval_closes_the_finding_on_its_day():
    # Launched Mon March 2, approved March 9: uncovered on 2..8, seven days; due March 2 + 5.
    answer = reading("03-31", accounts=[account(approved_on=day("03-09"))])
    assert status(answer, "supervisor-approval")["late"] is True
    assert findings(answer, "supervisor-approval") == [
        ("supervisor-approval:A1", day("03-02"), day("03-09"), "met")
    ]
    (finding,) = [
        row for row in answer["findings"] if row["finding_id"] == "supervisor-approval:A1"
    ]
    assert (finding["days_open"], finding["due_on"]) == (7, day("03-07"))
    assert (finding["open"], finding["overdue"]) == (False, False)


def test_at_the_evening_before_the_finding_is_still_open_and_overdue():
    # As of March 8 the approval of March 9 is not known: open since 2, days_open = 9 - 2 = 7.
    answer = reading("03-08", accounts=[account(approved_on=day("03-09"))])
    (finding,) = [row for row in answer["findings"] if row["guideline"] == "supervisor-approval"]
    assert finding["open"] and finding["overdue"]
    assert (finding["days_open"], finding["closed_on"], finding["closed_by"]) == (7, None, None)


def test_a_validity_ends_the_day_after_valid_until_and_a_same_day_revocation_is_later():
    # Approved March 2 valid until March 10 -> covered 2..10, uncovered from 11. Approved again
    # March 20 and revoked March 20 -> covers no day. Approved March 25, revoked April 1 -> 25..31.
    log = [
        ("approved", "03-02", "03-10"),
        ("approved", "03-20", None),
        ("revoked", "03-20", None),
        ("approved", "03-25", None),
        ("revoked", "04-01", None),
    ]
    approvals = [
        {
            "account_id": "A1",
            "decision": decision,
            "decided_on": day(on),
            "valid_until": until and day(until),
        }
        for decision, on, until in log
    ]
    answer = reading("04-30", approvals=approvals)
    assert findings(answer, "supervisor-approval") == [
        ("supervisor-approval:A1", day("03-11"), day("03-25"), "met"),
        ("supervisor-approval:A1:2", day("04-01"), None, None),
    ]
    assert status(answer, "supervisor-approval")["since"] == day("04-01")


def test_nobody_approves_an_account_of_their_own():
    own = account(owner="Ann Lee|Bo Ray", approved_by="bo  RAY", approved_on=day("03-01"))
    answer = reading("03-31", accounts=[own])
    assert status(answer, "supervisor-approval")["status"] == "does not meet"


def test_an_owner_known_by_name_does_not_approve_by_email():
    # The staff table has one Ann Lee; she may approve for the district, but not her own account.
    ann = {"email": "ann@example.org", "name": "Ann Lee", "approves_for": "district"}
    own = account(owner="Ann Lee", approved_by="Ann@example.org", approved_on=day("03-01"))
    answer = reading("03-31", accounts=[own], staff=[ann | {"from": day("01-01")}])
    assert status(answer, "supervisor-approval")["status"] == "does not meet"


def test_an_unreadable_owner_leaves_an_approval_unjudged_and_a_missing_one_missing():
    unreadable = {"table": "accounts", "index": 0, "account_id": "A1", "column": "owner_email"}
    answer = reading(
        "03-31",
        accounts=[account(approved_on=day("03-01"), approved_by="ann@example.org")],
        unknowns=[unreadable],
    )
    assert status(answer, "supervisor-approval")["status"] == "not assessed"
    assert status(answer, "admin-rights")["status"] == "does not meet"


@pytest.mark.parametrize(
    ("on", "by", "counts"),
    [
        ("03-02", "Cy Fox", True),  # supervisor named by the owner's row of that day
        ("03-02", "di@example.org", True),  # designee in the supervisor's own row
        ("04-10", "Cy Fox", False),  # from April 1 the owner's row names Ed Hay
        ("04-10", "Ed Hay", True),
        ("03-02", "Fay Orr", False),  # approves for the other school
        ("03-02", None, False),  # blank, and there is a staff table
    ],
)
def test_authority_is_that_of_the_day(on, by, counts):
    staff = [
        {"email": "ann@example.org", "name": "Ann Lee", "supervisor_email": "cy@example.org"}
        | {"from": day("01-01"), "to": day("04-01")},
        {"email": "ann@example.org", "name": "Ann Lee", "supervisor_email": "ed@example.org"}
        | {"from": day("04-01")},
        {"email": "cy@example.org", "name": "Cy Fox", "designee_email": "di@example.org"}
        | {"from": day("01-01")},
        {"email": "ed@example.org", "name": "Ed Hay", "from": day("01-01")},
        {"email": "fay@example.org", "name": "Fay Orr", "approves_for": "school"}
        | {"school_id": "S2", "from": day("01-01")},
    ]
    row = {"account_id": "A1", "decision": "approved", "decided_on": day(on), "decided_by": by}
    answer = reading("04-30", accounts=[account(owner="Ann Lee")], staff=staff, approvals=[row])
    assert (status(answer, "supervisor-approval")["status"] == "meets") is counts


def test_each_invited_group_has_its_own_first_notice():
    # Choir trip: grade 3 invited from March 10, told March 8 -> never uncovered. Team A is invited
    # by a row of March 20 and told on the 24th -> uncovered 20..23. The account itself has no row
    # of its own: its first notice of any kind (March 8) meets it; launched March 2 -> 2..7.
    invited = account(students_invited="yes")
    notices = [
        {"activity": "Choir  trip", "groups_invited": "Grade 3", "groups_notified": "grade 3"}
        | {"account_id": "A1", "starts_on": day("03-10"), "sent_on": day("03-08")},
        {"activity": "CHOIR trip", "groups_invited": "Team A", "groups_notified": "Team A"}
        | {"account_id": "A1", "starts_on": day("03-20"), "sent_on": day("03-24")},
    ]
    answer = reading("03-31", accounts=[invited], notices=notices)
    assert findings(answer, "parent-notice") == [
        ("parent-notice:A1", day("03-02"), day("03-08"), "met"),
        ("parent-notice:A1/choir trip", day("03-20"), day("03-24"), "met"),
    ]
    assert status(answer, "parent-notice", "A1/choir trip")["since"] == day("03-24")


def test_a_lead_moves_the_duty_before_the_launch():
    # Two weeks before March 2 is February 16; "all" is not met by a notice to one group.
    invited = account(students_invited="yes")
    notices = [
        {"account_id": "A1", "groups_notified": "Team A", "sent_on": day("02-10")},
        {"account_id": "A1", "groups_notified": "everyone", "sent_on": day("02-20")},
    ]
    answer = reading("02-28", {"notice_lead": 14}, accounts=[invited], notices=notices)
    assert findings(answer, "parent-notice") == [
        ("parent-notice:A1", day("02-16"), day("02-20"), "met")
    ]


def test_reviews_lapse_and_the_registry_knows_only_the_last_one():
    # monitored_on April 20, nothing in the log before it: the duty begins on April 20 and is
    # covered for 30 days, 20 April .. 19 May; uncovered from May 20 until closed on June 1.
    invited = account(students_invited="yes", monitored_on=day("04-20"), closed_on=day("06-01"))
    assert (
        status(reading("04-19", accounts=[invited]), "student-monitoring")["status"] == "upcoming"
    )
    answer = reading("06-30", accounts=[invited])
    assert findings(answer, "student-monitoring") == [
        ("student-monitoring:A1", day("05-20"), day("06-01"), "account closed")
    ]
    assert status(answer, "student-monitoring")["since"] == day("06-01")
    # With a review of March 5 in the log (covers to April 3) the duty begins on April 1.
    log = [{"account_id": "A1", "reviewed_on": day("03-05")}]
    answer = reading("04-30", accounts=[invited], reviews=log)
    assert findings(answer, "student-monitoring") == [
        ("student-monitoring:A1", day("04-04"), day("04-20"), "met")
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"launched_on": None}, "not assessed"),
        ({"launched_on": None, "requested_on": day("01-05")}, "upcoming"),
        ({"launched_on": None, "closed_on": day("03-31")}, "ended"),
        ({"closed_on": day("03-01")}, "not assessed"),  # closed before launched
        ({"closed_on": day("03-02")}, "ended"),
        ({"closed_on": day("04-01")}, "does not meet"),  # still in use on March 31
        ({"launched_on": day("04-01")}, "upcoming"),
    ],
)
def test_statuses_in_their_order(values, expected):
    answer = reading("03-31", accounts=[account(**values)])
    assert status(answer, "professional-label")["status"] == expected


def test_what_cannot_be_read_is_not_taken_for_not_done():
    unreadable = {"table": "approvals", "account_id": "A1", "column": "decided_on"}
    answer = reading("03-31", unknowns=[unreadable])  # its row was quarantined
    assert status(answer, "supervisor-approval")["status"] == "not assessed"
    assert findings(answer, "supervisor-approval") == []
    assert status(answer, "admin-rights")["status"] == "does not meet"


def test_an_exception_marks_a_finding_and_a_request_does_not():
    # Excepted March 10 .. 20 inclusive, open since March 2.
    exception = {"guideline": "use-reported", "school_id": "S1", "starts_on": day("03-10")}
    granted = exception | {"reason": "r", "approved_by": "b", "expires_on": day("03-20")}
    answer = reading("03-20", exceptions=[granted])
    row = status(answer, "use-reported")
    assert (row["status"], row["underlying_status"]) == ("excepted", "does not meet")
    assert row["since"] == day("03-10")
    assert status(reading("03-21", exceptions=[granted]), "use-reported")["since"] == day("03-21")
    request = granted | {"expires_on": None}
    answer = reading("03-20", exceptions=[request])
    assert status(answer, "use-reported")["status"] == "does not meet"


def test_an_emergency_is_judged_by_when_the_supervisor_was_told():
    # Occurred March 10, one day allowed: duty from March 11; told on the 13th -> 11..12 uncovered.
    incident = {"incident_id": "I1", "school_id": "S1", "guideline": "personal-contact"}
    told = {"occurred_on": day("03-10"), "supervisor_notified_on": day("03-13")}
    answer = reading("03-31", incidents=[incident | told | {"emergency": "yes"}])
    assert findings(answer, "emergency-notice") == [
        ("emergency-notice:I1", day("03-11"), day("03-13"), "met")
    ]
    assert findings(answer, "personal-contact") == []
    assert not any(row["reported_12m"] for row in answer["incidents"])


def test_incidents_are_their_own_findings_and_are_counted_by_month():
    # I1 reported Feb 27, open. I2 withdrawn without a day: closed on its own day, only reported.
    # I3 resolved before it was reported: closed on the day it was reported.
    common = {"school_id": "S2", "guideline": "student-identity"}
    incidents = [
        common | {"incident_id": "I1", "reported_on": day("02-27")},
        common | {"incident_id": "I2", "occurred_on": day("03-05"), "substantiation": "withdrawn"},
        common
        | {"incident_id": "I3", "reported_on": day("03-09"), "resolved_on": day("03-01")}
        | {"substantiation": "substantiated"},
    ]
    answer = reading("03-31", incidents=incidents)
    assert findings(answer, "student-identity") == [
        ("student-identity:incident:I1", day("02-27"), None, None),
        ("student-identity:incident:I2", day("03-05"), day("03-05"), "resolved"),
        ("student-identity:incident:I3", day("03-09"), day("03-09"), "resolved"),
    ]
    (counted,) = [
        row
        for row in answer["incidents"]
        if (row["guideline"], row["school_id"]) == ("student-identity", "*")
    ]
    assert list(counted.values())[2:] == [2, 1, 0, 0, 3, 1, 0, 1]
    (moved,) = [
        row
        for row in answer["moves"]
        if (row["guideline"], row["school_id"]) == ("student-identity", "S2")
    ]
    assert list(moved.values())[2:] == [1, 2, 2, 1]


def test_a_concern_outlives_its_account():
    concern = {"concern_id": "C1", "account_id": "A1", "received_on": day("03-10")}
    closed = account(closed_on=day("03-12"))
    answer = reading("03-31", accounts=[closed], concerns=[concern])
    assert findings(answer, "concern-response") == [
        ("concern-response:C1", day("03-15"), None, None)
    ]
    assert reading("03-09", concerns=[concern])["status"][-1]["guideline"] != "concern-response"
    assert status(reading("03-14", concerns=[concern]), "concern-response", "C1")["status"] == (
        "upcoming"
    )


def test_rates_have_four_digits_and_none_where_nothing_applies():
    # Three accounts at S1: one labelled, two not; none at S2.
    accounts = [account(account_id=f"A{n}") for n in (1, 2)]
    accounts.append(account(account_id="A3", labelled_on=day("03-01")))
    rates = {
        row["school_id"]: (row["applicable"], row["rate"], row["coverage"])
        for row in reading("03-31", accounts=accounts)["rates"]
        if row["guideline"] == "professional-label"
    }
    assert rates == {"*": (3, 0.3333, 1.0), "S1": (3, 0.3333, 1.0), "S2": (0, None, None)}


def test_an_assumed_launch_judges_a_blank_one():
    days = {"assumed_launch_on": pd.Timestamp("2026-02-01")}
    answer = reading("03-31", days, accounts=[account(launched_on=None)])
    assert findings(answer, "professional-label") == [
        ("professional-label:A1", day("02-01"), None, None)
    ]
