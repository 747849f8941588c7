"""E-mail through a mail server that nobody here wrote, which insists on encryption and on a password, read by Python's own library."""

import contextlib
import datetime
import email
import email.policy
import ipaddress
import pathlib
import queue
import re
import sqlite3
import ssl
import tempfile

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from laserchat import PATIENCE, Server, User

SITE = "https://chat.example.org"


def certificate(folder):
    """A certificate for this machine, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert, secret = pathlib.Path(folder, "cert.pem"), pathlib.Path(folder, "key.pem")
    cert.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert, secret


class Office:
    """What aiosmtpd asks about mails, and a queue of those that arrived."""

    def __init__(self):
        self.arrived = queue.Queue()

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.SMTP)
        self.arrived.put((envelope.mail_from, envelope.rcpt_tos, mail))
        return "250 OK"

    def next(self):
        return self.arrived.get(timeout=PATIENCE)


class AnyPort(Controller):
    """On a port that the system chooses, which the library's own check of the server has to know."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def authenticate(server, session, envelope, mechanism, data):
    right = data.login == b"chat" and data.password == b"p@ss:word"
    return AuthResult(success=right, handled=False)


@pytest.fixture(scope="module")
def office_and_server():
    with tempfile.TemporaryDirectory() as folder:
        cert, key = certificate(folder)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(cert, key)
        office = Office()
        controller = AnyPort(
            office,
            hostname="127.0.0.1",
            port=0,
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            authenticator=authenticate,
        )
        controller.start()
        server = Server(
            {
                "SSL_CERT_FILE": str(cert),
                "LASERCHAT_SMTP_URL": f"starttls://chat:p%40ss%3Aword@localhost:{controller.port}",
                "LASERCHAT_SMTP_FROM": "Chät <chat@example.org>",
                "LASERCHAT_PUBLIC_URL": SITE,
            }
        )
        yield office, server
        server.close()
        controller.stop()


def visit(server, link):
    assert link.startswith(SITE)
    data = {"List-Unsubscribe": "One-Click"}
    answer = httpx.post(server.url + link[len(SITE) :], data=data, trust_env=False)
    assert answer.status_code == 200, answer.text


def asks(user, address):
    body = {"email": address, "password": "correct horse battery"}
    answer = user.http.put("/me/email", json=body)
    assert answer.status_code == 200, answer.text


def test_links_and_digests_arrive(office_and_server):
    office, server = office_and_server
    anna, ben = User(server, "anna"), User(server, "ben")
    asks(ben, "ben@example.org")
    sender, recipients, mail = office.next()
    assert (sender, recipients) == ("chat@example.org", ["ben@example.org"])
    assert mail["From"].addresses[0].display_name == "Chät"
    text = mail.get_body(("plain",)).get_content()
    visit(server, re.search(r"https://\S+/confirm-email/\S+", text).group())
    assert ben.http.get("/me").json()["email_confirmed"] is True

    assert ben.http.put("/me/notifications", json={"email": "daily"}).status_code == 200
    conversation = anna.direct(ben)
    anna.send(conversation, "1", "grüße <b>&amp;</b> 😀\n.\n..dots")
    while not ben.http.get("/me/activity").json()["items"]:
        pass
    # It is due tomorrow morning; the test does not wait for that. A mail that somebody asks for wakes the worker.
    with contextlib.closing(sqlite3.connect(f"{server.folder.name}/data/laserchat.db")) as database:
        database.execute("UPDATE digests SET due_at = 1")
        database.commit()
    asks(anna, "anna@example.org")
    mails = {tuple(to): mail for _, to, mail in (office.next(), office.next())}
    digest = mails[("ben@example.org",)]
    text = digest.get_body(("plain",)).get_content()
    assert "grüße <b>&amp;</b> 😀 . ..dots" in text
    html = digest.get_body(("html",)).get_content()
    assert "grüße &lt;b&gt;&amp;amp;&lt;/b&gt; 😀 . ..dots" in html
    assert f"{SITE}/c/{conversation}" in html
    assert not digest.defects and all(not part.defects for part in digest.walk())
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    visit(server, digest["List-Unsubscribe"].strip("<>"))
    assert ben.http.get("/me/notifications").json()["email"] == "off"
