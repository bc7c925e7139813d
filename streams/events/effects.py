"""What events do to entities: what is said of them inside, and what follows from roles and aspects (§5.3, §7)."""

from collections.abc import Iterable, Iterator, Mapping

from storage import Transaction, eventaudience
from storage.eventaudience import Parties
from storage.eventlinks import LinkRow
from streams.events import changes, entities, linking
from streams.events.held import Delta, Held, Said
from streams.events.linking import ACTING
from streams.events.work import Work
from vocab.dialects.events import Entity, Event, Link, Problems, Ref, Role
from vocab.dialects.events.aspects import adjusted
from vocab.dialects.events.roletypes import INVOLVES


def changing(event: Event) -> Iterator[Ref]:
    """Yield the entities that an event may change besides those of which it says more, some more than once."""
    every = not changes.CHANGING.isdisjoint(event.aspects)
    for role in event.roles:
        if isinstance(role.target, Ref) and (every or role.leaf in changes.ENDING):
            yield role.target
    yield from mentioned(event)


def mentioned(event: Event) -> Iterator[Ref]:
    """Yield the entities that an event names in its aspects alone."""
    if "entities" in event.aspects:
        yield from (change.ref for change in changes.of(event))


async def embedded(
    tx: Transaction,
    work: Work,
    said: Iterable[Entity],
    links: Iterable[Link],
    *,
    since: int,
    problems: Problems,
) -> tuple[dict[str, Delta], list[LinkRow]]:
    """Put what a message says of entities together with what is known of them, and let its links hold.

    Return what has changed, of entities by their keys.
    """
    deltas: dict[str, Delta] = {}
    for entity in said:
        at = None if entity.occurred is None else entity.occurred.at
        news = Said(entity.aspects, entity.properties, entity.acl, at, more=entity.more)
        delta = await entities.say(tx, work.cast[entity.ref], news, now=work.now)
        deltas[entity.ref.key] = deltas.get(entity.ref.key, Delta()) | delta
    changed = [
        linking.claim(
            work.links, link, work.cast[link.source], work.cast[link.target], since=since, now=work.now,
            problems=problems,
        )
        for link in links
    ]  # fmt: skip
    return deltas, [row for row in changed if row is not None]


def others(event: Event) -> tuple[Role, ...]:
    """Return the roles of those on whose behalf an event happens, or who relay it, by what it says itself (§6.4)."""
    if not event.links:
        return ()
    taking_part = {role.target.key for role in event.roles if isinstance(role.target, Ref)}
    return tuple(
        Role(INVOLVES, link.target, derived=True)
        for link in event.links
        if link.type.partition(":")[0] in ACTING and link.source.key in taking_part and not link.ends
    )


async def apply(tx: Transaction, work: Work, event: Event, parties: Parties) -> None:
    """Change entities as a new event says: their life, what is updated and set, what is sold (Events §5.3).

    ``parties`` are what rules may name its sender by.
    """
    at = event.occurred.at
    for change in changes.of(event):
        held = work.cast[change.ref]
        if change.creates and not held.row.deleted:
            continue
        news = Said(change.aspects, change.properties, None, at, change.replaces, change.tracked)
        await entities.say(tx, held, news, now=work.now)
    refs, settings = changes.settings(event)
    for ref in refs:
        await entities.configure(tx, work.cast[ref], settings, at=at, now=work.now)
    for part in event.parts:
        await _sell(tx, work, part, parties)


async def _sell(tx: Transaction, work: Work, part: Event, parties: Parties) -> None:
    """Adjust what there is of the products of a line, those of which it is known (Events §7.22).

    What the sender may not know of they have not sold: its stock stays, and they are not told that there is any.
    """
    [line] = part.aspects["items"]
    action = f"TRADE:{part.type.rpartition('.')[2].upper()}"
    for product in changes.having(part, action):
        held = work.cast[product]
        stock = held.aspects.get("inventory")
        if isinstance(stock, Mapping) and await _may_know(tx, held, parties):
            await entities.say(tx, held, Said({"inventory": adjusted(stock, line)}), now=work.now)


async def _may_know(tx: Transaction, held: Held, parties: Parties) -> bool:
    if parties is None or not held.row.restricted:
        return True
    return bool(await eventaudience.known_entities(tx, [held.id], parties))
