"""Rows at the door: frames become lists of dictionaries, and nothing is decided yet."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

TABLES = (
    "schools",
    "accounts",
    "incidents",
    "approvals",
    "notices",
    "concerns",
    "admins",
    "reviews",
    "staff",
    "exceptions",
)


@dataclass
class Facts:
    """Every table as a list of rows; a row is a dictionary with None for what is blank."""

    tables: dict[str, list[dict]]
    unreadable: list[dict]
    settings: Any

    def rows(self, table: str, account_id: str | None = None) -> list[dict]:
        """Return a table's rows, of one account where it is named."""
        rows = self.tables[table]
        if account_id is None:
            return rows
        return [row for row in rows if row["account_id"] == account_id]

    def account(self, account_id: str | None) -> dict | None:
        """Return the registry's row of an account, None where it is not registered."""
        for row in self.tables["accounts"]:
            if row["account_id"] == account_id:
                return row
        return None

    def unreadable_of_account(self, table: str, account_id: str) -> set[str]:
        """Return the columns in which some row of the account could not be read."""
        return {
            u["column"]
            for u in self.unreadable
            if u["table"] == table and self._of(u) == account_id
        }

    def unreadable_in_row(self, table: str, index: int) -> set[str]:
        """Return the columns of one accepted row that could not be read."""
        return {u["column"] for u in self.unreadable if (u["table"], u["index"]) == (table, index)}

    def _of(self, unknown: dict) -> str | None:
        if unknown["index"] is None:
            return unknown["account_id"]
        return self.tables[unknown["table"]][unknown["index"]].get("account_id")

    @property
    def days(self):
        """The district's numbers of days."""
        return self.settings.days


def facts_of(records) -> Facts:
    """Read every table of Records-like frames."""
    tables = {name: rows_of(getattr(records, name)) for name in TABLES}
    return Facts(tables, rows_of(records.unknowns), records.settings)


def rows_of(frame: pd.DataFrame) -> list[dict]:
    """Return a frame's rows; `index` is the row's number where the frame has no such column."""
    return [
        {"index": number} | {name: plain(value) for name, value in row.items()}
        for number, row in enumerate(frame.to_dict("records"))
    ]


def plain(value: Any) -> Any:
    """Return None for missing, a date for a day, a whole number for a whole number."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, datetime):
        return value.date()
    return value


def as_day(value: Any) -> date | None:
    """Return the calendar day of a text, a timestamp or a date."""
    if value is None or value is pd.NaT:
        return None
    return pd.Timestamp(value).date()


def plus(day: date, days: int) -> date:
    """Return the day so many calendar days later."""
    return day + timedelta(days=int(days))


def fold(text: str | None) -> str:
    """Return a text with case and spaces folded."""
    return " ".join((text or "").split()).casefold()


def listed(text: str | None) -> list[str]:
    """Return the folded entries of a list that is joined by bars."""
    return [fold(entry) for entry in (text or "").split("|") if fold(entry)]


def within(day: date, begin: date, end: date | None) -> bool:
    """Say whether a day lies in the half-open interval; no end is open-ended."""
    return begin <= day and (end is None or day < end)
