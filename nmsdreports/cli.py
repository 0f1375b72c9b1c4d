"""The verbs: options, calls, messages, exit status.

Nothing slow is imported before a verb has its options: `--help` and a wrong option answer at once.
Exit status: 0 done, 1 done but something was quarantined or failed, 2 nothing was made.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from nmsdreports.intake import Records

SOURCE_VARIABLE = "NMSDREPORTS_SOURCE"
"""Names the source where none is given and the current folder is no district's."""
SAMPLE_MONTH_VARIABLE = "NMSDREPORTS_SAMPLE_MONTH"
"""The month of the made-up district that start.py offers; it stands still while months pass."""
COMMAND_VARIABLE = "NMSDREPORTS_COMMAND"
"""What a person typed to get here, for help and advice; left out, the program's own name."""
TABLES = ["status", "findings", "rates", "incidents", "moves", "problems", "counts"]
FORMATS = ["csv", "json", "xlsx", "parquet"]

source_argument = click.argument("source", required=False, type=click.Path(path_type=Path))
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
    """Turn what a verb cannot use, read or write into one sentence and exit status 2."""

    @wraps(verb)
    def wrapped(*args, **kwargs):
        from nmsdreports.settings import InputError

        try:
            return verb(*args, **kwargs)
        except InputError as error:
            raise Refused(str(error)) from error
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Refused(_system_sentence(error)) from error

    return wrapped


@click.group(
    "nmsdreports",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.version_option(package_name="nmsdreports", message="nmsdreports %(version)s")
def main() -> None:
    """Reports on a district's official social-media accounts.

    SOURCE is the folder with the district's spreadsheets; left out, it is the current folder where
    that holds a district.toml.
    """


@main.command()
@output_option("Where the list to work through is kept.")
@quiet_option
@source_argument
@refuses
def check(output: Path, quiet: bool, source: Path | None) -> NoReturn:
    """Say what was read from SOURCE and what is wrong with it.

    The same list, to work through and tick off, is written as quarantine.xlsx.
    """
    from nmsdreports.run.plan import check_output
    from nmsdreports.run.publish import replace_file
    from nmsdreports.views.checklist import check_lines
    from nmsdreports.views.repair import FILE_NAME, write_repair

    records = _load(source, quiet, refuse=False)
    if output.resolve() == records.source.resolve():
        raise Refused("Nothing is written among the spreadsheets; name another --output FOLDER.")
    check_output(output)
    for line in check_lines(records):
        click.echo(line)
    output.mkdir(parents=True, exist_ok=True)
    path = replace_file(output / FILE_NAME, lambda fresh: write_repair(records, fresh))
    if not quiet:
        _say(f"Wrote the list to work through: {path}")
    refused = records.problems.loc[records.problems["outcome"] == "refuse", "message"]
    if len(refused):
        raise Refused(f"No report can be made before this is mended: {refused.iloc[0]}")
    sys.exit(int(records.counts["quarantined"].sum() > 0))


@main.command()
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
    records = _load(source, quiet)
    from nmsdreports.run.plan import plan_month, today_in
    from nmsdreports.views.sentences import month_words

    if month is None and source is None and not Path("district.toml").exists():
        month = os.environ.get(SAMPLE_MONTH_VARIABLE)
    plan = plan_month(records, month, schools, output, today_in(records.settings))
    count = len(plan.schools) + plan.whole
    if not quiet:
        _say(f"Making {count} reports of {month_words(plan.month)} (two to four seconds each) ...")
    outcome = _make(plan, quiet)
    for entry in outcome.failed:
        _say(f"FAILED {entry.name}: {entry.cause} What to do: {entry.repair}.")
    for folder in outcome.left:
        _say(f'The older draft "{folder}" is still open somewhere; remove it when it is closed.')
    quarantined = _quarantine_status(records)
    if not quiet:
        _say(f"Wrote {outcome.made} of {count} reports. Open first: {outcome.first}")
    sys.exit(1 if outcome.failed or quarantined else 0)


@main.command()
@click.argument("name", type=click.Choice(TABLES))
@click.option("--as-of", metavar="YYYY-MM-DD", help="The day as of which is judged; today.")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Left out: csv.")
@click.option("--school", metavar="ID", help="Only the rows of this school.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there.")
@source_argument
@refuses
def table(
    name: str,
    as_of: str | None,
    format_: str | None,
    school: str | None,
    output: Path | None,
    source: Path | None,
) -> NoReturn:
    """Print one of the tables that other programs read."""
    kind = format_ or _kind_of(output)
    if output is None and kind in ("xlsx", "parquet"):
        raise Refused(f"A table as {kind} needs a file: add --output FILE.{kind}.")
    records = _load(source, quiet=True)
    from nmsdreports.policy import assess
    from nmsdreports.run.plan import parse_day, today_in, unknown_school
    from nmsdreports.views.exports import INPUT_TABLES, table_frame, write_table

    day = parse_day(as_of or today_in(records.settings).isoformat())
    if school is not None and school not in set(records.schools["school_id"]):
        raise Refused(unknown_school(school, records.schools))
    judged = records if name in INPUT_TABLES else assess(records).at(day)
    frame = table_frame(judged, name, school)
    if output is None:
        write_table(frame, kind, sys.stdout.buffer)
    else:
        write_table(frame, kind, output)
        _say(f"Wrote {len(frame)} rows to {output}")
    sys.exit(_quarantine_status(records))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@quiet_option
@refuses
def new(folder: Path, quiet: bool) -> None:
    """Make the FOLDER of a new district: its settings, a template for each table."""
    from nmsdreports.views.forms import write_forms

    if folder.exists() and not folder.is_dir():
        raise Refused(f'"{folder}" is a file; name a new folder.')
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f'"{folder}" is not empty; name a new folder, so that nothing is lost.')
    made = write_forms(folder)
    if not quiet:
        command = click.get_current_context().find_root().info_name
        _say(f"Wrote {made[0].name} and {len(made) - 1} templates into {folder}")
        _say("Fill in schools.xlsx, accounts.xlsx and incidents.xlsx; the others when you want.")
        _say(f"Then: {command} check {folder}. Open first: {made[1]}")


