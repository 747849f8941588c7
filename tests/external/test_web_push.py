"""Web Push, opened and checked by libraries that nobody here wrote: http_ece for the encryption, cryptography for VAPID."""

import base64
import json
import os

import http_ece
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from laserchat import PATIENCE, Receiver, Server, User


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture(scope="module")
def server():
    server = Server({"LASERCHAT_OUTBOUND_ALLOW": "127.0.0.0/8"})
    yield server
    server.close()


def verify_vapid(header, origin, vapid_key):
    """RFC 8292: a JWT signed with the key that the browser subscribed with."""
    scheme, _, rest = header.partition(" ")
    fields = dict(field.strip().split("=", 1) for field in rest.split(","))
    assert (scheme, fields["k"]) == ("vapid", vapid_key)
    signed, _, signature = fields["t"].rpartition(".")
    raw = decoded(signature)
    der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(vapid_key))
    public.verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
    header, claims = (json.loads(decoded(part)) for part in signed.split("."))
    assert (header["alg"], claims["aud"]) == ("ES256", origin)
    assert claims["sub"].startswith(("mailto:", "https:"))


def test_a_browser_can_open_what_it_is_pushed(server, anna, ben, conversation):
    service = Receiver(201)
    origin = service.url
    private = ec.generate_private_key(ec.SECP256R1())
    point = private.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    auth = os.urandom(16)
    vapid_key = ben.http.get("/server").json()["vapid_key"]
    device = {
        "kind": "web",
        "endpoint": f"{origin}/send/abc",
        "keys": {"p256dh": encoded(point), "auth": encoded(auth)},
    }
    answer = ben.http.post("/me/devices", json=device)
    assert answer.status_code == 201, answer.text

    sent = anna.send(conversation, "push-1", "Grüße 🎉 من آنا")
    path, headers, body = service.arrived.get(timeout=PATIENCE)
    assert (path, headers["content-encoding"]) == ("/send/abc", "aes128gcm")
    verify_vapid(headers["authorization"], origin, vapid_key)
    payload = json.loads(
        http_ece.decrypt(body, private_key=private, auth_secret=auth, version="aes128gcm")
    )
    assert payload["type"] == "message"
    assert (payload["message_id"], payload["body"]) == (sent["id"], sent["body"])
    assert 0 < int(headers["ttl"]) <= 86_400
    service.shutdown()
