"""One message through a mail server, so that it is always known whether it may have arrived.

`connect` gives a connection of which the certificate was checked and the login is done; `hand_over`
takes one message through MAIL, RCPT and DATA and says what became of it. Once the line that ends a
message has been written, only the server's answer can tell: without one nobody knows. Until then it
is certain that the message was not accepted.
"""

import os
import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from nmsdreports.run.journal import QUEUED, REFUSED, SENDING, SENT
from nmsdreports.settings import SETTINGS_FILE, InputError

PASSWORD_VARIABLE = "NMSDREPORTS_MAIL_PASSWORD"
KEYRING_NAME = "nmsdreports"
PATIENCE_SECONDS = 60.0
LAST_PATIENCE_SECONDS = 300.0
"""How long the answer to a whole message may take; a server may look at the attachment first."""
_MOST_BREAKS = 3
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LONGEST_REPLY = 500
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}")
_FAILS = (OSError, smtplib.SMTPException, UnicodeError)
_WANTS_LOGIN = (530, 534, 535, 538)
_CLOSING = 421


class ServerDownError(Exception):
    """The mail server cannot be used now; the sentence says why."""


@dataclass(frozen=True)
class Answer:
    """What became of a message (`sent`, `queued`, `refused`; `sending`: nobody knows).

    `broken` says that the connection is of no use any more, `stop` that no other message would fare
    better.
    """

    state: str
    reply: str
    broken: bool = False
    stop: bool = False


class Postman:
    """Carries messages over one connection, and over a fresh one where that broke.

    After `_MOST_BREAKS` breaks in a row, or where the server cannot be used at all, `down` says why
    and nothing more is tried.
    """

    def __init__(self, mail: dict, sender: str, password: str | None) -> None:
        self.mail, self.sender, self.password = mail, sender, password
        self.down = ""
        self._smtp: smtplib.SMTP | None = None
        self._breaks = 0

    def carry(self, to: str, content: bytes, sending: Callable[[], None]) -> Answer:
        """Hand one message over; `sending` is called before any of its words go out."""
        used = self._smtp is not None
        answer = self._try(to, content, sending)
        if used and answer.broken and answer.state == QUEUED and not self.down:
            # Some servers hang up after each message; what was not accepted may be tried again.
            answer = self._try(to, content, sending)
        return answer

    def end(self) -> None:
        """Hang up politely; what was accepted stays so, however that goes."""
        smtp, self._smtp = self._smtp, None
        try:
            if smtp is not None:
                smtp.quit()
        except (OSError, smtplib.SMTPException):
            smtp.close()

    def _try(self, to: str, content: bytes, sending: Callable[[], None]) -> Answer:
        try:
            if not self.down:
                self._smtp = self._smtp or connect(self.mail, self.sender, self.password)
        except ServerDownError as error:
            self.down = str(error)
        if self.down:
            return Answer(QUEUED, self.down)
        try:
            answer = hand_over(self._smtp, self.sender, to, content, sending)
        except BaseException:
            # In the middle of a message the server would take a polite end for its words.
            self._drop()
            raise
        self._breaks = self._breaks + 1 if answer.broken else 0
        if answer.broken:
            self._drop()
        if answer.stop or self._breaks >= _MOST_BREAKS:
            self.down = f"the mail server took nothing more ({answer.reply})"
        return answer

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def check_mail(mail: dict) -> str:
    """Return the address from which mail is sent; refuse settings with which none can be sent."""
    lacks = [name for name in ("host", "sender") if not mail.get(name)]
    if lacks:
        raise InputError(
            f"To send mail, {SETTINGS_FILE} needs {' and '.join(lacks)} under [mail]; nothing was "
            "sent. Left out, --smtp, drafts are written that you send yourself."
        )
    if not is_address(mail["sender"]):
        raise InputError(f"{SETTINGS_FILE}: the sender under [mail] is no e-mail address.")
    return mail["sender"]


def is_address(text: str) -> bool:
    """Whether a text is one e-mail address that any server takes."""
    return _ADDRESS.fullmatch(text) is not None


def read_password(sender: str) -> str | None:
    """Return the password of the sender from the environment, else from the system's keyring.

    Nothing where there is none: a server inside the district may want no login. Raises InputError
    where the keyring is there but stays shut.
    """
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given or None
    import keyring
    from keyring.errors import KeyringError, NoKeyringError

    try:
        return keyring.get_password(KEYRING_NAME, sender)
    except NoKeyringError:
        return None
    except KeyringError as error:
        raise InputError(
            f"The passwords that this computer keeps cannot be opened ({error}); nothing was sent. "
            f"Unlock them, or give the password in the environment as {PASSWORD_VARIABLE}."
        ) from None


