"""The verbs that say why: explain."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from nmsdreports.cli.common import (
    as_of_option,
    load_source,
    quarantine_status,
    refuses,
    say,
    source_argument,
)


@click.command()
@click.argument("account")
@as_of_option
@click.option("--page", type=click.Path(path_type=Path), metavar="FILE.html", help="Write a page.")
@source_argument
@refuses
def explain(account: str, as_of: str | None, page: Path | None, source: Path | None) -> NoReturn:
    """Say why each verdict on ACCOUNT is what it is.

    ACCOUNT is its id, its handle or its address. With --page also as a page with a timeline.
    """
    records = load_source(source, quiet=True)
    from nmsdreports.intake.find import find_account
    from nmsdreports.policy import assess
    from nmsdreports.run.plan import day_of
    from nmsdreports.views.audience import edition
    from nmsdreports.views.explained import explain_lines

    account_id = find_account(records, account)
    standing = assess(records).at(day_of(as_of, records.settings))
    seen = edition(standing, "office", account_id=account_id)
    for line in explain_lines(seen):
        click.echo(line)
    if page is not None:
        from nmsdreports.views.timeline import explained_page

        say(f"Wrote {explained_page(seen).write(page)}")
    sys.exit(quarantine_status(records))
