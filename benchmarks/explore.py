"""How long the first view of the explorer takes beside loading, and how soon a choice is answered.

    python benchmarks/explore.py [ACCOUNTS]

Loading is reading and judging, which no view can do without. Ratios and seconds are of processor
time, since machines are shared. A choice counts until the table of findings has followed it, which
is the first turn; what comes after it (the headline, say) gives way to a newer choice.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from intake import write_district

from nmsdreports import assess, explore, load

CHOICES = (
    {"month": "2026-09"},
    {"school": "S1"},
    {"guideline": "supervisor-approval"},
    {"status": "meets"},
    {"school": "*"},
)


def seconds(work: Callable[[], object]) -> float:
    """Processor time that some work takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def first_view(folder: Path):
    """An explorer with what one sees first: boxes, headline and findings."""
    explorer = explore(folder, "2026-10")
    for panel in ("choosers", "headline", "findings"):
        getattr(explorer, panel)
    return explorer


async def first_turn(explorer, choice: dict[str, str]) -> None:
    """Choose where a loop runs, as in a notebook; what is left for later turns is dropped."""
    explorer.choose(**choice)


def main(accounts: int) -> None:
    """Print the ratio and the seconds of each choice."""
    with tempfile.TemporaryDirectory() as scratch, redirect_stdout(StringIO()):
        folder = Path(scratch) / "district"
        write_district(folder, ".csv", accounts)
        load_time = seconds(lambda: assess(load(folder)))
        explorer = []
        view_time = seconds(lambda: explorer.append(first_view(folder)))
        answers = [
            (choice, seconds(lambda chosen=choice: asyncio.run(first_turn(explorer[0], chosen))))
            for choice in CHOICES
        ]
    print(f"{accounts:,} accounts: first view {view_time / load_time:.2f} × loading")
    for choice, taken in answers:
        print(f"  {taken:4.1f} s  {choice}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
