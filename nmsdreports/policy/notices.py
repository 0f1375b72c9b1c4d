"""Who was invited, who was told and when: duties and evidence of parent notices.

In: the register and the subjects of the notice guideline. Out: one row a duty of a subject towards
a group, and one row a notice that has told that group.
Traps: each group has its own duty; "all" is met only by a notice to everyone; an account without a
row of its own in the log owes one notice to "all", and its first sent notice of any kind meets it;
a notice not sent yet invites all the same.
"""

import numpy as np
import pandas as pd

from nmsdreports.policy.evidence import COLUMNS, LOGS
from nmsdreports.policy.frames import kinds, pairs
from nmsdreports.policy.intervals import OPEN, to_days
from nmsdreports.policy.people import fold
from nmsdreports.policy.register import Register

EVERYONE = "all"


def notice_rows(register: Register) -> pd.DataFrame:
    """Return what decides of the log's rows on registered accounts, with ``position`` (int).

    The activity is in one case with single spaces; ``position`` is the row label of the row's
    subject in :func:`subjects`: accounts come first, by their row label, then the activities.
    """
    log = register.logs["notices"][[*LOGS["notices"].deciding, "account"]]
    activity = fold(log["activity"])
    kind = pd.factorize(activity)[0]
    position = log["account"].to_numpy(copy=True)
    pairs = position[kind >= 0] * (kind.max(initial=0) + 1) + kind[kind >= 0]
    position[kind >= 0] = len(register.records.accounts) + pd.factorize(pairs)[0]
    return log.assign(activity=activity, position=position)


