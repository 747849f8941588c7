"""The WebSocket with the Python library `websockets`: send once, receive in order, resume without a hole."""

import asyncio
import contextlib
import json

from websockets.asyncio.client import connect

from laserchat import PATIENCE, bodies


class Socket:
    """A connection that said hello, and everything it has received since."""

    def __init__(self, connection):
        self.connection = connection
        self.events = []

    async def say(self, **frame):
        await self.connection.send(json.dumps(frame))

    async def until(self, wanted):
        """Receives up to the first frame that is wanted, and answers it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame = json.loads(await self.connection.recv())
                self.events.append(frame)
                if wanted(frame):
                    return frame

    async def answer(self, command_id):
        return await self.until(lambda frame: frame.get("id") == command_id)

    async def message(self, body):
        return await self.until(
            lambda frame: frame["type"] == "message.sent" and frame["message"]["body"] == body
        )


@contextlib.asynccontextmanager
async def hello(server, user, cursors=None):
    async with connect(server.ws, proxy=None) as connection:
        socket = Socket(connection)
        frame = {"type": "hello", "token": user.token}
        if cursors is not None:
            frame["cursors"] = cursors
        await socket.say(**frame)
        ready = await socket.until(lambda frame: True)
        assert ready["type"] == "ready", ready
        yield socket


async def test_the_same_client_id_is_one_message(server, anna, ben, conversation):
    async with hello(server, anna) as sender, hello(server, ben) as receiver:
        send = {
            "type": "message.send",
            "conversation_id": conversation,
            "client_id": "once",
            "body": "only once",
        }
        await sender.say(id="1", **send)
        first = await sender.answer("1")
        await sender.say(id="2", **send)
        again = await sender.answer("2")
        assert first["type"] == again["type"] == "ack", (first, again)
        assert first["message_id"] == again["message_id"]
        assert first["seq"] == again["seq"]

        by_rest = anna.send(conversation, "once", "only once", status=200)
        assert by_rest["id"] == first["message_id"]
        assert by_rest["seq"] == first["seq"]

        # A later message is the fence: whatever the retries caused would have arrived before it.
        anna.send(conversation, "fence", "fence")
        for socket in (sender, receiver):
            await socket.message("fence")
            assert bodies(socket.events, conversation) == ["only once", "fence"]

    texts = [message["body"] for message in anna.history(conversation)]
    assert texts.count("only once") == 1


async def test_a_retry_of_a_rest_send_by_socket_is_the_same_message(server, anna, ben, conversation):
    by_rest = anna.send(conversation, "crossing", "hello")
    async with hello(server, anna) as sender:
        await sender.say(
            type="message.send",
            id="1",
            conversation_id=conversation,
            client_id="crossing",
            body="hello",
        )
        ack = await sender.answer("1")
    assert ack["type"] == "ack", ack
    assert (ack["message_id"], ack["seq"]) == (by_rest["id"], by_rest["seq"])


async def test_events_arrive_in_seq_order(server, anna, ben, conversation):
    texts = [f"message {number}" for number in range(100)]
    async with hello(server, anna) as sender, hello(server, ben) as receiver:
        for number, text in enumerate(texts):
            await sender.say(
                type="message.send",
                id=str(number),
                conversation_id=conversation,
                client_id=text,
                body=text,
            )
        for socket in (receiver, sender):
            await socket.message(texts[-1])
            assert bodies(socket.events, conversation) == texts
            seqs = [event["seq"] for event in socket.events if event["type"] == "message.sent"]
            assert seqs == list(range(seqs[0], seqs[0] + len(texts))), "seqs are dense"


async def test_a_cursor_resumes_without_a_hole(server, anna, ben, conversation):
    async with hello(server, ben) as socket:
        anna.send(conversation, "seen", "seen")
        seen = await socket.message("seen")

    missed = [f"missed {number}" for number in range(20)]
    for text in missed:
        anna.send(conversation, text, text)

    async with hello(server, ben, cursors={conversation: seen["seq"]}) as socket:
        await socket.until(lambda frame: frame["type"] == "synced")
        assert bodies(socket.events, conversation) == missed

        anna.send(conversation, "live", "live again")
        await socket.message("live again")
        assert bodies(socket.events, conversation) == [*missed, "live again"]
        seqs = [event["seq"] for event in socket.events if event["type"] == "message.sent"]
        assert seqs == sorted(set(seqs))


async def test_a_wrong_token_is_refused(server):
    async with connect(server.ws, proxy=None) as connection:
        await connection.send(json.dumps({"type": "hello", "token": "not a token"}))
        async with asyncio.timeout(PATIENCE):
            await connection.wait_closed()
        assert connection.close_code not in (None, 1000, 1006)
