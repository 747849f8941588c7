"""Outgoing webhooks and slash commands, checked by the library of those who wrote the Standard Webhooks."""

import json

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from laserchat import PATIENCE, Receiver, Server


@pytest.fixture(scope="module")
def server():
    server = Server({"LASERCHAT_OUTBOUND_ALLOW": "127.0.0.0/8"})
    yield server
    server.close()


@pytest.fixture
def receiver():
    receiver = Receiver(200, b'{"text":"done"}')
    yield receiver
    receiver.shutdown()


def created(answer, status=201):
    assert answer.status_code == status, answer.text
    return answer.json()


def check(secret, headers, body):
    """Fails unless the request is what was signed, now, with this secret."""
    payload = Webhook(secret).verify(body, headers)
    assert payload == json.loads(body)
    for changed in (body + b" ", body.replace(b'"', b"'", 1)):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(changed, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, {**headers, "webhook-id": "msg_other"})
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_AAAA").verify(body, headers)
    return payload


def test_what_webhooks_are_told_can_be_verified(server, anna, receiver):
    group = created(anna.http.post("/conversations", json={"type": "group", "name": "Builders"}))
    wanted = {"url": receiver.url, "conversation_id": group["id"], "events": ["message.sent"]}
    hook = created(anna.http.post("/webhooks", json=wanted))
    anna.send(group["id"], "one", "Grüße 🎉 من آنا")
    _, headers, body = receiver.arrived.get(timeout=PATIENCE)
    payload = check(hook["secret"], headers, body)
    assert payload["data"]["message"]["body"] == "Grüße 🎉 من آنا"
    # A new secret signs beside the old one, for whoever has not changed it yet.
    rotated = created(anna.http.post(f"/webhooks/{hook['id']}/secret", json={}), 200)
    anna.send(group["id"], "two", "again")
    _, headers, body = receiver.arrived.get(timeout=PATIENCE)
    for secret in (hook["secret"], rotated["secret"]):
        check(secret, headers, body)


def test_slash_commands_can_be_verified(server, anna, receiver):
    group = created(anna.http.post("/conversations", json={"type": "group", "name": "Players"}))
    bot = created(anna.http.post("/bots", json={"username": f"dice.{anna.id[-6:]}"}))
    created(
        anna.http.post(f"/conversations/{group['id']}/members", json={"user_id": bot["bot"]["id"]})
    )
    command = created(
        anna.http.put(
            "/commands/roll",
            json={"description": "Rolls", "usage": "", "url": receiver.url},
            headers={"Authorization": f"Bearer {bot['token']['secret']}"},
        ),
        200,
    )
    given = {"client_id": "one", "text": "/roll 2d6 für Bären 🐻"}
    answered = created(anna.http.post(f"/conversations/{group['id']}/commands", json=given), 200)
    assert answered["response"] == "done"
    _, headers, body = receiver.arrived.get(timeout=PATIENCE)
    payload = check(command["secret"], headers, body)
    assert payload["type"] == "command.invoked"
    assert payload["data"]["id"] == answered["invocation_id"]
    assert payload["data"]["arguments"] == "2d6 für Bären 🐻"
