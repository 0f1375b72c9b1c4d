"""An edition goes out: one message to each principal, one to the office.

Nothing leaves unless the edition is as it was made, each workbook says that it is its school's, and
the address fits. What became of a message is on the disk before the next step (`journal`), so that
after any crash the next run sends what was surely not sent, and asks about what may have been. Once
a message begins to leave, its edition counts as published.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from nmsdreports.intake import Records
from nmsdreports.policy.since import Printed
from nmsdreports.run.board import check_publishable
from nmsdreports.run.compared import read_since, read_told
from nmsdreports.run.deliveries import (
    ALL,
    ASKED,
    BEFORE,
    FAULT,
    OFFICE_NAME,
    Delivered,
    MessageOutcome,
    Order,
    asked_words,
    known_state,
    stale_drafts,
)
from nmsdreports.run.journal import (
    BEGUN,
    DRAFTED,
    OFFICE,
    OUTBOX,
    SENDING,
    SENT,
    Line,
    left_over,
    read_journal,
    states_of,
    write_line,
)
from nmsdreports.run.messages import Attachment, Message, build, identity, write_draft
from nmsdreports.run.post import Answer, Postman, check_mail, read_password
from nmsdreports.run.publish import (
    content_hash,
    current_edition,
    digest,
    editions,
    folders,
    is_published,
    missing_months,
    read_manifest,
)
from nmsdreports.run.recipients import Recipient, address_fault, recipients
from nmsdreports.run.reprinted import school_editions
from nmsdreports.run.snapshots import read_snapshot
from nmsdreports.run.verify import check_edition, follow_faults
from nmsdreports.run.way_in import publish_edition
from nmsdreports.settings import SETTINGS_FILE, InputError
from nmsdreports.views.caveats import beside_words, caveats_of, same_files_words
from nmsdreports.views.mail_words import (
    OfficeNews,
    Words,
    office_words,
    restated_words,
    school_words,
    stale_words,
)
from nmsdreports.views.repair import FILE_NAME
from nmsdreports.views.sentences import count_words, list_words, month_words


def deliver(
    edition: Path, records: Records, order: Order, told: Callable[[MessageOutcome], None]
) -> Delivered:
    """Send an edition's messages, or write them as drafts; `told` hears of each as it is done.

    Raises InputError, with nothing sent, where the edition is not as it was made, where its
    spreadsheets are those of the month before and the office has not said that this is right, and
    where the settings do not suffice.
    """
    check_edition_may_leave(edition, order.unchanged)
    then = read_snapshot(edition / "data")
    delivery = Delivery(edition, records, order, then)
    outcomes = []
    try:
        for recipient in recipients(edition, records, then.records.schools, order.only):
            outcomes.append(delivery.to_school(recipient))
            told(outcomes[-1])
        if not order.only:
            outcomes.append(delivery.to_office(outcomes))
            told(outcomes[-1])
    finally:
        delivery.postman.end()
    owed = left_over(read_journal(edition.parent))
    current = {current_edition(found).name for found in editions(edition.parent).values()}
    owed = {name: whose for name, whose in owed.items() if name in current - {edition.name}}
    return Delivered(outcomes, delivery.drafts, owed, stale_drafts(edition))


def check_edition_may_leave(edition: Path, unchanged: bool) -> None:
    """Refuse an edition that is not as it was made, or that last month's spreadsheets made."""
    known = [path for found in folders(edition.parent).values() for path in found]
    faults = check_edition(edition).faults + follow_faults(edition, known)
    if faults:
        raise InputError(
            f"{edition.name} is not as it was made, so nothing was sent: {list_words(faults)}."
        )
    if not is_published(edition):
        check_publishable(edition)
    same_as = read_manifest(edition).get("same_as")
    if same_as and not unchanged:
        raise InputError(
            f"{same_files_words(same_as)} So nothing was sent. If that is right, add --unchanged."
        )


