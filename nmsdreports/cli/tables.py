"""The verb that hands tables to other programs: table."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import click

from nmsdreports.cli.common import (
    Refused,
    as_of_option,
    load_as_of,
    quarantine_status,
    refuses,
    say,
    source_argument,
)

TABLES = {
    "status": "each guideline and account: whether it meets it, and why",
    "findings": "what is missing or was late: since when, due when, open or closed",
    "rates": "each guideline and school: how many meet it, do not, are excepted",
    "incidents": "incidents by guideline and school, of the month and (_12m) 12 months",
    "moves": "each guideline and school: findings opened and closed in the month",
    "problems": "each cell or row of the spreadsheets that needs a look, and why",
    "counts": "each sheet: rows read, accepted, set aside, blank",
    "watch": "what runs out or falls due soon, and what is odd in the records",
}
FORMATS = ["csv", "json", "xlsx", "parquet"]


def _with_tables(verb: Callable) -> Callable:
    """List the tables in the verb's help, a line each."""
    lines = "\n".join(f"{name:<9} {words}" for name, words in TABLES.items())
    verb.__doc__ = f"{verb.__doc__}\n\n\b\n{lines}"
    return verb


@click.command()
@click.argument("name", metavar="NAME", type=click.Choice(list(TABLES)))
@as_of_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    metavar="FORMAT",
    help="csv, json, xlsx or parquet; left out, csv.",
)
@click.option("--school", metavar="SCHOOL", help="Only the rows of this school, by id or name.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there.")
@source_argument
@refuses
@_with_tables
def table(
    name: str,
    as_of: str | None,
    format_: str | None,
    school: str | None,
    output: Path | None,
    source: Path | None,
) -> NoReturn:
    """Print one of the tables that other programs read. NAME is one of these:"""
    kind = format_ or _kind_of(output)
    if output is None and kind in ("xlsx", "parquet"):
        raise Refused(f"A table as {kind} needs a file: add --output FILE.{kind}.")
    from nmsdreports.policy import assess
    from nmsdreports.run.plan import find_school
    from nmsdreports.views.exports import INPUT_TABLES, table_frame, write_table

    records = load_as_of(source, as_of)
    school_id = None if school is None else find_school(school, records.schools)
    judged = records if name in INPUT_TABLES else assess(records).at(records.read_on)
    frame = table_frame(judged, name, school_id)
    if output is None:
        write_table(frame, kind, sys.stdout.buffer)
    else:
        write_table(frame, kind, output)
        say(f"Wrote {len(frame)} rows to {output}")
    sys.exit(quarantine_status(records))


def _kind_of(output: Path | None) -> str:
    ending = output.suffix.lstrip(".").lower() if output else "csv"
    if ending not in FORMATS:
        raise Refused(f'"{output}": a table is written as {", ".join(FORMATS)}.')
    return ending
