"""Publishing that ends at any one of its file operations, as where the power is lost.

The real command runs in a process of its own and ends there at once, with nothing cleaned up; what
readers find then is looked at afterwards.
"""

import os
import re
import shutil
from pathlib import Path

from nmsdreports.run.publish import as_made
from nmsdreports.run.verify import verify
from tests.run.quick_night import DIED, quick

_TABLES = {
    "schools.csv": "school_id,name\nS1,Pine School\n",
    "accounts.csv": "account_id,school_id,platform,handle,launched_on\nA1,S1,X,@p,2025-09-02\n",
    "incidents.csv": "incident_id,school_id,guideline,occurred_on\n",
}


def write_source(folder: Path) -> Path:
    """Write a district of one school and one account into a new folder; returns it."""
    folder.mkdir(parents=True)
    for name, text in _TABLES.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "district.toml").write_text('name = "Made-up District"\n', "utf-8")
    return folder


def change(source: Path) -> None:
    """Give the spreadsheets a new state, so that the next run has work."""
    path = source / "incidents.csv"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")


def publish(source: Path, output: Path, step: int) -> tuple[int, list[str]]:
    """Run the month and end it before its file operation `step`; exit status and operations."""
    listed = output.with_name(f"{output.name} operations")
    asked = ["report", "--month", "2026-10", "--output", output, source]
    done = quick(*asked, env={**os.environ, "DIES_AT": str(step), "OPERATIONS": str(listed)})
    assert done.returncode in (0, DIED), done.stderr
    return done.returncode, listed.read_text("utf-8").splitlines()


def seen_after(source: Path, start: Path, work: Path, step: int) -> str:
    """The edition that readers are led to after a run from `start` that ended at `step`.

    "BROKEN" where it is not whole, or another edition that stands is not; nothing where the run
    came to its end before.
    """
    shutil.copytree(start, work)
    status, _ = publish(source, work, step)
    (name,) = re.findall(r'href="([^"/]+)/index\.html"', (work / "index.html").read_text("utf-8"))
    wrong = [fault for one in verify(work) for fault in one.faults if one.name != "index.html"]
    return "BROKEN" if wrong or not as_made(work / name) else name if status == DIED else ""
