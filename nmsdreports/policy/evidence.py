"""What counts as having met a guideline, from when to when.

In: the register and a guideline's ``met_by``. Out: a frame of evidence, one row a day on record
that speaks for a subject: ``account`` (int, row label of the registry), ``start`` and ``stop``
(int days, half-open; equal where it does not count), ``day`` (int, the one on record; ALWAYS of a
value), ``counts`` (bool), ``note`` (category, missing where there is nothing to say), ``table``,
``index`` and ``column`` (category, int, category: the cell the day came from).
The registry's columns of the same fact are read as one more row of the log.
Traps: a blank date is "not done"; an act that does not count stays in the frame with its note.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from nmsdreports.policy.frames import always, kinds, stacked
from nmsdreports.policy.intervals import ALWAYS, OPEN, to_days
from nmsdreports.policy.register import Register

_WIDTH = np.int64(2**32)
COLUMNS = ["account", "start", "stop", "day", "counts", "note", "table", "index", "column"]
_APPROVAL_NOTES = (
    "self-approval does not count",
    "approver not recorded, does not count",
    "approver not recorded",
    "approver without authority on that day does not count",
)
_GRANT_NOTES = ("the holder is an owner", "holder not recorded")
# The columns that name who acted; the text as typed stands in the table.
PERSON = {
    ("approvals", "decided_on"): "decided_by",
    ("accounts", "approved_on"): "approved_by",
    ("admins", "granted_on"): "person",
    ("accounts", "admin_granted_on"): "admin_holder",
}


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


def approvals(register: Register) -> pd.DataFrame:
    """Return the approvals, valid from the decision to expiry or a later revocation.

    Source: Professional 2.
    """
    log, people = register.logs["approvals"], register.people
    days = log[["account", "decided_on", "valid_until"]]
    approved = days[(log["decision"] == "approved").to_numpy()]
    logged = _logged(approved, "approvals", "decided_on").assign(
        until=to_days(approved["valid_until"], OPEN - 1) + 1,
        person=people.named["approvals", "decided_by"][approved.index],
    )
    registered = _registered(register, "approved_on", "approved_by").assign(until=OPEN)
    found = stacked([logged, registered])
    found["note"] = kinds(_APPROVAL_NOTES, _approval_notes(found, register))
    found["counts"] = ~np.isin(found["note"].cat.codes, [0, 1, 3])
    # The registry's day is the log's own where the log has an approval of that day that counts.
    at = pd.Series(_at(found["account"], found["day"]))
    is_logged = np.arange(len(found)) < len(logged)
    seen = at[~is_logged].isin(at[is_logged & found["counts"]])
    found = found.drop(index=seen.index[seen]).reset_index(drop=True)

    revoked = days[(log["decision"] == "revoked").to_numpy()]
    ends = _next_day(
        found["account"].to_numpy(),
        found["day"].to_numpy(),
        revoked["account"].to_numpy(),
        to_days(revoked["decided_on"], OPEN),
    )
    return _from_to(found, np.minimum(found["until"], ends))


def grants(register: Register) -> pd.DataFrame:
    """Return the grants of admin rights to a supervisor or designee (Professional 3)."""
    log, people = register.logs["admins"], register.people
    held = log["role"].isin(["supervisor", "designee"]).to_numpy()
    log = log[["account", "granted_on", "revoked_on"]][held]
    logged = _logged(log, "admins", "granted_on").assign(
        until=to_days(log["revoked_on"], OPEN),
        person=people.named["admins", "person"][log.index],
    )
    registered = _registered(register, "admin_granted_on", "admin_holder").assign(until=OPEN)
    seen = _is_in_log(registered, logged, register)
    found = stacked([logged, registered[~seen]])
    owner = people.is_owner(found["account"], found["person"])
    place = np.select([owner, found["person"] < 0], [0, 1], -1)
    return _from_to(found.assign(note=kinds(_GRANT_NOTES, place), counts=~owner), found["until"])


# Logs in which an act may not count.
_COUNTING = {"approvals": approvals, "admins": grants}


def recurring(register: Register, log_name: str, every: int) -> pd.DataFrame:
    """Return a log's days, each good for ``every`` calendar days.

    An approval or grant must count, and is good for so long whatever ends it before.
    """
    if log_name in _COUNTING:
        found = _COUNTING[log_name](register)
        return _from_to(found, found["day"] + every)
    day, registry_day, *_ = LOGS[log_name]
    log = register.logs[log_name]
    noted = log[day].notna().to_numpy()
    logged = _logged(log if noted.all() else log[noted], log_name, day)
    return _lasting(stacked([logged, _registered(register, registry_day)]), every)


def dated(subjects: pd.DataFrame, column: str, every: int | None, table: str) -> pd.DataFrame:
    """Return one row a subject with a day in ``column``, good for ``every`` days (None: for ever).

    ``account`` is here the subject's position in ``subjects``.
    """
    done = subjects[column].notna().to_numpy()
    found = pd.DataFrame(
        {
            "account": subjects.index[done],
            "day": to_days(subjects[column][done], OPEN),
            "table": always(table, done.sum()),
            "index": subjects["index"].to_numpy()[done],
            "column": always(column, done.sum()),
        },
        copy=False,
    )
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
        good = value.str.lower().str.endswith(endings, na=False)
    else:
        good = value.isin(met_by["values"])
    if "where" in met_by:
        where = accounts[met_by["where"]]
        good |= ~where.isin(met_by["among"]) | accounts[met_by["or_given"]].notna()
        good &= value.notna() & where.notna()
    good = good.to_numpy(dtype=bool)
    found = pd.DataFrame({"account": accounts.index[good]})
    return found.assign(
        start=ALWAYS,
        stop=OPEN,
        day=ALWAYS,
        counts=True,
        note=kinds([], np.full(len(found), -1)),
        table=always("accounts", len(found)),
        index=found["account"],
        column=always(met_by["column"], len(found)),
    )[COLUMNS]


def _logged(log: pd.DataFrame, table: str, day: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account": log["account"].to_numpy(),
            "day": to_days(log[day], OPEN),
            "table": always(table, len(log)),
            "index": log.index,
            "column": always(day, len(log)),
        },
        copy=False,
    )


def _registered(register: Register, column: str, person: str | None = None) -> pd.DataFrame:
    accounts = register.records.accounts
    found = _logged(
        accounts[[column]].assign(account=accounts.index)[accounts[column].notna().to_numpy()],
        "accounts",
        column,
    )
    if person is None:
        return found
    return found.assign(person=register.people.named["accounts", person][found["account"]])


def _lasting(found: pd.DataFrame, every: int | None) -> pd.DataFrame:
    return found.assign(
        start=found["day"],
        stop=OPEN if every is None else found["day"] + every,
        counts=True,
        note=kinds([], np.full(len(found), -1)),
    )[COLUMNS]


def _from_to(found: pd.DataFrame, until: pd.Series) -> pd.DataFrame:
    stop = np.where(found["counts"], until, found["day"])
    return found.assign(start=found["day"], stop=stop)[COLUMNS]


def _approval_notes(found: pd.DataFrame, register: Register) -> np.ndarray:
    """Return for each approval the place of its note (-1: none)."""
    asked = [found[name].to_numpy() for name in ("account", "person", "day")]
    own = register.people.is_owner(*asked[:2])
    blank = asked[1] < 0
    if register.records.staff.empty:
        unauthorised = np.zeros(len(found), dtype=bool)
    else:
        unauthorised = ~register.people.has_authority(*asked)
    return np.select([own, blank & unauthorised, blank, unauthorised], range(4), -1)


def _is_in_log(registered: pd.DataFrame, logged: pd.DataFrame, register: Register) -> np.ndarray:
    """Return which rows of the registry name a person whom the log names for the same account."""
    people = register.people
    seen = np.zeros(len(registered), dtype=bool)
    for told in (np.asarray, people.email_of):
        asked, known = told(registered["person"]), told(logged["person"])
        seen |= people.is_pair(registered["account"], asked, logged["account"], known)
    return seen


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
