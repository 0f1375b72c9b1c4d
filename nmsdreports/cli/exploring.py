"""The verbs around JupyterLab and this machine: explore, doctor."""

import os
import signal
import sys
import textwrap
from pathlib import Path
from typing import NoReturn

import click

from nmsdreports.cli.common import (
    SAMPLE_MONTH_VARIABLE,
    SOURCE_VARIABLE,
    Refused,
    find_source,
    load_source,
    refuses,
    say,
    source_argument,
)


@click.command()
@click.option("--no-browser", is_flag=True, help="Only say which address to open.")
@source_argument
@refuses
def explore(source: Path | None, no_browser: bool) -> NoReturn:
    """Open JupyterLab to explore SOURCE or the made-up district.

    The notebook explore.ipynb is put into the current folder; one that is there is kept.
    """
    from nmsdreports.run.desk import refuse_nothing
    from nmsdreports.run.lab import copy_notebook, running_lab

    folder = find_source(source) or _sample()
    if not folder.is_dir():
        raise Refused(f"There is no folder '{folder}'; name the folder with the spreadsheets.")
    # what the page could not show is told here, before anything opens
    records = load_source(folder, quiet=False)
    refuse_nothing(records)
    notebook, new = copy_notebook(Path(), records.settings)
    say(f"{'Put' if new else 'Kept your'} {notebook.name} {'into' if new else 'in'} this folder.")
    say("Starting JupyterLab ...")
    signal.signal(signal.SIGTERM, _stop)
    month = os.environ.get(SAMPLE_MONTH_VARIABLE, "") if source is None else ""
    environment = {SOURCE_VARIABLE: str(folder.resolve()), SAMPLE_MONTH_VARIABLE: month}
    with running_lab(Path(), environment, not no_browser) as lab:
        say("It opens in your browser. If it does not, open this address there:")
        click.echo(lab.address)
        say("Leave this window open while you work; Ctrl-C in it ends JupyterLab.")
        status = lab.process.wait()
    sys.exit(status)


def _sample() -> Path:
    """The made-up district of a checkout."""
    sample = Path(__file__).parents[2] / "data" / "sample"
    if not sample.is_dir():
        raise Refused("Name the folder with the district's spreadsheets.")
    return sample


def _stop(number: int, frame: object) -> NoReturn:
    sys.exit(128 + number)


@click.command()
@source_argument
@refuses
def doctor(source: Path | None) -> NoReturn:
    """Say whether this machine can do everything.

    For the mail when something does not work: it tells versions and counts, and nothing out of the
    spreadsheets.
    """
    from nmsdreports.run.doctor import examine

    folder, wrong = find_source(source), 0
    for sign in examine(folder, Path()):
        wrong += not sign.good
        for line in _marked("good" if sign.good else "WRONG", sign.words):
            click.echo(line)
    if wrong:
        say(f"{wrong} of these {'needs' if wrong == 1 else 'need'} a look.")
    elif folder is None:
        say("This machine can do everything. Spreadsheets were not looked at: name their folder.")
    else:
        say("This machine can do everything.")
    sys.exit(int(wrong > 0))


def _marked(mark: str, words: str) -> list[str]:
    return textwrap.wrap(
        words, 80, initial_indent=f"{mark:<7}", subsequent_indent=" " * 7, break_on_hyphens=False
    )
