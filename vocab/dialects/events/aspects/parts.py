"""The sub-events of line items: one transaction each (Events §7.7)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from vocab.dialects.events import moments
from vocab.dialects.events.aspects.found import Line
from vocab.dialects.events.aspects.money import plain
from vocab.dialects.events.messages import Event, Role
from vocab.dialects.events.references import event_footprint, named
from vocab.dialects.events.roles import each_once

TYPE: Final = "as.commerce.transaction"
SHARED: Final = ("dimensions", "metrics", "tags", "locale", "presentation")
"""The aspects that hold for each line as for the whole event."""


def parts(event: Event, lines: Iterable[Line]) -> tuple[Event, ...]:
    """Return the sub-events of an event's lines: who took part in the line, and in the event apart from its lines."""
    kept = tuple(lines)
    both = parent_roles(event, kept)
    seen: Counter[str] = Counter()
    found: list[Event] = []
    for line in kept:
        roles = each_once((*line.roles, *both))
        footprint = _footprint(event, line, roles)
        seen[footprint] += 1
        if seen[footprint] > 1:
            footprint = f"{footprint}--line-{seen[footprint]}"
        found.append(_part(event, line, roles, named(footprint)))
    return tuple(found)


def shared(event: Event, lines: Iterable[Line]) -> int:
    """Return how many roles the sub-events have from the event, those of each counted."""
    kept = tuple(lines)
    return len(kept) * len(parent_roles(event, kept)) if kept else 0


def parent_roles(event: Event, lines: tuple[Line, ...]) -> tuple[Role, ...]:
    """Return the roles of an event that are not those of a line alone."""
    inside = {role.identity for line in lines for role in line.roles}
    written = {
        (str(said.get("role")), _target(said))
        for said in event.body.get("involves", ())
        if isinstance(said, dict)
    }
    return tuple(
        role
        for role in event.roles
        if role.identity not in inside or (role.path, str(role.target)) in written
    )


def _target(said: dict[str, Any]) -> str:
    entity = said.get("entity")
    return str(said.get("entity_ref") or (entity.get("entity_ref") if isinstance(entity, dict) else ""))


def _footprint(event: Event, line: Line, roles: tuple[Role, ...]) -> str:
    occurred = moments.footprint(event.occurred)
    footprint = event_footprint(
        f"{TYPE}.{line.action}",
        occurred,
        event.origin,
        (role.footprint for role in roles if not role.derived),
    )
    category = line.body.get("price_category")
    tail = [f"price_category-{category}"] if category else []
    tail += [f"total-{_spelled(line.count)}@{_spelled(line.price)}", f"parent-{event.id}"]
    return "--".join([footprint, *tail]).lower()


def _spelled(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _part(event: Event, line: Line, roles: tuple[Role, ...], id: UUID) -> Event:
    aspects = {name: event.aspects[name] for name in SHARED if name in event.aspects}
    aspects["items"] = [signed(line)]
    type = f"{TYPE}.{line.action.lower()}"
    body = {
        "type": type,
        "origin": event.origin,
        "occurred_at": event.occurred.text,
        "importance": event.importance,
        "involves": [_spelled_role(role) for role in roles if not role.derived],
        "aspects": aspects,
        "_parent": str(event.id),
    }
    return replace(
        event,
        id=id,
        type=type,
        roles=roles,
        description="",
        aspects=aspects,
        properties={},
        entities=(),
        links=(),
        external_id="",
        group=None,
        token="",
        points=(),
        parts=(),
        body=body,
    )


def _spelled_role(role: Role) -> dict[str, Any]:
    said: dict[str, Any] = {"role": role.path, "entity_ref": str(role.target)}
    if role.external_id:
        said["external_id"] = role.external_id
    if role.weight is not None:
        said["weight"] = role.weight
    if role.properties:
        said["properties"] = dict(role.properties)
    return said


def signed(line: Line) -> dict[str, Any]:
    """Return a line as stored, with the count and the sums that its trade role gives a sign."""
    return {
        **line.body,
        "item_count": plain(line.count),
        "_discount": plain(line.money.discount),
        "_fees": plain(line.money.fees),
        "_tax": plain(line.money.tax),
        "_total": plain(line.money.total),
    }
