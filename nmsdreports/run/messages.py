"""The messages of an edition as mail programs take them.

Each has the same Message-ID whenever it is made: it comes from the edition, the school, the address
and the workbook. Names go into headers through `email`, which codes what is not plain letters.
"""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from nmsdreports.run.publish import digest, replace_file
from nmsdreports.settings import InputError, Settings
from nmsdreports.views.mail_words import Words, one_line

_EXCEL = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_LETTERS = 32
_POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True)
class Attachment:
    """A workbook to attach: its place, and the SHA-256 with which it was looked at."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class Message:
    """One message: whose (a school's id, `*` for the office), what it is called, to whom.

    `identity` is its Message-ID; `file` the name of its draft.
    """

    whose: str
    name: str
    principal: str
    to: str
    identity: str
    file: str
    attachments: tuple[Attachment, ...]


def identity(edition: str, whose: str, to: str, version: str, domain: str) -> str:
    """Return the Message-ID of what an edition (its hash) tells one recipient in one version."""
    return f"<{digest([edition, whose, to.lower(), version])[:_LETTERS]}@{domain}>"


def build(message: Message, words: Words, settings: Settings, sender: str) -> EmailMessage:
    """Return the message as mail programs take it; with no `sender` it has no From and no date.

    Raises InputError where an attachment is not what it was when it was looked at.
    """
    mail = EmailMessage(policy=_POLICY)
    mail["Subject"] = words.subject
    if sender:
        mail["From"] = Address(one_line(settings.name), addr_spec=sender)
        mail["Date"] = format_datetime(datetime.now(ZoneInfo(settings.time_zone)))
    if message.to:
        mail["To"] = Address(one_line(message.principal), addr_spec=message.to)
    mail["Message-ID"] = message.identity
    mail.set_content(words.text, cte="quoted-printable")
    for attachment in message.attachments:
        content = attachment.path.read_bytes()
        if sha256(content).hexdigest() != attachment.sha256:
            raise InputError(f"{attachment.path.name} changed meanwhile, so nothing more was sent.")
        main, sub = _EXCEL
        mail.add_attachment(content, main, sub, filename=one_line(attachment.path.name))
    # Chosen by chance otherwise, and no two drafts of the same message would be the same.
    if message.attachments:
        mail.set_boundary(f"=_{message.identity[1 : _LETTERS + 1]}")
    return mail


def write_draft(mail: EmailMessage, path: Path) -> Path:
    """Write a message that a mail program opens as one not sent yet."""
    mail["X-Unsent"] = "1"
    path.parent.mkdir(parents=True, exist_ok=True)
    return replace_file(path, lambda fresh: fresh.write_bytes(mail.as_bytes()))
