"""What `explain` says of an account, in the sentences that a principal reads."""

from datetime import date
from pathlib import Path

import pytest

from nmsdreports.intake import load
from nmsdreports.policy import assess, read_policy
from nmsdreports.settings import Settings
from nmsdreports.views.audience import edition
from nmsdreports.views.explained import explain_lines
from tests.laws.registry import records_from

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
ACCOUNT = {
    "account_id": "A1",
    "school_id": "S1",
    "platform": "Facebook",
    "handle": "@pinebirds",
    "owner": "Olive Quill",
    "purpose": "instructional",
    "students_invited": "yes",
    "launched_on": date(2026, 3, 2),
}
YEARLY = """
[yearly-notice]
clause = "District 1"
wording = "Parents are told every year."
severity = "low"
fix_within = 30
from = { column = "launched_on" }
met_by = { log = "notices", every = 365 }

[yearly-approval]
clause = "District 2"
wording = "An account is approved every year."
severity = "low"
fix_within = 30
from = { column = "launched_on" }
met_by = { log = "approvals", every = 30 }
"""


def told(account=None, day="2026-06-30", policy=None, **tables) -> str:
    """Return the explanation of a made-up account as one line."""
    records = records_from(
        {
            "schools": [{"school_id": "S1", "name": "Pine"}],
            "accounts": [ACCOUNT | (account or {})],
            **tables,
        }
    )
    standing = assess(records, policy).at(day)
    return one_line(edition(standing, "office", account_id="A1"))


def one_line(seen) -> str:
    return " ".join(" ".join(explain_lines(seen)).split())


def part(text: str, heading: str) -> str:
    """Return what stands below a guideline's heading, up to the next sentence of another one."""
    return text.split(f"{heading}: ")[-1]


@pytest.fixture(scope="module")
def sample():
    standing = assess(load(SAMPLE)).at("2026-10-31")
    return lambda account: one_line(edition(standing, "office", account_id=account))


def notice(sent_on: date, **more) -> dict:
    return {"account_id": "A1", "sent_on": sent_on} | more


def test_a_notice_to_one_group_is_never_told_as_one_to_all():
    notices = [
        notice(date(2026, 2, 20), activity="Meet", groups_notified="Freshmen|Band, wind"),
        notice(date(2026, 2, 25), activity="Fair"),
    ]
    text = told(notices=notices)
    assert "Parent notification (Professional 8): meets, since March 2, 2026" in text
    assert (
        'The parents of "freshmen" and "band, wind" were told on February 20, 2026 '
        '(notices.csv!2) about the activity "Meet"; this first notice is enough, since the log '
        "has no row for the account itself."
    ) in text
    # the later one is told of its own activity alone
    assert text.count("All parents were told on February 25, 2026") == 1


