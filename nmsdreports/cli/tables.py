"""The verb that hands tables to other programs: table."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from nmsdreports.cli.common import (
    Refused,
    as_of_option,
    load_source,
    quarantine_status,
    refuses,
    say,
    source_argument,
)

TABLES = ["status", "findings", "rates", "incidents", "moves", "problems", "counts", "watch"]
FORMATS = ["csv", "json", "xlsx", "parquet"]


@click.command()
@click.argument("name", type=click.Choice(TABLES))
@as_of_option
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
    records = load_source(source, quiet=True)
    from nmsdreports.policy import assess
    from nmsdreports.run.plan import day_of, unknown_school
    from nmsdreports.views.exports import INPUT_TABLES, table_frame, write_table

    day = day_of(as_of, records.settings)
    if school is not None and school not in set(records.schools["school_id"]):
        raise Refused(unknown_school(school, records.schools))
    judged = records if name in INPUT_TABLES else assess(records).at(day)
    frame = table_frame(judged, name, school)
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
