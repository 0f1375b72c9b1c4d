"""One guideline and its subjects: who is bound from when to when, and what speaks for them.

In: the register and a guideline. Out: :class:`Judged`, the duties and the evidence by subject.
Traps: what is unreadable is never taken for "no"; a blank day of an act is "not done"; a requested
account without a launch is upcoming; ``monitored_on`` keeps only the last review.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from nmsdreports.policy import evidence, notices
from nmsdreports.policy.exceptions import excepted_spans
from nmsdreports.policy.frames import halved, kinds
from nmsdreports.policy.guidelines import Guideline, Policy
from nmsdreports.policy.intervals import ALWAYS, OPEN, Intervals, Spans, difference, split, to_days
from nmsdreports.policy.register import Register
from nmsdreports.policy.spells import spells
from nmsdreports.policy.undecided import Unreadable, named, undecided


@dataclass(frozen=True)
class Judged:
    """One guideline with its subjects, their duties and what speaks for them.

    ``subjects`` one row a subject: subject, account_id, school_id (str), account and school (int,
    row labels of the registry and of the schools table, -1 for none), known_from and ended_from
    (int days), not_applicable and undecided (category, the reason, missing where it does not
    hold), planned (bool: requested and not launched yet), assumed (bool: launched on the assumed
    day), activity (str, of a notice), starts (int day on which the duty begins, however early the
    subject ends).
    ``duties``, ``met``, ``gaps`` and ``excepted`` (days inside an exception in force) are Spans
    keyed by row label in ``subjects``.
    ``acts`` one row a subject, group and piece of evidence: position (row label in ``subjects``),
    group (category, of a notice) and the columns of :mod:`evidence`.
    ``invited`` one row a duty towards a group (of a notice): position, starts (int day) and group
    (category).
    """

    rule: Guideline
    subjects: pd.DataFrame
    duties: Spans
    met: Spans
    gaps: Spans
    excepted: Spans
    acts: pd.DataFrame
    invited: pd.DataFrame

    @cached_property
    def first_gap(self) -> np.ndarray:
        """The first uncovered day (int) of each subject, OPEN for none."""
        first = np.full(len(self.subjects), OPEN)
        np.minimum.at(first, self.gaps.key, self.gaps.start)
        return first

    @cached_property
    def spells(self) -> pd.DataFrame:
        """Each subject's life (see :func:`spells.spells`)."""
        return spells(self.subjects, self.duties, self.met, self.gaps, self.excepted)


def judge(rule: Guideline, register: Register, policy: Policy, unreadable: Unreadable) -> Judged:
    """Return the duties and evidence of one guideline of method record."""
    rows = notices.notice_rows(register) if rule.subject == "notice" else None
    own = (
        _subjects(rule, register)
        if rows is None
        else notices.subjects(register, rows, _columns_of(rule))
    )
    begun, assumed = _beginnings(rule, own, policy)
    ended = _ends(rule, own)
    if rows is None:
        owed, groups = pd.DataFrame({"position": own.index, "starts": begun, "group": -1}), []
        acts = _acts(rule, own, register)
        acts = acts.assign(group=kinds([], np.full(len(acts), -1)))
    else:
        owed, groups = notices.invitations(rows, own, begun)
        acts = notices.matched(owed, notices.tellings(register, rows, groups), groups)
    bearer = owed["position"].to_numpy()
    acts = acts.rename(columns={"account": "duty"})
    acting = np.zeros(len(own), dtype=bool)
    acting[bearer[acts["duty"]]] = True

    reasons = undecided(rule, own, OWN_TABLE[rule.subject], unreadable, begun, ended, acting)
    planned = _is_planned(rule, own, begun) & (reasons.codes < 0)
    reasons = _with_blank_start(reasons, (begun == OPEN) & ~planned, rule)
    inapplicable = _not_applicable(rule, own)
    contradictory = (ended < begun) & (begun < OPEN) & ~assumed
    readable_end = np.where(contradictory, OPEN, ended)
    starts = owed["starts"].to_numpy() + (rule.starts["days"] or 0)
    if rule.met_by.get("log") == "reviews":
        starts = _not_before_last_review(own, register, starts)
    bound = (inapplicable.codes < 0) & (reasons.codes < 0) & ~planned
    binding = np.flatnonzero(bound[bearer])
    counting = acts["counts"].to_numpy()
    duty = Spans.of(binding, starts[binding], readable_end[bearer[binding]])
    proof = Intervals(*(acts[end].to_numpy()[counting] for end in ("duty", "start", "stop")))
    met, gaps = split(duty, proof)
    if rows is not None:
        duty, gaps = _of_bearers(duty, bearer), _of_bearers(gaps, bearer)
        met = difference(duty, gaps)
    first = np.full(len(own), OPEN)
    np.minimum.at(first, bearer, starts)
    account = own["account"].to_numpy()
    subjects = pd.DataFrame(
        {
            "subject": own["subject"],
            "account_id": own["account_id"],
            "school_id": own["school_id"],
            "account": account,
            "school": register.school_of(own["school_id"])
            if rule.subject == "emergency"
            else register.school[account],
            "known_from": own.get("known_from", ALWAYS),
            "ended_from": readable_end,
            "not_applicable": inapplicable,
            "undecided": reasons,
            "planned": planned,
            "assumed": assumed,
            "starts": first,
        },
        copy=False,
    )
    if rows is not None:
        subjects["activity"] = own["activity"]
    acts = halved(acts.assign(position=bearer[acts["duty"]]).drop(columns="duty"))
    invited = owed.assign(starts=np.minimum(starts, OPEN))[owed["group"] >= 0]
    invited = halved(invited.assign(group=kinds(groups, invited["group"].to_numpy())))
    spans = (duty, met, gaps, excepted_spans(register, rule, subjects))
    kept = [part.halved() for part in spans]
    return Judged(rule, halved(subjects), *kept, acts, invited)


