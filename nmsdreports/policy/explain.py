"""Why the verdicts on one account are what they are, fact by fact, each with its cell.

In: an assessment, an account and a day. Out: one row a fact; whoever tells it chooses the words.
Traps: nothing after the day is known, so a later closing, revocation, review or finding is not
told; plans (launch, start, expiry) are; an act that does not count is shown with the reason.
"""

from typing import Any

import numpy as np
import pandas as pd

from nmsdreports.policy import exceptions, notices
from nmsdreports.policy.acts import (
    COLUMNS,
    DAYS,
    TEXTS,
    cells_of,
    deciding_values,
    fact_rows,
    known_acts,
    other_rows,
)
from nmsdreports.policy.assess import Assessment
from nmsdreports.policy.duties import OWN_TABLE
from nmsdreports.policy.intervals import OPEN, to_dates, to_days
from nmsdreports.policy.undecided import named
from nmsdreports.settings import InputError, nearest

KINDS = (
    *("reason", "duty", "evidence", "does not count", "on record"),
    *("exception", "uncovered", "incident"),
)
# What is on record is told in the order of time, whether it counts or not.
_RANKS = {kind: "evidence" if kind in KINDS[2:5] else kind for kind in KINDS}
_IDS = {"concern": ("concerns", "concern_id"), "emergency": ("incidents", "incident_id")}


