"""Made-up districts of any size, as the records that reading their spreadsheets would give.

In: how many accounts and a seed. Out: :class:`Records` with every log, the same for the same seed.
Traps: names and addresses are numbers at example.org; no row has a cell to point to.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from nmsdreports.intake import Records
from nmsdreports.intake.tables import read_tables
from nmsdreports.settings import Settings

FIRST_DAY = np.datetime64("2023-09-01")
LAST_DAY = pd.Timestamp("2026-10-31")
ACCOUNTS_PER_SCHOOL = 60
_DAYS = int((LAST_DAY.to_datetime64() - FIRST_DAY) / np.timedelta64(1, "D"))
_EMPTY = {
    "problems": ("file", "sheet", "row", "column", "cell", "value", "level", "code", "message"),
    "counts": ("file", "sheet", "rows_read", "accepted", "quarantined", "blank", "table"),
    "unknowns": ("table", "index", "account_id", "column", "file", "sheet", "row"),
    "columns": ("table", "file", "sheet", "column", "letter"),
    "inputs": ("file", "sha256", "bytes"),
    "extras": ("table", "index", "column", "value"),
    "originals": ("file", "sheet", "row", "letter", "header", "value"),
}


def simulate(accounts: int, seed: int = 2026) -> Records:
    """Return a made-up district of so many accounts with logs.

    For each account about one approval, notice and grant and two reviews, for every tenth a
    concern, an incident and an exception. A person owns about five accounts; supervisors approve
    for their school, a few people for themselves.
    """
    chance = np.random.default_rng(seed)
    schools = max(2, accounts // ACCOUNTS_PER_SCHOOL)
    people = max(4, accounts // 5)
    of_school = chance.integers(0, schools, accounts)
    owner = schools + chance.integers(0, people, accounts)
    launched = chance.integers(0, _DAYS - 60, accounts)
    names = {
        "schools": {
            "school_id": _numbered("S", np.arange(schools)),
            "name": _numbered("Sample School ", np.arange(schools)),
            "level": _chosen(chance, schools, ["elementary", "middle", "high"]),
        },
        "staff": {
            "email": _email(np.arange(schools + people)),
            "name": _numbered("Sample Person ", np.arange(schools + people)),
            "school_id": _numbered("S", np.arange(schools + people) % schools),
            "supervisor_email": _email(np.arange(schools + people) % schools),
            "approves_for": _chosen(chance, schools + people, ["school", "own", None]),
            "from": _days(np.zeros(schools + people)),
        },
        "accounts": {
            "account_id": _numbered("A", np.arange(accounts)),
            "school_id": _numbered("S", of_school),
            "platform": _chosen(chance, accounts, ["facebook", "instagram", "x", "youtube"]),
            "handle": _numbered("@sample", np.arange(accounts)),
            "owner": _numbered("Sample Person ", owner),
            "owner_email": _email(owner),
            "registered_email": _email(owner),
            "purpose": _chosen(chance, accounts, ["instructional", "communication", "other"]),
            "audience": _chosen(chance, accounts, ["class", "team", "public"]),
            "visibility": _chosen(chance, accounts, ["private", "public"]),
            "students_invited": _chosen(chance, accounts, ["yes", "no"]),
            "launched_on": _days(launched),
            "closed_on": _maybe(chance, launched + chance.integers(100, 900, accounts), 0.2),
            "approved_on": _maybe(chance, launched - chance.integers(-30, 20, accounts), 0.5),
            "approved_by": _email(of_school),
            "reported_on": _maybe(chance, launched + chance.integers(-5, 60, accounts), 0.9),
            "labelled_on": _maybe(chance, launched + chance.integers(-5, 60, accounts), 0.9),
            "admin_granted_on": _maybe(chance, launched + chance.integers(-5, 60, accounts), 0.6),
            "admin_holder": _email(of_school),
            "parents_notified_on": _maybe(
                chance, launched - chance.integers(-30, 9, accounts), 0.6
            ),
            "monitored_on": _maybe(chance, launched + chance.integers(0, 900, accounts), 0.6),
        },
    }
    names |= _logs(chance, accounts, of_school, owner, launched)
    return _records(names)


def _logs(
    chance: np.random.Generator,
    accounts: int,
    of_school: np.ndarray,
    owner: np.ndarray,
    launched: np.ndarray,
) -> dict[str, dict[str, object]]:
    at, twice = (chance.integers(0, accounts, times * accounts) for times in (1, 2))
    few = chance.integers(0, accounts, max(1, accounts // 10))
    numbers = np.arange(len(few))
    # One approval in ten is the owner's own.
    decider = np.where(
        chance.random(accounts) < 0.1, owner[at], of_school[at] % (max(of_school) + 1)
    )
    decided = launched[at] + chance.integers(-30, 700, accounts)
    granted = launched[at] + chance.integers(-10, 200, accounts)
    starts = launched[at] + chance.integers(-30, 400, accounts)
    received = launched[few] + chance.integers(0, 400, len(few))
    return {
        "approvals": {
            "account_id": _numbered("A", at),
            "decision": _chosen(chance, accounts, ["approved"] * 6 + ["revoked", "denied"]),
            "decided_on": _days(decided),
            "decided_by": _email(decider),
            "valid_until": _maybe(chance, decided + 365, 0.5),
        },
        "notices": {
            "account_id": _numbered("A", at),
            "activity": _chosen(chance, accounts, ["trip", "concert", None, None]),
            "starts_on": _days(starts),
            "groups_invited": _chosen(chance, accounts, ["room 1", "room 1|room 2", None]),
            "groups_notified": _chosen(chance, accounts, ["room 1", "room 1|room 2", None]),
            "sent_on": _maybe(chance, starts + chance.integers(-20, 20, accounts), 0.9),
            "channel": _chosen(chance, accounts, ["letter", "e-mail"]),
        },
        "admins": {
            "account_id": _numbered("A", at),
            "person": _email(of_school[at]),
            "role": _chosen(chance, accounts, ["supervisor", "designee", "owner"]),
            "granted_on": _days(granted),
            "revoked_on": _maybe(chance, granted + 300, 0.2),
        },
        "reviews": {
            "account_id": _numbered("A", twice),
            "reviewed_on": _days(launched[twice] + chance.integers(0, 700, len(twice))),
        },
        "concerns": {
            "concern_id": _numbered("C", numbers),
            "account_id": _numbered("A", few),
            "received_on": _days(received),
            "category": _chosen(chance, len(few), ["privacy", "content"]),
            "responded_on": _maybe(chance, received + chance.integers(0, 20, len(few)), 0.8),
        },
        "incidents": {
            "incident_id": _numbered("I", numbers),
            "school_id": _numbered("S", of_school[few]),
            "account_id": _numbered("A", few),
            "guideline": _chosen(
                chance, len(few), ["student-identity", "conduct-standards", "personal-contact"]
            ),
            "reported_on": _days(received),
            "emergency": _chosen(chance, len(few), ["yes", "no", "no"]),
            "supervisor_notified_on": _maybe(chance, received + 2, 0.5),
            "substantiation": _chosen(chance, len(few), ["alleged", "substantiated", "withdrawn"]),
            "resolved_on": _maybe(chance, received + chance.integers(0, 90, len(few)), 0.7),
        },
        "exceptions": {
            "guideline": _chosen(chance, len(few), ["parent-notice", "professional-label"]),
            "account_id": _numbered("A", few),
            "reason": _chosen(chance, len(few), ["the site is being moved", None]),
            "approved_by": _email(of_school[few]),
            "starts_on": _days(received),
            "expires_on": _days(received + chance.integers(10, 300, len(few))),
        },
    }


def _records(names: dict[str, dict[str, object]]) -> Records:
    frames = {}
    for name, table in read_tables().items():
        columns = names.get(name, {})
        size = max((len(values) for values in columns.values()), default=0)
        frames[name] = pd.DataFrame(
            {
                column.name: columns.get(column.name, _nothing(column.type, size))
                for column in table.columns.values()
            }
            | {
                "file": pd.Series(f"{name}.csv", range(size), dtype="str"),
                "sheet": _nothing("text", size),
                "row": pd.array(np.arange(2, size + 2), dtype="Int64"),
            }
        )
    frames["accounts"]["key"] = frames["accounts"]["account_id"]
    frames["incidents"]["account_registered"] = True
    beside = {name: pd.DataFrame(columns=list(columns)) for name, columns in _EMPTY.items()}
    return Records(
        source=Path("simulated"),
        settings=Settings(email_domains=("example.org",)),
        read_on=LAST_DAY,
        unknown_school_incidents=0,
        **frames,
        **beside,
    )


def _nothing(kind: str, size: int) -> pd.Series:
    if kind == "day":
        return pd.Series(pd.NaT, range(size), dtype="datetime64[us]")
    return pd.Series(pd.NA, range(size), dtype="str")


def _numbered(prefix: str, number: np.ndarray) -> pd.Series:
    return prefix + pd.Series(number).astype("str")


def _email(number: np.ndarray) -> pd.Series:
    return _numbered("p", number) + "@example.org"


def _days(number: np.ndarray) -> pd.Series:
    days = FIRST_DAY + np.asarray(number, dtype="timedelta64[D]")
    return pd.Series(days.astype("datetime64[us]"))


def _maybe(chance: np.random.Generator, number: np.ndarray, share: float) -> pd.Series:
    """Return days, of which about so large a share is given."""
    return _days(number).where(chance.random(len(number)) < share)


def _chosen(chance: np.random.Generator, size: int, among: list[str | None]) -> pd.Series:
    texts = pd.array(among, dtype="str")
    return pd.Series(texts.take(chance.integers(0, len(among), size)))