class Delivery:
    """One run: the edition, what is asked, and what is known so far of each message."""

    def __init__(self, edition: Path, records: Records, order: Order, then: Printed) -> None:
        self.edition, self.order, self.then = edition, order, then
        self.settings, self.output = records.settings, edition.parent
        self.manifest = read_manifest(edition)
        self.content = content_hash(self.manifest)
        self.lines = read_journal(self.output)
        self.drafts = self.output / OUTBOX / edition.name
        self.sender = check_mail(records.settings.mail) if order.smtp else ""
        password = read_password(self.sender) if order.smtp else None
        self.begun = False
        self.postman = Postman(self.settings.mail, self.sender, password)

    def to_school(self, recipient: Recipient) -> MessageOutcome:
        """Send a school's workbook to its principal, or say why not."""
        path = recipient.workbook
        message = self._message(
            recipient.school_id,
            recipient.name,
            recipient.principal,
            recipient.to,
            recipient.sha256,
            (Attachment(path, recipient.sha256),) if path else (),
            f"{path.parent.name}.eml" if path else "",
        )

        def words() -> Words:
            seen = self._school_edition(recipient.school_id)
            return school_words(seen, recipient.principal, path.name)

        return self._send(message, recipient.fault, words)

    def to_office(self, outcomes: list[MessageOutcome]) -> MessageOutcome:
        """Send the office what came of all others, with its workbook and what it must repair."""
        settings = self.settings
        news = self._news(outcomes)
        # The same news is not sent twice because a server or a day words it otherwise.
        told = [(one.whose, "well" if one.well else one.state) for one in outcomes]
        to = settings.mail.get("office") or settings.contact.email
        paths = [*sorted((self.edition / "district").glob("*.xlsx")), self.edition / FILE_NAME]
        listed = self.manifest["outputs"]
        attachments = tuple(
            Attachment(path, listed[path.relative_to(self.edition).as_posix()]["sha256"])
            for path in paths
            if path.is_file()
        )
        message = self._message(
            OFFICE,
            OFFICE_NAME,
            settings.contact.name,
            to,
            digest([told, news.problems]),
            attachments,
            "office.eml",
        )
        fault = address_fault(to, settings.email_domains) if to else (
            f"{SETTINGS_FILE} names no address of the office; write office under [mail]"
        )  # fmt: skip
        return self._send(message, fault, lambda: office_words(news))

    @cached_property
    def _school_edition(self) -> Callable:
        return school_editions(self.edition, self.then, self.settings)

    def _message(
        self,
        whose: str,
        name: str,
        principal: str,
        to: str,
        version: str,
        attachments: tuple[Attachment, ...],
        file: str,
    ) -> Message:
        known = identity(self.content, whose, to, version, self.settings.email_domains[0])
        return Message(whose, name, principal, to, known, file, attachments)

    def _send(self, message: Message, fault: str, words: Callable[[], Words]) -> MessageOutcome:
        """Send one message unless it was sent, may have arrived, or something is wrong with it."""
        outcome = partial(MessageOutcome, message.whose, message.name, message.to)
        states = states_of(self.lines, self.content, message.whose)
        state, why = known_state(states, message, self.sender, self.settings.time_zone)
        ways = (self.order.again, self.order.arrived)
        again, arrived = (message.whose in named for named in ways)
        if state == ASKED and not (again or arrived):
            again, arrived = (ALL in named for named in ways)
        if again or arrived:
            self._answered(states, message, arrived)
            state, why = (BEFORE, "the office says that it arrived") if arrived else ("", "")
        if state:
            return outcome(state, why)
        if fault:
            return outcome(FAULT, fault)
        mail = build(message, words(), self.settings, self.sender)
        if not self.order.smtp:
            self._begin()
            write_draft(mail, self.drafts / message.file)
            self._note(message, DRAFTED)
            return outcome(DRAFTED, "")

        def sending() -> None:
            self._begin()
            self._note(message, SENDING)

        answer = self.postman.carry(message.to, mail.as_bytes(), sending)
        return outcome(*self._after(message, answer))

    def _after(self, message: Message, answer: Answer) -> tuple[str, str]:
        """Put on record what the server made of a message; nothing where nobody knows."""
        if answer.state == SENDING:
            return ASKED, asked_words(reply=answer.reply)
        self._note(message, answer.state, answer.reply)
        return answer.state, answer.reply

    def _answered(self, states: dict[str, Line], message: Message, arrived: bool) -> None:
        """Put on record that the office has answered for messages that may have arrived."""
        for line in states.values():
            if line.state == SENDING:
                self._write(replace(line, state=SENT, reply="the office has answered"))
        if arrived:
            self._note(message, SENT, "the office has answered")

    def _begin(self) -> None:
        """The edition is published from the moment at which a message begins to leave."""
        if not is_published(self.edition):
            # Else nobody could tell it, after a crash, from one that the office handed out itself.
            self._write(Line(self.content, self.edition.name, "", "", "", "", BEGUN))
        if not self.begun:
            publish_edition(self.edition)
            self.begun = True

    def _note(self, message: Message, state: str, reply: str = "") -> None:
        self._write(
            Line(
                edition=self.content,
                folder=self.edition.name,
                whose=message.whose,
                name=message.name,
                message=message.identity,
                to=message.to,
                state=state,
                sender=self.sender,
                reply=reply,
            )
        )

    def _write(self, line: Line) -> None:
        self.lines.append(write_line(self.output, line))

    def _restated(self, outcomes: list[MessageOutcome]) -> list[str]:
        """What the office is told of the edition that this one restates; nothing of no such one."""
        since = read_since(str(self.edition / "mail"), self.manifest["month"])
        if not since.restated:
            return []
        left = [one["school_id"] for one in since.left]
        there = {*since.moved.rows["school_id"], *left}
        moved, same = (
            [one.name for one in outcomes if (one.whose in there) is some] for some in (True, False)
        )
        words = restated_words(since.name, since.month, since.cannot, moved, same)
        return [words, *map(stale_words, stale_drafts(self.edition))]

    def _news(self, outcomes: list[MessageOutcome]) -> OfficeNews:
        manifest = self.manifest
        well = [outcome for outcome in outcomes if outcome.well]
        aside = [
            count_words(manifest["set_aside"][name], *words)
            for name, *words in (
                ("rows", "row could not be used", "rows could not be used"),
                ("values", "value counts as unknown", "values count as unknown"),
            )
            if manifest["set_aside"][name]
        ]
        missing = [month_words(month) for month in missing_months(editions(self.output))]
        told, month = read_told(self.edition), manifest["month"]
        beside = caveats_of(told, month) + beside_words(told) if told else []
        return OfficeNews(
            month,
            self.edition.name,
            self.then.as_of,
            self.then.findings,
            self._restated(outcomes),
            "sent" if self.order.smtp else "ready",
            len(well),
            len(outcomes),
            [f"{one.name}: {one.sentences}" for one in outcomes if not one.well],
            [
                *(f"{one['name']}: {one['cause']}" for one in manifest.get("failed", [])),
                *([f"{list_words(aside)}; {FILE_NAME}, attached, lists them."] if aside else []),
                *([f"There are no reports of {list_words(missing)}."] if missing else []),
                *beside,
                *(line for line in self.order.news if line not in beside),
            ],
        )
