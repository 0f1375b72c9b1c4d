"""Exceptions in force: whom they cover, from when to when; they mark findings and hide none.

In: the register and one guideline's subjects. Out: spans of excepted days by subject.
Traps: without reason, approver or expiry it is a request; one that names an account holds for
that account only; emergency notices (and incidents) cannot be excepted; ``expires_on`` counts.
"""

import numpy as np
import pandas as pd

from nmsdreports.policy.frames import pairs
from nmsdreports.policy.guidelines import Guideline
from nmsdreports.policy.intervals import OPEN, Spans, nothing, to_days
from nmsdreports.policy.register import Register

NEVER_EXCEPTED = ("emergency",)


def in_force(exceptions: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the exceptions table that are exceptions, not requests."""
    complete = exceptions[["reason", "approved_by", "expires_on"]].notna().all(axis=1)
    return exceptions[complete]


def coverage(register: Register, rule: Guideline, subjects: pd.DataFrame) -> pd.DataFrame:
    """Return one row an exception and subject it covers: ``exception``, ``position`` (row labels),

    ``start`` and ``stop`` (int days, half-open). ``subjects`` are the guideline's, with
    ``account`` and ``school`` (int, -1 for none).
    """
    rows = in_force(register.records.exceptions)
    rows = rows[(rows["guideline"] == rule.id).to_numpy()]
    if rule.subject in NEVER_EXCEPTED:
        rows = rows[:0]
    # An account's exception is known by the account, a school's by a number behind all accounts.
    accounts = len(register.records.accounts)
    account = register.account["exceptions"][rows.index]
    school = register.school_of(rows["school_id"])
    named = rows["account_id"].notna().to_numpy()
    whom = np.where(named, account, np.where(school < 0, -1, accounts + school))
    order = np.argsort(whom, kind="stable")
    order = order[whom[order] >= 0]
    asked = np.concatenate([subjects["account"], accounts + subjects["school"].to_numpy(int)])
    asked = np.where(np.concatenate([subjects["account"], subjects["school"]]) < 0, -1, asked)
    at, place = pairs(asked, whom[order])
    row = order[place]
    return pd.DataFrame(
        {
            "exception": rows.index[row],
            "position": np.tile(subjects.index, 2)[at],
            "start": to_days(rows["starts_on"], OPEN)[row],
            "stop": to_days(rows["expires_on"], OPEN)[row] + 1,
        }
    )


def excepted_spans(register: Register, rule: Guideline, subjects: pd.DataFrame) -> Spans:
    """Return the excepted days of one guideline's subjects, keyed by row label in ``subjects``."""
    if not (register.records.exceptions["guideline"] == rule.id).any():
        return nothing()
    covered = coverage(register, rule, subjects)
    return Spans.of(covered["position"].to_numpy(), covered["start"], covered["stop"])
