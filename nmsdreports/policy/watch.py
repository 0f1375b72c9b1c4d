"""Watch lists: what to act on before it becomes a finding, and what the guidelines do not judge.

In: an assessment and a day. Out: one row an entry: list, subject, account_id, school_id (str),
on (datetime64, the day it is about), message (str). Never counted in a rate.
Traps: only accounts in use are watched, and only what was known on the day counts.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from nmsdreports.policy import exceptions
from nmsdreports.policy.assess import Assessment
from nmsdreports.policy.duties import Judged
from nmsdreports.policy.evidence import LOGS
from nmsdreports.policy.guidelines import Guideline
from nmsdreports.policy.intervals import OPEN, difference, to_dates, to_days
from nmsdreports.policy.school_years import FIRST_MONTH

RUNS_OUT_DAYS = 60
REVIEW_DUE_DAYS = 7
SILENT_MONTHS = 6
COLUMNS = ["list", "subject", "account_id", "school_id", "on", "message"]
# Days of logs on which nothing was done: a start or an end that was planned.
_PLANS = ("starts_on", "valid_until")


def watch(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return every watch list of a day, one under the other, in the order of :data:`LISTS`."""
    parts = [
        found(assessment, as_of).assign(list=name).reindex(columns=COLUMNS)
        for name, found in LISTS.items()
    ]
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    texts = [name for name in COLUMNS if name != "on"]
    return table.astype(dict.fromkeys(texts, "str") | {"on": "datetime64[us]"})


