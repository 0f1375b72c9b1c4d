"""The verbs that say why: explain, policy."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from nmsdreports.cli.common import (
    Refused,
    as_of_option,
    find_source,
    load_as_of,
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
    records = load_as_of(source, as_of)
    from nmsdreports.intake.find import find_account
    from nmsdreports.policy import assess
    from nmsdreports.views.audience import edition
    from nmsdreports.views.explained import explain_lines

    account_id = find_account(records, account)
    standing = assess(records).at(records.read_on)
    seen = edition(standing, "office", account_id=account_id)
    for line in explain_lines(seen):
        click.echo(line)
    if page is not None:
        from nmsdreports.views.timeline import explained_page

        say(f"Wrote {explained_page(seen).write(page)}")
    sys.exit(quarantine_status(records))


@click.command()
@click.option(
    "--check",
    "checked",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Say what is wrong with a policy file.",
)
@click.option(
    "--compare",
    "compared",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Say which statuses a policy file would change.",
)
@as_of_option
@source_argument
@refuses
def policy(
    checked: Path | None, compared: Path | None, as_of: str | None, source: Path | None
) -> None:
    """Print the guidelines in force, or examine a policy FILE.

    Without SOURCE those of Board Policy 2026; with one as the district changed them.
    """
    if checked is not None and compared is not None:
        raise Refused("Either --check or --compare: they are two questions.")
    if checked is not None:
        _check(checked)
    elif compared is not None:
        _compare(compared, as_of, source)
    else:
        _print_policy(source)


def _print_policy(source: Path | None) -> None:
    from nmsdreports.policy import read_policy
    from nmsdreports.settings import Settings, read_settings
    from nmsdreports.views.policy_lines import policy_lines

    folder = find_source(source)
    if folder is not None and not folder.exists():
        raise Refused(f'There is no folder "{folder}".')
    if folder is not None and folder.suffix.casefold() == ".toml":
        raise Refused(
            f"{folder.name} is a file: --check says what is wrong with a policy file, --compare "
            "what it would change."
        )
    settings = Settings() if folder is None else read_settings(folder)
    for line in policy_lines(read_policy(settings).guidelines, read_policy().guidelines):
        click.echo(line)


def _check(path: Path) -> None:
    from nmsdreports.policy.guidelines import board_policy
    from nmsdreports.policy.overrides import check_policy
    from nmsdreports.views.policy_lines import check_lines
    from nmsdreports.views.sentences import count_words

    _check_there(path)
    faults = check_policy(board_policy(), path)
    for line in check_lines(path.name, faults):
        click.echo(line)
    if faults:
        raise Refused(f"{path.name} cannot be used: {count_words(len(faults), 'fault')}.")
    click.echo(f"{path.name} can be used; --compare says what it would change.")


def _check_there(path: Path) -> None:
    if not path.is_file():
        raise Refused(f'There is no file "{path}".')


def _compare(path: Path, as_of: str | None, source: Path | None) -> None:
    from dataclasses import replace

    _check_there(path)
    records = load_as_of(source, as_of)
    from nmsdreports.policy import assess, read_policy
    from nmsdreports.policy.compare import compare
    from nmsdreports.views.policy_lines import compare_lines
    from nmsdreports.views.sentences import account_labels, day_words

    day = records.read_on
    proposed = read_policy(replace(records.settings, policy=path))
    before, after = (
        assess(records, held).at(day) for held in (read_policy(records.settings), proposed)
    )
    found = (standing.findings for standing in (before, after))
    overdue = tuple(int((each["overdue"] & ~each["excepted"]).sum()) for each in found)
    accounts = records.accounts
    labels = dict(zip(accounts["account_id"], account_labels(accounts), strict=True))
    for line in compare_lines(compare(before, after), overdue, day_words(day), labels):
        click.echo(line)
    sys.exit(quarantine_status(records))
