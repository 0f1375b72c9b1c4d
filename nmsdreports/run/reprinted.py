"""What an edition says of a school, again, out of the edition's own data."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from nmsdreports.intake.problems import Problems
from nmsdreports.policy import assess
from nmsdreports.policy.since import Printed
from nmsdreports.run.compared import read_since
from nmsdreports.run.publish import read_manifest
from nmsdreports.settings import InputError, Settings
from nmsdreports.views.audience import Edition, edition
from nmsdreports.views.exports import COLUMNS, table_frame


def school_editions(folder: Path, then: Printed, settings: Settings) -> Callable[[str], Edition]:
    """Return a function from a school's id to what the edition in `folder` says of it.

    `then` is the edition's own snapshot, `settings` have the names to print. Raises InputError
    where this program judges otherwise than the one that made the edition: its words would not be
    those of the report.
    """
    counts = pd.DataFrame(columns=COLUMNS["counts"].split())
    records = replace(then.records, settings=settings, problems=Problems().frame(), counts=counts)
    standing = assess(records, then.policy).at(then.as_of)
    now, printed = (
        frame.to_csv(index=False, date_format="%Y-%m-%d")
        for frame in (table_frame(standing, "findings")[then.findings.columns], then.findings)
    )
    if now != printed:
        raise InputError(
            f"{folder.name} was made by another version of the program, which judged otherwise, so "
            "nothing was sent: make the reports again."
        )
    since = read_since(str(folder / "mail"), read_manifest(folder)["month"])
    return lambda school_id: edition(standing, "school", school_id, since=since)