def _subjects(rule: Guideline, register: Register) -> pd.DataFrame:
    """Return the subjects with the columns of their own row, RangeIndex."""
    records = register.records
    accounts = records.accounts
    if rule.subject == "account":
        return accounts.assign(
            subject=accounts["account_id"], account=accounts.index, index=accounts.index
        )
    if rule.subject == "concern":
        own = register.logs["concerns"]
        known = own["received_on"]
        own = own.assign(
            subject=own["concern_id"], school_id=accounts["school_id"].take(own["account"]).array
        )
    else:
        asked = (records.incidents["emergency"] == "yes").to_numpy()
        own = records.incidents[asked]
        known = own["occurred_on"].fillna(own["reported_on"])
        own = own.assign(subject=own["incident_id"], account=register.account["incidents"][asked])
    own = own.assign(index=own.index, known_from=to_days(known, ALWAYS))
    return own.reset_index(drop=True)


def _columns_of(rule: Guideline) -> list[str]:
    """Return the columns of the accounts table that decide a notice guideline."""
    asked = [
        rule.starts["column"],
        rule.until,
        *rule.needs,
        *([rule.applies["column"]] if rule.applies else []),
    ]
    return list(dict.fromkeys(["account_id", "school_id", "requested_on", *filter(None, asked)]))


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


def _with_blank_start(
    reasons: pd.Categorical, blank: np.ndarray, rule: Guideline
) -> pd.Categorical:
    """Return the reasons, the blank first day of the duty being the last of them."""
    words = list(reasons.categories)
    place = np.where(blank & (reasons.codes < 0), len(words), reasons.codes)
    return kinds([*words, f"{named(rule.starts['column'])} is blank"], place)


def _not_applicable(rule: Guideline, own: pd.DataFrame) -> pd.Categorical:
    if rule.applies is None:
        return kinds([], np.full(len(own), -1))
    value = own[rule.applies["column"]]
    other = value.notna() & ~value.isin(rule.applies["values"])
    reason = rule.applies.get("otherwise", f"{value.name} does not apply")
    return kinds([reason], other.to_numpy(dtype=bool) - 1)


def _acts(rule: Guideline, own: pd.DataFrame, register: Register) -> pd.DataFrame:
    met_by = rule.met_by
    if "log" in met_by and "every" in met_by:
        return evidence.recurring(register, met_by["log"], met_by["every"])
    if met_by.get("log") == "approvals":
        return evidence.approvals(register)
    if met_by.get("log") == "admins":
        return evidence.grants(register)
    if "values" in met_by or "domains" in met_by:
        return evidence.valued(own, met_by)
    return evidence.dated(own, met_by["column"], met_by.get("every"), OWN_TABLE[rule.subject])


def _of_bearers(spans: Spans, bearer: np.ndarray) -> Spans:
    """Return the spans of duties by the subject that bears them."""
    return Spans.of(bearer[spans.key], spans.start, spans.stop)


def _not_before_last_review(
    own: pd.DataFrame, register: Register, starts: np.ndarray
) -> np.ndarray:
    """Return the duty's first day, not before ``monitored_on`` where the log has none before it."""
    last = to_days(own["monitored_on"], ALWAYS)
    log = register.logs["reviews"]
    first = np.full(len(register.records.accounts), OPEN)
    np.minimum.at(first, log["account"].to_numpy(), to_days(log["reviewed_on"], OPEN))
    return np.where(first[own["account"]] < last, starts, np.maximum(starts, last))
