"""How long a month's reports take beside the plain loop: a kernel for each school, one by one.

    python benchmarks/month.py [ACCOUNTS] [SAMPLED]

Makes 40 schools with so many accounts together (default 2,400) and runs the shipped notebooks of
all schools in one worker and in two, and of SAMPLED (default 2) schools in the plain loop. Prints
seconds a school and ratios of one run; trust the ratios, and only those of a machine that has
nothing else to do: seconds are those of the clock, since the work is done in other processes. Of
the workers the time from their start to the last report is taken, their start included.
"""

import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from intake import write_district

from nmsdreports.run.execute import execute_notebook, get_ready
from nmsdreports.run.workers import Limits, Workers
from nmsdreports.settings import IN_PROCESS, KERNEL

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "school_report.ipynb"
SCHOOLS = [f"S{number}" for number in range(40)]


def asked(source: Path, folder: Path, school_id: str) -> tuple[Path, Path, dict[str, str]]:
    """Notebook, target and parameters of one school's report."""
    place = folder / school_id
    place.mkdir(parents=True)
    parameters = {"source": str(source), "month": "2026-10", "school_id": school_id}
    return NOTEBOOK, place / "notebook.ipynb", {**parameters, "output": str(place)}


def plain_loop(source: Path, folder: Path, schools: list[str]) -> float:
    """Seconds a school where each has a kernel of its own."""
    began = time.perf_counter()
    for school_id in schools:
        assert not execute_notebook(*asked(source, folder, school_id), KERNEL).failed
    return (time.perf_counter() - began) / len(schools)


def with_workers(source: Path, folder: Path, count: int) -> float:
    """Seconds a school with so many workers."""
    began = time.perf_counter()
    ready = partial(get_ready, IN_PROCESS, (NOTEBOOK,))
    with Workers(count, Limits(900, 2**40), ready) as workers:
        jobs = [
            workers.submit(execute_notebook, *asked(source, folder, school_id))
            for school_id in SCHOOLS
        ]
        assert not any(job.result().failed for job in jobs)
    return (time.perf_counter() - began) / len(SCHOOLS)


def main(accounts: int, sampled: int) -> None:
    """Print seconds and ratios."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_district(folder / "district", ".xlsx", accounts)
        source = folder / "district"
        two = with_workers(source, folder / "two", 2)
        one = with_workers(source, folder / "one", 1)
        plain = plain_loop(source, folder / "plain", SCHOOLS[:sampled])
    print(f"{len(SCHOOLS)} schools, {accounts:,} accounts; seconds a school:")
    print(f"plain loop {plain:.2f}, one worker {one:.2f}, two workers {two:.2f}")
    print(f"two workers are {plain / two:.1f} times as fast as the plain loop,")
    print(f"and {one / two:.2f} times as fast as one")


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    main(*numbers, *(2_400, 2)[len(numbers) :])
