"""A subscriber on a real database, and a press whose feeds it reads over real sockets."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from press import Press
from world import BASE, Others, World

from federation import Client, OutboundPolicy
from server.pulling import Outcome, Poller
from storage import objects, open_store, subscriptions
from storage.subscriptions import Subscription
from streams import pulling
from streams.errors import Hidden, NameTaken
from streams.pulling import Options

SETTINGS = OutboundPolicy("Headwater/test (+https://here.example)", test_mode=True)


@dataclass
class Desk:
    """Who reads feeds, at an hour that moves only when told."""

    world: World
    client: Client

    @property
    def poller(self) -> Poller:
        return Poller(self.world.store, self.client, base_url=BASE, clock=lambda: self.world.now)

    async def subscribe(self, url: str, name: str = "ada", **options: Any) -> Subscription:
        try:
            owner = await self.world.local(name)
        except NameTaken:
            owner = await self.world.find(f"{BASE}/users/{name}")
        return await self.world.store.write(
            pulling.subscribe, owner, url, Options(**options), base_url=BASE, pairs=[], now=self.world.now
        )

    async def found(self, one: Subscription) -> Subscription:
        found = await self.world.store.read(subscriptions.by_id, one.id)
        assert found is not None
        return found

    async def poll(self, one: Subscription) -> Outcome:
        self.world.now += 1_000_000
        return await self.poller.poll(await self.found(one))

    async def told(self, one: Subscription, name: str = "ada") -> list[dict[str, Any]]:
        """Return what the feed's actor has said, newest first, as its owner sees it."""
        owner = await self.world.find(f"{BASE}/users/{name}")
        bot = await self.world.store.read(_bot, one)
        shown = []
        for iri in await self.world.listed(bot, "outbox"):
            with contextlib.suppress(Hidden):
                shown.append(await self.world.shown(iri, owner))
        return shown


async def _bot(tx: Any, one: Subscription) -> str:
    return await objects.iri_of(tx, one.bot)


@pytest.fixture
def press() -> Iterator[Press]:
    made = Press()
    yield made
    made.close()


@pytest.fixture
async def desk(ready_url: str) -> AsyncIterator[Desk]:
    """A server whose clock says November 2026, on each engine in turn."""
    async with open_store(ready_url, base_url=BASE) as store, Client(SETTINGS) as client:
        yield Desk(World(store, Others(store)), client)
