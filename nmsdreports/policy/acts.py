"""What is on record about an account: acts that count, acts that do not, values, mere requests.

In: an account's subjects, the assessment and a day. Out: rows of :mod:`explain`.
Traps: an end that lies after the day is told only where it was planned from the beginning; of
notices about activities only the first can speak for the account itself.
"""

from typing import Any

import numpy as np
import pandas as pd

from nmsdreports.policy import exceptions
from nmsdreports.policy.assess import Assessment
from nmsdreports.policy.evidence import PERSON
from nmsdreports.policy.intervals import ALWAYS, OPEN, to_dates, to_days
from nmsdreports.policy.people import fold

TEXTS = (
    *("guideline", "subject", "account_id", "school_id", "kind", "column", "value", "person"),
    *("group", "note", "start_cell", "stop_cell", "other_cells"),
)
DAYS = ("start", "stop", "day")
COLUMNS = [*TEXTS[:5], *DAYS, *TEXTS[5:]]
# Notes that acts are given here, beside those of the evidence.
ANY_NOTICE = "the first notice of any kind"
FOR_A_TIME = "it holds for a time"
NO_AUTHORITY = "approver without authority on that day does not count"
MANY_OF_THE_NAME = "several people have the approver's name"


def fact_rows(own: pd.DataFrame, position: pd.Series, kind: str, **facts: object) -> pd.DataFrame:
    """Return one row a position with the subject's keys, the kind and these facts."""
    rows = own.loc[position, ["guideline", "subject", "account_id", "school_id"]]
    return rows.reset_index(drop=True).assign(kind=kind, **facts)


def cells_of(records: Any, tables: Any, index: Any, columns: Any) -> list[str]:
    """Return where values stand, by table, row label and column."""
    places = zip(tables, index, columns, strict=True)
    return [records.cell(table, at, column) for table, at, column in places]


def known_acts(own: pd.DataFrame, assessment: Assessment, day: int) -> pd.DataFrame:
    """Return the acts on record by the day, those that count and those that do not."""
    acts = assessment.acts
    acts = acts[acts["position"].isin(own.index) & acts["day"].between(ALWAYS + 1, day)]
    place = ["position", "table", "index", "column", "start", "stop"]
    groups = acts.groupby(place)["group"].agg(lambda names: "|".join(sorted(names.dropna())))
    acts = acts.drop_duplicates(place).drop(columns="group").merge(
        groups.reset_index(), on=place, how="left"
    )  # fmt: skip
    acts = _as_told(acts, own, assessment)
    lasting = acts["stop"] > day
    acts["stop"] = acts["stop"].mask(lasting, _planned_end(acts, own, assessment))
    counts = acts["counts"].astype(bool)
    records = assessment.records
    people = _same_named(acts, records)
    days = to_dates(acts["day"].to_numpy(np.int64))
    facts = fact_rows(
        own,
        acts["position"],
        "evidence",
        start=days,
        stop=to_dates(acts["stop"].where(counts, OPEN).to_numpy(np.int64)),
        day=days,
        column=acts["column"],
        value=acts["value"].fillna(people),
        person=acts["person"],
        group=acts["group"].replace("", np.nan),
        note=acts["note"].mask(people.notna(), MANY_OF_THE_NAME),
        start_cell=cells_of(records, acts["table"], acts["index"], acts["column"]),
        stop_cell=[_end_cell(act, records) for act in acts.itertuples()],
        other_cells=[_person_cell(act, records) for act in acts.itertuples()],
    )
    return facts.assign(kind=facts["kind"].mask(~counts, "does not count"))


def _as_told(acts: pd.DataFrame, own: pd.DataFrame, assessment: Assessment) -> pd.DataFrame:
    """Return the acts with whom a notice told and about what (``value``) where a guideline asks

    neither; a notice about an activity speaks for the account itself only where it is the first.
    """
    log = assessment.records.notices
    of_log = acts["table"] == "notices"
    subject = own.loc[acts["position"]].set_axis(acts.index)
    activity = log["activity"].reindex(acts["index"].where(of_log)).set_axis(acts.index)
    told = log["groups_notified"].reindex(acts["index"].where(of_log)).set_axis(acts.index)
    of_notice = subject["kind"] == "notice"
    borrowed = of_log & of_notice & subject["activity"].isna() & activity.notna()
    recurs = subject["guideline"].isin(_recurring(assessment))
    plain = borrowed | (of_log & ~of_notice)
    note = acts["note"].mask(borrowed, ANY_NOTICE).mask(recurs & acts["counts"], FOR_A_TIME)
    acts = acts.assign(
        group=acts["group"].mask(plain, told.str.casefold().fillna("all")),
        value=activity.where(plain),
        note=note,
    )
    ahead = acts.assign(borrowed=borrowed).sort_values(["day", "borrowed"], kind="stable")
    later = ahead.duplicated("position").reindex(acts.index)
    return acts[~(borrowed & later)].reset_index(drop=True)


def _recurring(assessment: Assessment) -> set[str]:
    return {rule.id for rule in assessment.policy.recorded() if "every" in rule.met_by}


