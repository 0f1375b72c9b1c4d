"""The verb that makes a month: report."""

import errno
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from nmsdreports.cli.common import (
    SAMPLE_MONTH_VARIABLE,
    Refused,
    Stopped,
    find_source,
    load_source,
    output_option,
    quarantine_status,
    quiet_option,
    refuses,
    say,
    set_aside_status,
    source_argument,
    stoppable,
)

if TYPE_CHECKING:
    from nmsdreports.run.month import MonthOutcome
    from nmsdreports.run.plan import Plan


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


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
@click.option(
    "--timeout",
    type=click.IntRange(min=1),
    metavar="SECONDS",
    help="How long one report may take; left out, a quarter of an hour.",
)
@click.option("--fresh", is_flag=True, help="Make every report anew, finished ones too.")
@quiet_option
@source_argument
@refuses
def report(
    month: str | None,
    schools: tuple[str, ...],
    output: Path,
    timeout: int | None,
    fresh: bool,
    quiet: bool,
    source: Path | None,
) -> NoReturn:
    """Make every school's report of a month, and the office's.

    A run that was interrupted goes on where it stopped; a month that would come out the same is
    left as it is.
    """
    if month is None and source is None and not Path("district.toml").exists():
        month = os.environ.get(SAMPLE_MONTH_VARIABLE)
    sys.exit(make_reports(month, schools, output, fresh, quiet, source, timeout)[0])


def make_reports(
    month: str | None,
    schools: tuple[str, ...],
    output: Path,
    fresh: bool,
    quiet: bool,
    source: Path | None,
    timeout: int | None = None,
) -> "tuple[int, MonthOutcome]":
    """Make a month's reports and say what came of it; return exit status and outcome."""
    from nmsdreports.run.clock import today_in
    from nmsdreports.run.month import check_own
    from nmsdreports.run.plan import is_over, last_day, plan_month
    from nmsdreports.views.sentences import count_words, list_words, month_words

    unchanged = None if schools or fresh else _left_unchanged(month, output, quiet, source)
    if unchanged is not None:
        return unchanged
    records = load_source(
        source,
        quiet,
        read_on=lambda settings: last_day(_month(month, output, today_in(settings))),
    )
    today = today_in(records.settings)
    plan = plan_month(records, f"{records.read_on:%Y-%m}", schools, output, today)
    count = len(plan.schools) + 2 * plan.whole  # with all schools the office's and the board's
    if not is_over(plan.month, today):
        say(
            f"{month_words(plan.month)} is not over yet: "
            "days to come are counted as if nothing more happened."
        )
    # what cannot be used is refused before it is said that anything is made
    check_own(records.settings)
    reports = count_words(count, "report")
    say(f"Making {reports} of {month_words(plan.month)} ...", quiet)
    outcome = _make(plan, quiet, fresh, timeout)
    _say_outcome(outcome)
    if outcome.whole_stays is not None:
        say(
            f"The new folder {outcome.edition.name} holds only "
            f"{list_words(list(plan.schools['name']))}; the whole month stays in "
            f"{outcome.whole_stays.name}."
        )
    quarantined = quarantine_status(records)
    say(f"Wrote {outcome.made} of {reports}. Open first: {outcome.first}", quiet)
    return (1 if outcome.failed or outcome.notes or quarantined else 0), outcome


def _month(month: str | None, output: Path, today: date) -> str:
    """The month named, else the last complete one where the clock can be believed."""
    from nmsdreports.run.clock import month_by_clock
    from nmsdreports.run.plan import chosen_month
    from nmsdreports.run.publish import editions

    return chosen_month(month, today) if month else month_by_clock(today, editions(output))


def _left_unchanged(
    month: str | None, output: Path, quiet: bool, source: Path | None
) -> "tuple[int, MonthOutcome] | None":
    """Leave the month's edition where making it again would change nothing; else return nothing."""
    folder = find_source(source)
    if folder is None or not folder.is_dir() or not output.is_dir():
        return None
    from nmsdreports.run.clock import today_in
    from nmsdreports.run.month import unchanged_month
    from nmsdreports.run.publish import read_manifest
    from nmsdreports.settings import read_settings
    from nmsdreports.views.sentences import month_words

    settings = read_settings(folder)
    today = today_in(settings)
    chosen = _month(month, output, today)
    outcome = unchanged_month(folder, settings, chosen, output, today)
    if outcome is None:
        return None
    say(
        f"Nothing has changed since {outcome.edition.name} was made, so {month_words(chosen)} "
        f"stays as it is. Open: {outcome.first}",
        quiet,
    )
    _say_outcome(outcome)
    status = set_aside_status(**(read_manifest(outcome.edition) or {})["set_aside"])
    return (1 if outcome.notes else status), outcome


def _say_outcome(outcome: "MonthOutcome") -> None:
    """Say what did not go well, or is not as one might think."""
    from nmsdreports.run.publish import editions, missing_months
    from nmsdreports.views.caveats import same_files_words
    from nmsdreports.views.sentences import list_words, month_words

    for entry in outcome.failed:
        say(f"FAILED {entry.name}: {entry.cause} What to do: {entry.repair}.")
    for note in outcome.notes:
        say(note)
    if outcome.restates:
        say(f"{outcome.restates} was published and stays; {outcome.edition.name} restates it.")
    if outcome.same_as:
        say(same_files_words(outcome.same_as))
    for sentence in [*outcome.left, *outcome.hints]:
        say(sentence)
    missing = missing_months(editions(outcome.edition.parent))
    if missing:
        say(
            f"There are no reports of {list_words([month_words(month) for month in missing])}; "
            f"--month {missing[0]} makes them."
        )


def _make(plan: "Plan", quiet: bool, fresh: bool, timeout: int | None) -> "MonthOutcome":
    """Make the month so that Ctrl-C and SIGTERM end at once and leave no half edition."""
    try:
        # The import is slow: a signal must find us ready meanwhile.
        with stoppable():
            from nmsdreports.run.month import make_month
            from nmsdreports.run.progress import Progress
            from nmsdreports.run.reports import LONGEST_SECONDS

            with Progress(len(plan.schools) + 2 * plan.whole, quiet) as progress:
                return make_month(plan, progress.told, fresh, timeout or LONGEST_SECONDS)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise DiskFull(
            f'The disk is full: the reports did not fit into "{plan.output}", so nothing was '
            "published, and what was there stays. Make room and run it again."
        ) from error
    except Stopped as stopped:
        say("Stopped; nothing was published. Run it again, and it goes on where it stopped.")
        # Threads that wait would hold the exit up; the workers are gone already.
        os._exit(128 + stopped.number)


class DiskFull(Refused):
    """What was made found no room; what was there before stays."""

    exit_code = 1
