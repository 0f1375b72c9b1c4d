"""Why a finding moved in a month: each reason from the dates of one small registry."""

from datetime import date

import pytest

from nmsdreports.policy import assess
from tests.laws.registry import records_from

DAY = "2026-06-30"
ACCOUNT = {
    "account_id": "A1",
    "school_id": "S1",
    "platform": "Facebook",
    "owner": "Olive Quill",
    "students_invited": "no",
    "launched_on": date(2026, 3, 2),
}
EXCEPTION = {
    "guideline": "supervisor-approval",
    "account_id": "A1",
    "reason": "letter is being searched for",
    "approved_by": "Nell Inkpenny",
    "starts_on": date(2026, 3, 2),
    "expires_on": date(2026, 12, 31),
}


def approval(decided_on: date, decision: str = "approved", **more) -> dict:
    return {"account_id": "A1", "decision": decision, "decided_on": decided_on} | more


def incident(reported_on: date, **more) -> dict:
    row = {"incident_id": "I1", "school_id": "S1", "account_id": "A1", "reported_on": reported_on}
    return row | {"guideline": "supervisor-approval"} | more


@pytest.mark.parametrize(
    ("move", "reason", "tables"),
    [
        ("opened", "new duty", {"account": {"launched_on": date(2026, 6, 8)}}),
        (
            "opened",
            "evidence ran out",
            {"approvals": [approval(date(2026, 3, 1), valid_until=date(2026, 6, 9))]},
        ),
        (
            "opened",
            "evidence ran out",
            {"approvals": [approval(date(2026, 3, 1)), approval(date(2026, 6, 10), "revoked")]},
        ),
        (
            "opened",
            "exception ended",
            {
                "account": {"launched_on": date(2026, 6, 8)},
                "exceptions": [
                    EXCEPTION | {"starts_on": date(2026, 6, 8), "expires_on": date(2026, 6, 20)}
                ],
            },
        ),
        (
            "opened",
            "reported",
            {"approvals": [approval(date(2026, 3, 1))], "incidents": [incident(date(2026, 6, 3))]},
        ),
        ("closed", "met", {"approvals": [approval(date(2026, 6, 15))]}),
        ("closed", "account closed", {"account": {"closed_on": date(2026, 6, 15)}}),
        (
            "closed",
            "resolved",
            {
                "approvals": [approval(date(2026, 3, 1))],
                "incidents": [incident(date(2026, 5, 3), resolved_on=date(2026, 6, 4))],
            },
        ),
        (
            "still open",
            "exception began",
            {"exceptions": [EXCEPTION | {"starts_on": date(2026, 6, 5)}]},
        ),
        ("still open", "became overdue", {"account": {"launched_on": date(2026, 5, 28)}}),
        ("still open", "unchanged", {}),
    ],
)
def test_a_move_has_its_reason(move, reason, tables):
    account = ACCOUNT | tables.pop("account", {})
    schools = [{"school_id": "S1", "name": "Pine"}]
    changes = assess(records_from({"schools": schools, "accounts": [account], **tables})).at(DAY)
    rows = changes.changes
    rows = rows[rows["guideline"] == "supervisor-approval"]
    assert rows[["move", "reason"]].to_numpy().tolist() == [[move, reason]]


def test_opened_and_closed_in_one_month_moves_twice():
    account = ACCOUNT | {"launched_on": date(2026, 6, 8)}
    records = records_from(
        {
            "schools": [{"school_id": "S1", "name": "Pine"}],
            "accounts": [account],
            "approvals": [approval(date(2026, 6, 20))],
        }
    )
    rows = assess(records).at(DAY).changes
    rows = rows[rows["guideline"] == "supervisor-approval"]
    assert rows[["move", "reason"]].to_numpy().tolist() == [
        ["opened", "new duty"],
        ["closed", "met"],
    ]


def test_moves_and_their_reasons_agree(sample):
    standing = sample.at("2026-10-31")
    moves = standing.moves[standing.moves["school_id"] != "*"]
    counts = standing.changes["move"].value_counts()
    assert counts["opened"] == moves["opened"].sum()
    assert counts["closed"] == moves["closed"].sum()