def _same_named(acts: pd.DataFrame, records: Any) -> pd.Series:
    """Return where the staff list has the several people of an approver's name, else missing."""
    staff = records.staff.assign(folded=fold(records.staff["name"])).dropna(subset="folded")
    staff = staff.drop_duplicates(["folded", "email"])
    found = []
    for person in fold(acts["person"]).where(acts["note"] == NO_AUTHORITY):
        same = staff.index[staff["folded"] == person] if isinstance(person, str) else []
        cells = [records.cell("staff", at, "name") for at in same]
        found.append(" and ".join(cells) if len(cells) > 1 else None)
    return pd.Series(found, acts.index, dtype="str")


def _person_cell(act: Any, records: Any) -> str | None:
    column = PERSON.get((act.table, act.column))
    return None if column is None else records.cell(act.table, act.index, column)


def _planned_end(acts: pd.DataFrame, own: pd.DataFrame, assessment: Assessment) -> pd.Series:
    """Return the end that was known from the beginning, where the real one is not known yet."""
    kept = own.loc[acts["position"], "guideline"].isin(_recurring(assessment)).to_numpy()
    approved = acts["table"] == "approvals"
    until = assessment.records.approvals["valid_until"].reindex(acts["index"].where(approved))
    until = pd.Series(to_days(until, OPEN - 1) + 1, acts.index)
    return acts["stop"].where(kept, until.where(approved, OPEN))


def _end_cell(act: Any, records: Any) -> str | None:
    column = {"approvals": "valid_until", "admins": "revoked_on"}.get(act.table)
    if column is None or not act.counts or act.stop >= OPEN:
        return None
    end = getattr(records, act.table).loc[act.index, column]
    last = act.stop - 1 if column == "valid_until" else act.stop
    return records.cell(act.table, act.index, column) if _is_day(end, last) else None


def _is_day(value: Any, day: int) -> bool:
    return bool(pd.notna(value) and to_days(pd.Series([value]), OPEN)[0] == day)


def deciding_values(own: pd.DataFrame, assessment: Assessment) -> pd.DataFrame:
    """What the registry says where a value on all days decides, whether it meets or not."""
    records = assessment.records
    met = set(assessment.acts.loc[assessment.acts["start"] == ALWAYS, "position"])
    parts = []
    for rule in assessment.policy.recorded():
        if not {"values", "domains"} & rule.met_by.keys():
            continue
        rows = own[own["guideline"] == rule.id]
        for key in ("where", "column", "or_given"):
            column = rule.met_by.get(key)
            if column is None:
                continue
            facts = fact_rows(
                own,
                rows.index,
                "evidence",
                column=column,
                value=records.accounts[column].reindex(rows["index"]).array,
                start_cell=[records.cell("accounts", at, column) for at in rows["index"]],
            ).assign(kind=["evidence" if at in met else "on record" for at in rows.index])
            # A reason that nobody gave may well not be needed, and of a value that cannot be read
            # it is already told why nothing is judged.
            silent = facts["value"].isna()
            silent &= rows["undecided"].notna().array if key != "or_given" else True
            parts.append(facts[~silent])
    return pd.concat([part.reindex(columns=COLUMNS) for part in parts if len(part)] or [own[:0]])


def other_rows(own: pd.DataFrame, assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """What is on record and changes nothing: other decisions, other roles, mere requests."""
    records = assessment.records
    approvals, admins = records.approvals, records.admins
    approvals = approvals[approvals["decision"] != "approved"]
    admins = admins[~admins["role"].isin(["supervisor", "designee"])]
    parts = [
        _log_facts(own, assessment, "approvals", approvals, as_of),
        _log_facts(own, assessment, "admins", admins, as_of),
    ]
    requests = records.exceptions.drop(exceptions.in_force(records.exceptions).index)
    requests = requests[requests["starts_on"] <= as_of]
    for at, row in requests.iterrows():
        asked = own["guideline"] == row["guideline"]
        named_account = pd.notna(row["account_id"])
        key = "account_id" if named_account else "school_id"
        asked &= own[key] == row[key]
        cell = records.cell("exceptions", at, "starts_on")
        needed = row[["reason", "approved_by", "expires_on"]]
        parts.append(
            fact_rows(
                own,
                own.index[asked],
                "on record",
                start=row["starts_on"],
                day=row["starts_on"],
                column="starts_on",
                value="exception",
                note="|".join(needed.index[needed.isna()]),
                start_cell=cell,
            )
        )
    return pd.concat([part.reindex(columns=COLUMNS) for part in parts if len(part)] or parts[:1])


def _rules_of(assessment: Assessment, log: str) -> list[str]:
    rules = assessment.policy.recorded()
    return [
        rule.id for rule in rules if rule.met_by.get("log") == log and "every" not in rule.met_by
    ]


def _log_facts(
    own: pd.DataFrame, assessment: Assessment, table: str, log: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    positions = own.index[own["guideline"].isin(_rules_of(assessment, table))]
    day, who, what = {
        "approvals": ("decided_on", "decided_by", "decision"),
        "admins": ("granted_on", "person", "role"),
    }[table]
    log = log[log[day] <= as_of].rename_axis("row_label").reset_index()
    asked = own.loc[positions, ["account_id"]].rename_axis("position").reset_index()
    rows = asked.merge(log, on="account_id")
    return fact_rows(
        own,
        rows["position"],
        "on record",
        start=rows[day],
        day=rows[day],
        column=day,
        value=rows[what],
        person=rows[who],
        start_cell=[assessment.records.cell(table, at, day) for at in rows["row_label"]],
    )
