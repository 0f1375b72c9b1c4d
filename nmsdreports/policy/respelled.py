"""Accounts whose id is spelled otherwise now are the same accounts: "a007" is "A007".

In: what an earlier edition was made from and what it found, the accounts of now. Out: the same in
the spelling of now, so that nobody is told of an account that left and another that came.
"""

from dataclasses import replace

import pandas as pd

from nmsdreports.intake import Records
from nmsdreports.intake.tables import read_tables


def respelled(
    records: Records, findings: pd.DataFrame, status: pd.DataFrame, now: pd.DataFrame
) -> tuple[Records, pd.DataFrame, pd.DataFrame]:
    """Return the three with the ids of accounts spelled as in the accounts of ``now``."""
    kept, spelled = set(now["account_id"]), {id.casefold(): id for id in now["account_id"]}
    then = records.accounts["account_id"]
    ids = {id: spelled[id.casefold()] for id in then if id.casefold() in spelled}
    ids = {id: other for id, other in ids.items() if id not in kept}
    if not ids:
        return records, findings, status
    tables = [
        name
        for name, table in read_tables().items()
        if "account_id" in table.columns and records.table(name)["account_id"].isin(ids).any()
    ]
    frames = {name: _replaced(records.table(name), ids) for name in (*tables, "unknowns")}
    return replace(records, **frames), _of_subjects(findings, ids), _of_subjects(status, ids)


def _replaced(frame: pd.DataFrame, ids: dict[str, str]) -> pd.DataFrame:
    return frame.assign(account_id=frame["account_id"].replace(ids))


def _of_subjects(frame: pd.DataFrame, ids: dict[str, str]) -> pd.DataFrame:
    """The rows with the ids in account_id, subject and finding_id, where they have these."""
    rows = _replaced(frame, ids)
    account = frame["subject"].str.partition("/")
    of_account = account[0].isin(ids) & (account[0] == frame["account_id"])
    subject = (account[0].replace(ids) + account[1] + account[2]).where(of_account, rows["subject"])
    if "finding_id" in rows:
        own = frame["guideline"] + ":" + frame["subject"]
        ends = [id[len(one) :] for id, one in zip(frame["finding_id"], own, strict=True)]
        named = frame["guideline"] + ":" + subject + pd.Series(ends, frame.index, dtype="str")
        rows["finding_id"] = named.where(of_account, rows["finding_id"])
    return rows.assign(subject=subject)
