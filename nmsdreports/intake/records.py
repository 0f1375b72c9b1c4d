"""What reading a source gives: the tables, what is wrong with them, and where each value came from.

Every table has the columns of its declaration and `file`, `sheet`, `row` at the end; only rows that
can be used are in it. Days are datetime64[us] or NaT, texts NaN where nothing stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nmsdreports.intake.looks import RECORDS, TABLES, look_of_records, looks, near_words
from nmsdreports.settings import InputError, Settings


@dataclass(frozen=True)
class Records:
    """The tables of one source, its problems and counts.

    `accounts` has also `key` (one account, one key), `incidents` also `account_registered`.
    `problems`: file, sheet, row, column, cell, value, level, code, message, suggestion, table,
    outcome. `counts`: file, sheet, rows_read, accepted, quarantined, blank, table. `unknowns`: one
    row per unreadable value (table, index or <NA>, account_id, column, file, sheet, row).
    `columns`: where each column stands (table, file, sheet, column, letter). `inputs`: file,
    sha256, bytes. `extras`: cells of unknown columns of accepted rows (table, index, column,
    value). `originals`: the cells of rows with a problem as they came (file, sheet, row, letter,
    header, value; restricted ones as "…"; of each sheet the first 10,000 such rows).
    """

    source: Path
    settings: Settings
    read_on: pd.Timestamp
    schools: pd.DataFrame
    accounts: pd.DataFrame
    incidents: pd.DataFrame
    approvals: pd.DataFrame
    notices: pd.DataFrame
    concerns: pd.DataFrame
    admins: pd.DataFrame
    reviews: pd.DataFrame
    staff: pd.DataFrame
    exceptions: pd.DataFrame
    problems: pd.DataFrame
    counts: pd.DataFrame
    unknowns: pd.DataFrame
    columns: pd.DataFrame
    inputs: pd.DataFrame
    extras: pd.DataFrame
    originals: pd.DataFrame
    unknown_school_incidents: int

    __repr__, _repr_html_, __dir__, __getattr__ = looks(look_of_records, RECORDS)

    def table(self, name: str) -> pd.DataFrame:
        """A table by its name; raises InputError with the nearest names for a wrong one."""
        frame = getattr(self, name, None)
        if not isinstance(frame, pd.DataFrame):
            raise InputError(f'There is no table "{name}"{near_words(name, TABLES)}')
        return frame

    def cell(self, table: str, index: int, column: str) -> str:
        """Where a value came from: "accounts.xlsx · Accounts!L7", "incidents.csv!C6".

        A column that the file does not have gives the row alone: "incidents.csv!6".
        """
        row = self.table(table).loc[index]
        return self.address(table, row["file"], row["sheet"], column, row["row"])

    def address(self, table: str, file: str, sheet: str, column: str, row: int) -> str:
        """The address of a cell from its file, sheet (NaN for CSV), column and row."""
        known = self.columns
        same = (known["sheet"].isna() & pd.isna(sheet)) | (known["sheet"] == sheet)
        here = known["table"].eq(table) & known["file"].eq(file) & same
        letters = known.loc[here & known["column"].eq(column), "letter"]
        place = file if pd.isna(sheet) else f"{file} · {sheet}"
        return f"{place}!{letters.iloc[0] if len(letters) else ''}{row}"
