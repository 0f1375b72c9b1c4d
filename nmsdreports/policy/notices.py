"""Who was invited, who was told and when: duties and evidence of parent notices.

In: the records and the subjects of the notice guideline. Out: one row a duty of a subject towards
a group, and one row a notice that has told that group.
Traps: each group has its own duty; "all" is met only by a notice to everyone; an account without a
row of its own in the log owes one notice to "all", and its first sent notice of any kind meets it;
a notice not sent yet invites all the same.
"""

from typing import Any

import numpy as np
import pandas as pd

from nmsdreports.policy.evidence import of_registered
from nmsdreports.policy.intervals import OPEN, to_days
from nmsdreports.policy.people import fold

EVERYONE = "all"


def notice_rows(records: Any) -> pd.DataFrame:
    """Return the log's rows on registered accounts, with ``subject`` (str) and ``account`` (int).

    The subject is ``account_id`` or ``account_id/activity``, the activity in one case with single
    spaces.
    """
    log = of_registered(records.notices, records.accounts)
    activity = fold(log["activity"])
    subject = (log["account_id"] + "/" + activity).where(activity.notna(), log["account_id"])
    return log.assign(activity=activity, subject=subject)


def subjects(records: Any) -> pd.DataFrame:
    """Return each account and each activity that the notice log names, with the account's columns.

    Adds ``subject`` (str), ``account`` and ``index`` (int, row label of the registry) and
    ``activity`` (str, missing for the account itself).
    """
    accounts = records.accounts
    named = notice_rows(records).dropna(subset="activity").drop_duplicates("subject")
    activities = accounts.loc[named["account"]].assign(
        subject=named["subject"].to_numpy(),
        activity=named["activity"].to_numpy(),
        account=named["account"].to_numpy(),
    )
    own = accounts.assign(
        subject=accounts["account_id"],
        activity=pd.Series(pd.NA, accounts.index, dtype="str"),
        account=accounts.index,
    )
    both = pd.concat([own, activities], ignore_index=True)
    return both.assign(index=both["account"])


def invitations(rows: pd.DataFrame, subjects: pd.DataFrame, launched: np.ndarray) -> pd.DataFrame:
    """Return one row a subject and invited group: ``position``, ``group``, ``starts`` (int day).

    ``position`` is the row label in ``subjects``; ``launched`` (int days, by position) stands in
    for a blank ``starts_on``; an account that no row of its own invites for owes its launch.
    """
    position = pd.Index(subjects["subject"]).get_indexer(rows["subject"])
    starts = np.where(
        rows["starts_on"].isna(), launched[position], to_days(rows["starts_on"], OPEN)
    )
    invited = pd.DataFrame(
        {
            "position": position,
            "group": _groups(rows["groups_invited"]).to_numpy(),
            "starts": starts,
        }
    ).explode("group")
    silent = subjects.index[subjects["activity"].isna() & ~subjects.index.isin(position)]
    owed = pd.DataFrame({"position": silent, "group": EVERYONE, "starts": launched[silent]})
    every = pd.concat([invited, owed], ignore_index=True)
    return every.groupby(["position", "group"], as_index=False)["starts"].min()


def tellings(records: Any, rows: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """Return one row a sent notice, subject and group it tells: ``position``, ``group``, ``day``,

    ``table``, ``index`` and ``column`` (the cell of the day).
    """
    sent = rows[rows["sent_on"].notna()]
    place = pd.Index(subjects["subject"])
    told = pd.DataFrame(
        {
            "position": place.get_indexer(sent["subject"]),
            "account": sent["account"],
            "group": _groups(sent["groups_notified"]),
            "day": to_days(sent["sent_on"], OPEN),
            "table": "notices",
            "index": sent.index,
            "column": "sent_on",
        }
    )
    registry = records.accounts[records.accounts["parents_notified_on"].notna()]
    registered = pd.DataFrame(
        {
            "position": place.get_indexer(registry["account_id"]),
            "account": registry.index,
            "day": to_days(registry["parents_notified_on"], OPEN),
            "table": "accounts",
            "index": registry.index,
            "column": "parents_notified_on",
        }
    ).assign(group=EVERYONE)
    own = rows.loc[rows["activity"].isna(), "account"]
    of_any_kind = told[~told["account"].isin(own)].copy()
    of_any_kind["position"] = place.get_indexer(
        records.accounts["account_id"].reindex(of_any_kind["account"])
    )
    of_any_kind["group"] = EVERYONE
    parts = [told.explode("group"), registered, of_any_kind]
    return pd.concat(parts, ignore_index=True).drop(columns="account")


def matched(owed: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Return one row an invited group and notice that tells it, with the columns of ``told``.

    ``duty`` is the row label in ``owed``.
    """
    owed = owed[["position", "group"]].rename_axis("duty").reset_index()
    direct = owed.merge(told, on=["position", "group"])
    everyone = told[told["group"] == EVERYONE].drop(columns="group")
    general = owed[owed["group"] != EVERYONE].merge(everyone, on="position")
    return pd.concat([direct, general], ignore_index=True)


def _groups(texts: pd.Series) -> pd.Series:
    """Return lists of folded group names; a blank text names everyone."""
    lists = {
        text: sorted({_group(name) for name in text.split("|")} - {""}) or [EVERYONE]
        for text in texts.dropna().unique()
    }
    return pd.Series([lists.get(text, [EVERYONE]) for text in texts], texts.index, dtype=object)


def _group(name: str) -> str:
    folded = " ".join(name.casefold().split())
    return EVERYONE if folded == "everyone" else folded
