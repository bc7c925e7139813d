"""What happens in a tenant, told as it happens: events, comments, votes, notices (Events §14).

While somebody listens in a tenant, what is recorded there is noted (``storage.eventnews``) for some minutes, in the
unit of work that records it. Whoever listens reads these notes, in any process; so they go on where they were after a
break. Rights are looked at for each reader and item, as of the moment of telling.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from storage import (
    Store,
    Transaction,
    eventaudience,
    eventbumps,
    eventitems,
    eventmatches,
    eventnews,
    eventnotices,
    eventroles,
)
from storage.eventnews import BUMP, COMMENT, EVENT, NOTIFICATION, News
from streams.events import notices, shown
from streams.events.blind import BLIND
from streams.events.item import Item
from streams.events.reader import Reader
from streams.events.space import Space
from streams.instants import SECOND_US
from streams.watch import Place, Seen, gusts
from vocab.dialects.events import Bump, Comment
from vocab.dialects.events.roletypes import ACTOR
from vocab.jsontext import loads

BUMP_TYPE: Final = "as.api.bump"

KEPT_US: Final = 600 * SECOND_US
"""So long after somebody listened it goes on to be noted what happens."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who listens to what; what is None or empty leaves nothing out.

    ``user`` is the row of the reader's entity, None for one who is nobody's user; ``channel`` that of a channel,
    ``entities`` those whose items are wanted. Notices are told where nothing of this is asked for.
    """

    reader: Reader
    user: int | None = None
    channel: int | None = None
    entities: frozenset[int] | None = None
    types: tuple[str, ...] = ()
    min_importance: int = 0

    def by(self, reader: Reader, user: int | None) -> "Hearing":
        """Return the same for a reader who may know of other things by now, and have a row."""
        return replace(self, reader=reader, user=user)

    @property
    def is_narrow(self) -> bool:
        """Whether something less than all is wanted."""
        return self.channel is not None or self.entities is not None or bool(self.types)

    def allows_type(self, type: str) -> bool:
        """Tell whether items of a type are wanted."""
        return not self.types or any(f"{type}.".startswith(f"{wanted}.") for wanted in self.types)


class Told(NamedTuple):
    """One thing that happened as a reader is told it: of which kind, its stream id, and all of it."""

    kind: str
    stream_id: str
    body: dict[str, Any]


async def arrived(tx: Transaction, space: Space, item: Item) -> None:
    """Note a new item for those who listen. A unit of work."""
    tenant, stream_id = space.tenant.id, str(item.stream_id)
    if item.parent is not None:
        return
    if isinstance(item.message, Bump):
        [actor] = item.rows(ACTOR)
        [thing] = (named.row for named in item.roles if named.role.path != ACTOR)
        await eventnews.note(tx, tenant, BUMP, thing, stream_id, actor=actor)
        return
    kind = COMMENT if isinstance(item.message, Comment) else EVENT
    await eventnews.note(tx, tenant, kind, item.id, stream_id)


async def attend(store: Store, tenant: int, *, now: int) -> None:
    """Have it noted for the next minutes what happens in a tenant; say so again before they are over."""
    await store.write(eventnews.listen, tenant, until=now + KEPT_US)


def listen(place: Place, tenant: int, *, after: int | None) -> AsyncIterator[Sequence[News]]:
    """Yield what happens as it is committed, from a position or from now on; nothing when it has been quiet."""

    async def look(tx: Transaction, low: int, limit: int) -> Seen[News]:
        return Seen(await eventnews.since(tx, tenant, low, limit=limit), (eventnews.topic(tenant),))

    return gusts(place, look, after=after)


async def tell(tx: Transaction, space: Space, hearing: Hearing, news: Sequence[News]) -> list[Told]:
    """Return what a reader is told of what happened, in that order. A unit of work."""
    wanted = await _wanted(tx, hearing, [one for one in news if one.kind != NOTIFICATION])
    items = await shown.items(
        tx, space, hearing.reader, {one.item for one in wanted if one.kind in (EVENT, COMMENT)}
    )
    told = []
    for one in news:
        if one.kind == NOTIFICATION:
            body = await _notice(tx, hearing, one)
        elif one not in wanted:
            body = None
        else:
            body = await _vote(tx, one) if one.kind == BUMP else items.get(one.item)
        if body is not None:
            told.append(Told(one.kind, one.stream_id, body))
    return told


async def _wanted(tx: Transaction, hearing: Hearing, news: Sequence[News]) -> set[News]:
    """Return what a reader may know of and has asked for."""
    things = {one.item for one in news}
    parties = hearing.reader.asks
    seen = await eventaudience.known_items(tx, things, parties)
    seen |= await eventaudience.known_entities(tx, things - seen, parties)
    if hearing.channel is not None:
        seen &= await eventmatches.holds(tx, hearing.channel, seen)
    if hearing.entities is not None:
        seen &= await _named(tx, seen, hearing.entities)
    rows = await eventitems.by_ids(tx, seen)
    return {
        one
        for one in news
        if one.item in seen
        and (
            hearing.allows_type(BUMP_TYPE)
            if one.kind == BUMP
            else hearing.allows_type(rows[one.item].type)
            and rows[one.item].importance >= hearing.min_importance
        )
    }


async def _named(tx: Transaction, things: Collection[int], entities: Collection[int]) -> set[int]:
    """Return which of some things are one of the entities, or name one of them by other than a blind copy."""
    roles = await eventroles.of(tx, things)
    return {
        thing
        for thing in things
        if thing in entities
        or any(role.named in entities and BLIND not in role.path.split(":") for role in roles.get(thing, ()))
    }


async def _vote(tx: Transaction, one: News) -> dict[str, Any] | None:
    """Return a vote as it is now."""
    bump = None if one.actor is None else await eventbumps.find(tx, one.item, one.actor)
    if bump is None:
        return None
    body: Any = loads(bump.body)
    return {**body, "_stream_id": bump.stream_id}


async def _notice(tx: Transaction, hearing: Hearing, one: News) -> dict[str, Any] | None:
    """Return a notice of the reader's own."""
    if hearing.is_narrow or one.actor is None or one.actor != hearing.user:
        return None
    found = await eventnotices.find(tx, one.actor, one.stream_id, hearing.reader.asks)
    return None if found is None else notices.spell(found)
