"""The actors that the feeds of public groups are: what each is called, and when it comes to be.

A feed is an actor once something was told of it, or somebody looked for it. It has keys once somebody looked: before
that nothing was ever signed, and an application may fill thousands of feeds that nobody follows.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final, NamedTuple

from storage import Store, Transaction, actors, errors, feeds, keys, tenants
from storage.actors import ActorRow
from storage.tenants import DEFAULT, Tenant
from streams import actors as making
from streams.actors import NAME, KeyPair
from streams.errors import NameTaken
from streams.feeds.space import Feeds, Space
from vocab.dialects.getstream import FeedId

SEPARATOR: Final = "."
"""Stands between the parts of a feed's handle. No part has one; accounts may, and theirs is the handle then."""
DIGEST_CHARS: Final = 16
PREFIX_CHARS: Final = 40


def handle(space: Space, feed: FeedId) -> str:
    """Return the handle that a feed should have: ``user.ada``, for other tenants ``label.user.ada``."""
    return of_parts(space.tenant.label, *feed)


def of_parts(label: str, *names: str) -> str:
    """Return the handle of what has some names in a tenant.

    One that could be no handle, or that another one could have too (handles know no capital letters), ends with a
    digest.
    """
    name = SEPARATOR.join(names if label == DEFAULT else (label, *names))
    return name if NAME.fullmatch(name) and name == name.lower() else digested(name)


def digested(name: str) -> str:
    """Return a handle for a name that cannot be one itself: its beginning, and a digest."""
    digest = sha256(name.encode()).hexdigest()[:DIGEST_CHARS]
    return f"{name[:PREFIX_CHARS].lower().strip('.-')}{SEPARATOR}{digest}"


def iri(space: Space, feed: FeedId) -> str:
    """Return the IRI of the actor that a feed is."""
    return f"{space.root}/feeds/{feed.slug}/{feed.id}"


async def ensure(tx: Transaction, space: Space, feed: FeedId, stream: int, *, now: int) -> ActorRow:
    """Return the actor that a feed is, making it if need be. A unit of work."""
    name, otherwise = handle(space, feed), digested(SEPARATOR.join((space.tenant.label, *feed)))
    profile = {"name": str(feed), "summary": f"<p>What is new in the feed {feed}.</p>"}
    wanted = Wanted(iri(space, feed), "Service", (name, otherwise), profile)
    return await appear(tx, wanted, stream, base_url=space.base_url, now=now)


class Wanted(NamedTuple):
    """An actor to be: what it is called, by the first of the handles that is free, and what is said of it."""

    iri: str
    type: str
    handles: tuple[str, ...]
    profile: dict[str, Any]


async def appear(tx: Transaction, wanted: Wanted, stream: int, *, base_url: str, now: int) -> ActorRow:
    """Return the actor that tells of a stream, making it if need be. A unit of work.

    Where somebody else makes it at the same time, that one is it.
    """
    known = await actors.of_feed(tx, stream)
    if known is not None:
        return known
    for candidate in wanted.handles:
        try:
            return await making.create_feed(
                tx, base_url=base_url, iri=wanted.iri, name=candidate, type=wanted.type, profile=wanted.profile,
                stream=stream, now=now,
            )  # fmt: skip
        except NameTaken:
            continue
    known = await actors.of_feed(tx, stream)
    if known is None:
        raise errors.Conflict(wanted.handles[0])
    return known


class Sought(NamedTuple):
    """The actor that somebody looked for, and whether it has its keys."""

    actor: ActorRow
    signs: bool


async def seek(parts: Feeds, label: str, feed: FeedId) -> Sought | None:
    """Return the actor that a feed of a tenant is; None for one that is not, or that was never used."""
    tenant = await parts.store.peek(tenants.by_label, label)
    if tenant is None or tenant.object is None:
        return None
    space = await parts.space(tenant)
    found = await parts.store.read(_seek, tenant, feed)
    if found is None or isinstance(found, Sought):
        return found
    if not space.group(feed).public:
        return None
    actor = await parts.store.write(ensure, space, feed, found, now=parts.clock())
    return Sought(actor, False)


async def _seek(tx: Transaction, tenant: Tenant, feed: FeedId) -> Sought | int | None:
    """Return the actor of a feed; its stream when it is none yet; None when there is no such feed."""
    stream = await feeds.find(tx, tenant.object, str(feed))
    if stream is None:
        return None
    actor = await actors.of_feed(tx, stream)
    return stream if actor is None else Sought(actor, bool(await keys.of_actor(tx, actor.iri)))


async def give_keys(store: Store, actor: ActorRow, pairs: Iterable[KeyPair], *, now: int) -> ActorRow:
    """Give an actor that was looked for its keys, and return it as it is then."""
    await store.write(making.give_keys, actor, pairs, now=now)
    return await store.read(making.named, actor.handle or actor.name)


def called(name: str) -> tuple[str, FeedId] | None:
    """Return which feed of which tenant a handle could be of, by its parts; None when of none."""
    parts = name.split(SEPARATOR)
    if len(parts) not in (2, 3):
        return None
    feed = FeedId.of(*parts[-2:])
    return None if feed is None else (parts[0] if len(parts) == 3 else DEFAULT, feed)
