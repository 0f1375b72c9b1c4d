"""Writes planted districts into a folder: sources as offices have them, and what is true of each.

Comes in: how many districts of which size, and a seed. Goes out: a folder a district with
district.toml and CSV files, its findings in `truth`, and a table of all. One district is in memory
at a time, and each is the same however many there are.
"""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from nmsdreports.intake.tables import read_tables
from nmsdreports.settings import SETTINGS_FILE
from nmsdreports.simulate.planted import Planted, plant

TRUTH, DISTRICTS = "truth", "districts.csv"
_SETTINGS = """# MADE-UP DATA - no real people, schools or accounts
name = "Simulated District {number} (made up)"
email_domains = ["example.org"]

[contact]
name = "The office of district {number}"
email = "office@example.org"
"""


def write_districts(
    folder: Path,
    districts: int,
    accounts: int,
    months: int,
    seed: int,
    told: Callable[[int], object],
) -> list[str]:
    """Fill a folder with so many districts of so many accounts; return their folders' names.

    `told` hears the number of each that is written.
    """
    (folder / TRUTH).mkdir(parents=True, exist_ok=True)
    width = max(4, len(str(districts)))
    totals = []
    for number in range(1, districts + 1):
        name = f"D{number:0{width}d}"
        totals.append(
            _write_district(folder, name, number, plant(accounts, months, (seed, number)))
        )
        told(number)
    _write(pd.DataFrame(totals), folder / DISTRICTS)
    return [row["district"] for row in totals]


def _write_district(folder: Path, name: str, number: int, planted: Planted) -> dict[str, object]:
    """Write a district and its truth; return its line in the table of all."""
    _write_source(planted, folder / name, number)
    truth = planted.truth
    _write(truth, folder / TRUTH / f"{name}.csv")
    return {
        "district": name,
        "schools": len(planted.tables["schools"]),
        "accounts": len(planted.tables["accounts"]),
        "findings": len(truth),
        "open": int(truth["closed_on"].isna().sum()),
        "excepted": int(truth["excepted"].sum()),
    }


def _write_source(planted: Planted, folder: Path, number: int) -> None:
    folder.mkdir()
    settings = _SETTINGS.format(number=number)
    (folder / SETTINGS_FILE).write_text(settings, "utf-8", newline="\n")
    for name, table in read_tables().items():
        if name in planted.tables:
            rows = planted.tables[name]
            headings = {column: table.columns[column].heading for column in rows}
            _write(rows.rename(columns=headings), folder / f"{name}.csv")


def _write(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, date_format="%Y-%m-%d", lineterminator="\n", encoding="utf-8")
