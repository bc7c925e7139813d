"""Everything at once: actors, feeds and events of one server, and what is told of all of it."""

from dataclasses import dataclass
from typing import Any

from logbook import Logbook
from plaza import Plaza
from world import BASE, Others, World

from storage import Store
from storage.actors import ActorRow
from storage.entries import Viewer
from streams import outside
from streams.happenings import local
from streams.happenings.local import Local
from streams.providers import FeedRequest, Filter, Onlooker
from streams.providers.onlooker import ANYBODY
from vocab import Activity
from vocab.entry import Entry

KEYS = ("social", "applications", "events", "thirdparty", "git")


@dataclass
class Square:
    """A server with actors (``world``), feeds of a tenant (``plaza``) and events of another (``log``)."""

    store: Store
    world: World
    plaza: Plaza
    log: Logbook

    @classmethod
    async def made(cls, store: Store, **groups: Any) -> "Square":
        world = World(store, Others(store))
        return cls(store, world, await Plaza.made(store, "shop", **groups), await Logbook.made(store))

    def provider(self, key: str) -> Local:
        return Local(key, local.NAMES[key], self.store, BASE, lambda: self.world.now)

    async def read(
        self, *filters: str, key: str = "social", by: Onlooker = ANYBODY, max_results: int = 50, **asked: Any
    ) -> list[Entry]:
        """Return the entries of a provider; filters are written as in an address: ``user IS ada``."""
        request = FeedRequest(
            max_results=max_results,
            filters=[_filter(text) for text in filters],
            viewer=by,
            base_url=BASE,
            **asked,
        )
        feed = await self.provider(key).feed(request)
        return [entry for entry in feed.entries if isinstance(entry, Entry)]

    async def ids(
        self, *filters: str, key: str = "social", by: Onlooker = ANYBODY, **asked: Any
    ) -> list[str]:
        return [entry.id for entry in await self.read(*filters, key=key, by=by, **asked)]

    async def everything(self, *filters: str, by: Onlooker = ANYBODY) -> set[str]:
        """Return the ids of what all providers tell."""
        return {id for key in KEYS for id in await self.ids(*filters, key=key, by=by)}

    def member(self, actor: ActorRow, **about: Any) -> Onlooker:
        return Onlooker(Viewer(actor.id, actor.iri), actor.name, **about)


CLOSED: dict[str, Any] = {
    "id": "https://git.example/orchard/issues/7#closed",
    "type": "Update",
    "actor": {"type": "Person", "name": "Tavo", "preferredUsername": "tavo", "url": "https://git.example/tavo"},
    "object": {
        "id": "https://git.example/orchard/issues/7", "type": "Object", "name": "ORCHARD-7",
        "hw:objectType": "http://streams.atlassian.com/syndication/types/issue",
    },
    "generator": {"id": "https://git.example/", "type": "Application", "name": "Orchard Git"},
    "published": "2026-11-20T10:00:00Z",
    "verb": ["http://activitystrea.ms/schema/1.0/update", "https://git.example/verbs/close"],
    "titleHtml": '<a href="https://git.example/tavo">Tavo</a> closed <b>ORCHARD-7</b>',
    "key": ["orchard"],
}  # fmt: skip


async def tell(
    square: Square, speaker: ActorRow, *, provider: str, to: tuple[str, ...] = (), **changed: Any
) -> Activity:
    """Let an actor tell that an issue was closed elsewhere."""
    square.world.now += 1_000_000
    entry = Entry.of({**CLOSED, **changed}, provider=provider)
    return await square.store.write(outside.tell, speaker, entry, to=to, base_url=BASE, now=square.world.now)


def _filter(text: str) -> Filter:
    option, operator, *values = text.split()
    return Filter(option, operator, tuple(values))
