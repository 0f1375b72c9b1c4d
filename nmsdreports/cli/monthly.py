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
@click.option(
    "--school",
    "schools",
    multiple=True,
    metavar="SCHOOL",
    help="Only this one, by id or name; may repeat.",
)
@output_option("Where the months' reports are kept.")
@quiet_option
@source_argument
@refuses
def report(
    month: str | None, schools: tuple[str, ...], output: Path, quiet: bool, source: Path | None
) -> NoReturn:
    """Make every school's report of a month, and the office's."""
    from nmsdreports.run.plan import chosen_month, is_over, last_day, plan_month, today_in
    from nmsdreports.views.sentences import count_words, list_words, month_words

    if month is None and source is None and not Path("district.toml").exists():
        month = os.environ.get(SAMPLE_MONTH_VARIABLE)
    records = load_source(
        source,
        quiet,
        read_on=lambda settings: last_day(chosen_month(month, today_in(settings))),
    )
    today = today_in(records.settings)
    plan = plan_month(records, f"{records.read_on:%Y-%m}", schools, output, today)
    count = len(plan.schools) + plan.whole
    if not is_over(plan.month, today):
        say(
            f"{month_words(plan.month)} is not over yet: "
            "days to come are counted as if nothing more happened."
        )
    if not quiet:
        reports = count_words(count, "report")
        say(f"Making {reports} of {month_words(plan.month)} (two to four seconds each) ...")
    outcome = _make(plan, quiet)
    for entry in outcome.failed:
        say(f"FAILED {entry.name}: {entry.cause} What to do: {entry.repair}.")
    for folder in outcome.left:
        say(f'The older draft "{folder}" is still open somewhere; remove it when it is closed.')
    if outcome.whole_stays is not None:
        only = list_words(list(plan.schools["name"]))
        say(
            f"The new folder {outcome.edition.name} holds only {only}; "
            f"the whole month stays in {outcome.whole_stays.name}."
        )
    quarantined = quarantine_status(records)
    if not quiet:
        say(f"Wrote {outcome.made} of {count_words(count, 'report')}. Open first: {outcome.first}")
    sys.exit(1 if outcome.failed or quarantined else 0)


def _make(plan, quiet: bool):
    """Make the month so that Ctrl-C and SIGTERM end at once and leave no half edition."""

    def stop(number: int, frame) -> NoReturn:
        raise _Stopped(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        # Slow to import: a signal must find us ready meanwhile.
        from nmsdreports.run.month import make_month
        from nmsdreports.run.progress import Progress

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
