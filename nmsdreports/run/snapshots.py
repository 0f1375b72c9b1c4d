"""The month's data beside its reports: what was decided, and the facts it was decided from.

A month once published is reprinted from here, because what carries no date is known only as it
stood in the files read. Restricted columns are written into no file.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from nmsdreports.intake.tables import read_tables, restricted_columns
from nmsdreports.views.exports import COLUMNS, table_frame, write_table

if TYPE_CHECKING:
    from nmsdreports.policy import Standing

RECORDS = [*read_tables(), "unknowns", "columns", "inputs"]


def write_snapshot(standing: "Standing", folder: Path) -> None:
    """Write the tables other programs read (Parquet and CSV) and the records (Parquet).

    `folder` gets one pair of files for each table of the program's contract, `folder/records` one
    file for each table read, with the file, sheet and row that each row came from.
    """
    records_folder = folder / "records"
    records_folder.mkdir(parents=True, exist_ok=True)
    for name in COLUMNS:
        frame = table_frame(standing, name)
        write_table(frame, "parquet", folder / f"{name}.parquet")
        write_table(frame, "csv", folder / f"{name}.csv")
    for name in RECORDS:
        frame = without_restricted_columns(getattr(standing.records, name))
        write_table(frame, "parquet", records_folder / f"{name}.parquet")


def without_restricted_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame without the columns that only the office may read on a screen."""
    return frame.drop(columns=[name for name in frame.columns if name in restricted_columns()])
