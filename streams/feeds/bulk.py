"""Many activities of the past at once: those that are new here and enter plain feeds, by a few statements together.

What comes of it is what comes of adding them one after the other (``adding.put``); whatever needs more thought than
an insertion is left to that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage import Transaction, entries, errors, feedactivities, feedfollows, objects, placements
from storage.feedactivities import Known
from storage.ids import next_id
from storage.placements import Placement, Shown, Way
from streams import documents, instants
from streams.documents import Ours
from streams.feeds import keeping, keys, opening, placing, spelling
from streams.feeds.keeping import Held
from streams.feeds.space import Space
from vocab.dialects.getstream import FeedActivity, FeedId


@dataclass(frozen=True, slots=True)
class Addition:
    """An activity and the feed that it was added to."""

    home: FeedId
    made: FeedActivity

    @property
    def ways(self) -> dict[FeedId, Way]:
        """How it comes into which feeds."""
        return dict.fromkeys(self.made.to, Way.TARGET) | {self.home: Way.HOME}


async def add(tx: Transaction, space: Space, wanted: Sequence[Addition], *, now: int) -> list[Addition]:
    """Add those activities that can be added together, and return the others. A unit of work in the past.

    Raises Conflict when one of them is added by another unit at the same time.
    """
    assert space.past  # noqa: S101 - the present is told of, one activity at a time
    plain = await _plain(tx, space, wanted)
    if plain:
        held = await _keep(tx, space, plain, now=now)
        await _place(tx, space, plain, held, now=now)
    done = set(map(id, plain))
    return [one for one in wanted if id(one) not in done]


async def _plain(tx: Transaction, space: Space, wanted: Sequence[Addition]) -> list[Addition]:
    """Return the additions of activities that nobody knows by id or IRI, to flat feeds that no other server sees."""
    first = {keys.key_of(one.made.id): one for one in reversed(wanted)}
    flat = [
        one for one in wanted
        if first[keys.key_of(one.made.id)] is one and _is_flat(space, one)
    ]  # fmt: skip
    known = await feedactivities.known(tx, space.tenant.id, (keys.key_of(one.made.id) for one in flat))
    named = await objects.ids_of(tx, (space.activity_iri(one.made.id) for one in flat))
    return [
        one for one in flat
        if keys.key_of(one.made.id) not in known and space.activity_iri(one.made.id) not in named
    ]  # fmt: skip


def _is_flat(space: Space, one: Addition) -> bool:
    return all(space.group(feed).flat and not space.group(feed).public for feed in one.ways)


async def _keep(tx: Transaction, space: Space, plain: Sequence[Addition], *, now: int) -> list[Held]:
    """Store activities, each in the stream of its actor."""
    called = dict.fromkeys(one.made.actor for one in plain)
    actors = {name: await keeping.actor_of(tx, space, name, now=now) for name in called}
    held, ours, owners, entered, positions = [], [], dict[int, str | None](), [], {}
    for made in (one.made for one in plain):
        item, (actor, iri) = next_id(), actors[made.actor]
        owner = actor if space.entities.has(iri) else None
        thing = keeping.document(space, made, actor=iri, public=False)
        held.append(Held(item, actor, made, public=False, deed="create"))
        ours.append(Ours(item, thing, owner, instants.read(thing, "published") or now))
        if owner is not None:
            owners[owner] = keeping.outbox_iri(iri)
            entered.append((owner, item))
            positions[item] = keeping.position_in(space, item, made.time, now=now) or item
    if not await documents.keep_all(tx, ours, now=now):
        raise errors.Conflict(ours[0].activity.id or "")  # one came meanwhile; alone, each of them finds it
    await feedactivities.add_all(tx, space.tenant.id, (_known(one) for one in held))
    streams = await entries.ensure_all(tx, "outbox", owners)
    await entries.add_all(tx, ((streams[owner], item, False) for owner, item in entered), positions=positions)
    return held


def _known(held: Held) -> Known:
    made = held.activity
    return Known(held.item, held.key, made.actor, made.foreign_id, spelling.stored_feeds(made.to))


async def _place(
    tx: Transaction, space: Space, plain: Sequence[Addition], held: Sequence[Held], *, now: int
) -> None:
    """Put activities into their feeds, and give them to those who follow these."""
    streams = await opening.opened(tx, space, (feed for one in plain for feed in one.ways), now=now)
    placed = [
        Placement(streams[str(feed)], kept.key, kept.item, way, None, Shown.READERS, None)
        for one, kept in zip(plain, held, strict=True)
        for feed, way in one.ways.items()
    ]
    await placements.put_all(tx, placed)
    by_item = {kept.item: kept for kept in held}
    entered: dict[int, list[Held]] = {}
    for placement in placed:
        entered.setdefault(placement.stream, []).append(by_item[placement.item])
    for source in sorted(entered):
        await _spread(tx, space, source, entered[source], now=now)


async def _spread(tx: Transaction, space: Space, source: int, entered: Iterable[Held], *, now: int) -> None:
    """Give activities to the followers of a feed, together where all of these are few, and flat."""
    followers = await feedfollows.hold(tx, source)
    if not followers:
        return
    listed = []
    if followers <= space.limits.inline:
        listed = await feedfollows.next_followers(tx, source, after=0, limit=followers)
    slugs = {slug for slug, group in space.groups.items() if not group.flat}
    if listed and not any(name.partition(":")[0] in slugs for _, name in listed):
        copied = ((one.key, one.item) for one in entered)
        await placements.copy_all(tx, source, copied, shown=Shown.READERS, last=listed[-1].stream)
        return
    for one in entered:
        await placing.spread(tx, space, source, one, now=now)
