"""The actors that the feeds of public groups are: what each is called, and when it comes to be.

A feed is an actor once something was told of it, or somebody looked for it. It has keys once somebody looked: before
that nothing was ever signed, and an application may fill thousands of feeds that nobody follows.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final, NamedTuple

from storage import Transaction, actors, errors, feeds, keys, tenants
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
    """Return the handle that a feed should have: ``user.ada``, for other tenants ``label.user.ada``.

    One that could be no handle, or that another feed could have too (handles know no capital letters), ends with a
    digest.
    """
    parts = (
        (feed.slug, feed.id) if space.tenant.label == DEFAULT else (space.tenant.label, feed.slug, feed.id)
    )
    name = SEPARATOR.join(parts)
    return name if NAME.fullmatch(name) and name == name.lower() else _digested(name)


def _digested(name: str) -> str:
    digest = sha256(name.encode()).hexdigest()[:DIGEST_CHARS]
    return f"{name[:PREFIX_CHARS].lower().strip('.-')}{SEPARATOR}{digest}"


def iri(space: Space, feed: FeedId) -> str:
    """Return the IRI of the actor that a feed is."""
    return f"{space.root}/feeds/{feed.slug}/{feed.id}"


async def ensure(tx: Transaction, space: Space, feed: FeedId, stream: int, *, now: int) -> ActorRow:
    """Return the actor that a feed is, making it if need be. A unit of work.

    Where somebody else makes it at the same time, that one is it.
    """
    known = await actors.of_feed(tx, stream)
    if known is not None:
        return known
    name = handle(space, feed)
    profile = {"name": str(feed), "summary": f"<p>What is new in the feed {feed}.</p>"}
    for candidate in (name, _digested(SEPARATOR.join((space.tenant.label, *feed)))):
        try:
            return await making.create_feed(
                tx, base_url=space.base_url, iri=iri(space, feed), name=candidate, profile=profile, stream=stream,
                now=now,
            )  # fmt: skip
        except NameTaken:
            continue
    known = await actors.of_feed(tx, stream)
    if known is None:
        raise errors.Conflict(name)
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


async def give_keys(parts: Feeds, actor: ActorRow, pairs: Iterable[KeyPair]) -> ActorRow:
    """Give the actor that a feed is its keys, and return it as it is then."""
    await parts.store.write(making.give_keys, actor, pairs, now=parts.clock())
    return await parts.store.read(making.named, actor.handle or actor.name)


def called(name: str) -> tuple[str, FeedId] | None:
    """Return which feed of which tenant a handle could be of, by its parts; None when of none."""
    parts = name.split(SEPARATOR)
    if len(parts) not in (2, 3):
        return None
    feed = FeedId.of(*parts[-2:])
    return None if feed is None else (parts[0] if len(parts) == 3 else DEFAULT, feed)
