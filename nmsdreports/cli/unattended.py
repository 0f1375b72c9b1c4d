"""The verb for which nobody sits at the keyboard: monthly."""

import sys
import traceback
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from nmsdreports.cli.common import (
    Refused,
    Stopped,
    command,
    find_source,
    heard_by,
    load_source,
    output_option,
    quiet_option,
    refuses,
    say,
    source_argument,
    stoppable,
    system_sentence,
)
from nmsdreports.cli.reporting import make_reports
from nmsdreports.cli.sending import send_edition

if TYPE_CHECKING:
    from nmsdreports.run.due import Due
    from nmsdreports.settings import Settings

_MOST_WORKDAY = 10
_MOST_FAULTS = 3

smtp_option = click.option(
    "--smtp", is_flag=True, help="Send by the mail server of district.toml, no drafts."
)
workday_option = click.option(
    "--workday",
    metavar="N",
    type=click.IntRange(1, _MOST_WORKDAY),
    default=1,
    show_default=True,
    help="Not before the n-th weekday of the month.",
)


@click.command()
@smtp_option
@workday_option
@output_option("Where the months' reports are kept.")
@quiet_option
@source_argument
@refuses
def monthly(smtp: bool, workday: int, output: Path, quiet: bool, source: Path | None) -> NoReturn:
    """Make and send last month's reports where that is due.

    Where nothing is due it ends at once.

    Due is the last complete month, from the first weekday after it on, until its reports were sent
    (without --smtp: written as drafts) or marked by `publish`. `schedule` starts this verb every
    weekday morning. What it did stands in a log below the reports.
    """
    from nmsdreports.run.lock import only_run
    from nmsdreports.run.logbook import LOGS, write_log
    from nmsdreports.settings import InputError, Settings, read_settings

    folder = find_source(source)
    if folder is None:
        raise Refused("Name the folder with the district's spreadsheets.")
    wrong = ""
    try:
        settings = read_settings(folder)
    except InputError as error:
        settings, wrong = Settings(), str(error)
    run = Run(settings, wrong, folder, output, smtp, workday, quiet)
    with only_run(output / LOGS), heard_by(partial(write_log, output, settings)), stoppable():
        try:
            status = run.whatever_is_due()
        except Stopped as stopped:
            say("Stopped; the next run goes on where it stopped.")
            status = 128 + stopped.number
    sys.exit(status)


