"""What counts as having met a guideline, from when to when.

In: the records and a guideline's ``met_by``. Out: a frame of evidence, one row a day on record
that speaks for a subject: ``account`` (int, row label of the registry), ``start`` and ``stop``
(int days, half-open; equal where it does not count), ``counts`` (bool), ``note`` (str, missing
where there is nothing to say), ``table``, ``index`` and ``column`` (the cell the day came from).
The registry's columns of the same fact are read as one more row of the log.
Traps: a blank date is "not done"; an act that does not count stays in the frame with its note.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from nmsdreports.policy import people
from nmsdreports.policy.intervals import ALWAYS, OPEN, to_days

_WIDTH = np.int64(2**32)
COLUMNS = ["account", "start", "stop", "counts", "note", "table", "index", "column"]


class Log(NamedTuple):
    """A log that judges: its day, the registry's day of the same fact, and what decides.

    One unreadable value in ``deciding`` (columns of the log) or ``registry`` (columns of the
    accounts table), and nothing can be said about the account.
    """

    day: str
    registry_day: str
    deciding: tuple[str, ...]
    registry: tuple[str, ...]


LOGS = {
    "approvals": Log(
        "decided_on",
        "approved_on",
        ("decision", "decided_on", "decided_by", "valid_until"),
        ("approved_on", "approved_by"),
    ),
    "admins": Log(
        "granted_on",
        "admin_granted_on",
        ("role", "granted_on", "person", "revoked_on"),
        ("admin_granted_on", "admin_holder"),
    ),
    "notices": Log(
        "sent_on",
        "parents_notified_on",
        ("sent_on", "starts_on", "activity", "groups_invited", "groups_notified"),
        ("parents_notified_on",),
    ),
    "reviews": Log("reviewed_on", "monitored_on", ("reviewed_on",), ("monitored_on",)),
}


def of_registered(log: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Return a log's rows on accounts of the registry, with ``account`` (int, its row label)."""
    account = pd.Index(accounts["account_id"]).get_indexer(log["account_id"])
    return log.assign(account=account)[account >= 0]


def approvals(records: Any) -> pd.DataFrame:
    """Return the approvals, valid from the decision to expiry or a later revocation.

    Has two more columns: ``day`` (int, of the decision) and ``person`` (str, as typed).
    Source: Professional 2.
    """
    log = of_registered(records.approvals, records.accounts)
    approved = log[log["decision"] == "approved"]
    logged = pd.DataFrame(
        {
            "account": approved["account"],
            "day": to_days(approved["decided_on"], OPEN),
            "until": to_days(approved["valid_until"], OPEN - 1) + 1,
            "person": approved["decided_by"],
            "table": "approvals",
            "index": approved.index,
            "column": "decided_on",
        }
    )
    registered = _registered(records, "approved_on", "approved_by").assign(until=OPEN)
    found = pd.concat([logged, registered], ignore_index=True)
    found["note"] = _approval_notes(found, records)
    counting = found.iloc[: len(logged)][_counts(found["note"].iloc[: len(logged)])]
    seen = np.isin(_at(found["account"], found["day"]), _at(counting["account"], counting["day"]))
    found = found[~seen | (found.index < len(logged))].reset_index(drop=True)

    revoked = log[log["decision"] == "revoked"]
    ends = _next_day(
        found["account"].to_numpy(np.int64),
        found["day"].to_numpy(np.int64),
        revoked["account"].to_numpy(np.int64),
        to_days(revoked["decided_on"], OPEN),
    )
    found["counts"] = _counts(found["note"])
    found["start"] = found["day"]
    found["stop"] = np.minimum(found["until"], ends).where(found["counts"], found["day"])
    return found[[*COLUMNS, "day", "person"]]


def grants(records: Any) -> pd.DataFrame:
    """Return the grants of admin rights to a supervisor or designee (Professional 3).

    Has two more columns: ``day`` (int, of the grant) and ``person`` (str, as typed).
    """
    log = of_registered(records.admins, records.accounts)
    log = log[log["role"].isin(["supervisor", "designee"])]
    logged = pd.DataFrame(
        {
            "account": log["account"],
            "day": to_days(log["granted_on"], OPEN),
            "until": to_days(log["revoked_on"], OPEN),
            "person": log["person"],
            "table": "admins",
            "index": log.index,
            "column": "granted_on",
        }
    )
    registered = _registered(records, "admin_granted_on", "admin_holder").assign(until=OPEN)
    seen = _is_in_log(registered, logged, records.staff)
    found = pd.concat([logged, registered[~seen]], ignore_index=True)
    person = people.fold(found["person"])
    owner = people.is_owner(found["account"], person, records.accounts, records.staff)
    found["note"] = pd.Series(
        np.select([owner, person.isna()], ["the holder is an owner", "holder not recorded"], ""),
        dtype="str",
    ).replace("", np.nan)
    found["counts"] = ~owner
    found["start"] = found["day"]
    found["stop"] = found["until"].where(found["counts"], found["day"])
    return found[[*COLUMNS, "day", "person"]]


