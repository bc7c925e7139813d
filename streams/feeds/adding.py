"""Adding activities to feeds (Feeds §6.1, §6.4)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from storage import Transaction, feedactivities, feedaudit, jobs
from storage.placements import Way
from storage.tenants import Tenant
from streams.errors import Refused
from streams.feeds import keeping, keys, opening
from streams.feeds.keeping import Held
from streams.feeds.placing import QUEUE, Feed, place
from streams.feeds.space import Feeds, Space
from vocab.dialects.getstream import Draft, FeedActivity, FeedId

TOLD_AT_ONCE: Final = 20
"""In so many public feeds an activity is told before whoever adds it is answered; in others soon after."""


async def add(
    parts: Feeds,
    tenant: Tenant,
    homes: Sequence[FeedId],
    drafts: Iterable[Draft],
    *,
    upsert: bool = True,
    author: str = "",
    reader: str | None = None,
) -> list[FeedActivity]:
    """Add activities to one or more feeds, in their order, and return them as they are stored then.

    ``author`` is the user who does it, empty for a server; ``reader`` the user who is told what is stored, if it is
    one. Raises UnknownGroup, BadFields or TooLarge of the dialect, and Refused for what an account did not say to that
    reader; then nothing was added.
    """
    made = [draft.dated(parts.moments.next(), parts.moments.node()) for draft in drafts]
    slugs = {feed.slug for activity in made for feed in (*homes, *activity.to)}
    space = await parts.space(tenant, slugs)
    return await parts.store.write(
        _add, space, homes, made, upsert=upsert, author=author, reader=reader, now=parts.clock()
    )


async def _add(
    tx: Transaction,
    space: Space,
    homes: Sequence[FeedId],
    made: list[FeedActivity],
    *,
    upsert: bool,
    author: str,
    reader: str | None,
    now: int,
) -> list[FeedActivity]:
    space = await space.heard(tx, now=now)
    additions = sum(len({*homes, *one.to}) for one in made)
    space = replace(space, limits=space.limits.shared(additions))
    if len(made) > 1:
        await feedactivities.seize_all(tx, space.tenant.id, (keys.key_of(one.id) for one in made))
    held = [await put(tx, space, activity, homes, upsert=upsert, now=now) for activity in made]
    for one in held:
        if reader is not None and not one.is_for(reader):
            raise Refused("foreign_id", "is taken")
        if one.deed:
            await feedaudit.note(tx, space.tenant.id, "activity", str(one.activity.id), one.deed, author)
    return [one.activity for one in held]


async def put(
    tx: Transaction, space: Space, made: FeedActivity, homes: Sequence[FeedId], *, upsert: bool, now: int
) -> Held:
    """Store an activity and place it in its homes and its targets. A unit of work.

    One that is there already and stays as it is goes where it says itself.
    """
    if not upsert and (stored := await keeping.hold(tx, space, keys.key_of(made.id))) is not None:
        made = replace(made, to=stored.activity.to)
    public = space.is_public((*homes, *made.to))
    held = await keeping.keep(tx, space, made, public=public, upsert=upsert, now=now)
    ways = dict.fromkeys(made.to, Way.TARGET) | dict.fromkeys(homes, Way.HOME)
    streams = await opening.opened(tx, space, ways, now=now)
    later = dict.fromkeys([feed for feed in ways if space.group(feed).public][TOLD_AT_ONCE:])
    for feed, way in ways.items():
        await place(tx, space, Feed(streams[str(feed)], feed), held, way, tells=feed not in later, now=now)
    if later and not space.past:
        work = {"do": "tell", "tenant": space.tenant.id, **held.key._asdict(), "feeds": list(map(str, later))}
        await jobs.add(tx, QUEUE, work, now=now, key=str(held.item))
    return held
