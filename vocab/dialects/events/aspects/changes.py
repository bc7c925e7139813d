"""What an event changes of entities: the aspects ``update``, ``patch``, ``entities`` and ``status`` (Events §5.3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from vocab.dialects.events.aspects import kinds, reading
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import anything, flag, free, moment
from vocab.dialects.events.aspects.shapes import Shape
from vocab.dialects.events.aspects.tracking import has_role
from vocab.dialects.events.messages import Entity, Event
from vocab.dialects.events.problems import IGNORED, INVALID, REFERENCE
from vocab.dialects.events.references import BadReference, Ref

CHANGES_MAX: Final = 500
ENDING: Final = {"REMOVES": True, "REVIVES": False, "CREATES": False}
"""What actions on an entity say of whether it is deleted."""
ACTIONS: Final = ("CREATES", "UPDATES", "REMOVES", "VERIFIES", "REVIVES")


def _aspects(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    return reading.inside(value, host, on="entity", field=field)


def _action(value: Any, host: Host, field: str) -> str | None:
    found = kinds.upper(value, host, field)
    if found is not None and found not in ACTIONS:
        host.problems.error(INVALID, field, f"must be one of {', '.join(ACTIONS)}")
        return None
    return found


def _ref(value: Any, host: Host, field: str) -> str | None:
    found = kinds.text(value, host, field)
    try:
        return found and str(Ref.parse(found))
    except BadReference as error:
        host.problems.error(REFERENCE, field, error.reason)
        return None


update: Final[Shape] = Shape({"aspects": _aspects, "properties": free})

CHANGE: Final = Shape(
    {"action": _action, "entity": _ref, "aspects": _aspects, "properties": free, "links": anything},
    {"entity_ref": "entity", "relations": "links"},
    required=("action", "entity"),
)


def entities(value: Any, host: Host, field: str) -> list[dict[str, Any]] | None:
    """Read what happens to entities, each with the action and its new aspects."""
    items = kinds.listed(value, host, field)
    if len(items) > CHANGES_MAX:
        host.problems.error(INVALID, field, f"must have at most {CHANGES_MAX} items")
        return None
    found = (CHANGE(item, host, f"{field}[{index}]") for index, item in items)
    return [change for change in found if change]


MANAGED: Final = ("version", "registered_at", "update_occurred_at", "looks_invalid")
STATUS: Final = Shape(
    {"is_deleted": flag, "version": anything, "registered_at": moment, "update_occurred_at": moment}
    | {"looks_invalid": flag}
)


def status(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read whether an entity is deleted; the rest of its status only the server and administrators write."""
    found = STATUS(value, host, field)
    for name in MANAGED:
        if found and name in found and not host.known.admin:
            del found[name]
            host.problems.warn(IGNORED, f"{field}.{name}", "is set by the server alone")
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """What an event makes of one entity; with ``replaces`` the aspects and properties it names are replaced."""

    entity: Entity
    replaces: bool = False


def changes(event: Event) -> tuple[Change, ...]:
    """Return what an event makes of entities by what it says of them, in order (Events §5.3).

    ``update`` and ``patch`` concern all that it AFFECTS; the roles CREATES and REMOVES say whether they exist.
    """
    return (*_lifecycle(event), *_said(event), *_listed(event))


def _lifecycle(event: Event) -> Iterator[Change]:
    for role in event.roles:
        if isinstance(role.target, Ref) and role.leaf in ENDING:
            yield Change(
                Entity(role.target, {"status": {"is_deleted": ENDING[role.leaf]}}, occurred=event.occurred)
            )


def _said(event: Event) -> Iterator[Change]:
    affected = [
        role.target for role in event.roles if isinstance(role.target, Ref) and has_role(role, "AFFECTS")
    ]
    for name in ("update", "patch"):
        said = event.aspects.get(name)
        if isinstance(said, dict):
            for ref in dict.fromkeys(affected):
                aspects, properties = said.get("aspects", {}), said.get("properties", {})
                yield Change(Entity(ref, aspects, properties, occurred=event.occurred), name == "update")


def _listed(event: Event) -> Iterator[Change]:
    listed = event.aspects.get("entities")
    for said in listed if isinstance(listed, list) else ():
        aspects = dict(said.get("aspects", {}))
        if said["action"] in ENDING:
            aspects["status"] = {**aspects.get("status", {}), "is_deleted": ENDING[said["action"]]}
        ref = Ref.parse(said["entity"])
        yield Change(Entity(ref, aspects, said.get("properties", {}), occurred=event.occurred))