def explain(assessment: Assessment, account_id: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return what led to the verdicts of a day on an account, its activities, concerns, incidents.

    Columns: guideline, subject, account_id, school_id, kind (one of :data:`KINDS`), start and stop
    (datetime64, half-open; NaT: no beginning, no end known), day (datetime64, what stands in
    ``start_cell``), column (of that cell), value (a registry's value, a decision, a role, an
    incident's outcome, what closed a finding, a reason, a notice's activity, where the staff list
    has the people of an approver's name), person, group (whom a notice invites or tells, separated
    by ``|``), note (why an act does not count, an exception's reason, what a request lacks, what
    would close a finding), start_cell and stop_cell (file, sheet and cell of the days; missing
    where no cell has them), other_cells (of who acted; of an incident's other facts).
    Sorted by guideline, subject, then duty, acts of all kinds, exceptions, findings; by start.
    Raises :class:`InputError` with the nearest account when there is none of that id.
    """
    known = assessment.records.accounts["account_id"]
    if account_id not in set(known):
        raise InputError(
            f'There is no account "{account_id}" in the registry{nearest(account_id, known)}.'
        )
    day = int(to_days(pd.Series([as_of]), OPEN)[0])
    own = assessment.subjects
    own = own[(own["account_id"] == account_id) & (own["known_from"] <= day)]
    own = own.assign(index=_own_index(own, assessment.records))
    judged = own[own["not_applicable"].isna()]
    parts = [
        _reasons(own, assessment),
        _duties(judged, assessment, day),
        known_acts(judged, assessment, day),
        deciding_values(judged, assessment),
        other_rows(judged, assessment, as_of),
        _exceptions(judged, assessment, day),
        _uncovered(own, assessment, as_of),
        _incidents(account_id, assessment, as_of),
    ]
    rows = pd.concat([part.reindex(columns=COLUMNS) for part in parts if len(part)])
    rows = rows.astype(dict.fromkeys(TEXTS, "str") | dict.fromkeys(DAYS, "datetime64[us]"))
    order = {rule.id: place for place, rule in enumerate(assessment.policy.rules)}
    rows = rows.assign(
        place=rows["guideline"].map(order), rank=rows["kind"].map(_RANKS).map(KINDS.index)
    )
    by = ["place", "subject", "rank", "start"]
    rows = rows.sort_values(by, kind="stable", na_position="first", ignore_index=True)
    return rows[COLUMNS]


def _own_index(own: pd.DataFrame, records: Any) -> list[int]:
    """Return the row label of each subject's own row in its own table."""
    places = {}
    for kind, (table, key) in _IDS.items():
        frame = getattr(records, table)
        places[kind] = dict(zip(frame[key], frame.index, strict=True))
    return [
        places[kind][subject] if kind in places else account
        for kind, subject, account in zip(own["kind"], own["subject"], own["account"], strict=True)
    ]


def _reasons(own: pd.DataFrame, assessment: Assessment) -> pd.DataFrame:
    """Why a subject is not judged, and where the value stands that decides it."""
    reason = own["not_applicable"].fillna(own["undecided"])
    rows = own[reason.notna()]
    cells = [_reason_cell(row, assessment) for row in rows.itertuples()]
    return fact_rows(own, rows.index, "reason", value=reason[rows.index].array, start_cell=cells)


def _reason_cell(row: Any, assessment: Assessment) -> str | None:
    records = assessment.records
    rule = next(rule for rule in assessment.policy.rules if rule.id == row.guideline)
    table = OWN_TABLE[row.kind]
    if isinstance(row.not_applicable, str):
        return records.cell(table, row.index, rule.applies["column"])
    unknown = records.unknowns[records.unknowns["account_id"] == row.account_id]
    for lost in unknown.itertuples():
        if row.undecided.startswith(named(lost.column)):
            return records.address(lost.table, lost.file, lost.sheet, lost.column, lost.row)
    for column in getattr(records, table):
        if row.undecided.startswith(named(column)):
            return records.cell(table, row.index, column)
    return None


def _duties(own: pd.DataFrame, assessment: Assessment, day: int) -> pd.DataFrame:
    spans = pd.DataFrame({"position": assessment.duties.key, "start": assessment.duties.start})
    spans = spans[spans["position"].isin(own.index)]
    told = own.loc[spans["position"], "kind"] == "notice"
    owed = assessment.invited.rename(columns={"starts": "start"})
    owed = owed[owed["position"].isin(spans["position"][told.to_numpy()])]
    spans = pd.concat([spans[~told.to_numpy()], owed], ignore_index=True).reindex(
        columns=["position", "start", "group"]
    )
    spans["stop"] = own["ended_from"].reindex(spans["position"]).to_numpy()
    spans = spans[spans["start"] < spans["stop"]].reset_index(drop=True)
    begun = pd.DataFrame(
        [_beginning(own.loc[row.position], row, assessment) for row in spans.itertuples()],
        columns=["day", "column", "start_cell"],
    )
    # A review after the day is not known yet, though no day before it is judged.
    ahead = begun["column"].eq("monitored_on") & (spans["start"] > day)
    begun[["day", "start_cell"]] = begun[["day", "start_cell"]].mask(ahead)
    spans["start"] = spans["start"].mask(ahead, OPEN)
    closed = spans["stop"] <= day
    ends = [
        assessment.records.cell("accounts", own.loc[position, "index"], "closed_on")
        if is_closed
        else None
        for position, is_closed in zip(spans["position"], closed, strict=True)
    ]
    return fact_rows(
        own,
        spans["position"],
        "duty",
        start=to_dates(spans["start"].to_numpy()),
        stop=to_dates(spans["stop"].where(closed, OPEN).to_numpy()),
        group=spans["group"],
        stop_cell=ends,
        **begun,
    )


def _beginning(subject: pd.Series, span: Any, assessment: Assessment) -> tuple:
    """Return the day from which a duty counts, its column and its cell (None: assumed)."""
    records = assessment.records
    rule = next(rule for rule in assessment.policy.rules if rule.id == subject["guideline"])
    table, column = OWN_TABLE[subject["kind"]], rule.starts["column"]
    start = to_dates(np.array([span.start - rule.starts["days"]]))[0]
    if subject["kind"] == "notice":
        rows, activity = notices.notice_rows(assessment.register), subject["activity"]
        same = rows["activity"].isna() if pd.isna(activity) else rows["activity"] == activity
        rows = rows[same & (rows["account"] == subject["account"]) & (rows["starts_on"] == start)]
        if len(rows):
            return start, "starts_on", records.cell("notices", rows.index[0], "starts_on")
    row = getattr(records, table).loc[subject["index"]]
    if subject["assumed"]:
        return start, column, None
    # The registry keeps only the last review; where it is the first known, the duty begins there.
    if row[column] != start and to_dates(np.array([span.start]))[0] == row.get("monitored_on"):
        return row["monitored_on"], "monitored_on", records.cell(table, row.name, "monitored_on")
    if pd.isna(row[column]):
        column = rule.starts["else"]
    return start, column, records.cell(table, row.name, column)


def _exceptions(own: pd.DataFrame, assessment: Assessment, day: int) -> pd.DataFrame:
    records = assessment.records
    covered = pd.concat(
        [
            exceptions.coverage(assessment.register, rule, own[own["guideline"] == rule.id])
            for rule in assessment.policy.recorded()
        ],
        ignore_index=True,
    )
    covered = covered[(covered["start"] <= day) & _is_of_duty(covered, assessment)]
    rows = records.exceptions.loc[covered["exception"]]
    start = to_dates(covered["start"].to_numpy())
    return fact_rows(
        own,
        covered["position"],
        "exception",
        start=start,
        stop=to_dates(covered["stop"].to_numpy()),
        day=start,
        column="starts_on",
        person=rows["approved_by"].array,
        note=rows["reason"].array,
        start_cell=[records.cell("exceptions", at, "starts_on") for at in rows.index],
        stop_cell=[records.cell("exceptions", at, "expires_on") for at in rows.index],
    )


def _is_of_duty(covered: pd.DataFrame, assessment: Assessment) -> np.ndarray:
    """Return whether excepted days meet the subject's duty; of one that owes nothing they do."""
    duties = assessment.duties
    starts, stops = pd.Series(duties.start, duties.key), pd.Series(duties.stop, duties.key)
    position = covered["position"]
    first = starts.groupby(level=0).min().reindex(position).fillna(0).to_numpy()
    last = stops.groupby(level=0).max().reindex(position).fillna(OPEN).to_numpy()
    return (covered["stop"].to_numpy() > first) & (covered["start"].to_numpy() < last)


def _uncovered(own: pd.DataFrame, assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    found = assessment.findings
    found = found[found["position"].isin(own.index) & (found["opened_on"] <= as_of)]
    closed = (found["closed_on"] <= as_of).array
    remedy = found["guideline"].map(assessment.policy.guidelines["remedy"])
    return fact_rows(
        own,
        found["position"],
        "uncovered",
        start=found["opened_on"].array,
        stop=found["closed_on"].where(closed).array,
        value=found["closed_by"].where(closed).array,
        note=remedy.mask(closed).array,
    )


def _incidents(account_id: str, assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    found = assessment.incidents
    rows = found[(found["account_id"] == account_id) & (found["opened_on"] <= as_of)]
    rows = rows.reset_index(drop=True)
    log = assessment.records.incidents
    at = pd.Series(log.index, log["incident_id"])[rows["subject"]].to_numpy()
    column = log["reported_on"].notna().map({True: "reported_on", False: "occurred_on"})[at]
    resolved = rows["closed_on"].where(rows["closed_on"] <= as_of)
    told = ["occurred_on", "substantiation"]
    others = [
        [name for name in told if name != day and pd.notna(log.loc[place, name])]
        for place, day in zip(at, column, strict=True)
    ]
    return rows[["guideline", "subject", "account_id", "school_id"]].assign(
        kind="incident",
        start=rows["opened_on"],
        stop=resolved,
        day=rows["opened_on"],
        column=column.array,
        value=rows["substantiation"],
        start_cell=cells_of(assessment.records, ["incidents"] * len(at), at, column),
        stop_cell=[
            assessment.records.cell("incidents", place, "resolved_on") if pd.notna(day) else None
            for place, day in zip(at, resolved, strict=True)
        ],
        other_cells=[
            "|".join(assessment.records.cell("incidents", place, name) for name in names)
            for place, names in zip(at, others, strict=True)
        ],
    )
