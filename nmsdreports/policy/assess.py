"""Duties and findings of all time: ``findings = duties − evidence``.

In: Records and Policy. Out: :class:`Assessment`, computed once; every day is a look-up in it.
Each subject's life is cut into spells of one status; a status on a day is the spell that holds it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nmsdreports.intake.looks import looks
from nmsdreports.policy.duties import Judged, judge
from nmsdreports.policy.exceptions import excepted_spans
from nmsdreports.policy.guidelines import Policy, read_policy
from nmsdreports.policy.incidents import incident_findings
from nmsdreports.policy.intervals import (
    OPEN,
    Spans,
    difference,
    intersection,
    to_dates,
)
from nmsdreports.policy.looks import ASSESSMENT, look_of_assessment
from nmsdreports.policy.undecided import unreadable_values

STATUSES = (
    "not applicable",
    "ended",
    "not assessed",
    "upcoming",
    "excepted",
    "does not meet",
    "meets",
)
_FINDING_COLUMNS = [
    *("finding_id", "guideline", "subject", "account_id", "school_id", "severity"),
    *("opened_on", "closed_on", "closed_by", "due_on"),
]


@dataclass(frozen=True)
class Assessment:
    """What was owed and what was missing, for all time.

    ``subjects`` one row a guideline and subject: guideline, kind, subject, account_id, school_id,
    not_applicable, undecided (str), planned, assumed (bool), first_gap (int day of the first
    uncovered day, OPEN for none).
    ``spells`` one row a subject and uninterrupted status: position (row label in ``subjects``),
    status (int, place in :data:`STATUSES`), start, stop (int days, half-open).
    ``duties``, ``gaps`` and ``excepted`` are Spans keyed by position.
    ``acts`` one row a piece of evidence: position, start, stop (int days), counts (bool), note,
    table, index and column (the cell of its day), day (int), person, group (str).
    ``invited`` one row a subject of parent notices and group: position, group (str), starts (int).
    ``findings`` one row a finding: finding_id, guideline, subject, account_id, school_id,
    severity, opened_on, closed_on (NaT: still open), closed_by (met, account closed, resolved),
    due_on; position (-1 for an incident), incident_id, substantiation (of an incident).
    """

    records: Any
    policy: Policy
    subjects: pd.DataFrame
    spells: pd.DataFrame
    duties: Spans
    gaps: Spans
    excepted: Spans
    acts: pd.DataFrame
    invited: pd.DataFrame
    findings: pd.DataFrame

    __repr__, _repr_html_, __dir__, __getattr__ = looks(look_of_assessment, ASSESSMENT)

    def at(self, day: Any) -> "Standing":  # noqa: F821
        """Return the look-ups of one day (end of day): a date, Timestamp or "YYYY-MM-DD"."""
        from nmsdreports.policy.standing import Standing

        return Standing(self, pd.Timestamp(day).normalize())

    def explain(self, account_id: str, as_of: Any = None) -> pd.DataFrame:
        """Return what led to the verdicts on an account (see :func:`explain.explain`).

        As of the end of a day, or of the one on which the records were read.
        """
        from nmsdreports.policy.explain import explain

        day = self.records.read_on if as_of is None else pd.Timestamp(as_of)
        return explain(self, account_id, day.normalize())


def assess(records: Any, policy: Policy | None = None) -> Assessment:
    """Return the assessment of records by a policy (default: the one their settings name)."""
    policy = policy or read_policy(records.settings)
    unreadable = unreadable_values(records)
    judged = [judge(rule, records, policy, unreadable) for rule in policy.recorded()]
    subjects, duties, gaps, acts, invited = _together(judged)
    excepted = excepted_spans(records.exceptions, subjects)
    first = np.full(len(subjects), OPEN)
    np.minimum.at(first, gaps.key, gaps.start)
    subjects = subjects.assign(first_gap=first)
    findings = pd.concat(
        [_record_findings(subjects, duties, gaps, policy), incident_findings(records, policy)],
        ignore_index=True,
    )
    fix_within = findings["guideline"].map(policy.guidelines["fix_within"]).astype("int64")
    findings["due_on"] = findings["opened_on"] + pd.to_timedelta(fix_within, unit="D")
    findings["position"] = findings["position"].fillna(-1).astype("int64")
    return Assessment(
        records=records,
        policy=policy,
        subjects=subjects,
        spells=_spells(subjects, duties, gaps, excepted),
        duties=duties,
        gaps=gaps,
        excepted=excepted,
        acts=acts,
        invited=invited,
        findings=findings[[*_FINDING_COLUMNS, "position", "incident_id", "substantiation"]],
    )


def _together(
    judged: list[Judged],
) -> tuple[pd.DataFrame, Spans, Spans, pd.DataFrame, pd.DataFrame]:
    """Return all guidelines' subjects, their duties, gaps, evidence and invitations by position."""
    offsets = np.cumsum([0, *(len(part.subjects) for part in judged)])
    bearers = [part.bearer + offset for part, offset in zip(judged, offsets, strict=False)]
    parts = list(zip(judged, bearers, strict=True))
    return (
        pd.concat([part.subjects for part in judged], ignore_index=True),
        _joined([_keyed(part.duties, bearer) for part, bearer in parts]),
        _joined([_keyed(difference(part.duties, part.covered), bearer) for part, bearer in parts]),
        pd.concat(
            [part.acts.assign(position=bearer[part.acts["duty"]]) for part, bearer in parts],
            ignore_index=True,
        ).drop(columns="duty"),
        pd.concat(
            [part.owed.assign(position=bearer) for part, bearer in parts if "group" in part.owed],
            ignore_index=True,
        ),
    )