def subjects(register: Register, rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return each account and each activity that the notice log names, with the account's columns.

    Adds ``subject`` (str: account_id, or account_id/activity), ``account`` and ``index`` (int, row
    label of the registry) and ``activity`` (str, missing for the account itself).
    """
    accounts = register.records.accounts[columns]
    named = rows[["account", "activity", "position"]][rows["activity"].notna().to_numpy()]
    named = named.drop_duplicates("position")
    activities = accounts.take(named["account"])
    activities = activities.assign(
        subject=activities["account_id"] + "/" + named["activity"].array,
        activity=named["activity"].array,
        account=named["account"].array,
    )
    own = accounts.assign(
        subject=accounts["account_id"],
        activity=pd.Series(pd.NA, accounts.index, dtype="str"),
        account=accounts.index,
    )
    both = pd.concat([own, activities], ignore_index=True) if len(activities) else own
    return both.assign(index=both["account"])


def invitations(
    rows: pd.DataFrame, subjects: pd.DataFrame, launched: np.ndarray
) -> tuple[pd.DataFrame, list[str]]:
    """Return one row a subject and invited group, and the groups' names.

    ``position`` (row label in ``subjects``), ``group`` (int, place in the names) and ``starts``
    (int day); ``launched`` (int days, by position) stands in for a blank ``starts_on``; an account
    that no row of its own invites for owes its launch. Sorted by position and the group's name.
    """
    position = rows["position"].to_numpy()
    starts = np.where(
        rows["starts_on"].isna(), launched[position], to_days(rows["starts_on"], OPEN)
    )
    row, group, names = _groups(rows["groups_invited"])
    silent = subjects["activity"].isna().to_numpy(copy=True)
    silent[position] = False
    silent = np.flatnonzero(silent)
    duty, day = position[row] * len(names) + group, starts[row]
    order = np.lexsort((day, duty))
    duty, day = duty[order], day[order]
    # In this order the first of each duty is its earliest.
    first = np.append(True, np.diff(duty) > 0)[: len(duty)]
    duty = np.concatenate([duty[first], silent * len(names) + names.index(EVERYONE)])
    day = np.concatenate([day[first], launched[silent]])
    order = np.argsort(duty, kind="stable")
    duty, day = duty[order], day[order]
    owed = pd.DataFrame(
        {
            "position": duty // len(names),
            "group": duty % len(names),
            "starts": day,
        },
        copy=False,
    )
    return owed, names


def tellings(register: Register, rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return one row a sent notice, subject and group it tells: ``position``, ``group`` (int),

    ``day`` (int), ``table``, ``index`` and ``column`` (the cell of the day). A group that nobody
    invited has the place -1.
    """
    accounts = register.records.accounts
    everyone = names.index(EVERYONE)
    sent = rows[["account", "activity", "position", "groups_notified", "sent_on"]]
    sent = sent[rows["sent_on"].notna().to_numpy()]
    row, group, told_names = _groups(sent["groups_notified"])
    group = pd.Index(names).get_indexer(told_names)[group]
    registered = np.flatnonzero(accounts["parents_notified_on"].notna())
    has_own = np.zeros(len(accounts), dtype=bool)
    has_own[rows["account"][rows["activity"].isna()]] = True
    of_any_kind = ~has_own[sent["account"]]
    sent_day = to_days(sent["sent_on"], OPEN)
    noted_day = to_days(accounts["parents_notified_on"], OPEN)[registered]
    parts = [
        (sent["position"].to_numpy()[row], group, sent_day[row], sent.index[row]),
        (registered, everyone, noted_day, registered),
        (sent["account"][of_any_kind], everyone, sent_day[of_any_kind], sent.index[of_any_kind]),
    ]
    position, group, day, index = (
        np.concatenate([np.broadcast_to(part[at], len(part[0])).astype(np.int64) for part in parts])
        for at in range(4)
    )
    of_registry = np.repeat([False, True, False], [len(part[0]) for part in parts]).astype(np.int8)
    return pd.DataFrame(
        {
            "position": position,
            "group": group,
            "day": day,
            "table": kinds(["notices", "accounts"], of_registry),
            "index": index,
            "column": kinds(["sent_on", "parents_notified_on"], of_registry),
        },
        copy=False,
    )


def matched(owed: pd.DataFrame, told: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return the evidence: one row an invited group and notice that tells it.

    The columns of :mod:`evidence`, ``account`` being the row label in ``owed``, and ``group``
    (category).
    """
    # A group of a subject is one whole number, so that both are compared at once.
    duties, tells = (
        part["position"].to_numpy() * len(names) + part["group"].to_numpy() for part in (owed, told)
    )
    group = told["group"].to_numpy()
    some = np.flatnonzero((group >= 0) & (group != names.index(EVERYONE)))
    every = np.flatnonzero(group == names.index(EVERYONE))
    direct, duty = pairs(tells[some], duties)
    general, any_duty = pairs(told["position"].to_numpy()[every], owed["position"].to_numpy())
    duty = np.concatenate([duty, any_duty])
    found = told.take(np.concatenate([some[direct], every[general]])).reset_index(drop=True)
    found = found.assign(account=duty, group=owed["group"].to_numpy()[duty])
    return found.assign(
        start=found["day"],
        stop=OPEN,
        counts=True,
        note=kinds([], np.full(len(found), -1)),
        group=kinds(names, found["group"].to_numpy()),
    )[[*COLUMNS, "group"]]


def _groups(texts: pd.Series) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return for each group that a text names the row, the group's place and the names in order.

    A blank text names everyone; the names always hold "all".
    """
    kind, spelled = pd.factorize(texts)
    lists = [
        sorted({_group(name) for name in text.split("|")} - {""}) or [EVERYONE] for text in spelled
    ]
    lists.append([EVERYONE])
    names = sorted({name for listed in lists for name in listed})
    place = {name: at for at, name in enumerate(names)}
    sizes = np.array([len(listed) for listed in lists])
    flat = np.array([place[name] for listed in lists for name in listed])
    first = np.cumsum(sizes) - sizes
    size = sizes[kind]
    row = np.repeat(np.arange(len(texts)), size)
    within = np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)
    return row, flat[first[kind][row] + within], names


def _group(name: str) -> str:
    folded = " ".join(name.casefold().split())
    return EVERYONE if folded == "everyone" else folded
