"""Leaving: everything an actor of ours may take along, read in small portions for its owner alone (SEC-099)."""

from collections.abc import AsyncIterator

from storage import Store, Transaction, actors, blocks, entries, former, media
from storage.actors import ActorRow
from storage.entries import Entry
from storage.media import Media
from streams import policy, read
from streams.actors import describe
from vocab import Activity, Object, dump, parse

PORTION = 100
TAKEN = frozenset({"Create", "Announce"})
KEYS = ("assertionMethod", "publicKey")


async def profile(tx: Transaction, actor: ActorRow, base_url: str) -> Object:
    """Return the actor's document without its keys: they stay with this server (SEC-016)."""
    return (await describe(tx, actor, base_url)).without(*KEYS)


async def said(store: Store, actor: ActorRow) -> AsyncIterator[Activity]:
    """Yield the posts and shares in the actor's outbox, the oldest first, whoever they were meant for."""
    async for entry in _walk(store, actor.id, "outbox"):
        activity = Activity(parse(await store.read(_text, entry, actor)).data)
        if not TAKEN.isdisjoint(activity.types):
            yield activity


async def _text(tx: Transaction, entry: Entry, actor: ActorRow) -> bytes:
    return dump.render(*await read.shown(tx, entry, policy.viewer(actor)))


async def liked(store: Store, actor: ActorRow) -> AsyncIterator[str]:
    """Yield what the actor likes, by id, the oldest like first."""
    async for entry in _walk(store, actor.id, "liked"):
        yield entry.iri


async def collected(store: Store, actor: ActorRow, name: str) -> AsyncIterator[str]:
    """Yield what is in a private collection that the actor brought along, such as its bookmarks."""
    for key, item in await store.read(former.starting_with, actor.id, "collection "):
        if key == f"collection {name}":
            async for entry in _walk(store, item, "collection"):
                yield entry.iri


async def collections(store: Store, actor: ActorRow) -> list[str]:
    """Return the names of the private collections that the actor brought along."""
    found = await store.read(former.starting_with, actor.id, "collection ")
    return [key.removeprefix("collection ") for key, _ in found]


async def following(store: Store, actor: ActorRow) -> AsyncIterator[str]:
    """Yield the addresses, ``name@host``, of those the actor follows."""
    async for entry in _walk(store, actor.id, "following"):
        yield await store.read(address, entry.iri)


async def unwanted(tx: Transaction, actor: ActorRow, kind: str) -> list[str]:
    """Return whom the actor has blocked (``block``) or muted (``mute``) by address; or hosts (``domain``)."""
    targets = await blocks.targets(tx, actor.id, kind)
    return targets if kind == "domain" else [await address(tx, iri) for iri in targets]


async def address(tx: Transaction, iri: str) -> str:
    """Return the address of an actor, or its id when we know no more."""
    known = await actors.find(tx, iri)
    return iri if known is None else known.acct


async def files(store: Store, actor: ActorRow) -> AsyncIterator[Media]:
    """Yield the actor's files that something shows."""
    after = 0
    while some := await store.read(media.of_owner, actor.id, after=after, limit=PORTION):
        after = some[-1].id
        for one in some:
            yield one


async def _walk(store: Store, owner: int, kind: str) -> AsyncIterator[Entry]:
    """Yield the entries of a stream, the oldest first; what comes meanwhile is part of it."""
    stream = await store.read(entries.find, owner, kind)
    after = 0
    while stream is not None:
        some = await store.read(
            entries.page, stream.id, viewer=None, whole=True, after=after, limit=PORTION, oldest_first=True
        )
        for entry in some:
            yield entry
        if not some:
            return
        after = some[-1].position
