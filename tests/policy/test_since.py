"""Whatever was corrected anywhere: the counts lead from then to now, and cells are named."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nmsdreports.policy import assess
from nmsdreports.policy.corrections import corrections
from nmsdreports.policy.since import Printed, moved_since
from nmsdreports.policy.steps import DATA, EARLY
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
    early = counts[list(EARLY)].sum(axis=1)
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
