"""Reading feeds: a page of activities, and single ones (Feeds §5.4…§5.6, §6.3, §6.5)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from uuid import UUID

from storage import Transaction, feedactivities, feedpages, feeds, popular
from storage.feedactivities import Kept
from storage.feedpages import Listed, Part
from storage.tenants import Tenant
from streams.feeds import keys, opening, spelling
from streams.feeds.space import Feeds, Space
from vocab.dialects.getstream import FeedId, Reference

DEPTH_MAX: Final = feedpages.DEPTH_MAX
"""Paging reaches so far into a feed."""


async def page(parts: Feeds, space: Space, feed: FeedId, part: Part, *, living: bool = False) -> list[Listed]:
    """Return the entries of a part of a flat feed, the newest first; usually that is one statement.

    What was added to very popular feeds that it follows is found there (merge on read). What was deleted a moment ago
    may be among them, unless all are to be ``living``. To read the feed of an account for the first time links the two.
    """
    part = recent(parts, space, feed, part)
    name, owner = str(feed), space.tenant.object
    found = await parts.store.peek(feedpages.listed, owner, name, part, living=living)
    if found and not found[0].merges:
        return found
    found = await parts.store.read(_merged, owner, name, part, living=living)
    if found or not await opening.open_linked(parts, space.tenant, feed):
        return found
    tenant = await parts.tenant(space.tenant.id) or space.tenant
    return await parts.store.read(_merged, tenant.object, name, part, living=living)


def recent(parts: Feeds, space: Space, feed: FeedId, part: Part) -> Part:
    """Return what of a part is not older than the feed's group wants to show (Feeds §5.6)."""
    seconds = space.group(feed).max_age_seconds
    if seconds is None:
        return part
    earliest = keys.earliest_at(parts.clock() - seconds * 1_000_000)
    return replace(part, since=earliest.position, bounds=part.bounds.narrowed("gte", earliest))


async def _merged(tx: Transaction, owner: int | None, feed: str, part: Part, *, living: bool) -> list[Listed]:
    sources = await popular.followed_by(tx, owner, feed)
    first = replace(part, limit=part.limit + part.offset, offset=0)
    found = {one.key: one for one in await feedpages.listed(tx, owner, feed, first, living=living)}
    for source in sources:
        for one in await feedpages.new_in(tx, source.stream, first, since=source.since, living=living):
            found.setdefault(one.key, one)
    newest = [found[key] for key in sorted(found, reverse=True)]
    return newest[:DEPTH_MAX][part.offset : part.offset + part.limit]


async def some(parts: Feeds, tenant: Tenant, ids: Iterable[UUID], *, reader: str | None = None) -> list[Kept]:
    """Return those of some activities that are there, in the order they were asked for (Feeds §6.5).

    What an account said, though not to everyone, is for servers, and for that account's user as ``reader``.
    """
    wanted = [keys.key_of(id) for id in ids]
    found = await parts.store.peek(feedactivities.find_all, tenant.id, wanted)
    space = await parts.space(tenant)
    return [found[key] for key in wanted if key in found and is_for(found[key], space, reader)]


def is_for(kept: Kept, space: Space, reader: str | None) -> bool:
    """Tell whether a user may read an activity by its id; with None a server asks."""
    if reader is None or kept.public or space.made(kept.iri):
        return True
    return spelling.read(kept, space.entities).actor == str(Reference("user", reader))


async def stream(parts: Feeds, tenant: Tenant, feed: FeedId) -> int | None:
    """Return the row of a feed's stream, None for one that was never used."""
    return await parts.store.peek(feeds.find, tenant.object, str(feed))