def approvals_running_out(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return accounts whose approval in force ends in the next 60 days with none to follow."""
    last = _covered_until(assessment, "approvals", as_of) - 1
    last = last[last.between(_day(as_of), _day(as_of) + RUNS_OUT_DAYS)]
    on = to_dates(last.to_numpy()).set_axis(last.index)
    return _of_subjects(assessment, on, "the approval is valid until ")


def exceptions_running_out(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return exceptions in force that expire in the next 60 days."""
    rows = exceptions.in_force(assessment.records.exceptions)
    soon = as_of + pd.Timedelta(days=RUNS_OUT_DAYS)
    rows = rows[(rows["starts_on"] <= as_of) & rows["expires_on"].between(as_of, soon)]
    return _of_exceptions(rows, rows["expires_on"], "the exception expires on ", assessment)


def reviews_due(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return accounts whose students' actions must be reviewed in the next 7 days."""
    begins = pd.Series(assessment.duties.start, assessment.duties.key)
    rules = _rule_ids(assessment, "reviews")
    begins = begins[assessment.subjects["guideline"].reindex(begins.index).isin(rules)]
    # The first day without a review: the duty's own, or the one on which the last review lapses.
    due = pd.concat([begins, _covered_until(assessment, "reviews", as_of)])
    due = due.groupby(level=0).max()
    due = due[due.between(_day(as_of) + 1, _day(as_of) + REVIEW_DUE_DAYS)]
    alive = pd.Series(assessment.duties.stop, assessment.duties.key).reindex(due.index) > due
    on = to_dates(due[alive].to_numpy()).set_axis(due.index[alive])
    return _of_subjects(assessment, on, "a review is due by ")


def people_gone(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return accounts in use whose owner or admin has left (the last spell of staff is over).

    With ``role`` (str: owner, admin) beside the other columns.
    """
    staff = assessment.records.staff
    if staff.empty:
        return pd.DataFrame(columns=COLUMNS)
    people = assessment.register.people
    left = staff.assign(email=people.named["staff", "email"], to=to_days(staff["to"], OPEN))
    left = left[left["from"] <= as_of].groupby("email")["to"].max()
    left = left[left <= _day(as_of)]
    accounts = _in_use(assessment, as_of)
    owners = people.owners.assign(role="owner")
    admins = _admins(assessment, as_of).assign(role="admin")
    both = pd.concat([owners, admins], ignore_index=True)
    both["email"] = people.email_of(both["person"].to_numpy())
    gone = both[both["email"].isin(left.index) & both["account"].isin(accounts.index)]
    gone = gone.drop_duplicates(["account", "role", "email"])
    on = to_dates(left.reindex(gone["email"]).to_numpy())
    message = "the account's " + gone["role"] + " left on " + iso(on.set_axis(gone.index))
    rows = _of_accounts(accounts, gone["account"], on, message.to_numpy())
    return rows.assign(role=gone["role"].to_numpy())


def only_admin_is_owner(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return accounts in use on which nobody but an owner holds admin rights."""
    accounts = _in_use(assessment, as_of)
    admins = _admins(assessment, as_of)
    admins = admins[admins["account"].isin(accounts.index)]
    own = assessment.register.people.is_owner(admins["account"], admins["person"])
    alone = admins.assign(own=own).groupby("account").agg({"own": "all", "day": "max"})
    alone = alone[alone["own"]]
    message = "the only admin on record is the account's owner"
    return _of_accounts(accounts, alone.index, to_dates(alone["day"].to_numpy()), message)


def unregistered(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return incidents on accounts that are not in the registry."""
    rows = assessment.records.incidents
    on = rows["reported_on"].fillna(rows["occurred_on"])
    rows = rows.assign(on=on)[
        rows["account_id"].notna()
        & ~rows["account_id"].isin(assessment.records.accounts["account_id"])
        & (on <= as_of)
    ]
    return rows.assign(
        subject=rows["incident_id"],
        message="incident on account " + rows["account_id"] + ", which is not in the registry",
    )


def denied_and_launched(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return accounts in use whose last decision is a denial."""
    accounts = _in_use(assessment, as_of)
    log = assessment.register.logs["approvals"]
    log = log[log["decision"].isin(["approved", "denied", "revoked"])]
    log = log[log["decided_on"] <= as_of].sort_values("decided_on", kind="stable")
    last = log.groupby("account").last()
    last = last[(last["decision"] == "denied") & last.index.isin(accounts.index)]
    # The registry's own approval after the denial is a later decision.
    approved = accounts["approved_on"].reindex(last.index)
    last = last[~((approved > last["decided_on"]) & (approved <= as_of))]
    message = "denied on " + iso(last["decided_on"]) + " and launched all the same"
    return _of_accounts(accounts, last.index, last["decided_on"], message.to_numpy())


def silent(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return accounts in use with no day on record of any kind in the last 6 months."""
    accounts = _in_use(assessment, as_of)
    days = [accounts[name] for name in accounts.columns if _is_day(accounts[name])]
    for name in (*LOGS, "incidents", "concerns"):
        log = assessment.register.logs[name].set_index("account")
        days += [log[day] for day in log.columns if _is_day(log[day]) and day not in _PLANS]
    known = pd.concat(days)
    known = known[(known <= as_of) & known.index.isin(accounts.index)]
    last = known.groupby(level=0).max()
    last = last[last < as_of - pd.DateOffset(months=SILENT_MONTHS)]
    message = "nothing on record since " + iso(last)
    return _of_accounts(accounts, last.index, last, message.to_numpy())


def needless_exceptions(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return exceptions that cover no uncovered day."""
    rows = exceptions.in_force(assessment.records.exceptions)
    rows = rows[rows["starts_on"] <= as_of]
    meeting = [_meeting_gaps(part, assessment) for part in assessment.parts]
    rows = rows[~rows.index.isin(np.concatenate(meeting))]
    never = [rule.id for rule in assessment.policy.rules if not _can_be_excepted(rule)]
    message = pd.Series("no finding has needed it since ", rows.index)
    message = message.mask(
        rows["expires_on"] < as_of, "it is over, and no finding needed it; it began on "
    )
    message = message.mask(
        rows["guideline"].isin(never), "this guideline cannot be excepted; the exception began on "
    )
    return _of_exceptions(rows, rows["starts_on"], message, assessment)


def _meeting_gaps(part: Judged, assessment: Assessment) -> np.ndarray:
    """Return the exceptions (row labels) that cover an uncovered day of one guideline."""
    covered = exceptions.coverage(assessment.register, part.rule, part.subjects)
    gaps = pd.DataFrame({"position": part.gaps.key, "from": part.gaps.start, "to": part.gaps.stop})
    both = covered.merge(gaps, on="position")
    return both["exception"][(both["from"] < both["stop"]) & (both["start"] < both["to"])]


def _can_be_excepted(rule: Guideline) -> bool:
    return rule.method == "record" and rule.subject not in exceptions.NEVER_EXCEPTED


def requested_exceptions(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return requests: exceptions without reason, approver or expiry."""
    rows = assessment.records.exceptions
    rows = rows.drop(exceptions.in_force(rows).index)
    rows = rows[rows["starts_on"] <= as_of]
    message = "only a request, as its reason, approver or expiry is missing; asked for from "
    return _of_exceptions(rows, rows["starts_on"], message, assessment)


def new_school_year(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return, in September, what was approved or told before this school year began."""
    if as_of.month != FIRST_MONTH:
        return pd.DataFrame(columns=COLUMNS)
    on = before_the_year(assessment, as_of.replace(day=1), as_of)
    on = to_dates(on.to_numpy(np.int64)).set_axis(on.index)
    rows = assessment.subjects.loc[on.index, ["guideline", "subject", "account_id", "school_id"]]
    told = rows["guideline"].isin(_rule_ids(assessment, "notices"))
    message = "last " + told.map({True: "told", False: "approved"}) + " on " + iso(on)
    return rows.assign(on=on, message=message + ": renew for the new school year")


def before_the_year(assessment: Assessment, first: pd.Timestamp, as_of: pd.Timestamp) -> pd.Series:
    """Return the last day (int) on which what is in force on a day was approved or told, by
    position, where that lies before a school year's ``first`` day.

    Each group of parents is looked at for itself. What begins in that year is left out, and so are
    approvals with a term: they are in force until it ends. An activity that began before the year
    has nobody to be told again; its account has.
    """
    rules = [*_rule_ids(assessment, "approvals"), *_rule_ids(assessment, "notices")]
    subjects, acts = assessment.subjects, assessment.acts
    acts = acts[acts["counts"] & (acts["day"] <= _day(as_of))]
    asked = subjects["guideline"].isin(rules) & subjects["subject"].eq(subjects["account_id"])
    acts = acts[acts["position"].isin(subjects.index[asked])]
    acts = acts.assign(group=acts["group"].fillna(""), term=acts["stop"].lt(OPEN))
    each = ["position", "group"]
    acts = acts.groupby(each, as_index=False).agg({"day": "max", "term": "max"})
    acts = acts.merge(assessment.invited, how="left", on=each)
    begins = acts["starts"].fillna(acts["position"].map(subjects["starts"]))
    acts = acts[(acts["day"] < _day(first)) & (begins < _day(first)) & ~acts["term"]]
    covered = difference(assessment.duties, assessment.gaps)
    now = covered.key[(covered.start <= _day(as_of)) & (_day(as_of) < covered.stop)]
    return acts[acts["position"].isin(now)].groupby("position")["day"].min()


LISTS: dict[str, Callable[[Assessment, pd.Timestamp], pd.DataFrame]] = {
    "approval runs out": approvals_running_out,
    "exception runs out": exceptions_running_out,
    "review due": reviews_due,
    "owner or admin has left": people_gone,
    "only admin is the owner": only_admin_is_owner,
    "account not in the registry": unregistered,
    "denied and launched": denied_and_launched,
    "nothing on record for 6 months": silent,
    "needless exception": needless_exceptions,
    "requested exception": requested_exceptions,
    "new school year": new_school_year,
}


def _day(as_of: pd.Timestamp) -> int:
    return int(to_days(pd.Series([as_of]), OPEN)[0])


def iso(days: pd.Series) -> pd.Series:
    """Return days (datetime64) as a message has them, "2026-10-31"."""
    return days.dt.strftime("%Y-%m-%d").astype("str")


def _is_day(values: pd.Series) -> bool:
    return pd.api.types.is_datetime64_any_dtype(values)


def _rule_ids(assessment: Assessment, log: str) -> list[str]:
    return [rule.id for rule in assessment.policy.recorded() if rule.met_by.get("log") == log]


def _in_use(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    accounts = assessment.records.accounts
    return accounts[(accounts["launched_on"] <= as_of) & ~(accounts["closed_on"] <= as_of)]


def _admins(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return who holds admin rights on the day: account, person (-1: nobody known), day (int)."""
    register = assessment.register
    accounts, people = register.records.accounts, register.people
    log = register.logs["admins"]
    log = log[(log["granted_on"] <= as_of) & ~(log["revoked_on"] <= as_of)]
    held = accounts[accounts["admin_granted_on"] <= as_of]
    by_log, by_registry = people.named["admins", "person"], people.named["accounts", "admin_holder"]
    days = [log["granted_on"], held["admin_granted_on"]]
    return pd.DataFrame(
        {
            "account": np.concatenate([log["account"], held.index]),
            "person": np.concatenate([by_log[log.index], by_registry[held.index]]),
            "day": to_days(pd.concat(days), OPEN),
        }
    )


def _covered_until(assessment: Assessment, log: str, as_of: pd.Timestamp) -> pd.Series:
    """Return the first day (int) after all evidence known on the day, by position."""
    acts = assessment.acts
    known = acts[acts["counts"] & (acts["day"] <= _day(as_of))]
    bound = known["position"].isin(assessment.duties.key)
    rules = _rule_ids(assessment, log)
    known = known[
        bound & assessment.subjects["guideline"].reindex(known["position"]).isin(rules).to_numpy()
    ]
    return known.groupby("position")["stop"].max()


def _of_subjects(assessment: Assessment, on: pd.Series, message: str) -> pd.DataFrame:
    named = assessment.subjects.loc[on.index, ["subject", "account_id", "school_id"]]
    return named.assign(on=on, message=message + iso(on))


def _of_accounts(
    accounts: pd.DataFrame, labels: object, on: pd.Series, message: object
) -> pd.DataFrame:
    """Return rows about accounts (row labels of the registry), the account being the subject."""
    named = accounts.loc[labels, ["account_id", "school_id"]].reset_index(drop=True)
    return named.assign(subject=named["account_id"], on=on.to_numpy(), message=message)


def _of_exceptions(
    rows: pd.DataFrame, on: pd.Series, message: str | pd.Series, assessment: Assessment
) -> pd.DataFrame:
    """Return rows about exceptions, the guideline being the subject; an account has its school."""
    school = assessment.records.accounts.set_index("account_id")["school_id"]
    return pd.DataFrame(
        {
            "subject": rows["guideline"],
            "account_id": rows["account_id"],
            "school_id": rows["school_id"].fillna(rows["account_id"].map(school)),
            "on": on,
            "message": rows["guideline"] + ": " + message + iso(on),
        }
    )
