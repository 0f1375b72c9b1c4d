"""What must never or always happen to verdicts when the records change in a known way."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nmsdreports.intake import Records
from nmsdreports.policy import assess
from nmsdreports.policy.intervals import difference
from tests.laws.registry import TABLES, typed_frame
from tests.laws.strategies import FIRST_DAY, registries

SOME = settings(
    max_examples=14,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
days = st.integers(0, 220).map(lambda offset: pd.Timestamp(FIRST_DAY) + timedelta(days=offset))
LOGS = ("approvals", "notices", "concerns", "admins", "reviews", "staff", "exceptions")
OUTCOMES = ["status", "findings", "rates", "moves", "incidents"]


def with_rows(records: Records, table: str, rows: list[dict]) -> Records:
    """Return the records with rows added to a table."""
    frame = getattr(records, table)
    added = typed_frame(rows, frame.dtypes.astype(str).to_dict())
    return replace(records, **{table: pd.concat([frame, added], ignore_index=True)})


def same(one, other, names=OUTCOMES) -> None:
    for name in names:
        left, right = (getattr(standing, name) for standing in (one, other))
        keys = [
            column
            for column in ("finding_id", "guideline", "subject", "school_id")
            if column in left
        ]
        pd.testing.assert_frame_equal(
            left.sort_values(keys, ignore_index=True), right.sort_values(keys, ignore_index=True)
        )


@SOME
@given(registries(logs=True), days, st.data())
def test_a_good_act_never_opens_a_finding(records, day, data):
    # Without a staff table a blank approver counts; the newcomer owns nothing.
    records = replace(records, staff=records.staff.iloc[:0])
    before = assess(records)
    if records.accounts.empty:
        return
    account = data.draw(st.sampled_from(records.accounts["account_id"].tolist()))
    act = {"account_id": account}
    better = with_rows(records, "approvals", [act | {"decision": "approved", "decided_on": day}])
    better = with_rows(
        better,
        "admins",
        [act | {"person": "new@example.org", "role": "supervisor", "granted_on": day}],
    )
    unreported = records.accounts["reported_on"].isna() & (
        records.accounts["account_id"] == account
    )
    reported = records.accounts["reported_on"].mask(unreported, day)
    better = replace(better, accounts=better.accounts.assign(reported_on=reported))
    opened = difference(assess(better).gaps, before.gaps)
    assert len(opened) == 0


@SOME
@given(registries(logs=True), days, st.sampled_from([-400, -1, 1, 28, 366]))
def test_all_days_shifted_shift_all_results(records, day, shift):
    delta = pd.Timedelta(days=shift)
    frames = {
        name: getattr(records, name).apply(
            lambda column: (
                column + delta if pd.api.types.is_datetime64_any_dtype(column) else column
            )
        )
        for name in TABLES
    }
    days_set = records.settings.days
    if days_set.assumed_launch_on is not None:
        days_set = replace(days_set, assumed_launch_on=days_set.assumed_launch_on + delta)
    moved = replace(records, **frames, settings=replace(records.settings, days=days_set))
    before, after = assess(records).at(day), assess(moved).at(day + delta)
    shifted = after.findings.copy()
    for column in ("opened_on", "closed_on", "due_on"):
        shifted[column] -= delta
    pd.testing.assert_frame_equal(shifted, before.findings)
    status = after.status.assign(since=after.status["since"] - delta).drop(columns="reason")
    pd.testing.assert_frame_equal(status, before.status.drop(columns="reason"))


def in_order(records: Records, orders: dict[str, list[int]]) -> Records:
    """Return the records with the rows of tables in another order."""
    frames = {name: getattr(records, name).iloc[order] for name, order in orders.items()}
    places = {
        name: dict(zip(order, range(len(order)), strict=True)) for name, order in orders.items()
    }
    unknowns = records.unknowns.copy()
    unknowns["index"] = pd.array(
        [
            index if pd.isna(index) or table not in places else places[table][index]
            for table, index in zip(unknowns["table"], unknowns["index"], strict=True)
        ],
        dtype="Int64",
    )
    frames = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
    return replace(records, **frames, unknowns=unknowns)


@SOME
@given(registries(logs=True), days, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(records, day, random):
    sizes = {name: len(getattr(records, name)) for name in TABLES}
    mixed = in_order(records, {name: random.sample(range(n), n) for name, n in sizes.items()})
    same(assess(records).at(day), assess(mixed).at(day))


@SOME
@given(registries(logs=True), days, st.integers(2, 5))
def test_a_log_split_into_two_files_is_the_same_log(records, day, part):
    # Of two files the rows of the second come behind those of the first.
    sizes = {name: len(getattr(records, name)) for name in LOGS}
    second = {name: [at for at in range(n) if at % part == 0] for name, n in sizes.items()}
    first = {name: [at for at in range(n) if at % part] for name, n in sizes.items()}
    divided = in_order(records, {name: first[name] + second[name] for name in LOGS})
    renamed = {
        name: getattr(divided, name).assign(
            file=[f"{name}.csv"] * len(first[name]) + [f"{name} 2.csv"] * len(second[name])
        )
        for name in LOGS
    }
    divided = replace(
        divided, **{name: frame.astype({"file": "str"}) for name, frame in renamed.items()}
    )
    same(assess(records).at(day), assess(divided).at(day))


@SOME
@given(registries(logs=True), days)
def test_an_act_after_the_day_changes_nothing(records, day):
    accounts = records.accounts
    # The registry's last review moves the beginning of the duty; the law speaks of the log.
    late_review = accounts["monitored_on"] > day
    records = replace(
        records,
        accounts=accounts.assign(monitored_on=accounts["monitored_on"].mask(late_review)),
    )
    acts = ["approved_on", "reported_on", "admin_granted_on"]
    known = replace(
        records,
        accounts=records.accounts.assign(
            **{name: records.accounts[name].mask(records.accounts[name] > day) for name in acts}
        ),
        concerns=records.concerns.assign(
            responded_on=records.concerns["responded_on"].mask(
                records.concerns["responded_on"] > day
            )
        ),
        **{
            table: getattr(records, table)[~(getattr(records, table)[column] > day)].reset_index(
                drop=True
            )
            for table, column in (
                ("approvals", "decided_on"),
                ("admins", "granted_on"),
                ("reviews", "reviewed_on"),
            )
        },
    )
    same(assess(records).at(day), assess(known).at(day))


@SOME
@given(registries(logs=True), days)
def test_each_move_has_a_reason_and_they_add_up(records, day):
    standing = assess(records).at(day)
    changes, moves = standing.changes, standing.moves.query("school_id != '*'")
    assert changes["reason"].notna().all()
    counted = changes["move"].value_counts()
    assert counted.get("opened", 0) == moves["opened"].sum()
    assert counted.get("closed", 0) == moves["closed"].sum()
    both = changes.query("move == 'opened'")["finding_id"].isin(
        changes.query("move == 'closed'")["finding_id"]
    )
    still = counted.get("still open", 0) + counted.get("opened", 0) - both.sum()
    assert still == moves["open_now"].sum()


@SOME
@given(registries(logs=True))
def test_every_uncovered_day_is_explained(records):
    assessment = assess(records)
    for account in records.accounts["account_id"]:
        rows = assessment.explain(account)
        own = assessment.subjects.query("account_id == @account")
        gaps = np.isin(assessment.gaps.key, own.index).sum()
        assert (rows["kind"] == "uncovered").sum() == gaps
        # A duty without a day (closed on the day of its launch) leaves nothing to explain.
        bound = own[own.index.isin(assessment.duties.key)]
        assert set(bound["guideline"]) <= set(rows["guideline"])
