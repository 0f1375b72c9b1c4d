"""What a new school year asks for comes from the engine, and is gone once it is done."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from nmsdreports import load
from nmsdreports.policy import assess
from nmsdreports.policy.renewals import SchoolYear, renewals
from nmsdreports.settings import Days, Settings
from tests.laws.registry import records_from

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
TODAY = pd.Timestamp("2026-11-24")
BOSS = {"email": "b@example.org", "approves_for": "district", "from": date(2020, 9, 1)}
OWNER = {"email": "o@example.org", "name": "Olive Quill", "from": date(2020, 9, 1)}
LOGS = ("supervisor-approval", "parent-notice", "admin-rights", "student-monitoring")
# In good order on September 1, 2027, but for what a new school year asks for.
ACCOUNT = {
    "account_id": "A1",
    "school_id": "S1",
    "platform": "facebook",
    "owner": "Olive Quill",
    "owner_email": "o@example.org",
    "students_invited": "no",
    "launched_on": date(2026, 10, 1),
    "reported_on": date(2026, 9, 25),
    "admin_granted_on": date(2026, 9, 25),
    "admin_holder": "b@example.org",
}
APPROVED = {
    "account_id": "A1",
    "decision": "approved",
    "decided_on": date(2027, 9, 1),
    "decided_by": "b@example.org",
}
TOLD = {"account_id": "A1", "sent_on": date(2027, 9, 1)}
INVITED = {"students_invited": "yes", "monitored_on": date(2027, 9, 1)}


def registry(cases):
    """One registry in which each case has an account, an owner and rows of its own."""
    tables = {"schools": [{"school_id": "S1", "name": "Pine"}], "accounts": [], "staff": [BOSS]}
    for name, given in cases.items():
        owner = {"name": name, "email": f"o{len(tables['accounts'])}@example.org"}
        changes = dict(given)
        account = ACCOUNT | {"owner": name, "owner_email": owner["email"]}
        tables["accounts"].append(account | changes.pop("account", {}) | {"account_id": name})
        tables["staff"].append(OWNER | owner | changes.pop("owner", {}))
        for table, rows in ({"approvals": [APPROVED]} | changes).items():
            tables.setdefault(table, []).extend(row | {"account_id": name} for row in rows)
    return records_from(tables)


def asked(cases, today):
    """The lines for 2027-28 of a registry, those of each case one below the other."""
    rows = renewals(assess(registry(cases)), SchoolYear(2027), pd.Timestamp(today))
    assert rows["school_id"].eq("S1").all()
    lines = {name: [] for name in cases}
    for row in rows.itertuples():
        of = row.subject.removeprefix(row.account_id)
        lines[row.account_id].append(f"{of}{row.due_on:%Y-%m-%d}: {row.task}; {row.reason}")
    return lines


def approval(**more):
    return [APPROVED | {"decided_on": date(2026, 9, 25)} | more]


def notices(*rows):
    return [TOLD | row for row in rows]


CASES = {
    "in order": ({}, None),
    "students perhaps": (
        {"account": {"students_invited": None}},
        '2027-09-01: find out and enter it, so that it can be judged; "Students invited" is blank',
    ),
    "in order with students": ({"account": INVITED, "notices": notices({})}, None),
    "approved in the year before": (
        {"approvals": approval()},
        "2027-09-06: have the account approved again; last approved on 2026-09-25, before the "
        "school year",
    ),
    "never approved": (
        {"approvals": []},
        "2026-10-06: obtain approval or pause the account; no supervisor approval that counts "
        "since 2026-10-01",
    ),
    "a term that ends before the year": (
        {"approvals": approval(valid_until=date(2027, 6, 30))},
        "2027-09-06: have the account approved; "
        "no supervisor approval that counts from 2027-07-01 on",
    ),
    "a term that ends within it": (
        {"approvals": approval(valid_until=date(2028, 6, 30))},
        "2028-07-01: have the account approved; "
        "no supervisor approval that counts from 2028-07-01 on",
    ),
    "a term as long as it": ({"approvals": approval(valid_until=date(2028, 8, 31))}, None),
    "a launch planned for it": (
        {"account": {"launched_on": date(2027, 10, 11)}, "approvals": []},
        "2027-10-11: have the account approved; "
        "no supervisor approval that counts from 2027-10-11 on",
    ),
    "approved ahead of such a launch": (
        {"account": {"launched_on": date(2027, 10, 11)}, "approvals": approval()},
        None,
    ),
    "closed before it": ({"account": {"closed_on": date(2027, 8, 31)}, "approvals": []}, None),
    "told in the year before": (
        {"account": INVITED, "notices": notices({"sent_on": date(2027, 8, 31)})},
        "2027-09-04: tell the parents again; parents were last told on 2027-08-31, before the "
        "school year",
    ),
    "an activity told of that was over before it": (
        {
            "account": INVITED,
            "notices": notices(
                {},
                {"activity": "Visit", "starts_on": date(2027, 2, 18), "sent_on": date(2027, 2, 1)},
            ),
        },
        None,
    ),
    "one group told in the year before": (
        {
            "account": INVITED,
            "notices": notices(
                {"groups_invited": "room 1|room 2", "sent_on": date(2026, 9, 20)},
                {"groups_invited": "room 1", "groups_notified": "room 1"},
            ),
        },
        "2027-09-04: tell the parents again; parents were last told on 2026-09-20, before the "
        "school year",
    ),
    "an activity planned for it": (
        {
            "account": INVITED,
            "notices": notices(
                {}, {"activity": "Trip", "starts_on": date(2028, 3, 6), "sent_on": None}
            ),
        },
        "/trip2028-03-06: tell the parents; no notice on record that told all invited parents "
        "from 2028-03-06 on",
    ),
    "no admin but the owner": (
        {"account": {"admin_holder": "no admin but the owner"}},
        "2026-10-06: give the supervisor or designee admin rights; no supervisor or designee "
        "with admin rights on record since 2026-10-01",
    ),
    "an exception that ends within it": (
        {
            "account": {"admin_granted_on": None},
            "exceptions": [
                {
                    "guideline": "admin-rights",
                    "account_id": "A1",
                    "reason": "the site moves",
                    "approved_by": "b@example.org",
                    "starts_on": date(2026, 10, 1),
                    "expires_on": date(2027, 12, 31),
                }
            ],
        },
        "2028-01-01: give the supervisor or designee admin rights; no supervisor or designee "
        "with admin rights on record from 2028-01-01 on, when its exception ends",
    ),
    "an owner who has left": (
        {"owner": {"to": date(2026, 11, 1)}},
        "2027-09-01: give the account to another owner, or close it; the account's owner left "
        "on 2026-11-01",
    ),
    "an owner who leaves within it": (
        {"owner": {"to": date(2028, 1, 31)}},
        "2028-01-31: give the account to another owner, or close it; the account's owner "
        "leaves on 2028-01-31",
    ),
}
LATER = {
    "reviews that have lapsed by then": (
        {
            "account": INVITED | {"monitored_on": date(2027, 5, 3)},
            "notices": notices({}),
        },
        "2027-09-06: review what students did; no review in time of what students did on it "
        "from 2027-06-02 on",
    ),
    "an account nobody speaks of": (
        {"approvals": approval(valid_until=date(2029, 8, 31))},
        "2027-09-01: close the account, or put on record what was done with it; nothing on "
        "record since 2026-10-01",
    ),
}
"""Cases as of May 10, 2027."""


@pytest.fixture(scope="module")
def told():
    """The lines of every case."""
    first, later = ({name: case[0] for name, case in cases.items()} for cases in (CASES, LATER))
    return asked(first, TODAY) | asked(later, "2027-05-10")


@pytest.mark.parametrize("case", [*CASES, *LATER])
def test_what_is_due_is_named_with_its_day_and_its_reason(told, case):
    _, line = (CASES | LATER)[case]
    assert told[case] == ([line] if line else [])


def test_an_admin_who_has_left_stands_under_admin_rights():
    boss = BOSS | {"name": "Bo", "to": date(2027, 6, 30)}
    tables = {
        "schools": [{"school_id": "S1", "name": "Pine"}],
        "accounts": [ACCOUNT],
        "staff": [boss, OWNER],
        "approvals": [APPROVED | {"decided_by": None, "decided_on": date(2026, 9, 30)}],
    }
    rows = renewals(assess(records_from(tables)), SchoolYear(2027), TODAY)
    left = rows[rows["kind"] == "hand over or close"]
    assert left["guideline"].tolist() == ["admin-rights"]
    assert left["reason"].tolist() == ["the account's admin leaves on 2027-06-30"]


def test_a_report_that_the_district_wants_each_year_is_asked_for_once_it_lapses():
    tables = {
        "schools": [{"school_id": "S1", "name": "Pine"}],
        "accounts": [ACCOUNT],
        "approvals": approval(valid_until=date(2029, 8, 31)),
        "staff": [BOSS],
    }
    records = records_from(tables, Settings(days=Days(report_every=365)))
    rows = renewals(assess(records), SchoolYear(2027), TODAY)
    assert rows.empty
    records = records_from(tables, Settings(days=Days(report_every=300)))
    rows = renewals(assess(records), SchoolYear(2027), TODAY)
    assert rows[["kind", "guideline"]].to_dict("split")["data"] == [
        ["report or renew", "use-reported"]
    ]


@pytest.fixture(scope="module")
def sample():
    return load(SAMPLE, read_on=TODAY)


@pytest.fixture(scope="module")
def judged(sample):
    return assess(sample)


def pairs(frame):
    return set(zip(frame["guideline"], frame["subject"], strict=True))


@pytest.mark.parametrize(("begins", "as_of"), [(2027, "2027-09-01"), (2026, "2026-11-24")])
def test_every_finding_of_the_day_is_a_line_and_every_overdue_line_is_a_finding(
    judged, begins, as_of
):
    rows = renewals(judged, SchoolYear(begins), TODAY)
    found = judged.at(as_of).findings
    found = found[found["open"] & ~found["excepted"] & found["guideline"].isin(LOGS)]
    incident = found["finding_id"].str.contains(":incident:", regex=False)
    assert len(found) > 30
    assert pairs(found[~incident]) <= pairs(rows)

    now = judged.at(TODAY).findings
    now = now[now["open"]].set_index(["guideline", "subject"])["due_on"]
    late = rows[rows["overdue"]].set_index(["guideline", "subject"])["due_on"]
    assert len(late) > 20
    assert (now.loc[late.index] == late).all()
    today = judged.at(TODAY).findings
    today = today[today["overdue"] & ~today["excepted"] & today["guideline"].isin(LOGS)]
    today = today[~today["finding_id"].str.contains(":incident:", regex=False)]
    assert pairs(today) == {*late.index}


def test_what_is_old_is_what_september_watches(judged):
    september = judged.at("2026-09-30").watch
    september = september[september["list"] == "new school year"]["subject"]
    rows = renewals(judged, SchoolYear(2026), pd.Timestamp("2026-09-30"))
    again = rows[rows["task"].str.endswith(" again")]["subject"]
    assert len(again) > 50
    assert sorted(again) == sorted(september)


def test_once_all_is_done_nothing_is_listed(sample, judged):
    """Each line's own act, entered into the log that it speaks of, takes that line away."""
    rows = renewals(judged, SchoolYear(2027), TODAY)
    ending = ["hand over or close", "find out"]
    assert {*rows["kind"]} == {"approve", "tell parents", "admin rights", "review", *ending}
    done, day = pd.Timestamp("2027-09-01"), {"account_id": rows["account_id"]}
    approver = "b@example.org"
    activity = rows["subject"].str.partition("/")[2]
    acts = {
        "approvals": (
            "approve",
            {"decision": "approved", "decided_on": done, "decided_by": approver},
        ),
        "notices": ("tell parents", {"activity": activity.where(activity != ""), "sent_on": done}),
        "admins": (
            "admin rights",
            {"person": approver, "role": "supervisor", "granted_on": done},
        ),
        "reviews": ("review", {"reviewed_on": done}),
    }
    logs = {"staff": added(sample.staff, pd.DataFrame([BOSS]))}
    for name, (kind, columns) in acts.items():
        of_kind = pd.DataFrame(day | columns)[rows["kind"] == kind]
        logs[name] = added(getattr(sample, name), of_kind)
    closed = rows.loc[rows["kind"].isin(ending), "account_id"]
    accounts = sample.accounts
    ends = accounts["closed_on"].mask(accounts["account_id"].isin(closed), done)
    after = assess(replace(sample, accounts=accounts.assign(closed_on=ends), **logs))

    assert renewals(after, SchoolYear(2027), pd.Timestamp("2027-09-06")).empty
    undone = replace(after.records, reviews=sample.reviews)
    left = renewals(assess(undone), SchoolYear(2027), pd.Timestamp("2027-09-06"))
    assert {*left["kind"]} == {"review"}


def added(log, rows):
    rows = rows.reindex(columns=log.columns)
    rows = rows.astype(log.dtypes.to_dict())
    return pd.concat([log, rows], ignore_index=True)
