"""The month's data beside its reports: what was decided, and what it was decided from.

A month once published is reprinted from here, because what carries no date is known only as it
stood in the files read; and the edition that follows is compared with it. Restricted columns are
written into no file, nor is a path.
"""

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from nmsdreports.intake import Records
from nmsdreports.intake.tables import dtype, read_tables, restricted_columns
from nmsdreports.policy import Guideline, Policy
from nmsdreports.policy.since import Printed
from nmsdreports.settings import InputError, Settings
from nmsdreports.views.exports import COLUMNS, table_frame, write_table

if TYPE_CHECKING:
    from nmsdreports.policy import Standing

RECORDS = [*read_tables(), "unknowns", "columns", "inputs"]
BASIS = "basis.json"
"""The guidelines in force and the as-of day: what the verdicts came from beside the records."""

_LATER_TABLES = ("problems", "counts", "extras", "originals")


def write_snapshot(standing: "Standing", folder: Path) -> None:
    """Write the tables other programs read (Parquet and CSV), the records and the guidelines.

    `folder` gets one pair of files for each table of the program's contract and `basis.json`,
    `folder/records` one Parquet file for each table read, with the file, sheet and row that each
    row came from.
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
    basis = {
        "as_of": f"{standing.as_of:%Y-%m-%d}",
        "read_on": f"{standing.records.read_on:%Y-%m-%d}",
        "policy": policy_basis(standing.policy),
    }
    text = json.dumps(basis, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / BASIS).write_text(text + "\n", "utf-8", newline="\n")


def read_snapshot(folder: Path) -> Printed:
    """Return what `write_snapshot` wrote; raises InputError that names a file it cannot use."""
    basis = _read_basis(folder / BASIS)
    frames = {name: _read_frame(folder / "records" / f"{name}.parquet") for name in RECORDS}
    for name, table in read_tables().items():
        for column in table.columns.values():
            if column.name not in frames[name]:
                # Restricted, or a column that this program has learnt since.
                frames[name][column.name] = pd.Series(index=frames[name].index, dtype=dtype(column))
    records = Records(
        source=Path(),
        settings=Settings(),
        read_on=basis["read_on"],
        **frames,
        **dict.fromkeys(_LATER_TABLES, pd.DataFrame()),
        unknown_school_incidents=0,
    )
    findings, status = (
        _read_frame(folder / f"{name}.parquet", COLUMNS[name].split())
        for name in ("findings", "status")
    )
    return Printed(basis["as_of"], findings, status, records, basis["policy"])


def policy_basis(policy: Policy) -> dict:
    """Return a policy as JSON takes it."""
    day = policy.assumed_launch_on
    return {
        "assumed_launch_on": None if day is None else f"{day:%Y-%m-%d}",
        "rules": [dataclasses.asdict(rule) for rule in policy.rules],
    }


def without_restricted_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame without the columns that only the office may read on a screen."""
    return frame.drop(columns=[name for name in frame.columns if name in restricted_columns()])


def _read_basis(path: Path) -> dict:
    if not path.is_file():
        raise InputError(f"{path.name} is missing; an older version of the program made it")
    try:
        basis = json.loads(path.read_text("utf-8"))
        days = {name: pd.Timestamp(basis[name]).as_unit("us") for name in ("as_of", "read_on")}
        rules = tuple(_rule(rule) for rule in basis["policy"]["rules"])
        assumed = basis["policy"]["assumed_launch_on"]
        assumed = None if assumed is None else pd.Timestamp(assumed).as_unit("us")
        return {**days, "policy": Policy(rules, assumed)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path.name} cannot be read") from error


def _rule(values: dict) -> Guideline:
    """A guideline as it was written; what this program does not know of it is left out."""
    known = {entry.name for entry in dataclasses.fields(Guideline)}
    values = {key: value for key, value in values.items() if key in known}
    values |= {key: tuple(values[key]) for key in ("needs", "aliases") if key in values}
    met_by = dict(values.get("met_by", {}))
    if "domains" in met_by:
        met_by["domains"] = tuple(met_by["domains"])
    return Guideline(**{**values, "met_by": met_by})


def _read_frame(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    if not path.is_file():
        raise InputError(f"{path.name} is missing")
    try:
        frame = pd.read_parquet(path)
        return frame if columns is None else frame[columns]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path.name} cannot be read") from error
