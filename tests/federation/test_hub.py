"""The hub's calls: is that meant? and: this is what it says now (WebSub §5.3, §7, §8)."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from federation import Client, Hub, OutboundPolicy
from storage import Store, Transaction, jobs, letters, open_store, subscribers
from storage.subscribers import DELIVERIES, VERIFICATIONS

pytestmark = pytest.mark.anyio

TOPIC, CALLBACK = "https://here.example/@ada/feed.atom", "https://reader.example/callback?who=me"
HOUR = 3_600 * 1_000_000
BODY = "<feed>é</feed>"
Answer = Callable[[httpx.Request], httpx.Response]


def agrees(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, text=request.url.params.get("hub.challenge", ""))


@dataclass
class Reader(httpx.AsyncBaseTransport):
    """A subscriber, and what it was asked and sent."""

    answer: Answer = agrees
    requests: list[tuple[httpx.Request, bytes]] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append((request, await request.aread()))
        return self.answer(request)


class World:
    """A hub whose clock stands still, and one reader."""

    def __init__(self, store: Store) -> None:
        self.store, self.reader, self.now = store, Reader(), 10_000 * HOUR
        client = Client(OutboundPolicy("Headwater/test"), transport=self.reader)
        self.hub = Hub(store, client, address="https://here.example/websub/hub", clock=lambda: self.now)

    async def ask(self, mode: str = "subscribe", **fields: Any) -> None:
        work = {"mode": mode, "callback": CALLBACK, "topic": TOPIC, "secret": "s", "lease_seconds": 7_200,
                "digest": "0", **fields}  # fmt: skip
        await self.store.write(jobs.add, VERIFICATIONS, work, now=self.now)
        await self.work(VERIFICATIONS)

    async def send(self) -> None:
        async def write(tx: Transaction) -> None:
            (topic,) = await subscribers.wanted(tx, now=self.now)
            letter = await letters.write(tx, BODY, now=self.now)
            for one in await subscribers.turn(tx, topic, f"{topic.digest}1", now=self.now):
                work = {"subscriber": one, "type": "application/atom+xml; charset=utf-8"}
                await jobs.add(tx, DELIVERIES, work, now=self.now, letter=letter)

        await self.store.write(write)
        await self.work(DELIVERIES)

    async def work(self, queue: str) -> None:
        do = self.hub.verify if queue == VERIFICATIONS else self.hub.deliver
        for job in await self.store.write(
            jobs.claim, queue, owner="me", now=self.now, lease_us=HOUR, limit=10
        ):
            await do(job, "me")

    async def wanted(self) -> list[str]:
        return [topic.url for topic in await self.store.read(subscribers.wanted, now=self.now)]

    async def waiting(self, queue: str) -> int:
        return len(await self.store.read(jobs.waiting, queue, limit=10))


@pytest.fixture
async def world(ready_url: str) -> AsyncIterator[World]:
    async with open_store(ready_url, base_url="https://here.example") as store:
        yield World(store)


async def test_whoever_answers_with_the_challenge_is_told(world: World) -> None:
    """WebSub §5.3: the callback keeps its own parameters."""
    await world.ask(verify_token="mine")
    ((asked, _),) = world.reader.requests
    assert asked.method == "GET"
    query = dict(asked.url.params)
    assert len(query.pop("hub.challenge")) > 20
    assert query == {
        "who": "me", "hub.mode": "subscribe", "hub.topic": TOPIC, "hub.lease_seconds": "7200",
        "hub.verify_token": "mine",
    }  # fmt: skip
    assert await world.wanted() == [TOPIC]
    world.now += 3 * HOUR
    assert await world.wanted() == []


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: httpx.Response(200, text="yes, please"),
        lambda request: httpx.Response(200, text=request.url.params["hub.challenge"] + "\n"),
        lambda request: httpx.Response(404, text=request.url.params["hub.challenge"]),
        lambda request: httpx.Response(500, text=request.url.params["hub.challenge"]),
    ],
)
async def test_whoever_answers_with_anything_else_is_not(world: World, answer: Answer) -> None:
    world.reader.answer = answer
    await world.ask()
    assert await world.wanted() == []
    assert await world.waiting(VERIFICATIONS) == 0


async def test_whoever_does_not_answer_is_asked_again(world: World) -> None:
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("down", request=request)

    world.reader.answer = silent
    await world.ask()
    assert await world.waiting(VERIFICATIONS) == 1
    world.reader.answer = agrees
    world.now += HOUR
    await world.work(VERIFICATIONS)
    assert await world.wanted() == [TOPIC]


async def test_it_ends_only_if_that_is_meant(world: World) -> None:
    await world.ask()
    world.reader.answer = lambda _: httpx.Response(404)
    await world.ask("unsubscribe")
    assert await world.wanted() == [TOPIC]
    world.reader.answer = agrees
    await world.ask("unsubscribe")
    assert await world.wanted() == []


async def test_what_is_sent_is_signed_and_says_from_where(world: World) -> None:
    """WebSub §7, §8."""
    await world.ask()
    world.reader.answer = lambda _: httpx.Response(202)
    await world.send()
    request, body = world.reader.requests[-1]
    assert body == BODY.encode()
    signature = hmac.new(b"s", body, hashlib.sha256).hexdigest()
    assert request.headers["x-hub-signature"] == f"sha256={signature}"
    assert request.headers["link"] == (f'<https://here.example/websub/hub>; rel="hub", <{TOPIC}>; rel="self"')
    assert await world.waiting(DELIVERIES) == 0


async def test_without_a_secret_nothing_is_signed(world: World) -> None:
    await world.ask(secret=None)
    await world.send()
    assert "x-hub-signature" not in world.reader.requests[-1][0].headers


async def test_whoever_has_gone_is_told_no_more(world: World) -> None:
    """Atom §16: 410 ends it."""
    await world.ask()
    world.reader.answer = lambda _: httpx.Response(410)
    await world.send()
    assert await world.wanted() == []
    assert await world.waiting(DELIVERIES) == 0


async def test_what_fails_is_tried_again_for_a_day(world: World) -> None:
    """Atom §16."""
    await world.ask(lease_seconds=30 * 86_400)
    world.reader.answer = lambda _: httpx.Response(503)
    await world.send()
    attempts = len(world.reader.requests)
    for _ in range(40):
        world.now += HOUR
        await world.work(DELIVERIES)
    assert 3 < len(world.reader.requests) - attempts < 10
    assert await world.waiting(DELIVERIES) == 0
    assert len(await world.store.read(jobs.dead, DELIVERIES, limit=10)) == 1
