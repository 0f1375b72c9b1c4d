"""The verbs about what is read: check, new."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from nmsdreports.cli.common import (
    Refused,
    load_source,
    output_option,
    quiet_option,
    refuses,
    say,
    source_argument,
)

if TYPE_CHECKING:
    from nmsdreports.intake import Records


@click.command()
@output_option("Where the list to work through is kept.")
@quiet_option
@source_argument
@refuses
def check(output: Path, quiet: bool, source: Path | None) -> NoReturn:
    """Say what was read from SOURCE and what is wrong with it.

    The same list, to work through and tick off, is written as quarantine.xlsx. Where the folder
    holds the months' reports, accounts of the last one that the registry has no more are named.
    """
    from nmsdreports.run.compared import left_since_last
    from nmsdreports.run.month import check_own
    from nmsdreports.run.plan import check_output
    from nmsdreports.run.publish import replace_file
    from nmsdreports.views.checklist import check_lines
    from nmsdreports.views.repair import FILE_NAME, write_repair
    from nmsdreports.views.sentences import list_words

    records = load_source(source, quiet, refuse=False)
    if output.resolve() == records.source.resolve():
        raise Refused("Nothing is written among the spreadsheets; name another --output FOLDER.")
    check_output(output)
    for line in check_lines(records):
        click.echo(line)
    for sentence in left_since_last(output, records):
        click.echo(sentence)
    if untouched := _untouched(records):
        click.echo(f"There is nothing to report on yet: fill in {list_words(untouched)}.")
    output.mkdir(parents=True, exist_ok=True)
    path = output / FILE_NAME
    try:
        replace_file(path, lambda fresh: write_repair(records, fresh))
        written = True
    except PermissionError:
        # Windows lets nobody replace what is open; what stands on the screen is whole all the same.
        if not path.exists():
            raise
        say(f"{path} is probably open in Excel and still holds the older list.")
        say("Close it there and run check again; the list on the screen is complete.")
        written = False
    if written and not quiet:
        say(f"Wrote the list to work through: {path}")
    refused = records.problems.loc[records.problems["outcome"] == "refuse", "message"]
    if len(refused):
        more = f" ({len(refused) - 1} more at the top of the list.)" if len(refused) > 1 else ""
        raise Refused(f"No report can be made before this is mended: {refused.iloc[0]}{more}")
    check_own(records.settings)
    sys.exit(int(records.counts["quarantined"].sum() > 0 or not written))


def _untouched(records: "Records") -> list[str]:
    """Return the files of schools and accounts when neither table has a row yet."""
    counts = records.counts[records.counts["table"].isin(["schools", "accounts"])]
    blank = counts["rows_read"].sum() == counts["blank"].sum()
    return list(dict.fromkeys(counts["file"].dropna())) if blank else []


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@quiet_option
@refuses
def new(folder: Path, quiet: bool) -> None:
    """Make the FOLDER of a new district: settings and templates."""
    from nmsdreports.policy import read_policy
    from nmsdreports.views.forms import write_forms

    if folder.exists() and not folder.is_dir():
        raise Refused(f'"{folder}" is a file; name a new folder.')
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f'"{folder}" is not empty; name a new folder, so that nothing is lost.')
    made = write_forms(folder, read_policy().guidelines)
    if not quiet:
        command = click.get_current_context().find_root().info_name
        say(f"Wrote {made[0].name} and {len(made) - 1} templates into {folder}")
        say("Fill in schools.xlsx, accounts.xlsx and incidents.xlsx; the others when you want.")
        say(f"Then: {command} check {folder}. Open first: {made[1]}")