def test_of_what_must_recur_each_record_is_told_as_what_it_is(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(YEARLY, encoding="utf-8")
    approvals = [
        {
            "account_id": "A1",
            "decision": "approved",
            "decided_on": date(2026, 3, 1),
            "decided_by": "Nell Inkpenny",
        }
    ]
    notices = [notice(date(2026, 2, 20), activity="Meet", groups_notified="Freshmen")]
    text = told(policy=read_policy(Settings(policy=path)), notices=notices, approvals=approvals)
    yearly = part(text, "Yearly notice (District 1)")
    assert 'The parents of "freshmen" were told on February 20, 2026' in yearly
    assert "All parents were told" not in yearly
    again = part(text, "Yearly approval (District 2)")
    assert "approved the account on March 1, 2026" in again
    assert "this covered the days to March 30, 2026" in again and "revoked" not in again


def test_of_two_people_of_one_name_the_address_is_asked_for(sample):
    text = sample("A017")
    assert (
        "this does not count, because several people have this name in the staff list (staff.xlsx "
        "· Staff!B20 and staff.xlsx · Staff!B21)"
    ) in text
    assert "Robin Penfield approved the account" in text and "had no authority" not in text

    person = {"name": "Robin Fen", "from": date(2020, 1, 1), "approves_for": "district"}
    staff = [person | {"email": "r1@example.org"}, person | {"email": "r2@example.org"}]
    signed = {"approved_on": date(2026, 3, 1), "approved_by": "Robin Fen"}
    text = told(signed, staff=staff)
    assert "write the approver's e-mail address instead of the name in accounts.csv!2" in text


def test_where_a_name_is_missing_writing_it_is_the_remedy(sample):
    text = sample("A050")
    assert "To close this: write in approvals.xlsx · Approvals!D30 who approved" in text


def test_a_fault_of_an_approval_is_told_once(sample):
    text = sample("A006")
    assert text.count("nobody can approve an account of their own") == 1
    assert "which does not count" not in text


def test_what_cannot_be_read_is_not_said_to_be_blank(tmp_path):
    for name, head, row in (
        ("schools", "school_id,name", "S1,Pine"),
        ("incidents", "incident_id,school_id,guideline,occurred_on", ""),
        (
            "accounts",
            "account_id,school_id,platform,handle,purpose,launched_on",
            "A1,S1,Facebook,@pine,team,2026-03-02",
        ),
    ):
        (tmp_path / f"{name}.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    standing = assess(load(tmp_path)).at("2026-06-30")
    text = one_line(edition(standing, "office", account_id="A1"))
    assert '"Purpose" cannot be read (accounts.csv!E2)' in text
    assert 'The registry says nothing under "Purpose"' not in text


def test_acts_are_told_in_the_order_of_time(sample):
    days = ["on January 17, 2025", "revoked the approval on September 10"]
    days.append("account on September 17, 2025")
    text = part(sample("A042"), "Supervisor approval (Professional 2)")
    assert sorted(days, key=text.index) == days
    text = sample("A017")
    assert text.index("account on December 4, 2024") < text.index("account on February 13, 2025")


def test_a_revocation_of_the_same_day_gives_the_rule(sample):
    assert (
        "it was revoked on the same day, and of two rows of one day the revocation counts as the "
        "later one"
    ) in sample("A042")


def exception(starts_on: date, expires_on: date | None, **more) -> dict:
    row = {"guideline": "use-reported", "account_id": "A1", "reason": "moving"}
    return (
        row
        | {"approved_by": "Nell Inkpenny", "starts_on": starts_on}
        | {"expires_on": expires_on}
        | more
    )


def test_the_days_of_an_exception_are_named_beside_the_due_day():
    text = told(exceptions=[exception(date(2026, 6, 1), date(2026, 7, 31))])
    assert "Of these days those from June 1, 2026 to July 31, 2026 are excepted." in text
    assert "was due on March 12, 2026; it is excepted until July 31, 2026." in text
    text = told(day="2026-08-15", exceptions=[exception(date(2026, 6, 1), date(2026, 7, 31))])
    assert "those from June 1, 2026 to July 31, 2026 are excepted" in text
    assert "it is excepted until" not in text


def test_an_exception_from_before_the_launch_is_not_told():
    early = exception(date(2024, 1, 1), date(2024, 6, 30))
    assert "An exception" not in told(exceptions=[early])


def test_what_a_request_lacks_is_named():
    asked = exception(date(2026, 6, 1), None)
    assert "its last day is missing, so it is only a request" in told(exceptions=[asked])
    asked |= {"reason": None}
    assert "its reason and last day are missing" in told(exceptions=[asked])


def test_each_fact_of_an_incident_has_its_cell(sample):
    text = sample("A037")
    assert "This stands in incidents.csv!F46, incidents.csv!G46 and incidents.csv!" in text


def test_the_opening_counts_verdicts_late_ones_and_substantiated_incidents(sample):
    text = sample("A037")
    assert (
        "13 things are judged, one for each guideline that dates and values on record decide and "
        "each activity, concern and emergency: 6 met, 6 met late and 1 not met. 3 incidents on it "
        "are on record, 2 of them substantiated."
    ) in text
    assert "with no owner on record" in told({"owner": None})


def test_an_answer_before_its_day_is_told_with_its_own_day(sample):
    assert "concern C015: meets, answered on October 21, 2026" in sample("A037")


def test_an_incident_without_a_report_is_not_said_to_be_reported_on_a_day():
    incident = {"incident_id": "I1", "school_id": "S1", "account_id": "A1"}
    incident |= {"guideline": "logo-use", "occurred_on": date(2026, 4, 1)}
    assert "incident I1: only reported, happened on April 1, 2026" in told(incidents=[incident])


def test_what_is_watched_about_the_account_is_told():
    person = {"name": "Olive Quill", "email": "q@example.org", "from": date(2020, 1, 1)}
    text = told(staff=[person | {"to": date(2026, 5, 1)}])
    assert "To watch, beside the verdicts: the account's owner left on May 1, 2026" in text
