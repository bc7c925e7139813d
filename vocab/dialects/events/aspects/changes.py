"""What an event changes of entities: the aspects ``update``, ``patch``, ``entities`` and ``status`` (Events §5.3)."""

from typing import Any, Final

from vocab.dialects.events import related
from vocab.dialects.events.aspects import kinds, reading
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import anything, flag, free, moment
from vocab.dialects.events.aspects.shapes import Shape
from vocab.dialects.events.problems import IGNORED, INVALID, REFERENCE
from vocab.dialects.events.references import BadReference, Ref

CHANGES_MAX: Final = 500
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
    found = (_change(item, host, f"{field}[{index}]") for index, item in items)
    return [change for change in found if change]


def _change(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    found = CHANGE(value, host, field)
    if found and "links" in found and "entity" in found:
        said = related.Related(host.known, host.problems)
        found["links"] = said.relations(found["links"], Ref.parse(found["entity"]), f"{field}.links")
        host.entities += said.entities
        host.links += said.links
    return found


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
