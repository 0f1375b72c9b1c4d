"""The real command with reports that take no kernel and with a clock that is given.

python quick_night.py 2026-11-24T12:00+00:00 report --month 2026-10 SOURCE

A folder whose name stands in HELD_OPEN cannot be moved, as where Windows has a file of it open.
"""

import json
import os
import sys
from datetime import datetime
from pathlib import Path

from nmsdreports.cli import main
from nmsdreports.run import plan, reports
from nmsdreports.run.execute import Executed


def quick_notebook(template, target, parameters):
    """Leave a page and a notebook, as a report notebook does."""
    name = parameters.get("school_id", "office")
    folder = Path(parameters["output"])
    (folder / f"{name} {parameters['month']}.html").write_text(f"report of {name}", "utf-8")
    target.write_text(json.dumps({"cells": []}), "utf-8")
    return Executed(target)


def hold_open(name):
    """Have the system refuse to move the folder of that name."""
    rename = Path.rename

    def refuse(self, target):
        if self.name == name:
            raise PermissionError(13, "in use by another program", str(self))
        return rename(self, target)

    Path.rename = refuse


def begin(clock):
    """Put the quick notebook and the clock in their places."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromisoformat(clock).astimezone(tz)

    plan.datetime = Clock
    reports.execute_notebook = quick_notebook


if __name__ == "__main__":
    begin(sys.argv[1])
    hold_open(os.environ.get("HELD_OPEN"))
    main(sys.argv[2:], prog_name="nmsdreports")
