"""One guideline and its subjects: who is bound from when to when, and what speaks for them.

In: Records and a guideline. Out: :class:`Judged`, the duties and the evidence by subject.
Traps: what is unreadable is never taken for "no"; a blank day of an act is "not done"; a requested
account without a launch is upcoming; ``monitored_on`` keeps only the last review.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nmsdreports.policy import evidence, notices
from nmsdreports.policy.guidelines import Guideline, Policy
from nmsdreports.policy.intervals import ALWAYS, OPEN, Spans, to_days
from nmsdreports.policy.undecided import Unreadable, named, undecided


@dataclass(frozen=True)
class Judged:
    """One guideline with its subjects' duties and evidence.

    ``subjects`` one row a subject: guideline, kind, subject, account_id, school_id (str), account
    (int, row label of the registry, -1 for none), known_from and ended_from (int days),
    not_applicable and undecided (str, the reason, missing where it does not hold), planned (bool:
    requested and not launched yet), assumed (bool: launched on the assumed day), activity (str, of
    a notice), starts (int day on which the duty begins, however early the subject ends).
    ``duties`` and ``covered`` are keyed by duty, ``bearer`` gives each duty's row in ``subjects``.
    ``acts`` one row a duty and piece of evidence: duty, start, stop (int days), counts (bool),
    note, table, index, column (the cell of its day). ``owed`` one row a duty: position (row in
    ``subjects``), starts (int day), of a notice also group (str).
    """

    subjects: pd.DataFrame
    bearer: np.ndarray
    duties: Spans
    covered: Spans
    acts: pd.DataFrame
    owed: pd.DataFrame


def judge(rule: Guideline, records: Any, policy: Policy, unreadable: Unreadable) -> Judged:
    """Return the duties and evidence of one guideline of method record."""
    own = _subjects(rule, records)
    begun, assumed = _beginnings(rule, own, policy)
    ended = _ends(rule, own)
    acts = None if rule.subject == "notice" else _acts(rule, own, records)
    acting = np.isin(own.index, [] if acts is None else acts["duty"])
    reasons = undecided(rule, own, OWN_TABLE[rule.subject], unreadable, begun, ended, acting)
    planned = _is_planned(rule, own, begun) & reasons.isna().to_numpy()
    start = named(rule.starts["column"])
    reasons = reasons.mask((begun == OPEN) & ~planned & reasons.isna(), f"{start} is blank")
    contradictory = (ended < begun) & (begun < OPEN) & ~assumed
    readable_end = np.where(contradictory, OPEN, ended)
    subjects = pd.DataFrame(
        {
            "guideline": rule.id,
            "kind": rule.subject,
            "subject": own["subject"],
            "account_id": own["account_id"],
            "school_id": own["school_id"],
            "account": own["account"],
            "known_from": own["known_from"],
            "ended_from": readable_end,
            "not_applicable": _not_applicable(rule, own),
            "undecided": reasons,
            "planned": planned,
            "assumed": assumed,
            "activity": own["activity"] if "activity" in own else pd.Series(dtype="str"),
        }
    )
    judged = (subjects["not_applicable"].isna() & subjects["undecided"].isna()).to_numpy()
    bound = judged & ~planned
    starts = begun + (rule.starts["days"] or 0)
    if acts is None:
        owed, acts = _notice_duties(rule, records, own, begun)
    else:
        owed = pd.DataFrame({"position": own.index, "starts": starts})
        if rule.met_by.get("log") == "reviews":
            owed["starts"] = _not_before_last_review(own, records, starts)
    bearer = owed["position"].to_numpy(np.int64)
    binding = owed[bound[bearer]]
    duties = Spans.of(binding.index, binding["starts"], readable_end[binding["position"]])
    counting = acts[acts["counts"] & bound[bearer][acts["duty"]]]
    covered = Spans.of(counting["duty"], counting["start"], counting["stop"])
    subjects["starts"] = owed.groupby("position")["starts"].min().reindex(own.index).to_numpy()
    return Judged(subjects, bearer, duties, covered, acts, owed)


def _subjects(rule: Guideline, records: Any) -> pd.DataFrame:
    """Return the subjects with the columns of their own row, RangeIndex."""
    accounts = records.accounts
    if rule.subject == "account":
        return accounts.assign(
            subject=accounts["account_id"],
            account=accounts.index,
            index=accounts.index,
            known_from=ALWAYS,
        )
    if rule.subject == "notice":
        return notices.subjects(records).assign(known_from=ALWAYS)
    if rule.subject == "concern":
        own = evidence.of_registered(records.concerns, accounts)
        known = own["received_on"]
        own = own.assign(
            subject=own["concern_id"], school_id=accounts["school_id"].reindex(own["account"]).array
        )
    else:
        own = records.incidents[records.incidents["emergency"] == "yes"]
        known = own["occurred_on"].fillna(own["reported_on"])
        account = pd.Index(accounts["account_id"]).get_indexer(own["account_id"])
        own = own.assign(subject=own["incident_id"], account=account)
    own = own.assign(index=own.index, known_from=to_days(known, ALWAYS))
    return own.reset_index(drop=True)


OWN_TABLE = {
    "account": "accounts",
    "notice": "accounts",
    "concern": "concerns",
    "emergency": "incidents",
}


def _beginnings(
    rule: Guideline, own: pd.DataFrame, policy: Policy
) -> tuple[np.ndarray, np.ndarray]:
    """Return the day of launch (received, occurred) and whether it is the assumed one."""
    days = own[rule.starts["column"]]
    if "else" in rule.starts:
        days = days.fillna(own[rule.starts["else"]])
    begun = to_days(days, OPEN)
    assumed = np.zeros(len(own), dtype=bool)
    if rule.starts["column"] == "launched_on" and policy.assumed_launch_on is not None:
        assumed = begun == OPEN
        begun = np.where(assumed, to_days(pd.Series([policy.assumed_launch_on]), OPEN)[0], begun)
    return begun, assumed


def _ends(rule: Guideline, own: pd.DataFrame) -> np.ndarray:
    if rule.until is None:
        return np.full(len(own), OPEN)
    return to_days(own[rule.until], OPEN)


def _is_planned(rule: Guideline, own: pd.DataFrame, begun: np.ndarray) -> np.ndarray:
    if rule.starts["column"] != "launched_on":
        return np.zeros(len(own), dtype=bool)
    return (begun == OPEN) & own["requested_on"].notna().to_numpy()


def _not_applicable(rule: Guideline, own: pd.DataFrame) -> pd.Series:
    reason = pd.Series(pd.NA, own.index, dtype="str")
    if rule.applies is None:
        return reason
    value = own[rule.applies["column"]]
    other = value.notna() & ~value.isin(rule.applies["values"])
    return reason.mask(other, rule.applies.get("otherwise", f"{value.name} does not apply"))


def _acts(rule: Guideline, own: pd.DataFrame, records: Any) -> pd.DataFrame:
    met_by = rule.met_by
    if "log" in met_by and "every" in met_by:
        acts = evidence.recurring(records, met_by["log"], met_by["every"])
    elif met_by.get("log") == "approvals":
        acts = evidence.approvals(records)
    elif met_by.get("log") == "admins":
        acts = evidence.grants(records)
    elif "values" in met_by or "domains" in met_by:
        acts = evidence.valued(own, met_by)
    else:
        acts = evidence.dated(own, met_by["column"], met_by.get("every"), OWN_TABLE[rule.subject])
    return acts.rename(columns={"account": "duty"})


def _notice_duties(
    rule: Guideline, records: Any, own: pd.DataFrame, begun: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = notices.notice_rows(records)
    owed = notices.invitations(rows, own, begun)
    acts = notices.matched(owed, notices.tellings(records, rows, own))
    acts = acts.assign(
        start=acts["day"], stop=OPEN, counts=True, note=pd.Series(pd.NA, acts.index, dtype="str")
    )
    owed["starts"] += rule.starts["days"]
    return owed, acts


def _not_before_last_review(own: pd.DataFrame, records: Any, starts: np.ndarray) -> np.ndarray:
    """Return the duty's first day, not before ``monitored_on`` where the log has none before it."""
    last = to_days(own["monitored_on"], ALWAYS)
    log = evidence.of_registered(records.reviews, records.accounts)
    first = pd.Series(to_days(log["reviewed_on"], OPEN), log.index).groupby(log["account"]).min()
    logged_before = first.reindex(own["account"]).fillna(OPEN).to_numpy(np.int64) < last
    return np.where(logged_before, starts, np.maximum(starts, last))
