"""Only over a connection whose server is the right one, and only with a password it may see."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta

import keyring
import keyring.backend
import keyring.errors
import pytest

from nmsdreports.run import post
from nmsdreports.run.journal import QUEUED, SENT
from nmsdreports.run.messages import Message, build
from nmsdreports.settings import InputError, Settings
from nmsdreports.views.mail_words import Words
from tests.run.mail_server import mail_server

SENDER, TO = "reports@example.org", "n.inkpenny@example.org"
CONTENT = b"Subject: a report\r\n\r\n.\r\n..\r\nend without a line break"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate that this machine's name server signed itself; both parts in one file."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "made in a test")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    path.write_bytes(made.public_bytes(pem) + secret)
    return path


@pytest.fixture
def of_server(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def carry(server, security, password=None):
    mail = {"host": "127.0.0.1", "port": server.port, "security": security}
    postman = post.Postman(mail, SENDER, password)
    answer = postman.carry(TO, CONTENT, lambda: None)
    postman.end()
    return answer, postman.down


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_encrypted_to_a_trusted_server_only(
    security, of_server, certificate, monkeypatch
):
    way = {"tls": of_server} if security == "starttls" else {"at_once": of_server}
    with mail_server(**way) as server:
        answer, down = carry(server, security)
        assert (answer.state, server.to) == (QUEUED, [])
        assert "its certificate is not trusted (self-signed certificate)" in down
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert carry(server, security)[0].state == SENT
    ((to, message),) = server.accepted
    assert to == TO
    assert message.get_payload() == ".\n..\nend without a line break\n".replace("\n", "\r\n")


def test_a_server_that_cannot_encrypt_gets_nothing(of_server):
    with mail_server() as server:
        answer, down = carry(server, "starttls", "secret")
    assert (answer.state, server.to, server.logins) == (QUEUED, [], [])
    assert "STARTTLS extension not supported" in down


@pytest.mark.parametrize("step", ["HANG", "wrong"])
def test_a_broken_start_of_encryption_is_no_reason_to_do_without(step, of_server):
    with mail_server(tls=of_server) as server:
        server.faults["STARTTLS", 1] = "hang up" if step == "HANG" else "454 not now"
        answer, down = carry(server, "starttls", "secret")
    assert (answer.state, server.to, server.logins) == (QUEUED, [], [])
    assert "cannot be used" in down


def test_the_login_is_done_encrypted_and_a_wrong_one_is_told(of_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server("open sesame", tls=of_server) as server:
        answer, down = carry(server, "starttls", "guess")
        assert answer.state == QUEUED and "does not take the login: 535" in down
        assert "guess" not in down
        assert carry(server, "starttls", "open sesame")[0].state == SENT
        assert {*server.logins} == {(SENDER, "guess"), (SENDER, "open sesame")}


def test_no_password_is_sent_in_the_clear():
    with mail_server("open sesame") as server:
        answer, down = carry(server, "none", "open sesame")
    assert (answer.state, server.logins, server.to) == (QUEUED, [], [])
    assert "530" in down


class Kept(keyring.backend.KeyringBackend):
    """A store of passwords of one sender, or one that stays shut."""

    priority = 1

    def __init__(self, shut):
        self.shut = shut

    def get_password(self, service, username):
        if self.shut:
            raise keyring.errors.KeyringLocked("locked")
        return "kept" if (service, username) == ("nmsdreports", SENDER) else None

    set_password = delete_password = None


def test_the_password_comes_from_the_environment_else_from_the_keyring(monkeypatch):
    monkeypatch.delenv(post.PASSWORD_VARIABLE, raising=False)
    before = keyring.get_keyring()
    try:
        keyring.set_keyring(Kept(shut=False))
        assert post.read_password(SENDER) == "kept"
        assert post.read_password("other@example.org") is None
        keyring.set_keyring(Kept(shut=True))
        with pytest.raises(InputError, match=r"cannot be opened.*nothing was sent"):
            post.read_password(SENDER)
        monkeypatch.setenv(post.PASSWORD_VARIABLE, "given")
        assert post.read_password(SENDER) == "given"
    finally:
        keyring.set_keyring(before)


def test_a_name_cannot_begin_another_header():
    trick = "Pine\r\nBcc: everybody@example.org"
    message = Message("S1", trick, trick, TO, "<one@example.org>", "S1.eml", ())
    mail = build(message, Words("Pine report", "text"), Settings(name=trick), SENDER)
    head = mail.as_bytes().split(b"\r\n\r\n")[0]
    assert b"\nBcc" not in head and mail["Bcc"] is None
    assert [one.addr_spec for one in mail["To"].addresses] == [TO]
