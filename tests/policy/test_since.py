"""Whatever was corrected anywhere: the counts lead from then to now, and cells are named."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nmsdreports.policy import assess, read_policy
from nmsdreports.policy.corrections import corrections
from nmsdreports.policy.rule_words import rule_words
from nmsdreports.policy.since import Printed, moved_since
from nmsdreports.policy.steps import DATA, EARLY, POLICY
from nmsdreports.settings import Settings
from nmsdreports.simulate import simulate

THEN, NOW = pd.Timestamp("2026-09-30"), pd.Timestamp("2026-10-31")
LOGS = ("approvals", "notices", "concerns", "admins", "reviews", "incidents", "exceptions", "staff")
IDS = {"account_id", "key", "incident_id", "concern_id", "email", "file", "sheet", "row"}


def corrected(records, chance):
    """The records with cells put elsewhere in their column, and rows taken out, in every table."""
    frames = {}
    for name in ("accounts", *LOGS):
        frame = records.table(name).copy()
        for column in frame.columns.difference([*IDS, "account_registered", "school_id"]):
            rows = np.flatnonzero(chance.random(len(frame)) < 0.03)
            other = chance.permutation(len(frame))[: len(rows)]
            frame.iloc[rows, frame.columns.get_loc(column)] = frame[column].to_numpy()[other]
        if name == "accounts":
            rows = chance.random(len(frame)) < 0.03
            frame.loc[rows, "school_id"] = records.schools["school_id"].iloc[0]
        frames[name] = frame[chance.random(len(frame)) > 0.03].reset_index(drop=True)
    return replace(records, **frames)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_corrections_everywhere_are_led_from_then_to_now(seed):
    records = simulate(240, seed)
    then = assess(records).at(THEN)
    now = assess(corrected(records, np.random.default_rng(seed))).at(NOW)
    printed = Printed(THEN, then.findings, then.status, records, then.policy)

    moved = moved_since(printed, now)
    counts = moved.counts.set_index(["guideline", "school_id"])
    moves = now.moves.set_index(["guideline", "school_id"]).reindex(counts.index)
    early = sum(counts[f"opened_{by}"] - counts[f"closed_{by}"] for by in EARLY)
    assert (counts["open_then"] + early == moves["open_before"]).all()
    for name in ("opened", "closed", "open_now"):
        assert (counts[name] == moves[name]).all()
    rows = moved.rows
    assert rows["reason"].ne("").all()
    by_data = rows[rows["reason"].eq(DATA)]
    assert len(by_data) > 100
    assert by_data["cells"].ne("").all() and by_data["school_cells"].ne("").all()
    statuses = rows[rows["kind"].eq("status")]
    assert not statuses.duplicated(["guideline", "subject", "school_id"]).any()


def test_nothing_corrected_is_no_difference_and_rows_may_stand_elsewhere():
    records = simulate(120)
    assert corrections(records, records, THEN).empty
    mixed = {
        name: records.table(name).sample(frac=1, random_state=1).reset_index(drop=True)
        for name in ("accounts", *LOGS)
    }
    assert corrections(records, replace(records, **mixed), THEN).empty


def test_restricted_text_is_compared_nowhere():
    records = simulate(60)
    accounts = records.accounts.assign(note="a secret")
    incidents = records.incidents.assign(action="a secret", description="a secret")
    noted = replace(records, accounts=accounts, incidents=incidents)
    assert corrections(records, noted, THEN).empty


def test_what_only_a_shorter_limit_opened_in_the_month_is_the_limits_work():
    records = simulate(240)
    shorter = replace(records.settings.days, monitor_every=20)
    changed = replace(records, settings=replace(records.settings, days=shorter))
    then, by_old = (assess(records).at(day) for day in (THEN, NOW))
    now = assess(changed).at(NOW)

    moved = moved_since(Printed(THEN, then.findings, then.status, records, then.policy), now)
    rows = moved.rows[moved.rows["move"].eq("opened") & (moved.rows["opened_on"] > THEN)]
    rows = rows[rows["guideline"].eq("student-monitoring")]
    old = by_old.findings
    old = old[old["guideline"].eq("student-monitoring") & (old["opened_on"] > THEN)]
    # The month's own moves come first, then what the limit did.
    found = moved.rows[moved.rows["kind"].eq("finding")]
    key = ["guideline", "subject", "school_id", "opened_on"]
    own = ~found["reason"].eq(POLICY).groupby([found[name] for name in key]).transform("all")
    assert own.any() and not own.all() and own.is_monotonic_decreasing
    by_time = rows["subject"].isin(old["subject"])
    assert by_time.any() and not by_time.all()
    assert rows["reason"].eq(POLICY).equals(~by_time)
    counts = moved.counts.set_index(["guideline", "school_id"])
    moves = now.moves.set_index(["guideline", "school_id"]).reindex(counts.index)
    assert (counts["opened"] == moves["opened"]).all()


def test_a_changed_limit_is_told_in_days():
    days = Settings().days
    settings = [
        replace(Settings(), days=replace(days, **limits))
        for limits in ({}, {"notice_lead": 7, "monitor_every": 21, "report_every": 365})
    ]
    words = rule_words(*map(read_policy, settings))
    assert words["parent-notice"] == (
        "applies from 7 days before the start (so far from that very day)"
    )
    assert words["student-monitoring"] == (
        "applies from 21 days after the launch (so far 30 days after); "
        "to be done again every 21 days (so far every 30 days)"
    )
    assert words["use-reported"] == "to be done again every 365 days (so far once was enough)"
    assert words["admin-rights"] == ""


def test_a_changed_guideline_is_told_in_the_words_of_the_spreadsheets(tmp_path):
    path = tmp_path / "policy.toml"
    own = """
[tidy]
clause = "District 1"
wording = "An account is looked through."
severity = "low"
fix_within = 3
from = {{ column = "{}", days = {} }}
met_by = {{ column = "labelled_on" }}
"""
    policies = []
    for first, text in (
        ("", own.format("launched_on", 30)),
        (
            '[audience-privacy]\nseverity = "high"\nfix_within = 3\n'
            'applies = {{ column = "audience", values = ["class", "grade"] }}\n',
            own.format("requested_on", 0),
        ),
    ):
        path.write_text(first.replace("{{", "{").replace("}}", "}") + text, "utf-8")
        policies.append(read_policy(replace(Settings(), policy=path)))
    words = rule_words(*policies)
    assert words["audience-privacy"] == (
        'applies where "Audience" is class or grade (so far always); severity: from medium to '
        "high; days to put it right: from 10 to 3"
    )
    assert words["tidy"] == ('applies from "Requested on" on (so far 30 days after the launch)')
    assert rule_words(*reversed(policies))["audience-privacy"].startswith(
        'applies always (so far where "Audience" is class or grade)'
    )


def test_an_account_whose_id_is_spelled_otherwise_is_the_same_account():
    records = simulate(120)
    ids = {id: id.swapcase() for id in records.accounts["account_id"]}
    assert all(id != other for id, other in ids.items())
    logs = [name for name in LOGS if "account_id" in records.table(name)]
    frames = {
        name: records.table(name).assign(account_id=records.table(name)["account_id"].replace(ids))
        for name in ("accounts", *logs)
    }
    then, now = (assess(one).at(THEN) for one in (records, replace(records, **frames)))
    assert set(now.findings["subject"]) - set(then.findings["subject"])
    moved = moved_since(Printed(THEN, then.findings, then.status, records, then.policy), now)
    assert moved.rows.empty
    assert (moved.counts["open_then"] == moved.counts["open_now"]).all()
