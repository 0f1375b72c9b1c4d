"""Small registries written as lists of dictionaries, as the Records that reading would make."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pandas as pd

from nmsdreports.intake import Records
from nmsdreports.intake.tables import read_tables
from nmsdreports.settings import Settings

TABLES = read_tables()
REQUIRED = {
    name: {
        column.name
        for column in table.columns.values()
        if column.required and not column.alternative
    }
    for name, table in TABLES.items()
}

DERIVED = {"accounts": {"key": "str"}, "incidents": {"account_registered": "bool"}}
CELL = {"file": "str", "sheet": "str", "row": "Int64"}
COUNTED = dict.fromkeys(["rows_read", "accepted", "quarantined", "blank"], "int64")
PROBLEM = ["column", "cell", "value", "level", "code", "message", "suggestion", "table", "outcome"]
BESIDE = {
    "problems": CELL | dict.fromkeys(PROBLEM, "str"),
    "counts": {"file": "str", "sheet": "str"} | COUNTED | {"table": "str"},
    "unknowns": {"table": "str", "index": "Int64", "account_id": "str", "column": "str"} | CELL,
    "columns": dict.fromkeys(["table", "file", "sheet", "column", "letter"], "str"),
    "inputs": {"file": "str", "sha256": "str", "bytes": "int64"},
    "extras": {"table": "str", "index": "int64", "column": "str", "value": "str"},
    "originals": CELL | dict.fromkeys(["letter", "header", "value"], "str"),
}


def records_from(
    tables: dict[str, list[dict]],
    settings: Settings | None = None,
    unknowns: Iterable[dict] = (),
) -> Records:
    """Build Records from rows that name only the columns that matter; days are datetime.date."""
    frames = {name: typed_frame(completed(name, tables), dtypes_of(name)) for name in TABLES}
    beside = {name: typed_frame([], dtypes) for name, dtypes in BESIDE.items()}
    beside["unknowns"] = typed_frame(list(unknowns), BESIDE["unknowns"])
    return Records(
        source=Path("made-up"),
        settings=settings or Settings(),
        read_on=pd.Timestamp("2026-12-31"),
        unknown_school_incidents=0,
        **frames,
        **beside,
    )


def completed(table: str, tables: dict[str, list[dict]]) -> list[dict]:
    """Add what reading adds to every row of a table."""
    rows = [
        {"file": f"{table}.csv", "row": number, **row}
        for number, row in enumerate(tables.get(table, []), start=2)
    ]
    if table == "accounts":
        rows = [{"key": f"facebook:{row['account_id']}".lower(), **row} for row in rows]
    if table == "incidents":
        ids = {row["account_id"] for row in tables.get("accounts", [])}
        rows = [
            {"account_registered": row.get("account_id") in ids, "substantiation": "alleged", **row}
            for row in rows
        ]
    return rows


@cache
def dtypes_of(table: str) -> dict[str, str]:
    """Return the dtype of each column of a table: declared, where it stands, derived."""
    return TABLES[table].empty().dtypes.astype(str).to_dict() | DERIVED.get(table, {})


def typed_frame(rows: list[dict], dtypes: dict[str, str]) -> pd.DataFrame:
    """Build a frame of exactly these columns; what a row does not name is missing."""
    named = {name for row in rows for name in row}
    assert named <= dtypes.keys(), f"no such column: {sorted(named - dtypes.keys())}"
    if not rows:
        return empty_frame(tuple(dtypes.items())).copy()
    return pd.DataFrame(
        {
            name: pd.Series([row.get(name) for row in rows], dtype=dtype)
            for name, dtype in dtypes.items()
        }
    )


@cache
def empty_frame(dtypes: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    """Build the frame without rows: most tables of most registries."""
    return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in dtypes})
