"""The verb by which reports leave the office: send."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from nmsdreports.cli.common import (
    SAMPLE_MONTH_VARIABLE,
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
    from nmsdreports.run.deliveries import Delivered, MessageOutcome, Order

_OTHERS = {"office": "*", "all": "all"}
"""What may stand where a school is named: the office's own message, each one asked about."""


@click.command()
@click.argument("month", metavar="[MONTH]", required=False)
@source_argument
@click.option("--smtp", is_flag=True, help="Send by the mail server of district.toml, no drafts.")
@click.option(
    "--school",
    "schools",
    multiple=True,
    metavar="SCHOOL",
    help="Only to this one, by id or name; may repeat.",
)
@click.option(
    "--again",
    multiple=True,
    metavar="SCHOOL",
    help="Once more to this one, to the office, or to all that are asked about; may repeat.",
)
@click.option(
    "--arrived",
    multiple=True,
    metavar="SCHOOL",
    help="This one has it, or the office, or all that are asked about; may repeat.",
)
@click.option(
    "--unchanged", is_flag=True, help="Send although no spreadsheet changed since the month before."
)
@output_option("Where the months' reports are kept.")
@quiet_option
@refuses
def send(
    month: str | None,
    source: Path | None,
    smtp: bool,
    schools: tuple[str, ...],
    again: tuple[str, ...],
    arrived: tuple[str, ...],
    unchanged: bool,
    output: Path,
    quiet: bool,
) -> NoReturn:
    """Send each principal the workbook, the office the outcome.

    Left out --smtp, drafts are written that a mail program opens and sends. MONTH is a month
    (2026-10) or a folder's name (2026-10-2); left out, the last complete month. From then on these
    reports count as published.
    """
    from nmsdreports.run.publish import EDITION

    if source is None and month and not EDITION.fullmatch(month.strip()) and Path(month).is_dir():
        month, source = None, Path(month)
    if month is None and source is None and not Path("district.toml").exists():
        month = os.environ.get(SAMPLE_MONTH_VARIABLE)
    both = sorted({*again} & {*arrived})
    if both:
        raise Refused(f"{both[0]}: either --again or --arrived.")
    records = load_source(source, quiet)
    from nmsdreports.run.clock import month_by_clock, today_in
    from nmsdreports.run.deliveries import Order
    from nmsdreports.run.plan import is_over
    from nmsdreports.run.publish import editions
    from nmsdreports.run.verify import find_edition
    from nmsdreports.views.sentences import month_words

    today = today_in(records.settings)
    edition = find_edition(output, month or month_by_clock(today, editions(output)))
    if not is_over(edition.name[:7], today):
        say(f"{month_words(edition.name[:7])} is not over yet.")
    order = Order(
        smtp,
        _ids(schools, records, edition, {}),
        _ids(again, records, edition, _OTHERS),
        _ids(arrived, records, edition, _OTHERS),
        unchanged,
    )
    sys.exit(send_edition(edition, records, order, quiet))


def send_edition(edition: Path, records: "Records", order: "Order", quiet: bool) -> int:
    """Send an edition's messages and say what became of them; return the exit status."""
    from nmsdreports.run.deliver import deliver
    from nmsdreports.run.lock import only_run

    with only_run(edition.parent):
        delivered = deliver(edition, records, order, lambda outcome: _tell(outcome, quiet))
    _say_end(delivered, order.smtp, quiet)
    well = all(outcome.well for outcome in delivered.outcomes)
    return 0 if well and not delivered.left_over else 1


def _ids(
    texts: Iterable[str], records: "Records", edition: Path, others: dict[str, str]
) -> frozenset[str]:
    """The ids of the schools that an option names, or what it names besides schools."""
    from nmsdreports.run.recipients import find_schools

    named = {text for text in texts if text.casefold() in others}
    schools = find_schools([t for t in texts if t not in named], records.schools, edition)
    return frozenset([*schools, *(others[text.casefold()] for text in named)])


def _tell(outcome: "MessageOutcome", quiet: bool) -> None:
    """Say what became of one message; with `quiet` only where it asks for something."""
    done = {"sent": "Sent to", "drafted": "Wrote the draft to", "before": "Done before:"}
    wrong = {"queued": "WAITS", "refused": "REFUSED", "asked": "ASK", "fault": "NOT SENT"}
    to = f" ({outcome.to})" if outcome.to else ""
    if outcome.state in wrong:
        say(f"{wrong[outcome.state]} {outcome.name}{to}: {outcome.sentences}")
    else:
        words = f": {outcome.words}" if outcome.state == "before" else ""
        say(f"{done[outcome.state]} {outcome.name}{to}{words}", quiet)


def _say_end(delivered: "Delivered", smtp: bool, quiet: bool) -> None:
    from nmsdreports.views.mail_words import stale_words
    from nmsdreports.views.sentences import count_words, list_words

    for folder in delivered.stale:
        say(stale_words(folder))
    for name, whose in delivered.left_over.items():
        say(f"Of {name}, {list_words(whose)} still waits: `nmsdreports send {name}` says why.")
    count = sum(outcome.state in ("sent", "drafted") for outcome in delivered.outcomes)
    if smtp or not count:
        say(f"{'Sent' if smtp else 'Wrote'} {count_words(count, 'message')} now.", quiet)
    else:
        drafts = count_words(count, "draft")
        say(f"Wrote {drafts}. Open each one, look at it, send it: {delivered.drafts}", quiet)
