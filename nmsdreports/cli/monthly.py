"""The verb that makes a month: report."""

import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

import click

from nmsdreports.cli.common import (
    SAMPLE_MONTH_VARIABLE,
    load_source,
    output_option,
    quarantine_status,
    quiet_option,
    refuses,
    say,
    source_argument,
)


@click.command()
@click.option("--month", metavar="YYYY-MM", help="The month; left out, the last complete one.")
@click.option("--school", "schools", multiple=True, metavar="ID", help="Only this; may repeat.")
@output_option("Where the months' reports are kept.")
@quiet_option
@source_argument
@refuses
def report(
    month: str | None, schools: tuple[str, ...], output: Path, quiet: bool, source: Path | None
) -> NoReturn:
    """Make every school's report of a month, and the office's."""
    records = load_source(source, quiet)
    from nmsdreports.run.plan import plan_month, today_in
    from nmsdreports.views.sentences import month_words

    if month is None and source is None and not Path("district.toml").exists():
        month = os.environ.get(SAMPLE_MONTH_VARIABLE)
    plan = plan_month(records, month, schools, output, today_in(records.settings))
    count = len(plan.schools) + plan.whole
    if not quiet:
        say(f"Making {count} reports of {month_words(plan.month)} (two to four seconds each) ...")
    outcome = _make(plan, quiet)
    for entry in outcome.failed:
        say(f"FAILED {entry.name}: {entry.cause} What to do: {entry.repair}.")
    for folder in outcome.left:
        say(f'The older draft "{folder}" is still open somewhere; remove it when it is closed.')
    quarantined = quarantine_status(records)
    if not quiet:
        say(f"Wrote {outcome.made} of {count} reports. Open first: {outcome.first}")
    sys.exit(1 if outcome.failed or quarantined else 0)


def _make(plan, quiet: bool):
    """Make the month so that Ctrl-C and SIGTERM end at once and leave no half edition."""
    from nmsdreports.run.month import make_month
    from nmsdreports.run.progress import Progress

    def stop(number: int, frame) -> NoReturn:
        raise _Stopped(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with Progress(len(plan.schools) + plan.whole, quiet) as progress:
            return make_month(plan, progress.told)
    except _Stopped as stopped:
        say("Stopped; nothing was published.")
        # Threads that wait for a kernel would hold the exit up; the kernels end with their parent.
        os._exit(128 + stopped.number)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Stopped(BaseException):
    """A signal that ends the run."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
