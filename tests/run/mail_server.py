"""A real mail server on this machine that counts what it accepts and fails as it is told."""

import asyncio
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult

HANG_UP, WAIT = "hang up", "wait"
WAIT_SECONDS = 2.5


@dataclass
class Server:
    """What was accepted, as (to, message), and what is to go wrong.

    `faults` has for a step, and how many times it has been reached, what to do: hang up, wait, or
    send the reply written there. CONTENT is in the middle of a message, ENDED when all of it is
    here and before the answer; `killed` is called then, too, with who the message is for.
    """

    port: int = 0
    accepted: list = field(default_factory=list)
    reached: dict = field(default_factory=dict)
    faults: dict = field(default_factory=dict)
    logins: list = field(default_factory=list)
    transports: list = field(default_factory=list)
    killed: object = None

    @property
    def to(self):
        """The recipients of everything accepted, in order."""
        return [to for to, _ in self.accepted]

    def fault(self, step):
        """What goes wrong at a step that is reached now."""
        self.reached[step] = self.reached.get(step, 0) + 1
        return self.faults.get((step, self.reached[step]))


class Session(SMTP):
    """One connection."""

    def __init__(self, server, **options):
        self.counted = server
        super().__init__(self, hostname="mail.example.org", **options)

    def connection_made(self, transport):
        """Keep what has to be closed at the end."""
        self.counted.transports.append(transport)
        super().connection_made(transport)

    async def _fails(self, step):
        fault = self.counted.fault(step)
        if fault == WAIT:
            await asyncio.sleep(WAIT_SECONDS)
        elif fault == HANG_UP:
            self.transport.abort()
        elif fault:
            await self.push(fault)
        return fault is not None and fault != WAIT

    async def _handle_client(self):
        if not await self._fails("CONNECT"):
            await super()._handle_client()

    async def smtp_EHLO(self, argument):  # noqa: N802 - aiosmtpd's name
        if not await self._fails("EHLO"):
            await super().smtp_EHLO(argument)

    async def smtp_STARTTLS(self, argument):  # noqa: N802 - aiosmtpd's name
        if not await self._fails("STARTTLS"):
            await super().smtp_STARTTLS(argument)

    async def smtp_AUTH(self, argument):  # noqa: N802 - aiosmtpd's name
        if not await self._fails("AUTH"):
            await super().smtp_AUTH(argument)

    async def smtp_MAIL(self, argument):  # noqa: N802 - aiosmtpd's name
        if not await self._fails("MAIL"):
            await super().smtp_MAIL(argument)

    async def smtp_RCPT(self, argument):  # noqa: N802 - aiosmtpd's name
        if not await self._fails("RCPT"):
            await super().smtp_RCPT(argument)

    async def smtp_DATA(self, argument):  # noqa: N802 - aiosmtpd's name
        if await self._fails("DATA"):
            return
        fault = self.counted.fault("CONTENT")
        if fault is None:
            await super().smtp_DATA(argument)
            return
        await self.push("354 go on")
        await self._reader.read(100)
        self.transport.abort()

    async def smtp_QUIT(self, argument):  # noqa: N802 - aiosmtpd's name
        if not await self._fails("QUIT"):
            await super().smtp_QUIT(argument)

    async def handle_DATA(self, _, session, envelope):  # noqa: N802 - aiosmtpd's name
        fault = self.counted.fault("ENDED")
        message = message_from_bytes(envelope.content, policy=default)
        (to,) = envelope.rcpt_tos
        if fault in (None, HANG_UP, WAIT):
            self.counted.accepted.append((to, message))
        if self.counted.killed:
            self.counted.killed(to)
        if fault == HANG_UP:
            self.transport.abort()
        if fault == WAIT:
            await asyncio.sleep(WAIT_SECONDS)
        return fault or "250 accepted"


@contextmanager
def mail_server(password=None, tls=None, at_once=None):
    """Run a server; with `tls` it offers STARTTLS, with `at_once` it speaks TLS from the start."""
    server = Server()

    def authenticate(_, session, envelope, mechanism, given):
        server.logins.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=given.password.decode() == password, handled=False)

    options = {"tls_context": tls} if tls else {}
    if password:
        options |= {"authenticator": authenticate, "auth_require_tls": tls is not None}
        options["auth_required"] = tls is not None  # else aiosmtpd warns, and is right
        server.faults["MAIL", 1] = None if tls else "530 log in first"
    loop, ready = asyncio.new_event_loop(), threading.Event()

    async def close_all():
        for transport in server.transports:
            transport.abort()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.sleep(0.01)

    def run():
        asyncio.set_event_loop(loop)
        opened = loop.run_until_complete(
            loop.create_server(lambda: Session(server, **options), "127.0.0.1", ssl=at_once)
        )
        server.port = opened.sockets[0].getsockname()[1]
        ready.set()
        loop.run_forever()
        opened.close()
        loop.run_until_complete(close_all())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
