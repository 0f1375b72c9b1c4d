"""Why a verdict is what it is: each fact with its cell, and nothing later than the day."""

from datetime import date

import pandas as pd
import pytest

from nmsdreports.policy import assess
from nmsdreports.policy.explain import COLUMNS, KINDS
from nmsdreports.settings import InputError
from tests.laws.registry import records_from

ACCOUNT = {
    "account_id": "A1",
    "school_id": "S1",
    "platform": "Facebook",
    "owner": "Olive Quill",
    "purpose": "instructional",
    "students_invited": "yes",
    "launched_on": date(2026, 3, 2),
}


def explained(day: str, account: dict | None = None, **tables) -> pd.DataFrame:
    records = records_from(
        {
            "schools": [{"school_id": "S1", "name": "Pine"}],
            "accounts": [ACCOUNT | (account or {})],
            **tables,
        }
    )
    return assess(records).explain("A1", day)


def facts(table: pd.DataFrame, guideline: str, kind: str) -> list[dict]:
    rows = table[table["guideline"].eq(guideline) & table["kind"].eq(kind)]
    return rows.to_dict("records")


def approval(decided_on: date, **more) -> dict:
    row = {"account_id": "A1", "decision": "approved", "decided_on": decided_on}
    return row | {"decided_by": "Nell Inkpenny"} | more


def test_a_duty_begins_and_ends_at_cells():
    table = explained("2026-06-30", {"closed_on": date(2026, 6, 1)})
    (duty,) = facts(table, "supervisor-approval", "duty")
    assert (duty["start"], duty["stop"]) == (pd.Timestamp(2026, 3, 2), pd.Timestamp(2026, 6, 1))
    assert duty["start_cell"] == duty["stop_cell"] == "accounts.csv!2"


def test_what_comes_after_the_day_is_not_known():
    later = {
        "account": {"closed_on": date(2026, 6, 1)},
        "approvals": [
            approval(date(2026, 3, 1), valid_until=date(2027, 2, 28)),
            approval(date(2026, 5, 1), decision="revoked"),
            approval(date(2026, 5, 9)),
        ],
        "admins": [
            {
                "account_id": "A1",
                "person": "Nell Inkpenny",
                "role": "supervisor",
                "granted_on": date(2026, 3, 2),
                "revoked_on": date(2026, 5, 2),
            }
        ],
        "concerns": [{"concern_id": "C1", "account_id": "A1", "received_on": date(2026, 5, 3)}],
        "incidents": [
            {
                "incident_id": "I1",
                "school_id": "S1",
                "account_id": "A1",
                "guideline": "logo-use",
                "reported_on": date(2026, 4, 1),
                "resolved_on": date(2026, 5, 4),
            }
        ],
        "exceptions": [
            {
                "guideline": "use-reported",
                "account_id": "A1",
                "reason": "moving",
                "approved_by": "Nell Inkpenny",
                "starts_on": date(2026, 5, 5),
                "expires_on": date(2026, 6, 5),
            }
        ],
    }
    table = explained("2026-04-30", **later)
    day = pd.Timestamp(2026, 4, 30)
    assert (table["start"].dropna() <= day).all() and (table["day"].dropna() <= day).all()
    # the one later day that is told is a plan
    ends = table.dropna(subset="stop")
    assert ends["stop"].to_list() == [pd.Timestamp(2027, 3, 1)]
    assert "C1" not in set(table["subject"])
    assert "exception" not in set(table["kind"])

    known = explained("2026-05-31", **later)
    (first, second) = facts(known, "supervisor-approval", "evidence")
    assert first["stop"] == pd.Timestamp(2026, 5, 1) and pd.isna(second["stop"])
    (revoked,) = facts(known, "supervisor-approval", "on record")
    assert revoked["value"] == "revoked" and revoked["start_cell"] == "approvals.csv!3"
    (grant,) = facts(known, "admin-rights", "evidence")
    assert grant["stop"] == pd.Timestamp(2026, 5, 2) and grant["stop_cell"] == "admins.csv!2"
    assert facts(known, "use-reported", "exception")[0]["note"] == "moving"


def test_a_review_after_the_day_is_not_told_though_the_duty_begins_with_it():
    reviewed = {"monitored_on": date(2026, 6, 10)}
    (duty,) = facts(explained("2026-05-31", reviewed), "student-monitoring", "duty")
    assert pd.isna(duty["start"]) and pd.isna(duty["day"]) and pd.isna(duty["start_cell"])
    (duty,) = facts(explained("2026-06-30", reviewed), "student-monitoring", "duty")
    assert duty["day"] == duty["start"] == pd.Timestamp(2026, 6, 10)


def test_an_act_that_does_not_count_says_why():
    table = explained(
        "2026-06-30", approvals=[approval(date(2026, 3, 1), decided_by="Olive Quill")]
    )
    (act,) = facts(table, "supervisor-approval", "does not count")
    assert act["note"] == "self-approval does not count" and act["person"] == "Olive Quill"
    (gap,) = facts(table, "supervisor-approval", "uncovered")
    assert gap["start"] == pd.Timestamp(2026, 3, 2) and pd.isna(gap["stop"])
    assert gap["note"] == "obtain approval or pause the account"


def test_what_is_not_judged_says_why_and_where():
    table = explained("2026-06-30", {"students_invited": "no", "purpose": None})
    (reason,) = facts(table, "parent-notice", "reason")
    assert reason["value"] == "no students invited" and reason["start_cell"] == "accounts.csv!2"
    (reason,) = facts(table, "program-purpose", "reason")
    assert reason["value"] == '"Purpose" is blank' and reason["start_cell"] == "accounts.csv!2"


def test_each_invited_group_has_its_own_duty():
    notices = [
        {
            "account_id": "A1",
            "activity": "Robot trip",
            "starts_on": date(2026, 5, 4),
            "groups_invited": "Grade 3|Grade 4",
            "groups_notified": "Grade 3",
            "sent_on": date(2026, 5, 1),
        }
    ]
    table = explained("2026-06-30", notices=notices)
    table = table[table["subject"] == "A1/robot trip"]
    duties, told = facts(table, "parent-notice", "duty"), facts(table, "parent-notice", "evidence")
    assert [(duty["group"], duty["start_cell"]) for duty in duties] == [
        ("grade 3", "notices.csv!2"),
        ("grade 4", "notices.csv!2"),
    ]
    assert [act["group"] for act in told] == ["grade 3"]


@pytest.mark.parametrize("day", ["2025-08-31", "2026-10-31"])
def test_every_finding_of_the_sample_is_in_an_explanation(sample, day):
    found = sample.at(day).findings
    for account in sample.records.accounts["account_id"][::6]:
        table = sample.explain(account, day)
        assert list(table.columns) == COLUMNS and set(table["kind"]) <= set(KINDS)
        told = table[table["kind"].isin(["uncovered", "incident"])]
        own = found[found["account_id"] == account]
        assert sorted(told["start"]) == sorted(own["opened_on"])
        assert told["stop"].notna().sum() == (~own["open"]).sum()


def test_left_out_the_day_is_the_one_of_reading(sample):
    account = sample.records.accounts["account_id"].iloc[1]
    assert sample.explain(account).equals(sample.explain(account, sample.records.read_on))


def test_an_unknown_account_is_refused_with_the_nearest(sample):
    with pytest.raises(InputError, match=r'no account "A00l".*did you mean'):
        sample.explain("A00l")
