"""A month as the real command makes it, made once however many workers run the tests."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import openpyxl

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"
BEFORE, MONTH = "2026-09", "2026-10"
AS_OF = "2026-10-31"
STOOD_BEFORE = [
    ("A034", "Purpose", "other"),
    ("A022", "School", "Lantern Bay High School"),
    ("A016", "Registered e-mail", "room3@example.com"),
    ("A025", "Launched on", "9/31/2025"),
]
"""What other values cells of the sample had a month before: account, heading, value."""
_PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class Report:
    """The three files of one school, or of the office (its `school_id` is None)."""

    school_id: str | None
    workbook: Path
    page: Path
    notebook: Path


@dataclass(frozen=True)
class Made:
    """What the command left, said and ended with."""

    source: Path
    edition: Path
    status: int
    printed: str
    said: str

    @property
    def reports(self) -> dict[str, Report]:
        """The reports by their folder's name; the office's is "district"."""
        folders = [self.edition / "district", *sorted((self.edition / "schools").iterdir())]
        return {folder.name: _report(folder) for folder in folders if folder.is_dir()}


def _report(folder: Path) -> Report:
    (workbook,), (page,), (notebook,) = (
        list(folder.glob(f"*{ending}")) for ending in (".xlsx", ".html", ".ipynb")
    )
    school_id = None if folder.name == "district" else folder.name.split("-")[0]
    return Report(school_id, workbook, page, notebook)


def run(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess:
    """Run the program as a person does; its output is text."""
    return subprocess.run(
        [sys.executable, "-m", "nmsdreports.cli", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=_PATIENCE_SECONDS,
    )


def make(
    source: Path, output: Path, *options: str, before: Path | None = None, **environment: str
) -> Made:
    """Run `report` on `source`; everything it makes lies in `output`.

    `before` has the spreadsheets of the month before, whose reports are made without a kernel.
    """
    output.mkdir(parents=True)
    if before is not None:
        quick = [sys.executable, "-m", "tests.run.quick_night", f"{AS_OF}T20:00+00:00"]
        asked = ["report", "--month", BEFORE, "--output", output / "reports", before]
        subprocess.run([*quick, *map(str, asked)], cwd=ROOT, check=False, capture_output=True)
        assert (output / "reports" / BEFORE).is_dir()
    arguments = ["report", "--month", MONTH, "--output", output / "reports", *options, source]
    done = run(*arguments, cwd=output, **environment)
    assert done.returncode in (0, 1), done.stderr
    edition = output / "reports" / MONTH
    return Made(source, edition, done.returncode, done.stdout, done.stderr)


def as_it_stood_before(folder: Path) -> Path:
    """The sample as it stood a month before: some cells of it have been corrected since."""
    source = shutil.copytree(SAMPLE, folder)
    book = openpyxl.load_workbook(source / "accounts.xlsx")
    sheet = book["Accounts"]
    columns = {cell.value: cell.column for cell in sheet[3]}
    rows = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=4)}
    for account, heading, value in STOOD_BEFORE:
        sheet.cell(rows[account], columns[heading]).value = value
    book.save(source / "accounts.xlsx")
    settings = source / "district.toml"
    settings.write_text(f'policy = "policy.toml"\n{settings.read_text("utf-8")}', "utf-8")
    (source / "policy.toml").write_text('[program-purpose]\nseverity = "low"\n', "utf-8")
    return source


def make_once(folder: Path, make_it) -> Made:
    """The month that `make_it(folder)` makes; a second worker waits for the first one's."""
    told = folder.with_name(f"{folder.name}.json")
    try:
        folder.with_name(f"{folder.name} begun").mkdir(parents=True)
    except FileExistsError:
        _wait_for(told)
    else:
        made = make_it(folder)
        facts = {**vars(made), "source": str(made.source), "edition": str(made.edition)}
        fresh = told.with_suffix(".fresh")
        fresh.write_text(json.dumps(facts), encoding="utf-8")
        fresh.rename(told)
    facts = json.loads(told.read_text("utf-8"))
    return Made(**{**facts, "source": Path(facts["source"]), "edition": Path(facts["edition"])})


def _wait_for(path: Path) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not path.exists():
        if time.monotonic() > end:
            raise TimeoutError(f"another worker did not make {path.stem} in time")
        time.sleep(0.2)
