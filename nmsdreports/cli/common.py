"""What every verb shares: the source, the options, refusals, messages."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    import pandas as pd

    from nmsdreports.intake import Records
    from nmsdreports.settings import Settings

SOURCE_VARIABLE = "NMSDREPORTS_SOURCE"
"""Names the source where none is given and the current folder is no district's."""
SAMPLE_MONTH_VARIABLE = "NMSDREPORTS_SAMPLE_MONTH"
"""The month of the made-up district that start.py offers; it stands still while months pass."""
COMMAND_VARIABLE = "NMSDREPORTS_COMMAND"
"""What a person typed to get here, for help and advice; left out, the program's own name."""

_hearers: list[Callable[[str], None]] = []

source_argument = click.argument("source", required=False, type=click.Path(path_type=Path))
as_of_option = click.option(
    "--as-of", metavar="YYYY-MM-DD", help="The day as of which is judged; today."
)
quiet_option = click.option("--quiet", is_flag=True, help="Say only what went wrong.")


def output_option(words: str) -> Callable:
    """The option for the folder into which a verb writes."""
    return click.option(
        "--output",
        type=click.Path(path_type=Path),
        default=Path("reports"),
        show_default=True,
        metavar="FOLDER",
        help=words,
    )


class Refused(click.ClickException):
    """An input that cannot be used: its one sentence, exit status 2."""

    exit_code = 2

    def show(self, file=None) -> None:
        """Print the sentence alone, without the word Error."""
        click.echo(self.message, err=True)


def refuses(verb: Callable) -> Callable:
    """Turn what a verb cannot use, read or write into one sentence and exit status 2.

    Ctrl-C ends with 130, as a shell has it.
    """

    @wraps(verb)
    def wrapped(*args, **kwargs):
        from nmsdreports.settings import InputError

        try:
            return verb(*args, **kwargs)
        except InputError as error:
            raise Refused(str(error)) from error
        except BrokenPipeError:
            raise
        except KeyboardInterrupt:
            say("Stopped.")
            sys.exit(130)
        except OSError as error:
            raise Refused(system_sentence(error)) from error

    return wrapped


def find_source(source: Path | None) -> Path | None:
    """Return the source, or the current folder where it is a district's, or none."""
    if source is None and Path("district.toml").exists():
        return Path()
    if source is None and SOURCE_VARIABLE in os.environ:
        return Path(os.environ[SOURCE_VARIABLE])
    return source


def load_source(
    source: Path | None,
    quiet: bool,
    refuse: bool = True,
    read_on: "Callable[[Settings], pd.Timestamp] | None" = None,
) -> "Records":
    """Read the source, or the current folder where it is a district's.

    `read_on` is asked for the day of reading; left out, it is today in the district.
    """
    folder = find_source(source)
    if folder is None:
        raise Refused(
            "Name the folder with the district's spreadsheets, "
            "or go to one that holds a district.toml."
        )
    if source is None and folder != Path():
        here = Path.cwd()
        shown = folder.relative_to(here) if folder.is_relative_to(here) else folder
        say(f"No folder was named, so the made-up district is taken: {shown}", quiet)
    from nmsdreports.intake import load
    from nmsdreports.run.clock import today_in
    from nmsdreports.settings import read_settings

    settings = read_settings(folder)
    today = today_in(settings)
    if folder.is_dir():
        say("Reading the spreadsheets ...", quiet)
    day = today if read_on is None else read_on(settings)
    return load(folder, read_on=day, refuse=refuse, today=today)


def load_as_of(source: Path | None, as_of: str | None) -> "Records":
    """Read the source quietly on the day that `--as-of` names."""
    from nmsdreports.run.plan import day_of

    return load_source(source, quiet=True, read_on=lambda settings: day_of(as_of, settings))


def quarantine_status(records: "Records") -> int:
    """Say how many rows and values could not be used; return the exit status this asks for."""
    rows = int(records.counts["quarantined"].sum())
    values = int(records.problems["outcome"].eq("unknown").sum())
    return set_aside_status(rows, values)


def set_aside_status(rows: int, values: int) -> int:
    """Say that so many rows and values could not be used; return the exit status this asks for."""
    said = [
        f"{count} {one if count == 1 else many}"
        for count, one, many in (
            (rows, "row could not be used", "rows could not be used"),
            (values, "value counts as unknown", "values count as unknown"),
        )
        if count
    ]
    if said:
        them = "it" if rows + values == 1 else "them"
        say(f"{', '.join(said)}: `{command('check')}` lists {them}.")
    return int(rows > 0)


def command(*words: str) -> str:
    """Return what to type to have a verb, with its options, do its work on the same source."""
    context = click.get_current_context()
    source = context.params.get("source")
    words = words if source is None else (*words, str(source))
    quoted = subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
    return f"{context.find_root().info_name} {quoted}"


def system_sentence(error: OSError) -> str:
    """What the system would not do, and with which file or folder."""
    where = f' "{error.filename}"' if error.filename else ""
    return f"The system refused{where}: {error.strerror or error}."


def say(text: str, quiet: bool = False) -> None:
    """Tell the person at the keyboard: standard error, so that tables stay clean.

    With `quiet` only those hear it that hear everything.
    """
    for hear in _hearers:
        hear(text)
    if not quiet:
        click.echo(text, err=True)


@contextmanager
def heard_by(hear: Callable[[str], None]) -> Iterator[None]:
    """Tell everything that is said to `hear`, too."""
    _hearers.append(hear)
    try:
        yield
    finally:
        _hearers.remove(hear)


class Stopped(BaseException):
    """A signal that ends a run."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def stoppable() -> Iterator[None]:
    """Have Ctrl-C and SIGTERM raise Stopped."""

    def stop(number: int, frame) -> NoReturn:
        raise Stopped(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
