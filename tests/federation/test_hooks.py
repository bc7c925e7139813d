"""Sending letters to web hooks: signed, and again when that fails (Feeds §11.3)."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from federation import Client, Hooks, OutboundPolicy, prove
from federation.errors import BadAnswer, OutboundError
from storage import Store, Transaction, feedskeys, jobs, letters, open_store, tenants
from storage.jobs import Job

pytestmark = pytest.mark.anyio

URL = "https://app.example/hook?a=1"
SECOND, DAY = 1_000_000, 86_400 * 1_000_000
BODY = '[{"feed":"user:1","note":"é"}]'


@dataclass
class App(httpx.AsyncBaseTransport):
    """An application elsewhere, and the letters it was sent."""

    answer: Callable[[httpx.Request], httpx.Response] = lambda _: httpx.Response(200)
    requests: list[tuple[httpx.Request, bytes]] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append((request, await request.aread()))
        return self.answer(request)


class Sender:
    """Does the jobs of a queue, at a time that stands still."""

    def __init__(self, store: Store, app: App) -> None:
        self.store, self.app, self.now = store, app, 1_000 * DAY
        client = Client(OutboundPolicy("Headwater/test"), transport=app)
        self.hooks = Hooks(store, client, clock=lambda: self.now)

    async def leave(self, text: str = BODY) -> None:
        async def write(tx: Transaction) -> None:
            letter = await letters.write(tx, text, now=self.now)
            payload = {"tenant": 7, "url": URL}
            await jobs.add(tx, "webhooks", payload, now=self.now, lane="app.example", key="7", letter=letter)

        await self.store.write(write)

    async def work(self) -> int:
        """Do what is due and return how much that was."""
        found: list[Job] = await self.store.write(
            jobs.claim, "webhooks", now=self.now, owner="me", lease_us=SECOND, limit=10, circuits=False
        )
        for job in found:
            await self.hooks.deliver(job, "me")
        return len(found)

    async def reports(self) -> list[Any]:
        waiting = await self.store.read(jobs.waiting, "webhooks")
        return [*await self.store.read(jobs.dead, "webhooks"), *waiting]


@pytest.fixture
async def sender(ready_url: str) -> AsyncIterator[Sender]:
    async with open_store(ready_url) as store:
        await store.write(tenants.add, 7, "north", now=1)
        await store.write(feedskeys.add, 7, "key-1", "secret-1", now=1)
        yield Sender(store, App())


async def test_a_letter_is_signed_with_the_secret_of_its_tenant(sender: Sender) -> None:
    await sender.leave()
    assert await sender.work() == 1
    [(request, body)] = sender.app.requests
    assert (request.method, str(request.url)) == ("POST", URL)
    assert body.decode() == BODY
    assert request.headers["x-api-key"] == "key-1"
    assert request.headers["x-signature"] == hmac.new(b"secret-1", body, hashlib.sha256).hexdigest()
    assert request.headers["content-type"] == "application/json"
    assert await sender.reports() == []


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: httpx.Response(500),
        lambda _: httpx.Response(404),
        lambda _: httpx.Response(302, headers={"location": "https://elsewhere.example/"}),
        lambda request: (_ for _ in ()).throw(httpx.ConnectError("no", request=request)),
    ],
)
async def test_a_letter_that_did_not_arrive_is_sent_again_and_those_behind_it_wait(
    sender: Sender, answer: Any
) -> None:
    """The same bytes, in the order they were written (REL-009, REL-017)."""
    sender.app.answer = answer
    await sender.leave('["one"]')
    await sender.leave('["two"]')
    assert await sender.work() == 1
    assert await sender.work() == 0
    sender.app.answer = lambda _: httpx.Response(204)
    sender.now += 100 * SECOND
    assert [await sender.work(), await sender.work(), await sender.work()] == [1, 1, 0]
    assert [body for _, body in sender.app.requests] == [b'["one"]', b'["one"]', b'["two"]']


async def test_whoever_asks_for_more_time_is_given_it(sender: Sender) -> None:
    sender.app.answer = lambda _: httpx.Response(503, headers={"retry-after": "3600"})
    await sender.leave()
    await sender.work()
    [report] = await sender.reports()
    assert report.run_at - sender.now >= 3600 * SECOND
    assert (report.status, report.error) == (503, "answered 503")


async def test_after_a_week_a_letter_is_laid_to_rest_and_the_next_has_its_turn(sender: Sender) -> None:
    """REL-019, REL-020."""
    sender.app.answer = lambda _: httpx.Response(500)
    await sender.leave('["one"]')
    attempts = 0
    while not await sender.store.read(jobs.dead, "webhooks"):
        attempts += await sender.work()
        sender.now += DAY
    await sender.leave('["two"]')
    assert 5 < attempts < 12
    sender.app.answer = lambda _: httpx.Response(200)
    await sender.work()
    assert sender.app.requests[-1][1] == b'["two"]'
    [report] = await sender.store.read(jobs.dead, "webhooks")
    assert report.payload["url"] == URL


async def test_a_tenant_without_keys_sends_nothing(sender: Sender) -> None:
    await sender.leave()
    await sender.store.write(feedskeys.retire, 7, at=2)
    await sender.work()
    assert sender.app.requests == []
    [report] = await sender.store.read(jobs.dead, "webhooks")
    assert report.error == "the tenant has no key any more"


@pytest.mark.parametrize(
    ("status", "text", "fine"),
    [
        (200, "key-1", True),
        (200, "key-1\n", True),
        (200, "key-2", False),
        (200, "", False),
        (404, "key-1", False),
    ],
)
async def test_an_address_is_the_tenants_if_it_answers_with_the_key(
    status: int, text: str, fine: bool
) -> None:
    app = App(lambda _: httpx.Response(status, text=text))
    client = Client(OutboundPolicy("Headwater/test"), transport=app)
    if fine:
        await prove(client, URL, "key-1")
    else:
        with pytest.raises(BadAnswer):
            await prove(client, URL, "key-1")
    [(request, _)] = app.requests
    assert request.method == "GET"


async def test_our_own_address_is_nobodys() -> None:
    """SEC-037: nor is one inside our network, which the way out refuses (SEC-040)."""
    client = Client(
        OutboundPolicy("Headwater/test", own_origins=frozenset({"https://app.example"})), transport=App()
    )
    with pytest.raises(OutboundError):
        await prove(client, URL, "key-1")
