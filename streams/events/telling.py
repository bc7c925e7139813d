"""Telling that an entity has changed: an event of its own (Events §5.2)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from storage.eventaudience import CHANGES
from storage.eventlinks import LinkRow
from storage.ids import next_id
from streams.events.held import Delta, Held
from vocab.dialects.events import Comment, Event, Moment, Point, Ref, Role, Rule, aspects, moments
from vocab.dialects.events.references import event_footprint, named
from vocab.dialects.events.roletypes import ACTOR, AFFECTS

CREATED, UPDATED = CHANGES
REFLECTS: Final = "REFLECTS"
"""The role of what is measured by another."""
IMPORTANCE: Final = 1
"""Such an event is no news by itself: unimportant (Events §3.1)."""


def told(
    held: Held,
    delta: Delta,
    links: Sequence[tuple[LinkRow, Ref]],
    *,
    by: Ref,
    origin: str,
    occurred: Moment,
    gauged: tuple[Ref, ...] = (),
    points: tuple[Point, ...] = (),
    acl: tuple[Rule, ...] = (),
) -> Event:
    """Return the event that tells what was said of an entity and by whom; links come with who they lead to.

    ``points`` are what was measured, of the entity and of those that it gauges.
    """
    created = held.created
    change: dict[str, Any] = {"action": "CREATES" if created else "UPDATES", "entity": str(held.ref)}
    if delta.aspects:
        change["aspects"] = dict(delta.aspects)
    if delta.properties:
        change["properties"] = dict(delta.properties)
    change |= delta.more
    if links:
        change["links"] = [{"type": row.path, "entity_ref": str(target)} for row, target in links]
    roles = (Role(ACTOR, by), Role(AFFECTS, held.ref))
    type = CREATED if created else UPDATED
    said = {"entities": [change]}
    parts = [*(role.footprint for role in roles), f"change-{next_id()}"]
    event = Event(
        id=named(event_footprint(type, moments.footprint(occurred), origin, parts)),
        type=type,
        origin=origin,
        occurred=occurred,
        importance=IMPORTANCE,
        roles=roles,
        aspects=said,
        acl=acl,
        body={
            "type": type,
            "origin": origin,
            "occurred_at": occurred.text,
            "importance": IMPORTANCE,
            "involves": [{"role": role.path, "entity_ref": str(role.target)} for role in roles],
            "aspects": said,
            **({"acl": [{rule.right: rule.party} for rule in acl]} if acl else {}),
        },
    )
    reflected = tuple(Role(REFLECTS, ref, derived=True) for ref in gauged)
    return replace(event, roles=(*roles, *reflected), points=(*aspects.points(event, ()), *points))


def is_told(message: Event | Comment) -> bool:
    """Tell whether a message is one that tells of an entity."""
    return isinstance(message, Event) and message.type in CHANGES