def recurring(records: Any, log_name: str, every: int | None) -> pd.DataFrame:
    """Return a log's days, each good for ``every`` calendar days (None: for ever)."""
    day_column, registry_column, *_ = LOGS[log_name]
    log = of_registered(getattr(records, log_name), records.accounts)
    log = log[log[day_column].notna()]
    if log_name == "approvals":
        log = log[log["decision"] == "approved"]
    logged = pd.DataFrame(
        {
            "account": log["account"],
            "day": to_days(log[day_column], OPEN),
            "table": log_name,
            "index": log.index,
            "column": day_column,
        }
    )
    found = pd.concat([logged, _registered(records, registry_column)], ignore_index=True)
    return _lasting(found, every)


def dated(subjects: pd.DataFrame, column: str, every: int | None, table: str) -> pd.DataFrame:
    """Return one row a subject with a day in ``column``, good for ``every`` days (None: for ever).

    ``account`` is here the subject's position in ``subjects``.
    """
    days = subjects.loc[subjects[column].notna(), column]
    found = pd.DataFrame(
        {
            "account": days.index,
            "day": to_days(days, OPEN),
            "table": table,
            "index": subjects.loc[days.index, "index"],
            "column": column,
        }
    ).reset_index(drop=True)
    return _lasting(found, every)


def valued(accounts: pd.DataFrame, met_by: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row an account whose value in a column meets the guideline on all days.

    ``met_by`` has ``column`` and ``values``, or ``column`` and ``domains`` (of an e-mail: the
    whole domain in any case); with ``where`` and ``among`` the rule binds only rows whose column
    ``where`` is among those, with ``or_given`` a text in that column does as well, and the columns
    ``column`` and ``where`` must be given.
    """
    value = accounts[met_by["column"]]
    if "domains" in met_by:
        endings = tuple(f"@{domain}" for domain in met_by["domains"])
        good = value.str.casefold().str.endswith(endings, na=False)
    else:
        good = value.isin(met_by["values"])
    if "where" in met_by:
        where = accounts[met_by["where"]]
        good |= ~where.isin(met_by["among"]) | accounts[met_by["or_given"]].notna()
        good &= value.notna() & where.notna()
    found = pd.DataFrame({"account": accounts.index[good]})
    return found.assign(
        start=ALWAYS,
        stop=OPEN,
        counts=True,
        note=pd.Series(pd.NA, found.index, dtype="str"),
        table="accounts",
        index=found["account"],
        column=met_by["column"],
    )[COLUMNS]


def _lasting(found: pd.DataFrame, every: int | None) -> pd.DataFrame:
    found["start"] = found["day"]
    found["stop"] = OPEN if every is None else found["day"] + every
    found["counts"] = True
    found["note"] = pd.Series(pd.NA, found.index, dtype="str")
    return found[[*COLUMNS, "day"]]


def _registered(records: Any, column: str, person: str | None = None) -> pd.DataFrame:
    accounts = records.accounts[records.accounts[column].notna()]
    found = pd.DataFrame(
        {
            "account": accounts.index,
            "day": to_days(accounts[column], OPEN),
            "table": "accounts",
            "index": accounts.index,
            "column": column,
        }
    )
    if person is not None:
        found["person"] = accounts[person].array
    return found


def _approval_notes(found: pd.DataFrame, records: Any) -> pd.Series:
    person = people.fold(found["person"])
    own = people.is_owner(found["account"], person, records.accounts, records.staff)
    blank = person.isna().to_numpy()
    if records.staff.empty:
        unauthorised = np.zeros(len(found), dtype=bool)
    else:
        acts = pd.DataFrame({"account": found["account"], "person": person, "day": found["day"]})
        unauthorised = ~people.has_authority(acts, records.accounts, records.staff)
    note = np.select(
        [own, blank & unauthorised, blank, unauthorised],
        [
            "self-approval does not count",
            "approver not recorded, does not count",
            "approver not recorded",
            "approver without authority on that day does not count",
        ],
        "",
    )
    return pd.Series(note, found.index, dtype="str").replace("", np.nan)


def _is_in_log(registered: pd.DataFrame, logged: pd.DataFrame, staff: pd.DataFrame) -> np.ndarray:
    """Return which rows of the registry name a person whom the log names for the same account."""
    seen = np.zeros(len(registered), dtype=bool)
    for told in (people.fold, lambda person: people.emails(people.fold(person), staff)):
        asked = registered.assign(person=told(registered["person"]))
        known = logged.assign(person=told(logged["person"])).dropna(subset="person")
        seen |= _pairs(asked, "person").isin(_pairs(known, "person"))
    return seen


def _counts(note: pd.Series) -> pd.Series:
    return ~note.str.endswith("does not count", na=False)


def _pairs(found: pd.DataFrame, column: str) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(found[["account", column]])


def _next_day(
    account: np.ndarray, day: np.ndarray, of_account: np.ndarray, of_day: np.ndarray
) -> np.ndarray:
    """Return for each account and day the first day of another list on or after it, else OPEN."""
    listed = np.sort(_at(of_account, of_day))
    place = np.searchsorted(listed, _at(account, day))
    found = np.append(listed, np.iinfo(np.int64).max)[place]
    return np.where(found // _WIDTH == account, found % _WIDTH, OPEN)


def _at(account: Any, day: Any) -> np.ndarray:
    """Return one whole number for each account and day, in their order."""
    return np.asarray(account, dtype=np.int64) * _WIDTH + np.asarray(day, dtype=np.int64)
