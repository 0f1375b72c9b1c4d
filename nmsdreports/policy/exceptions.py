"""Exceptions in force: whom they cover, from when to when; they mark findings and hide none.

In: the exceptions table and the subjects. Out: spans of excepted days by subject.
Traps: without reason, approver or expiry it is a request; one that names an account holds for
that account only; emergency notices (and incidents) cannot be excepted; ``expires_on`` counts.
"""

import numpy as np
import pandas as pd

from nmsdreports.policy.guidelines import Guideline
from nmsdreports.policy.intervals import OPEN, Spans, nothing, to_days

NEVER_EXCEPTED = ("emergency",)


def in_force(exceptions: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the exceptions table that are exceptions, not requests."""
    complete = exceptions[["reason", "approved_by", "expires_on"]].notna().all(axis=1)
    return exceptions[complete]


def coverage(exceptions: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """Return one row an exception and subject it covers: ``exception``, ``position`` (row labels),

    ``start`` and ``stop`` (int days, half-open).
    """
    rows = in_force(exceptions)
    rows = pd.DataFrame(
        {
            "exception": rows.index,
            "guideline": rows["guideline"],
            "account_id": rows["account_id"],
            "school_id": rows["school_id"],
            "start": to_days(rows["starts_on"], OPEN),
            "stop": to_days(rows["expires_on"], OPEN) + 1,
        }
    )
    open_to = subjects[
        subjects["guideline"].isin(rows["guideline"]) & ~subjects["kind"].isin(NEVER_EXCEPTED)
    ]
    keys = open_to[["guideline", "account_id", "school_id"]].assign(position=open_to.index)
    by_account = rows.dropna(subset="account_id").drop(columns="school_id")
    by_school = rows[rows["account_id"].isna()].drop(columns="account_id")
    parts = [
        by_account.merge(keys.drop(columns="school_id"), on=["guideline", "account_id"]),
        by_school.dropna(subset="school_id").merge(
            keys.drop(columns="account_id"), on=["guideline", "school_id"]
        ),
    ]
    return pd.concat(parts, ignore_index=True)[["exception", "position", "start", "stop"]]


def excepted_spans(exceptions: pd.DataFrame, rule: Guideline, subjects: pd.DataFrame) -> Spans:
    """Return the excepted days of one guideline's subjects, keyed by row label in ``subjects``."""
    own = exceptions[exceptions["guideline"] == rule.id]
    if own.empty:
        return nothing()
    covered = coverage(own, subjects.assign(guideline=rule.id, kind=rule.subject))
    return Spans.of(covered["position"].to_numpy(np.int64), covered["start"], covered["stop"])
