"""The real command with reports that take no kernel and with a clock that is given.

python quick_night.py 2026-11-24T12:00+00:00 report --month 2026-10 SOURCE

A folder whose name stands in HELD_OPEN cannot be moved, as where Windows has a file of it open.
With a number in DIES_AT the process ends at that file operation of publishing; see `die_at`.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from nmsdreports.cli import main
from nmsdreports.run import clock as clocks
from nmsdreports.run import plan, reports
from nmsdreports.run.execute import Executed
from nmsdreports.run.publish import MANIFEST

NOON = "2026-11-24T20:00+00:00"
DIED = 9
_WATCHED = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir"}


def quick(*arguments, clock=NOON, **how):
    """Run the command in a process of its own; gives what it ended with and said."""
    command = [sys.executable, __file__, clock, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=200, **how)


TOLD_TO_THE_BOARD = (
    "<table><tr><th>School year</th><th>Reported so far</th><th>As of</th></tr>"
    "<tr><td>{year}</td><td>fewer than 10</td><td>{day:%Y-%m-%d}</td></tr></table>"
)


def quick_notebook(template, target, parameters):
    """Leave a page and a notebook, as a report notebook does."""
    name = parameters.get("school_id", "office")
    folder = Path(parameters["output"])
    text = f"report of {name}"
    if template.name == "board_charts.ipynb":
        day = plan.last_day(parameters["month"])
        first = day.year - (day.month < 9)
        text = TOLD_TO_THE_BOARD.format(year=f"{first}–{(first + 1) % 100:02}", day=day)
    (folder / f"{name} {parameters['month']}.html").write_text(text, "utf-8")
    target.write_text(json.dumps({"cells": []}), "utf-8")
    return Executed(target)


class InThisProcess(ThreadPoolExecutor):
    """Stands in for the workers: one after the other, by the function given."""

    def __init__(self, notebook):
        super().__init__(1)
        self.notebook = notebook

    def submit(self, _, template, target, parameters, *how):
        return super().submit(self.notebook, template, target, parameters)


def instead_of_workers(notebook):
    """What takes the place of `reports.open_workers`."""
    return lambda *_: InThisProcess(notebook)


def hold_open(name):
    """Have the system refuse to move the folder of that name."""
    rename = Path.rename

    def refuse(self, target):
        if self.name == name:
            raise PermissionError(13, "in use by another program", str(self))
        return rename(self, target)

    Path.rename = refuse


def die_at(step: int, listed: str) -> None:
    """Have this process end before that file operation after its manifest is begun.

    Each operation it comes to stands in a line of the file `listed`.
    """
    seen = -1
    lines = os.open(listed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def hook(event, arguments):
        nonlocal seen
        if event not in _WATCHED or (event == "open" and not arguments[2] & os.O_TRUNC):
            return
        name = Path(os.fsdecode(arguments[0])).name
        if seen < 0 and not (event == "open" and name == MANIFEST):
            return
        seen += 1
        os.write(lines, f"{event} {name}\n".encode())
        if seen == step:
            os._exit(DIED)

    sys.addaudithook(hook)


def begin(clock):
    """Put the quick notebook and the clock in their places."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromisoformat(clock).astimezone(tz)

    clocks.datetime = Clock
    reports.open_workers = instead_of_workers(quick_notebook)


if __name__ == "__main__":
    begin(sys.argv[1])
    hold_open(os.environ.get("HELD_OPEN"))
    if "DIES_AT" in os.environ:
        die_at(int(os.environ["DIES_AT"]), os.environ["OPERATIONS"])
    main(sys.argv[2:], prog_name="nmsdreports")