def connect(mail: dict, sender: str, password: str | None) -> smtplib.SMTP:
    """Return a connection to the server of `mail` (host, port, security), ready for messages.

    Raises ServerDownError. Nothing goes out unencrypted unless `security` is "none"; then no
    password is sent.
    """
    host, security = mail["host"], mail.get("security", "starttls")
    port = mail.get("port", _PORTS[security])
    where = f"The mail server {host} (port {port})"
    try:
        context = None if security == "none" else ssl.create_default_context()
        if security == "tls":
            smtp = smtplib.SMTP_SSL(host, port, timeout=PATIENCE_SECONDS, context=context)
        else:
            smtp = smtplib.SMTP(host, port, timeout=PATIENCE_SECONDS)
    except _FAILS as error:
        raise ServerDownError(f"{where} cannot be reached: {_words(error)}") from error
    try:
        smtp.ehlo_or_helo_if_needed()
        if security == "starttls":
            smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
        if password and security != "none" and smtp.has_extn("auth"):
            smtp.login(sender, password)
    except smtplib.SMTPAuthenticationError as error:
        smtp.close()
        raise ServerDownError(f"{where} does not take the login: {_words(error)}") from error
    except _FAILS as error:
        smtp.close()
        raise ServerDownError(f"{where} cannot be used: {_words(error)}") from error
    return smtp


def hand_over(
    smtp: smtplib.SMTP, sender: str, to: str, content: bytes, sending: Callable[[], None]
) -> Answer:
    """Give one message to the server; `sending` is called before any of its words go out."""
    try:
        refused = _envelope(smtp, sender, to, len(content))
    except (OSError, smtplib.SMTPException) as error:
        return Answer(QUEUED, _words(error), broken=True)
    if refused is not None:
        return refused
    sending()
    return _content(smtp, content)


def _envelope(smtp: smtplib.SMTP, sender: str, to: str, size: int) -> Answer | None:
    """Name sender and recipient and ask for the word to go on; nothing where it was given."""
    options = [f"size={size}"] if smtp.has_extn("size") else []
    for step, good in (
        (lambda: smtp.mail(sender, options), (250,)),
        (lambda: smtp.rcpt(to), (250, 251)),
        (lambda: smtp.docmd("DATA"), (354,)),
    ):
        code, words = step()
        if code not in good:
            return _not_taken(smtp, code, words)
    return None


def _content(smtp: smtplib.SMTP, content: bytes) -> Answer:
    """Send the words of a message and the line that ends it; hear what the server makes of it."""
    ended = False
    try:
        smtp.send(re.sub(rb"(?m)^\.", b"..", content))
        smtp.sock.settimeout(LAST_PATIENCE_SECONDS)
        ended = True
        smtp.send(b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")
        code, words = smtp.getreply()
        smtp.sock.settimeout(PATIENCE_SECONDS)
    except (OSError, smtplib.SMTPException) as error:
        return Answer(SENDING if ended else QUEUED, _words(error), broken=True)
    if 200 <= code < 300:
        return Answer(SENT, _said(code, words))
    if not 400 <= code < 600:
        return Answer(SENDING, _said(code, words), broken=True)
    return _not_taken(smtp, code, words)


def _not_taken(smtp: smtplib.SMTP, code: int, words: bytes) -> Answer:
    """What a server's no means: 5xx is for good, 4xx for now; the next message starts afresh."""
    reply = _said(code, words)
    if code in _WANTS_LOGIN:
        return Answer(QUEUED, reply, broken=True, stop=True)
    if code == _CLOSING or not 400 <= code < 600:
        return Answer(QUEUED, reply, broken=True)
    try:
        fresh = smtp.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        fresh = False
    return Answer(REFUSED if code >= 500 else QUEUED, reply, broken=not fresh)


def _said(code: int, words: bytes) -> str:
    """A server's reply as text, on one line and without what a terminal would obey."""
    text = words[:_LONGEST_REPLY].decode("utf-8", "replace")
    return " ".join(f"{code} {''.join(c if c.isprintable() else ' ' for c in text)}".split())


def _words(error: Exception) -> str:
    """What went wrong with a connection, as the end of a sentence."""
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        return _said(error.smtp_code, words.encode() if isinstance(words, str) else words)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return str(getattr(error, "strerror", None) or error).rstrip(".")
