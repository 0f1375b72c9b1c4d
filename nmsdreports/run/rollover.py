"""A new school year: what must be done again, as workbooks and drafts, one folder a run.

Nothing is sent from here and no edition is touched. The folder is filled under another name and
gets its own in one step; an older one stays, because somebody may have worked in it, and one that
would come out the same is not written again. Trap: the office's draft names the older folders,
which may be thrown away; so it is the same where its Message-ID is.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from pathlib import Path

import pandas as pd

from nmsdreports.intake import Records
from nmsdreports.policy import assess
from nmsdreports.policy.renewals import SchoolYear, renewals
from nmsdreports.policy.school_years import FIRST_MONTH
from nmsdreports.run.deliveries import OFFICE, OFFICE_NAME
from nmsdreports.run.journal import OUTBOX
from nmsdreports.run.messages import Attachment, Message, build, identity, write_draft
from nmsdreports.run.publish import OF_THE_SYSTEM, file_hash
from nmsdreports.run.recipients import address_fault, principal_address
from nmsdreports.settings import SETTINGS_FILE, InputError
from nmsdreports.views.audience import Edition, edition
from nmsdreports.views.mail_words import Words
from nmsdreports.views.new_year import (
    Ahead,
    Reached,
    office_words,
    rows_to_renew,
    school_words,
    write_new_year,
)
from nmsdreports.views.places import file_stem, folder_names
from nmsdreports.views.sentences import day_words

_YEAR = re.compile(r"((?:19|20|21)\d\d)(?:\s*[-–/]\s*(\d\d|\d{4}))?")
_HALF_A_YEAR = 6
_TO_OFFICE = "office.eml"


@dataclass(frozen=True)
class RolledOver:
    """What a run made: its folder, the rows, each school's message; `new` is whether it differs
    from the folder that was there. `office_fault` is why the office has no message, else empty.
    `older` are the names of the folders in which drafts of earlier runs lie.
    """

    folder: Path
    ahead: Ahead
    rows: list[dict]
    reached: list[Reached]
    office_fault: str
    new: bool
    older: list[str]


def parse_school_year(text: str | None, today: date) -> SchoolYear:
    """Return the school year that `--year` names by the year in which it begins.

    Left out, it is the one whose first day is nearest. Raises InputError where it is no year, is
    over, or is further off than the next one.
    """
    running = _running(today)
    if text is None:
        return SchoolYear(
            _running((pd.Timestamp(today) + pd.DateOffset(months=_HALF_A_YEAR)).date())
        )
    meant = _YEAR.fullmatch(text.strip())
    choices = f"name {running} or {running + 1}"
    if not meant or (meant[2] and int(meant[2][-2:]) != (int(meant[1]) + 1) % 100):
        raise InputError(
            f'"{text}" is not a school year; write the year in which it begins: {choices}.'
        )
    year = SchoolYear(int(meant[1]))
    if year.begins < running:
        raise InputError(
            f"The school year {year.name} is over: it ended on {day_words(year.last)}; {choices}."
        )
    if year.begins > running + 1:
        raise InputError(
            f"The school year {year.name} begins on {day_words(year.first)}, too far off to say "
            f"what it will ask for; {choices}."
        )
    return year


def roll_over(
    records: Records,
    year: SchoolYear,
    output: Path,
    today: date,
    told: Callable[[str, int], object],
) -> RolledOver:
    """Write what a school year asks for: the office's workbook, each school's, and the drafts.

    `told` hears the name of each school that is done, and how many things it has.
    Raises InputError where the registry holds no account.
    """
    if records.accounts.empty:
        raise InputError("The registry holds no account, so there is nothing to renew.")
    day = pd.Timestamp(today).as_unit("us")
    assessment = assess(records)
    due = renewals(assessment, year, day)
    standing = assessment.at(max(year.first, day))
    office = edition(standing, "office", watched=False)
    rows = rows_to_renew(office, due)
    outbox = output / OUTBOX
    name = f"rollover-{year.begins}"
    staging = outbox / f".{name}.new"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        writer = Writer(records, name, Ahead(year.name, year.first, year.last, day), staging)
        asked = {row["school_id"] for row in rows}
        schools = records.schools[records.schools["school_id"].isin(list(asked))]
        folders = folder_names(zip(schools["school_id"], schools["name"], strict=True))
        reached = []
        for school_id, folder in folders.items():
            seen = edition(standing, "school", school_id, watched=False)
            own = rows_to_renew(seen, due)
            reached.append(writer.to_school(seen, own, folder))
            told(seen.name, len(own))
        taken = _taken(outbox, name)
        fault = writer.to_office(office, rows, reached, _with_drafts(taken))
        new = not taken or _files(taken[-1]) != _files(staging)
        older = _with_drafts(taken if new else taken[:-1])
        folder = staging.rename(_next(outbox, name, taken)) if new else taken[-1]
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return RolledOver(folder, writer.ahead, rows, reached, fault, new, older)


@dataclass(frozen=True)
class Writer:
    """Writes workbooks and drafts into a folder; `name` tells a rollover from another."""

    records: Records
    name: str
    ahead: Ahead
    folder: Path

    def to_school(self, seen: Edition, rows: list[dict], name: str) -> Reached:
        """Write a school's workbook, and its draft where its principal can be reached."""
        stem = file_stem(seen.name, self.ahead.name.replace("–", "-"))
        path = self.folder / name / f"{stem}.xlsx"
        path.parent.mkdir()
        write_new_year(seen, rows, self.ahead, path)
        school = seen.school
        to, fault = principal_address(school["school_id"], seen.name, self.records)
        if school["closed_on"] is not None and school["closed_on"] <= self.ahead.first:
            fault = f"it closes on {day_words(school['closed_on'])}, before the school year"
        if not fault:
            words = school_words(seen, rows, self.ahead, path.name)
            whom = (school["school_id"], seen.name, school["principal"] or "", to)
            self._draft(whom, words, path, f"{name}.eml")
        return Reached(school["school_id"], fault)

    def to_office(
        self, seen: Edition, rows: list[dict], reached: list[Reached], older: list[str]
    ) -> str:
        """Write the office's workbook and draft, which names the `older` folders of drafts.

        Returns why it has no draft, else nothing.
        """
        settings = self.records.settings
        path = self.folder / f"{file_stem('All schools', self.ahead.name.replace('–', '-'))}.xlsx"
        write_new_year(seen, rows, self.ahead, path, reached)
        to = settings.mail.get("office") or settings.contact.email
        if not to:
            return f"{SETTINGS_FILE} names no address of the office; write office under [mail]"
        fault = address_fault(to, settings.email_domains)
        if not fault:
            words = office_words(seen, rows, self.ahead, reached, path.name, older)
            self._draft((OFFICE, OFFICE_NAME, settings.contact.name, to), words, path, _TO_OFFICE)
        return fault

    def _draft(self, whom: tuple[str, str, str, str], words: Words, path: Path, file: str) -> None:
        whose, _, _, to = whom
        settings, version = self.records.settings, file_hash(path)
        known = identity(self.name, whose, to, version, settings.email_domains[0])
        message = Message(*whom, known, file, (Attachment(path, version),))
        write_draft(build(message, words, settings, ""), self.folder / file)


def _running(today: date) -> int:
    """The calendar year in which the school year of a day began."""
    return today.year - (today.month < FIRST_MONTH)


def _taken(outbox: Path, name: str) -> list[Path]:
    """The folders of earlier runs, the last one last; some may have been thrown away."""
    return sorted(
        [path for path in outbox.glob(f"{name}*") if _number(path, name)],
        key=lambda path: _number(path, name),
    )


def _number(path: Path, name: str) -> int:
    """Which run's folder it is, 1 for the first; 0 for what is none."""
    if path.name == name:
        return 1
    number = path.name.removeprefix(f"{name}-")
    return int(number) if number.isdecimal() else 0


def _next(outbox: Path, name: str, taken: list[Path]) -> Path:
    return outbox / (f"{name}-{_number(taken[-1], name) + 1}" if taken else name)


def _with_drafts(folders: list[Path]) -> list[str]:
    return [folder.name for folder in folders if any(folder.glob("*.eml"))]


def _files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): _content(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in OF_THE_SYSTEM
    }


def _content(path: Path) -> str:
    if path.name == _TO_OFFICE:
        return message_from_bytes(path.read_bytes())["Message-ID"]
    return file_hash(path)
