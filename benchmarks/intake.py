"""How long reading takes beside the barest reading of the same files, and how much memory.

    python benchmarks/intake.py [ROWS]

Prints ratios measured side by side in one run; trust those, not the
seconds (of processor time, since machines are shared). The files are made up:
accounts of 30 columns, half of them days, identifiers and addresses all different.
"""

from __future__ import annotations

import csv
import gc
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from nmsdreports.intake.tables import read_tables

HEADER = [*read_tables()["accounts"].columns, "Grade", "Room", "Year", "Asked by"]
ROUNDS = 3


def made_up_accounts(rows: int) -> Iterator[list[object]]:
    """Rows of a registry; days are dates, as a workbook holds them."""
    chance = random.Random(2026)
    first = date(2024, 9, 1)
    for number in range(rows):
        launched = first + timedelta(days=chance.randrange(700))
        person = number % (rows // 4 or 1)
        yield [
            f"A{number:07d}",
            f"S{number % 40}",
            ("Facebook", "Instagram", "X", "YouTube")[number % 4],
            f"@sample{number}",
            f"https://www.facebook.com/sample{number}" if number % 4 == 0 else "",
            f"Title {number}",
            f"Person {person}",
            f"person{person}@example.org",
            f"person{person}@example.org",
            ("communication", "instructional")[number % 2],
            ("class", "school", "team")[number % 3],
            ("public", "private")[number % 2],
            "" if number % 2 else "news for families",
            ("yes", "no")[number % 2],
            launched - timedelta(days=40),
            launched - timedelta(days=chance.randrange(30)),
            "Nell Inkpenny",
            launched,
            launched + timedelta(days=3),
            "Nell Inkpenny",
            launched - timedelta(days=1),
            launched - timedelta(days=2) if number % 2 else "",
            launched + timedelta(days=30),
            launched,
            "",
            "" if number % 5 else f"note {number % 1000}",
            chance.randrange(13),
            chance.randrange(300),
            "2026-27",
            f"Person {chance.randrange(1000)}",
        ]


def write_district(folder: Path, ending: str, rows: int) -> Path:
    """A folder with schools, incidents and a registry of so many rows; returns the registry."""
    folder.mkdir(parents=True, exist_ok=True)
    schools = "".join(f"S{number},School {number}\n" for number in range(40))
    (folder / "schools.csv").write_text("school_id,name\n" + schools)
    (folder / "incidents.csv").write_text("incident_id,school_id,guideline,occurred_on\n")
    path = folder / f"accounts{ending}"
    if ending == ".csv":
        with path.open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(HEADER)
            writer.writerows(made_up_accounts(rows))
        return path
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Accounts")
    day = book.add_format({"num_format": "m/d/yyyy"})
    sheet.write_row(0, 0, HEADER)
    for row, cells in enumerate(made_up_accounts(rows), start=1):
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(row, column, cell, day)
            elif cell != "":
                sheet.write(row, column, cell)
    book.close()
    return path


def fastest(*jobs: Callable[[], object]) -> list[float]:
    """Processor seconds of the fastest run of each job; the jobs take turns."""
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(ROUNDS):
        for job, mine in zip(jobs, times, strict=True):
            gc.collect()
            start = time.process_time()
            job()
            mine.append(time.process_time() - start)
    return [min(mine) for mine in times]


def ratio_csv(folder: Path, rows: int) -> list[float]:
    """Seconds of `load` and of `pandas.read_csv(dtype=str)`."""
    import pandas as pd

    from nmsdreports.intake import load

    path = write_district(folder, ".csv", rows)
    return fastest(lambda: load(folder), lambda: pd.read_csv(path, dtype=str))


def ratio_xlsx(folder: Path, rows: int) -> list[float]:
    """Seconds of `load` and of calamine's bare reading."""
    from python_calamine import CalamineWorkbook

    from nmsdreports.intake import load

    path = write_district(folder, ".xlsx", rows)

    def bare() -> object:
        return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()

    return fastest(lambda: load(folder), bare)


def peak_memory(folder: Path, rows: int) -> float:
    """Gigabytes that a process of its own needs at most to read so many rows of CSV."""
    write_district(folder, ".csv", rows)
    job = "import sys; from nmsdreports.intake import load; load(sys.argv[1])"
    subprocess.run([sys.executable, "-c", job, str(folder)], check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2


def main() -> None:
    """Print the three figures."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, bare = ratio_csv(folder / "csv", rows)
        print(f"CSV, {rows:,} x {len(HEADER)}: {ours:.2f} s, pandas {bare:.2f} s", end=" ")
        print(f"-> {ours / bare:.1f} times (at most 5)")
        ours, bare = ratio_xlsx(folder / "xlsx", rows)
        print(f"XLSX, {rows:,} x {len(HEADER)}: {ours:.2f} s, calamine {bare:.2f} s", end=" ")
        print(f"-> {ours / bare:.1f} times (at most 2)")
        peak = peak_memory(folder / "memory", rows * 10)
        print(f"CSV, {rows * 10:,} x {len(HEADER)}: {peak:.2f} GB at most (under 2)")


if __name__ == "__main__":
    main()
