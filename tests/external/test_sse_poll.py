"""The same events without a WebSocket: a server-sent event stream and long poll, with `httpx`."""

import asyncio
import contextlib
import json

import httpx

from laserchat import PATIENCE, bodies


class Stream:
    """An open event stream and everything it has received."""

    def __init__(self, lines):
        self.lines = lines
        self.events = []
        self.last_id = None

    async def next(self):
        """The next event; comments, which keep the connection alive, are not events."""
        data = []
        async with asyncio.timeout(PATIENCE):
            async for line in self.lines:
                name, _, value = line.partition(":")
                value = value.removeprefix(" ")
                if name == "id":
                    self.last_id = value
                elif name == "data":
                    data.append(value)
                elif line == "" and data:
                    self.events.append(json.loads("\n".join(data)))
                    return self.events[-1]
        raise AssertionError("the stream ended")

    async def message(self, body):
        while True:
            event = await self.next()
            if event["type"] == "message.sent" and event["message"]["body"] == body:
                return event


@contextlib.asynccontextmanager
async def stream(server, user, headers=None, **query):
    headers = {**user.headers, "Accept": "text/event-stream", **(headers or {})}
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        url = f"{server.api}/events"
        async with client.stream("GET", url, headers=headers, params=query) as response:
            assert response.status_code == 200, await response.aread()
            assert response.headers["content-type"].startswith("text/event-stream")
            events = Stream(response.aiter_lines())
            assert (await events.next())["type"] == "ready"
            yield events


async def test_a_stream_carries_live_events(server, anna, ben, conversation):
    texts = [f"message {number}" for number in range(20)]
    async with stream(server, ben) as events:
        for text in texts:
            anna.send(conversation, text, text)
        await events.message(texts[-1])
        assert bodies(events.events, conversation) == texts
        seqs = [event["seq"] for event in events.events if event["type"] == "message.sent"]
        assert seqs == list(range(seqs[0], seqs[0] + len(texts))), "seqs are dense"


async def test_a_stream_resumes_by_its_last_event_id(server, anna, ben, conversation):
    async with stream(server, ben) as events:
        anna.send(conversation, "seen", "seen")
        await events.message("seen")
    assert events.last_id
    anna.send(conversation, "missed 1", "missed 1")
    anna.send(conversation, "missed 2", "missed 2")
    async with stream(server, ben, headers={"Last-Event-ID": events.last_id}) as resumed:
        await resumed.message("missed 2")
        assert bodies(resumed.events, conversation) == ["missed 1", "missed 2"]


async def test_a_stream_resumes_by_cursors(server, anna, ben, conversation):
    seen = anna.send(conversation, "seen", "seen")
    anna.send(conversation, "missed", "missed")
    async with stream(server, ben, cursors=f"{conversation}:{seen['seq']}") as events:
        await events.message("missed")
        assert bodies(events.events, conversation) == ["missed"]


async def test_a_stream_needs_a_token_and_takes_none_from_the_address(server, anna):
    headers = {"Accept": "text/event-stream"}
    # Without a token there is nobody; a token in an address is refused as such, whoever it belongs to.
    for query, status in (({}, 401), ({"token": anna.token}, 400), ({"access_token": anna.token}, 400)):
        answer = httpx.get(
            f"{server.api}/events", params=query, headers=headers, trust_env=False
        )
        assert answer.status_code == status, query
        assert answer.headers["content-type"].startswith("application/problem+json")


def poll(server, user, wait, cursors):
    """One long poll; it returns at the first events, or empty when the time is over."""
    answer = httpx.get(
        f"{server.api}/events",
        params={"wait": wait, "cursors": ",".join(f"{id}:{seq}" for id, seq in cursors.items())},
        headers={**user.headers, "Accept": "application/json"},
        timeout=wait + PATIENCE,
        trust_env=False,
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    return answer.json()


async def test_a_poll_returns_what_was_missed(server, anna, ben, conversation):
    seen = anna.send(conversation, "seen", "seen")
    missed = anna.send(conversation, "missed", "missed")
    answer = await asyncio.to_thread(poll, server, ben, 25, {conversation: seen["seq"]})
    assert bodies(answer["items"], conversation) == ["missed"]
    assert answer["cursors"][conversation] == missed["seq"]


async def test_a_poll_waits_for_a_live_event(server, anna, ben, conversation):
    seen = anna.send(conversation, "seen", "seen")
    waiting = asyncio.create_task(
        asyncio.to_thread(poll, server, ben, 25, {conversation: seen["seq"]})
    )
    # Whether the poll is already waiting or comes after the message, the cursor makes the answer the same.
    await asyncio.to_thread(anna.send, conversation, "live", "live")
    answer = await waiting
    assert bodies(answer["items"], conversation) == ["live"]


async def test_polls_one_after_the_other_miss_nothing(server, anna, ben, conversation):
    cursors = {conversation: anna.send(conversation, "start", "start")["seq"]}
    received = []
    texts = [f"message {number}" for number in range(10)]
    for text in texts:
        anna.send(conversation, text, text)
        answer = await asyncio.to_thread(poll, server, ben, 25, cursors)
        received += bodies(answer["items"], conversation)
        cursors = answer["cursors"]
    assert received == texts


async def test_a_poll_without_news_comes_back_empty(server, anna, ben, conversation):
    seen = anna.send(conversation, "seen", "seen")
    answer = await asyncio.to_thread(poll, server, ben, 1, {conversation: seen["seq"]})
    assert bodies(answer["items"], conversation) == []
    assert answer["cursors"][conversation] == seen["seq"]
