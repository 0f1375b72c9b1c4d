"""Approvals and parent notices against the launch: what the first pages of a report show.

In: an assessment and a day. Out: one row an account or subject.
Traps: only what was known on the day counts; days before the launch are negative.
"""

import numpy as np
import pandas as pd

from nmsdreports.policy.assess import Assessment
from nmsdreports.policy.guidelines import Guideline
from nmsdreports.policy.intervals import OPEN, to_dates, to_days
from nmsdreports.policy.school_years import school_year


def in_time(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return whether approvals and notices were there on the first day of the duty.

    One row a guideline with an approval or notice log and account launched by ``as_of`` whose
    duty is judged and has begun: guideline, school_id, account_id (str), month, school_year (str,
    of the launch), launched_on (datetime64), in_time (bool).
    """
    subjects = assessment.subjects
    rules = [_rule(assessment, log).id for log in ("approvals", "notices")]
    asked = subjects["guideline"].isin(rules)
    own = asked & (subjects["subject"] == subjects["account_id"])
    first_duty = np.full(len(subjects), OPEN)
    np.minimum.at(first_duty, assessment.duties.key, assessment.duties.start)
    launched = assessment.records.accounts.set_index("account_id")["launched_on"]
    launched = _of(subjects["account_id"], launched)
    begun = first_duty <= to_days(pd.Series([as_of]), OPEN)[0]
    chosen = own & begun & (launched <= as_of)
    table = subjects.loc[chosen, ["guideline", "school_id", "account_id"]].assign(
        month=launched[chosen].dt.strftime("%Y-%m").astype("str"),
        school_year=school_year(launched[chosen]),
        launched_on=launched[chosen],
        in_time=(subjects["first_gap"] != first_duty)[chosen],
    )
    return table.reset_index(drop=True)


def approvals(assessment: Assessment, status: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return one row an account of the registry with its first approval that counts.

    Columns: account_id, school_id (str), launched_on, closed_on, approved_on (datetime64),
    status, approver (str, by the name that the staff list has for whoever was typed, else as
    typed), days_from_launch (Int64, negative: before the launch),
    valid_until (datetime64, of the latest approval), note (str: what does not count and why).
    """
    records = assessment.records
    acts = _known_acts(assessment, "approvals", as_of)
    counting = acts[acts["counts"]].sort_values(["day", "table"], kind="stable")
    first, latest = (
        counting.drop_duplicates("account_id", keep=which).set_index("account_id")
        for which in ("first", "last")
    )
    table = records.accounts[["account_id", "school_id", "launched_on", "closed_on"]].merge(
        _status_of(assessment, status, "approvals"), on="account_id", how="left"
    )
    own = table["account_id"]
    table["approved_on"] = _of(own, to_dates(first["day"]).set_axis(first.index))
    table["approver"] = _of(own, _approver(assessment, first, as_of))
    table["days_from_launch"] = _days_between(table["approved_on"], table["launched_on"])
    logged = latest.loc[latest["table"] == "approvals", "index"]
    until = records.approvals["valid_until"].reindex(logged).set_axis(logged.index)
    table["valid_until"] = _of(own, until)
    table["note"] = _of(own, _notes(acts))
    return table


def notifications(
    assessment: Assessment, status: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Return one row a subject of parent notices: whom, and when the last group was told.

    Columns: subject, account_id, school_id, activity, invited (str, groups separated by ", "),
    status (str), starts_on, told_on (datetime64; told_on only once every group is told),
    days_from_start (Int64, negative: before the start), note (str).
    """
    rule = _rule(assessment, "notices")
    subjects = assessment.subjects
    subjects = subjects[subjects["guideline"] == rule.id]
    acts = _known_acts(assessment, "notices", as_of)
    groups = acts.groupby(["position", "group"])["day"].min().groupby("position")
    invited = assessment.invited.groupby("position")["group"]
    complete = groups.count().reindex(subjects.index) == invited.count().reindex(subjects.index)
    told_on = groups.max().reindex(subjects.index).where(complete)
    first = np.full(len(assessment.subjects), OPEN)
    np.minimum.at(first, assessment.duties.key, assessment.duties.start)
    starts = first[subjects.index]
    starts = np.where(starts < OPEN, starts - rule.starts["days"], OPEN)
    table = subjects[["subject", "account_id", "school_id", "activity"]].assign(
        invited=invited.agg(", ".join).reindex(subjects.index),
        status=subjects["subject"].map(
            status[status["guideline"] == rule.id].set_index("subject")["status"]
        ),
        starts_on=to_dates(starts).to_numpy(),
        told_on=to_dates(told_on.fillna(OPEN)).to_numpy(),
    )
    table["days_from_start"] = _days_between(table["told_on"], table["starts_on"])
    partly = groups.count().reindex(subjects.index).fillna(0)
    missing = (partly > 0) & ~complete
    table["note"] = pd.Series(pd.NA, table.index, dtype="str").mask(
        missing, "not every invited group has been told"
    )
    return table.reset_index(drop=True)


def _rule(assessment: Assessment, log: str) -> Guideline:
    """Return the guideline that a log judges by what its rows mean, not by their recurring."""
    judged = (rule for rule in assessment.policy.recorded() if rule.met_by.get("log") == log)
    return next(rule for rule in judged if "every" not in rule.met_by)


def _known_acts(assessment: Assessment, log: str, as_of: pd.Timestamp) -> pd.DataFrame:
    rule = _rule(assessment, log)
    subjects = assessment.subjects[["guideline", "account_id"]]
    acts = assessment.acts.join(subjects, on="position")
    known = acts["day"] <= to_days(pd.Series([as_of]), OPEN)[0]
    return acts[(acts["guideline"] == rule.id) & known]


def _status_of(assessment: Assessment, status: pd.DataFrame, log: str) -> pd.DataFrame:
    rule = _rule(assessment, log)
    return status.loc[status["guideline"] == rule.id, ["account_id", "status"]]


def _approver(assessment: Assessment, acts: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Return who decided each act: one person has one name, whether typed as such or by e-mail.

    Where two people of the staff list have the name, what was typed tells more.
    """
    people, staff = assessment.register.people, assessment.records.staff
    spells = pd.DataFrame(
        {
            "email": people.named["staff", "email"],
            "name": people.named["staff", "name"],
            "typed": staff["name"].to_numpy(),
            "from": staff["from"].to_numpy(),
        }
    )
    spells = spells[(spells["email"] >= 0) & (spells["name"] >= 0)]
    persons = spells[["email", "name"]].drop_duplicates()
    shared = persons.loc[persons["name"].duplicated(), "name"]
    known = spells[spells["from"] <= as_of].sort_values("from", kind="stable")
    latest = known.drop_duplicates("email", keep="last")
    names = latest[~latest["name"].isin(shared)].set_index("email")["typed"]
    person = np.full(len(acts), -1)
    for table, column in (("approvals", "decided_by"), ("accounts", "approved_by")):
        rows = acts["table"].eq(table).to_numpy()
        person[rows] = people.named[table, column][acts.loc[rows, "index"].to_numpy(np.int64)]
    found = names.reindex(people.email_of(person)).set_axis(acts.index)
    return found.fillna(acts["person"])


def _of(accounts: pd.Series, values: pd.Series) -> pd.Series:
    return values.reindex(accounts).set_axis(accounts.index)


def _days_between(days: pd.Series, start: pd.Series) -> pd.Series:
    return (days - start).dt.days.astype("Int64")


def _notes(acts: pd.DataFrame) -> pd.Series:
    """Return the notes of each account's acts, in date order, as one text by account_id."""
    noted = acts[acts["note"].notna()].sort_values("day", kind="stable")
    text = to_dates(noted["day"]).dt.strftime("%Y-%m-%d").to_numpy() + ": " + noted["note"]
    return text.groupby(noted["account_id"]).agg("; ".join)
