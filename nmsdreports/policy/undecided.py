"""What cannot be assessed, and why: a value that decides is unreadable, contradictory or blank.

In: a guideline, its subjects and the values that could not be read. Out: one reason a subject.
Traps: the first reason in a fixed order is told; a blank day of an act is "not done" and no reason;
an unreadable day in a log makes the account not assessed, also where its row was quarantined.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from nmsdreports.policy.evidence import LOGS
from nmsdreports.policy.frames import kinds
from nmsdreports.policy.guidelines import Guideline

# An act of these logs does not count where it is an owner's own.
JUDGED_BY_OWNER = ("approvals", "admins")
Unreadable = Mapping[tuple[str, str], pd.DataFrame]


def unreadable_values(records: Any) -> Unreadable:
    """Return the unreadable values of the records by table and column."""
    return dict(iter(records.unknowns.groupby(["table", "column"])))


def undecided(
    rule: Guideline,
    own: pd.DataFrame,
    table: str,
    unreadable: Unreadable,
    begun: np.ndarray,
    ended: np.ndarray,
    acting: np.ndarray,
) -> pd.Categorical:
    """Return why a subject cannot be assessed, missing where all that decides is known.

    ``own`` has the columns of the subjects' own row in ``table`` and ``index``, its row label;
    ``begun`` and ``ended`` are int days, ``acting`` tells where the log has an act. A blank launch
    is left to the caller: a requested account may lack it.
    """
    start = rule.starts["column"]
    needs = [*([rule.applies["column"]] if rule.applies else []), *rule.needs]
    met_by = [rule.met_by[key] for key in ("column", "where") if key in rule.met_by]
    reasons: dict[str, Any] = {}
    for column in dict.fromkeys([start, *([rule.until] if rule.until else []), *needs, *met_by]):
        unread = _is_unreadable(own, table, column, unreadable)
        reasons[f"{named(column)} cannot be read"] = unread
    if rule.until:
        contradictory = own[start].notna().to_numpy() & (ended < begun)
        reasons[f"{named(rule.until)} is before {named(start)}"] = contradictory
    for column in needs:
        reasons[f"{named(column)} is blank"] = own[column].isna()
    if "or_given" in rule.met_by:
        column = rule.met_by["or_given"]
        asked = own[rule.met_by["where"]].isin(rule.met_by["among"])
        asked &= own[rule.met_by["column"]].notna()
        asked &= ~own[rule.met_by["column"]].isin(rule.met_by["values"])
        unread = _is_unreadable(own, table, column, unreadable)
        reasons[f"{named(column)} cannot be read"] = unread & asked
    if "log" in rule.met_by:
        reasons |= _log_reasons(rule, own, acting, unreadable)
    first = np.select(list(map(np.asarray, reasons.values())), range(len(reasons)), -1)
    return kinds(list(reasons), first)


def _log_reasons(
    rule: Guideline, own: pd.DataFrame, acting: np.ndarray, unreadable: Unreadable
) -> dict[str, Any]:
    log = rule.met_by["log"]
    places = [("accounts", column, named(column)) for column in LOGS[log].registry]
    places += [(log, column, f"{named(column)} in the log {log}") for column in LOGS[log].deciding]
    reasons = {
        f"{what} cannot be read": own["account_id"].isin(
            unreadable[(table, column)]["account_id"].dropna()
        )
        for table, column, what in places
        if (table, column) in unreadable
    }
    if log in JUDGED_BY_OWNER:
        for column in ("owner", "owner_email"):
            unread = _is_unreadable(own, "accounts", column, unreadable)
            reasons[f"{named(column)} cannot be read"] = unread & acting
    return reasons


def _is_unreadable(
    own: pd.DataFrame, table: str, column: str, unreadable: Unreadable
) -> np.ndarray:
    values = unreadable.get((table, column))
    if values is None:
        return np.zeros(len(own), dtype=bool)
    return own["index"].isin(values["index"].dropna()).to_numpy()


def named(column: str) -> str:
    """Return a column as its header reads in a registry: ``launched_on`` is "Launched on"."""
    return f'"{column.replace("_", " ").capitalize()}"'
