"""The verbs that keep what was published: publish, verify."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from nmsdreports.cli.common import output_option, refuses, say


@click.command()
@click.argument("month", metavar="MONTH")
@output_option("Where the months' reports are kept.")
@refuses
def publish(month: str, output: Path) -> NoReturn:
    """Mark a month's reports as published: they stay for ever.

    MONTH is a month (2026-10) or a folder's name (2026-10-2). A later run of that month makes a
    new folder beside it, which restates it.
    """
    from nmsdreports.run.board import check_publishable
    from nmsdreports.run.lock import only_run
    from nmsdreports.run.publish import read_manifest
    from nmsdreports.run.verify import check_edition, find_edition
    from nmsdreports.run.way_in import publish_edition
    from nmsdreports.settings import InputError
    from nmsdreports.views.sentences import list_words

    with only_run(output):
        edition = find_edition(output, month)
        faults = check_edition(edition).faults
        if faults:
            raise InputError(
                f"{edition.name} is not as it was made, so it was not marked: {list_words(faults)}."
            )
        manifest = read_manifest(edition)
        if manifest["state"] == "published":
            publish_edition(edition)  # a run that was ended may not have come to the page of months
            say(f"{edition.name} is marked as published already.")
            sys.exit(0)
        check_publishable(edition)
        publish_edition(edition)
    failed = [failure["name"] for failure in manifest.get("failed", [])]
    lacks = f" It lacks the reports of {list_words(failed)}." if failed else ""
    if not manifest["whole"]:
        lacks += f" It holds only {list_words(list(manifest['schools'].values()))}."
    say(f"{edition.name} is marked as published and stays for ever.{lacks}")
    sys.exit(1 if failed else 0)


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[FOLDER]")
@refuses
def verify(folder: Path | None) -> NoReturn:
    """Say whether reports are as they were made, file by file.

    FOLDER is the folder of all months (left out, reports) or that of one month.
    """
    from nmsdreports.run.verify import verify as check
    from nmsdreports.views.sentences import count_words

    checked = check(folder or Path("reports"))
    width = max(len(one.name) for one in checked)
    for one in checked:
        if not one.faults:
            click.echo(f"{one.name:<{width}}  as it was made ({one.words})")
        for fault in one.faults:
            click.echo(f"{one.name:<{width}}  {fault}")
    faults = sum(len(one.faults) for one in checked)
    if faults:
        say(f"{count_words(faults, 'thing')} not as it should be.")
    sys.exit(1 if faults else 0)
