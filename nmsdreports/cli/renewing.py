"""The verb of a new school year: rollover."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from nmsdreports.cli.common import (
    load_source,
    output_option,
    quarantine_status,
    quiet_option,
    refuses,
    say,
    source_argument,
)


@click.command()
@source_argument
@click.option(
    "--year", metavar="YYYY", help="The school year, by the year in which it begins; the nearest."
)
@output_option("Where the reports are kept; it writes into the outbox there.")
@quiet_option
@refuses
def rollover(source: Path | None, year: str | None, output: Path, quiet: bool) -> NoReturn:
    """List what a new school year asks for, with drafts of mails.

    What is to be approved, told to parents, reviewed, handed over or closed at each school, by when
    and why, by what is on record today. Nothing is sent, and no month counts as published.
    """
    records = load_source(source, quiet)
    from nmsdreports.run.clock import today_in
    from nmsdreports.run.lock import only_run
    from nmsdreports.run.plan import check_output
    from nmsdreports.run.rollover import parse_school_year, roll_over
    from nmsdreports.views.new_year import older_words, summary_words
    from nmsdreports.views.sentences import count_words

    today = today_in(records.settings)
    chosen = parse_school_year(year, today)
    check_output(output)

    def told(name: str, count: int) -> None:
        if not quiet:
            say(f"  {name}: {count:,}")

    with only_run(output):
        done = roll_over(records, chosen, output, today, told)
    if not quiet:
        say(f"School year {done.ahead.name}: {summary_words(done.rows)}.")
    names = dict(zip(records.schools["school_id"], records.schools["name"], strict=True))
    faults = [(names[one.school_id], one.fault) for one in done.reached if one.fault]
    faults += [("The office", done.office_fault)] if done.office_fault else []
    for name, fault in faults:
        say(f"NO DRAFT {name}: {fault}.")
    if done.older:
        say(older_words(done.older))
    if not quiet and not done.new:
        say(f"Nothing has changed since {done.folder} was written.")
    elif not quiet:
        drafts = count_words(sum(1 for _ in done.folder.glob("*.eml")), "draft")
        say(f"Wrote {drafts}. Open each one, look at it, send it: {done.folder}")
    sys.exit(1 if faults else quarantine_status(records))