@dataclass
class Run:
    """One run: what it was asked, whether reports stand by now, what the office is told besides.

    `wrong` is why the settings cannot be read, of which the defaults then stand here.
    """

    settings: "Settings"
    wrong: str
    source: Path
    output: Path
    smtp: bool
    workday: int
    quiet: bool
    made: bool = False
    news: list[str] = field(default_factory=list)

    def whatever_is_due(self) -> int:
        """Do what is due; whatever hinders it, tell the office; return the exit status."""
        from nmsdreports.run.clock import today_in
        from nmsdreports.run.due import find_due
        from nmsdreports.run.logbook import forget_trouble
        from nmsdreports.settings import InputError

        try:
            today = today_in(self.settings)
            due = find_due(self.output, today, self.workday)
            if due.done:
                # Drafts are looked at by people: one on what was mended meanwhile would mislead.
                forget_trouble(self.output, due.month)
            if due.done or today < due.begins:
                say(_nothing_due_words(due), self.quiet)
                return 0
            if self.wrong:
                raise InputError(self.wrong)
            status = self._do(due)
        except InputError as error:
            status = self.tell_trouble(str(error))
        except Refused as error:
            status = self.tell_trouble(error.message, error.exit_code)
        except OSError as error:
            status = self.tell_trouble(system_sentence(error))
        except Exception as error:
            # The office must hear of it. What the error says may stand in a spreadsheet, and the
            # system keeps what is printed: so only its places, and what kind it is.
            traceback.print_tb(error.__traceback__)
            click.echo(type(error).__name__, err=True)
            place = traceback.extract_tb(error.__traceback__)[-1]
            status = self.tell_trouble(
                f"The program itself failed ({type(error).__name__}, {Path(place.filename).name} "
                f"line {place.lineno}). Tell whoever looks after it."
            )
        say(f"Ended with {status}.", quiet=True)
        return status

    def _do(self, due: "Due") -> int:
        """Check, report, verify, send; return the exit status."""
        from nmsdreports.run.clock import today_in
        from nmsdreports.run.deliveries import Order
        from nmsdreports.run.due import find_due
        from nmsdreports.run.logbook import forget_trouble
        from nmsdreports.run.publish import read_manifest
        from nmsdreports.settings import InputError
        from nmsdreports.views.caveats import same_files_words

        statuses, edition = [], due.edition
        if edition is None:
            status, outcome = make_reports(
                due.month, (), self.output, False, self.quiet, self.source
            )
            statuses.append(status)
            edition = outcome.edition
            repairs = [f"{entry.name}, what to do: {entry.repair}." for entry in outcome.failed]
            self.news = [*repairs, *outcome.notes, *outcome.left, *outcome.hints]
        else:
            say(f"The messages of {edition.name} are not all done yet.", self.quiet)
        self.made = True
        statuses.append(self._verify())
        same_as = read_manifest(edition).get("same_as")
        if same_as:
            unchanged = command("send", edition.name, *["--smtp"] * self.smtp, "--unchanged")
            raise InputError(
                f"{same_files_words(same_as)} So nothing was sent. If they are right as they are: "
                f"{unchanged}"
            )
        records = load_source(self.source, quiet=True)
        order = Order(self.smtp, news=self.news)
        statuses.append(send_edition(edition, records, order, self.quiet))
        if not find_due(self.output, today_in(self.settings)).told:
            return self.tell_trouble(
                "The office's own message did not go out, so others may not have either: the log "
                "says which, and why."
            )
        forget_trouble(self.output, due.month)
        return max(statuses)

    def _verify(self) -> int:
        """Say what is not as it was made, months that are missing aside: the reports name those."""
        from nmsdreports.run.publish import folders, missing_months
        from nmsdreports.run.verify import verify
        from nmsdreports.views.sentences import count_words, list_words

        missing = missing_months(folders(self.output))
        found = [one for one in verify(self.output) if one.faults and one.name not in missing]
        for one in found:
            more = len(one.faults) - _MOST_FAULTS
            and_more = [f"{more:,} more things"] if more > 0 else []
            said = (
                f"{one.name} is not as it was made: "
                f"{list_words([*one.faults[:_MOST_FAULTS], *and_more])}."
            )
            say(said)
            if not any(one.name in told for told in self.news):
                self.news.append(said)
        say(f"Looked at every file of {count_words(len(folders(self.output)), 'month')}.", True)
        return int(bool(found))

    def tell_trouble(self, sentence: str, status: int = 2) -> int:
        """Tell the office why the month is not done; return the exit status."""
        from nmsdreports.run.clock import last_complete_month, today_in
        from nmsdreports.run.logbook import log_path
        from nmsdreports.run.trouble import tell_office
        from nmsdreports.views.mail_words import trouble_words

        say(sentence)
        month = last_complete_month(today_in(self.settings))
        wrong, log = [sentence, *self.news], str(log_path(self.output, self.settings))
        again = command("monthly", *monthly_options(self.smtp, self.workday, self.output))
        words = trouble_words(month, self.made, wrong, again, log)
        try:
            say(tell_office(self.settings, self.output, month, words, self.smtp))
        except OSError as error:
            say(f"The office could not be told. {system_sentence(error)}")
        return 1 if self.made else status


def monthly_options(smtp: bool, workday: int, output: Path) -> list[str]:
    """Return the options that a run was given, as they are typed."""
    options = ["--smtp"] * smtp
    if workday != 1:
        options += ["--workday", str(workday)]
    if output != Path("reports"):
        options += ["--output", str(output)]
    return options


def _nothing_due_words(due: "Due") -> str:
    month = f"{date.fromisoformat(f'{due.month}-01'):%B %Y}"
    if due.done:
        return f"Nothing is due: {month} is done."
    return f"Nothing is due yet: {month} is due from {due.begins:%B} {due.begins.day} on."
