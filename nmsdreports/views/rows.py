"""The rows of an Edition's frames as plain dicts.

Most schools have a few dozen accounts, and at that size each step of pandas takes longer than a
whole loop over their rows.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from nmsdreports.views.audience import Edition


def records(frame: pd.DataFrame, *names: str) -> list[dict]:
    """The rows as dicts of Python's own values (columns `names`, else all); None where missing."""
    shown = names or tuple(frame.columns)
    columns = [plain_values(frame[name]) for name in shown]
    return [dict(zip(shown, row, strict=True)) for row in zip(*columns, strict=True)]


def values(rows: Iterable[dict], name: str) -> list:
    """One column of the rows."""
    return [row[name] for row in rows]


@lru_cache(maxsize=8)
def open_rows(edition: Edition) -> tuple[dict, ...]:
    """The open findings as the edition orders them; nobody changes them."""
    return tuple(records(edition.findings[edition.findings["open"]]))


def of_incident(finding: dict) -> bool:
    """Whether a row of findings is an incident itself."""
    return finding["finding_id"] == f"{finding['guideline']}:incident:{finding['subject']}"


@lru_cache(maxsize=8)
def own_rates(edition: Edition) -> dict[str, dict]:
    """The rates of the edition's own total (district or school) by guideline, in their order."""
    return {row["guideline"]: row for row in records(edition.totals.rates)}


@lru_cache(maxsize=8)
def verdicts(edition: Edition) -> dict[str, dict[str, dict]]:
    """The rows of the edition's status by guideline and subject; nobody changes them."""
    found: dict[str, dict[str, dict]] = {}
    columns = ("guideline", "subject", "account_id", "status", "late", "reason")
    for row in records(edition.status, *columns):
        found.setdefault(row["guideline"], {})[row["subject"]] = row
    return found


@lru_cache(maxsize=8)
def account_labels(edition: Edition) -> dict[str, str]:
    """The label of each account of the edition by its id; nobody changes them."""
    accounts = edition.accounts
    return dict(zip(accounts["account_id"], accounts["label"], strict=True))


def plain_values(values: pd.Series) -> list:
    """The values of a series as Python's own: str, int, float, bool, datetime; None where missing.

    Some times faster than boxing them one by one.
    """
    if isinstance(values.dtype, np.dtype):
        raw = values.to_numpy()
        if raw.dtype.kind == "M":
            return raw.astype("datetime64[us]").tolist()
        if raw.dtype.kind in "biu":
            return raw.tolist()
        missing = pd.isna(raw).tolist()
        return [None if no else value for no, value in zip(missing, raw.tolist(), strict=True)]
    return values.array.to_numpy(object, na_value=None).tolist()
