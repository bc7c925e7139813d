"""What events do to entities: what is said of them inside, and what follows from roles and aspects (§5.3, §7)."""

from collections.abc import Iterable, Mapping
from typing import Final

from storage import Transaction
from storage.eventlinks import LinkRow
from streams.events import entities, linking
from streams.events.entities import Delta, Said
from streams.events.linking import ACTING
from streams.events.work import Work
from vocab.dialects.events import Entity, Event, Link, Problems, Ref, Role
from vocab.dialects.events.aspects.changes import changes
from vocab.dialects.events.aspects.found import Line
from vocab.dialects.events.aspects.inventory import adjusted
from vocab.dialects.events.aspects.parts import line_of
from vocab.dialects.events.roletypes import INVOLVES

CHANGING: Final = frozenset({"update", "patch", "entities", "items"})
"""Aspects of events that change entities with a role."""
LIFE: Final = frozenset({"CREATES", "REMOVES"})
"""Roles that begin and end an entity."""
ALIVE: Final = {"status": {"is_deleted": False}}


def changing(event: Event) -> Iterable[Ref]:
    """Return the entities that an event may change or link."""
    for entity in event.entities:
        yield entity.ref
    for link in event.links:
        yield link.source
        yield link.target
    every = not CHANGING.isdisjoint(event.aspects)
    for role in event.roles:
        if isinstance(role.target, Ref) and (every or role.leaf in LIFE):
            yield role.target


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
        held = work.cast[entity.ref]
        if not entity.body and entity.aspects.keys() == {"settings"} and entity.occurred is not None:
            settings = {
                name: value for name, value in entity.aspects["settings"].items() if name != "track_for"
            }
            await entities.configure(tx, held, settings, at=entity.occurred.at, now=work.now)
            continue
        at = None if entity.occurred is None else entity.occurred.at
        news = Said(entity.aspects, entity.properties, entity.acl, at, tracked=not entity.body)
        delta = await entities.say(tx, held, news, now=work.now)
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
    taking_part = {role.target.key for role in event.roles if isinstance(role.target, Ref)}
    return tuple(
        Role(INVOLVES, link.target, derived=True)
        for link in event.links
        if link.type.partition(":")[0] in ACTING and link.source.key in taking_part and not link.ends
    )


async def apply(tx: Transaction, work: Work, event: Event) -> None:
    """Change entities as a new event says that they have: their life, what is updated, what is sold (Events §5.3)."""
    for change in changes(event):
        said, held = change.entity, work.cast[change.entity.ref]
        if said.aspects == ALIVE and not held.row.deleted:
            continue
        news = Said(said.aspects, said.properties, at=event.occurred.at, replace=change.replaces)
        await entities.say(tx, held, news, now=work.now)
    for part in event.parts:
        await _sell(tx, work, line_of(part))


async def _sell(tx: Transaction, work: Work, line: Line) -> None:
    """Adjust what there is of the products of a line, those of which it is known (Events §7.22)."""
    for product in line.products:
        held = work.cast[product] if isinstance(product, Ref) else None
        stock = None if held is None else held.aspects.get("inventory")
        if held is not None and isinstance(stock, Mapping):
            news = Said({"inventory": adjusted(stock, line)}, replace=True)
            await entities.say(tx, held, news, now=work.now)
