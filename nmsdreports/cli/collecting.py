"""The verb by which principals' answers come back: collect."""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from nmsdreports.cli.common import (
    Refused,
    as_of_option,
    load_as_of,
    output_option,
    quiet_option,
    refuses,
    say,
    source_argument,
)

if TYPE_CHECKING:
    import pandas as pd

    from nmsdreports.intake import Records


@click.command()
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@source_argument
@click.option(
    "--accept",
    is_flag=True,
    help="Enter what is marked: FOLDER is then the workbook that collect wrote.",
)
@click.option(
    "--month",
    metavar="YYYY-MM",
    help="The month of the reports that are answered; the last handed out.",
)
@as_of_option
@output_option("Where the months' reports are kept; the answers are put beside them.")
@quiet_option
@refuses
def collect(
    folder: Path,
    source: Path | None,
    accept: bool,
    month: str | None,
    as_of: str | None,
    output: Path,
    quiet: bool,
) -> NoReturn:
    """Take up the answers that principals typed into their workbooks.

    FOLDER holds the workbooks that came back. What can be entered into the logs is put into a new
    workbook to be looked at, with what cannot and why. No log is changed before you have looked:
    with --accept what that workbook has marked enters the logs.
    """
    from nmsdreports.run.clock import today_in
    from nmsdreports.run.plan import day_of, parse_month

    records = load_as_of(source, as_of)
    day = day_of(as_of, records.settings)
    if accept and month is not None:
        raise Refused("--month belongs to collecting; what is accepted stands in the workbook.")
    if accept:
        _accept(folder, records, day, output, quiet)
    if month is not None:
        month = parse_month(month, today_in(records.settings))
    _collect(folder, source, records, month, day, output, quiet)


def _collect(
    folder: Path,
    source: Path | None,
    records: "Records",
    month: str | None,
    day: "pd.Timestamp",
    output: Path,
    quiet: bool,
) -> NoReturn:
    from nmsdreports.run.collect import collect as run
    from nmsdreports.views.sentences import count_words

    program = click.get_current_context().find_root().info_name

    def command(path: Path) -> str:
        words = ["collect", "--accept", str(path), *([str(source)] if source else [])]
        end = subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
        return f"{program} {end}"

    done = run(folder, records, month, day, output, command)
    if not quiet:
        say(f"{count_words(done.to_enter, 'row').capitalize()} can enter the logs.")
    told = (
        (done.to_look, "row has to be looked at first", "rows have to be looked at first"),
        (done.by_hand, "answer is to be entered by hand", "answers are to be entered by hand"),
        (done.not_taken, "answer or file was not taken", "answers or files were not taken"),
    )
    for count, one, many in told:
        if count:
            say(f"{count:,} {one if count == 1 else many}.")
    say(f"Nothing was entered yet. Look at it first: {done.path}")
    sys.exit(1 if done.not_taken else 0)


def _accept(
    path: Path, records: "Records", day: "pd.Timestamp", output: Path, quiet: bool
) -> NoReturn:
    from nmsdreports.run.accept import accept, entered_words
    from nmsdreports.run.clock import today_in
    from nmsdreports.run.lock import only_run

    with only_run(output):
        done = accept(path, records, day, today_in(records.settings))
    if done.rows:
        say(f"Entered {entered_words(done)}.")
    if done.already:
        them = "row stands" if done.already == 1 else "rows stand"
        rest = "" if done.rows else " Nothing was changed."
        say(f"{done.already:,} {them} in the logs already and did not enter again.{rest}")
    if done.backups and not quiet:
        names = ", ".join(path.name for path in done.backups)
        say(f"The files as they were before are kept beside them: {names}")
    sys.exit(0)