def _keyed(spans: Spans, bearer: np.ndarray) -> Spans:
    """Return the spans by what bears them; in order already where each bears one duty."""
    if (np.diff(bearer) > 0).all():
        return Spans(bearer[spans.key], spans.start, spans.stop)
    return Spans.of(bearer[spans.key], spans.start, spans.stop)


def _joined(parts: list[Spans]) -> Spans:
    """Return the spans of parts whose keys follow one another."""
    return Spans(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("key", "start", "stop")
        )
    )


def _record_findings(
    subjects: pd.DataFrame, duties: Spans, gaps: Spans, policy: Policy
) -> pd.DataFrame:
    """Return one row a maximal uncovered piece of a duty, numbered by subject in date order."""
    found = subjects.loc[gaps.key, ["guideline", "subject", "account_id", "school_id"]]
    found = found.reset_index(names="position")
    number = found.groupby("position").cumcount() + 1
    found["finding_id"] = found["guideline"] + ":" + found["subject"]
    later = number > 1
    found.loc[later, "finding_id"] += ":" + number[later].astype("str")
    last_day = np.full(len(subjects), OPEN)
    last_day[duties.key] = duties.stop
    met = gaps.stop < last_day[gaps.key]
    closed_by = np.where(gaps.stop == OPEN, None, np.where(met, "met", "account closed"))
    return found.assign(
        severity=found["guideline"].map(policy.guidelines["severity"]),
        opened_on=to_dates(gaps.start),
        closed_on=to_dates(gaps.stop),
        closed_by=pd.Series(closed_by, dtype="str"),
    )


def _spells(subjects: pd.DataFrame, duties: Spans, gaps: Spans, excepted: Spans) -> pd.DataFrame:
    """Cut each subject's life into spells of one status (see :class:`Assessment`)."""
    known = subjects["known_from"].to_numpy(np.int64)
    ended = subjects["ended_from"].to_numpy(np.int64)
    position = np.arange(len(subjects))
    inapplicable = subjects["not_applicable"].notna().to_numpy()
    undecided = subjects["undecided"].notna().to_numpy() & ~inapplicable
    planned = subjects["planned"].to_numpy() & ~inapplicable & ~undecided
    bound = ~(inapplicable | undecided | planned)
    begins = np.full(len(subjects), OPEN)
    np.minimum.at(begins, duties.key, duties.start)
    # A duty that never begins (closed first) is upcoming until its subject has ended.
    begins = np.minimum(begins, ended)
    bare = difference(gaps, excepted)
    held = intersection(gaps, excepted)
    met = difference(duties, gaps)
    all_days = np.full(len(subjects), OPEN)
    pieces = {
        "not applicable": (inapplicable, position, known, all_days),
        "ended": (~inapplicable, position, np.maximum(ended, known), all_days),
        "not assessed": (undecided, position, known, ended),
        "upcoming": (bound | planned, position, known, np.where(planned, ended, begins)),
        "excepted": (np.ones(len(held), bool), held.key, held.start, held.stop),
        "does not meet": (np.ones(len(bare), bool), bare.key, bare.start, bare.stop),
        "meets": (np.ones(len(met), bool), met.key, met.start, met.stop),
    }
    spells = pd.concat(
        [
            pd.DataFrame(
                {"position": key, "status": STATUSES.index(status), "start": start, "stop": stop}
            )[chosen]
            for status, (chosen, key, start, stop) in pieces.items()
        ],
        ignore_index=True,
    )
    return spells[spells["start"] < spells["stop"]].reset_index(drop=True)
