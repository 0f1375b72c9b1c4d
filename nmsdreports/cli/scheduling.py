"""The verb that has the system start `monthly`: schedule."""

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nmsdreports.cli.common import (
    COMMAND_VARIABLE,
    Refused,
    command,
    find_source,
    output_option,
    refuses,
    say,
    source_argument,
)
from nmsdreports.cli.unattended import monthly_options, smtp_option, workday_option

if TYPE_CHECKING:
    from nmsdreports.run.entries import Entry

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@click.command()
@click.option("--install", "installs", is_flag=True, help="Have the system start it from now on.")
@click.option("--remove", "removes", is_flag=True, help="Have the system start it no more.")
@click.option(
    "--at",
    "time",
    metavar="HH:MM",
    default="06:30",
    show_default=True,
    help="The time of day by this computer's clock.",
)
@smtp_option
@workday_option
@output_option("Where the months' reports are kept.")
@source_argument
@refuses
def schedule(
    installs: bool,
    removes: bool,
    time: str,
    smtp: bool,
    workday: int,
    output: Path,
    source: Path | None,
) -> None:
    """Have `monthly` start by itself every weekday morning.

    Without --install or --remove the entry is only printed. It is for the scheduler that this
    computer has: systemd or cron on Linux, launchd on a Mac, the Task Scheduler on Windows. There
    is one entry; another takes its place.
    """
    from nmsdreports.run.schedule import install, remove, schedulers

    if installs and removes:
        raise Refused("Either --install or --remove.")
    if removes:
        say("The entry is removed." if remove() else "There was no entry to remove.")
        return
    entry = _entry(time, smtp, workday, output, source)
    if not installs:
        best = schedulers()[0]
        click.echo(best.show(entry), nl=False)
        say(f"Nothing was changed: with --install this is given to {best.words}.")
        return
    done = install(entry)
    say(
        f"From now on {done.words} starts this every weekday at {entry.time}; it does what is due "
        f"and else ends at once. {done.advice}"
    )
    say(f"Try it now: {command('monthly', *monthly_options(smtp, workday, output))}")


def _entry(time: str, smtp: bool, workday: int, output: Path, source: Path | None) -> "Entry":
    """What to start; refuse what could not work some morning."""
    from nmsdreports.run.entries import Entry
    from nmsdreports.run.post import check_mail
    from nmsdreports.settings import read_settings

    at = _TIME.fullmatch(time.strip())
    if at is None:
        raise Refused(f'"{time}" is no time of day; write hours and minutes as in 06:30.')
    folder = find_source(source)
    if folder is None or not folder.is_dir():
        raise Refused("Name the folder with the district's spreadsheets, which must be there.")
    settings = read_settings(folder)
    if smtp:
        check_mail(settings.mail)
    options = monthly_options(smtp, workday, output.resolve())
    words = (*_program(), "monthly", *options, str(folder.resolve()))
    return Entry(words, int(at[1]), int(at[2]))


def _program() -> list[str]:
    """How this program was started, without what the folder or the search path decides.

    start.py mends what it has set up, so where it was used it is used again.
    """
    import nmsdreports

    start = Path(nmsdreports.__file__).resolve().parents[1] / "start.py"
    if COMMAND_VARIABLE in os.environ and start.is_file():
        return [sys.executable, str(start)]
    return [sys.executable, "-m", "nmsdreports.cli"]