def _load(source: Path | None, quiet: bool, refuse: bool = True) -> "Records":
    """Read the source, or the current folder where it is a district's."""
    folder = source
    if folder is None and Path("district.toml").exists():
        folder = Path()
    if folder is None and SOURCE_VARIABLE in os.environ:
        folder = Path(os.environ[SOURCE_VARIABLE])
        if not quiet:
            _say(f"No folder was named, so the made-up district is taken: {folder}")
    if folder is None:
        raise Refused(
            "Name the folder with the district's spreadsheets, "
            "or go to one that holds a district.toml."
        )
    if not quiet:
        _say("Reading the spreadsheets ...")
    from nmsdreports.intake import load
    from nmsdreports.run.plan import today_in
    from nmsdreports.settings import read_settings

    return load(folder, read_on=today_in(read_settings(folder)), refuse=refuse)


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
        _say("Stopped; nothing was published.")
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


def _quarantine_status(records: "Records") -> int:
    """Say how many rows were set aside; return the exit status that this asks for."""
    count = int(records.counts["quarantined"].sum())
    if count:
        rows = "1 row" if count == 1 else f"{count} rows"
        command = click.get_current_context().find_root().info_name
        _say(f"{rows} could not be used and stand aside; `{command} check` lists them.")
    return int(count > 0)


def _kind_of(output: Path | None) -> str:
    ending = output.suffix.lstrip(".").lower() if output else "csv"
    if ending not in FORMATS:
        raise Refused(f'"{output}": a table is written as {", ".join(FORMATS)}.')
    return ending


def _system_sentence(error: OSError) -> str:
    where = f' "{error.filename}"' if error.filename else ""
    return f"The system refused{where}: {error.strerror or error}."


def _say(text: str) -> None:
    click.echo(text, err=True)


if __name__ == "__main__":
    main(prog_name=os.environ.get(COMMAND_VARIABLE, "nmsdreports"))
