"""The message by which the office hears that a month is not done: what is wrong, what to do."""

from pathlib import Path

from nmsdreports.run.deliveries import OFFICE_NAME
from nmsdreports.run.journal import OFFICE, SENT
from nmsdreports.run.logbook import told_path, trouble_path
from nmsdreports.run.messages import Message, build, identity, write_draft
from nmsdreports.run.post import Postman, check_mail, read_password
from nmsdreports.run.publish import digest
from nmsdreports.run.recipients import address_fault
from nmsdreports.settings import InputError, Settings
from nmsdreports.views.mail_words import Words


def tell_office(settings: Settings, output: Path, month: str, words: Words, smtp: bool) -> str:
    """Send the office a message of its own, or write it as a draft; return what was done.

    What cannot be sent becomes a draft. A later one of the same month takes its place. What was
    sent last is not sent again: it is tried each weekday, and each would say the same.
    """
    to = settings.mail.get("office") or settings.contact.email
    if address_fault(to, settings.email_domains):
        to = ""
    known = identity(month, OFFICE, to, digest(words.text), settings.email_domains[0])
    path = trouble_path(output, month)
    message = Message(OFFICE, OFFICE_NAME, settings.contact.name, to, known, path.name, ())
    why = ""
    told = told_path(output)
    if smtp and to and told.is_file() and told.read_bytes() == known.encode():
        return f"The office was told so by mail before ({to})."
    if smtp and to:
        try:
            sender = check_mail(settings.mail)
            postman = Postman(settings.mail, sender, read_password(sender))
            content = build(message, words, settings, sender).as_bytes()
            answer = postman.carry(to, content, lambda: None)
            postman.end()
            if answer.state == SENT:
                told.parent.mkdir(parents=True, exist_ok=True)
                told.write_bytes(known.encode())
                return f"The office was told by mail ({to})."
            why = f" It could not be sent: {answer.reply}."
        except InputError as error:
            why = f" It could not be sent: {error}"
    write_draft(build(message, words, settings, ""), path)
    return f"The message to the office about it: {path}.{why}"
