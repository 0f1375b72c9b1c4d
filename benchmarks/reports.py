"""How long one school's workbook and page take beside openpyxl writing the same cells.

    python benchmarks/reports.py [ACCOUNTS ...]

For schools of 20, 200 and 2,000 accounts, or as many as given. Prints ratios measured side by side
in one run; trust those, not the milliseconds (of processor time, since machines are shared). The
registry is made up. The page is what the cells of notebooks/school_report.ipynb show.

The same cells are the workbook's values in their looks: fonts, fills, borders and number formats,
without which a day is a number. openpyxl and nothing else gives them by named styles, the cheapest
of its ways: style by style takes twice as long. Its time for the values alone is printed too.
Ours are, on top: sentences and numbers taken from the standing, widths and heights, tables, links,
charts, print set-up, properties, fixed bytes, and the whole page.

Every round has an edition of its own, so that nothing is counted that was kept from the round
before. What is made once a process (looks, templates of the page) is made before, on both sides.
"""

from __future__ import annotations

import csv
import gc
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import NamedStyle

from nmsdreports import Page, assess, edition, load, write_workbook
from nmsdreports.views.audience import Edition

AS_OF = "2026-10-31"
ROUNDS = 7
NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "school_report.ipynb"
HEADER = (
    "account_id school_id platform handle title owner owner_email registered_email purpose audience"
    " visibility public_reason students_invited approved_on approved_by reported_on"
    " admin_granted_on admin_holder labelled_on parents_notified_on monitored_on launched_on"
)
INCIDENT_HEADER = "incident_id school_id account_id guideline reported_on"


def made_up_account(number: int, chance: random.Random) -> list[object]:
    """One account of the school; about a third of what is asked is missing or late."""
    launched = date(2024, 11, 1) + timedelta(days=chance.randrange(700))

    def about(days: int) -> date | str:
        return "" if chance.random() < 0.15 else launched + timedelta(days=chance.randint(-9, days))

    return [
        f"A{number:05d}",
        "S1",
        ("Facebook", "Instagram", "X", "YouTube")[number % 4],
        f"@sample.pine.{number}",
        f"Title of account {number}",
        f"Ann Quill{number % 40}",
        f"a.quill{number % 40}@example.org",
        f"a.quill{number % 40}@example.org",
        ("communication", "instructional")[number % 2],
        ("class", "school", "team")[number % 3],
        ("public", "private")[number % 2],
        "",
        ("yes", "no")[number % 2],
        about(4),
        "Nell Inkpenny",
        about(40),
        about(9),
        "Nell Inkpenny",
        about(1),
        about(3),
        "" if number % 3 else "2026-10-20",
        launched,
    ]


def made_up_school(folder: Path, accounts: int) -> Edition:
    """The edition of a school with so many accounts, and an incident for every tenth of them."""
    chance = random.Random(2026)
    people = "school_id,name,principal\nS1,Pine Elementary,Nell Inkpenny\n"
    (folder / "schools.csv").write_text(people)
    with (folder / "accounts.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER.split())
        writer.writerows(made_up_account(number, chance) for number in range(accounts))
    with (folder / "incidents.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(INCIDENT_HEADER.split())
        for number in range(0, accounts, 10):
            day = date(2026, 10, 30) - timedelta(days=chance.randrange(600))
            writer.writerow([f"I{number:05d}", "S1", f"A{number:05d}", "conduct-standards", day])
    return edition(assess(load(folder, read_on=AS_OF)).at(AS_OF), "school", "S1")


@dataclass(frozen=True)
class Cells:
    """What a workbook's cells hold: rows of (value, name of its style) by sheet, and the styles."""

    sheets: dict[str, list[list[tuple]]]
    styles: dict[str, dict]

    @property
    def count(self) -> int:
        """How many cells hold a value."""
        rows = (row for rows in self.sheets.values() for row in rows)
        return sum(value is not None for row in rows for value, _ in row)


def read_cells(path: Path) -> Cells:
    """The cells of a workbook with their named styles."""
    book = load_workbook(path)
    parts = ("font", "fill", "border", "alignment", "number_format")
    return Cells(
        {
            sheet.title: [[(cell.value, cell.style) for cell in row] for row in sheet.iter_rows()]
            for sheet in book.worksheets
        },
        {
            style.name: {part: copy(getattr(style, part)) for part in parts}
            for style in book._named_styles
            if style.name != "Normal"
        },
    )


def write_values(cells: Cells) -> None:
    """Write the values of the cells with openpyxl and nothing else."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in cells.sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([value for value, _ in row])
    book.save(BytesIO())


def write_cells(cells: Cells) -> None:
    """Write the same cells with openpyxl and nothing else: values in their looks."""
    book = Workbook()
    book.remove(book.active)
    for name, parts in cells.styles.items():
        book.add_named_style(NamedStyle(name=name, **parts))
    for name, rows in cells.sheets.items():
        sheet = book.create_sheet(name)
        for at, row in enumerate(rows, start=1):
            for column, (value, style) in enumerate(row, start=1):
                if value is None and style == "Normal":
                    continue
                cell = sheet.cell(at, column, value)
                if style != "Normal":
                    cell.style = style
    book.save(BytesIO())


def page_job() -> Callable[[Edition], str]:
    """What makes a page's text: the cells of the notebook that show something, then `html`."""
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    imports = next(code for code in codes if code.startswith("from nmsdreports"))
    shown = compile("\n".join(c for c in codes if c.startswith("page.show(")), "page", "exec")
    names: dict = {}
    exec(imports, names)  # our own notebook's first lines

    def job(seen: Edition) -> str:
        names["report"], names["page"] = seen, Page(seen)
        exec(shown, names)
        return names["page"].html()

    return job


def fastest(seen: Edition, *jobs: Callable[[Edition], object]) -> list[float]:
    """Processor milliseconds of the fastest run of each job; the jobs take turns."""
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(ROUNDS):
        for job, mine in zip(jobs, times, strict=True):
            fresh = replace(seen)
            gc.collect()
            start = time.process_time()
            job(fresh)
            mine.append(1000 * (time.process_time() - start))
    return [min(mine) for mine in times]


def measure(accounts: int) -> None:
    """Print the lines of a school with so many accounts."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seen = made_up_school(folder, accounts)
        path = write_workbook(seen, folder / "report.xlsx")
        cells, page = read_cells(path), page_job()
        # as the notebook does it: first the page, then the workbook
        both, book, alone, looks, values = fastest(
            seen,
            lambda fresh: (page(fresh), write_workbook(fresh, path)),
            lambda fresh: write_workbook(fresh, path),
            page,
            lambda _: write_cells(cells),
            lambda _: write_values(cells),
        )
    print(
        f"{accounts:>5,} accounts, {cells.count:>6,} cells: openpyxl writes them in {looks:.0f} ms,"
        f" their values alone in {values:.0f} ms\n"
        f"    workbook and page {both:7.0f} ms -> {both / looks:4.2f} times (values alone "
        f"{both / values:4.2f}), at most 1.5\n"
        f"    workbook          {book:7.0f} ms -> {book / looks:4.2f} times (values alone "
        f"{book / values:4.2f})\n"
        f"    page              {alone:7.0f} ms"
    )


def main() -> None:
    """Print the lines of each size; the first shall take at most 150 ms together."""
    for accounts in [int(text) for text in sys.argv[1:]] or [20, 200, 2_000]:
        measure(accounts)


if __name__ == "__main__":
    main()
