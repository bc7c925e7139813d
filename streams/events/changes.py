"""What an event makes of entities, by its roles and its aspects (Events §5.3, §7.10, §7.12, §7.18)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vocab.dialects.events import Event, Ref
from vocab.dialects.events.roletypes import ACTOR, AFFECTS

CHANGING: Final = frozenset(
    {"update", "patch", "entities", "settings", "geo_location", "client_ip", "client_device", "items"}
)
"""Aspects of events that change entities."""
ENDING: Final = {"CREATES": False, "REVIVES": False, "REMOVES": True}
"""What roles, and actions on entities, say of whether an entity is deleted."""
TRACKED: Final = ("geo_location", "client_ip", "client_device")
CLIENTS: Final = frozenset({"client_ip", "client_device"})
SESSIONS: Final = ("session", "cookie", "device")
"""How types of actors end that keep with what they connect though no event says so (Events §7.12)."""
TRACK_FOR: Final = "track_for"


@dataclass(frozen=True, slots=True)
class Change:
    """What an event makes of one entity; with ``replaces`` the aspects and properties it names are replaced.

    What is ``tracked`` is noted by the way: where an entity is, and with what it connects.
    """

    ref: Ref
    aspects: Mapping[str, Any]
    properties: Mapping[str, Any]
    replaces: bool = False
    tracked: bool = False

    @property
    def creates(self) -> bool:
        """Whether the entity comes to be, and nothing else is said: one that is there stays as it is."""
        return self.aspects == living("CREATES") and not self.properties


def of(event: Event) -> Iterator[Change]:
    """Yield what an event makes of entities, in order."""
    for role in event.roles:
        if role.leaf in ENDING and isinstance(role.target, Ref):
            yield Change(role.target, living(role.leaf), {})
    if CHANGING.isdisjoint(event.aspects):
        return
    yield from _updates(event)
    yield from _listed(event)
    yield from _tracked(event)


def living(action: str) -> dict[str, Any]:
    """Return what an action says of an entity's life."""
    return {"status": {"is_deleted": ENDING[action]}}


def _updates(event: Event) -> Iterator[Change]:
    """Yield what the aspects ``update`` and ``patch`` make of all entities that are affected."""
    for name in ("update", "patch"):
        said = event.aspects.get(name)
        if isinstance(said, Mapping):
            for ref in having(event, AFFECTS):
                yield Change(ref, said.get("aspects", {}), said.get("properties", {}), name == "update")


def _listed(event: Event) -> Iterator[Change]:
    """Yield what the aspect ``entities`` says, entity by entity."""
    listed = event.aspects.get("entities")
    for said in listed if isinstance(listed, list) else ():
        aspects = dict(said.get("aspects", {}))
        if said["action"] in ENDING:
            aspects |= living(said["action"])
        yield Change(Ref.parse(said["entity"]), aspects, said.get("properties", {}))


def _tracked(event: Event) -> Iterator[Change]:
    """Yield where entities are and with what they connect: those of ``track_for``, and sessions with what they do."""
    for name in TRACKED:
        said = event.aspects.get(name)
        for value in said if isinstance(said, list) else [said]:
            if isinstance(value, Mapping):
                kept = {member: one for member, one in value.items() if member != TRACK_FOR}
                for ref in _bound(event, name, value):
                    yield Change(ref, {name: kept}, {}, tracked=True)


def _bound(event: Event, name: str, value: Mapping[str, Any]) -> list[Ref]:
    if isinstance(value.get(TRACK_FOR), str):
        return having(event, value[TRACK_FOR])
    actors = having(event, ACTOR) if name in CLIENTS else []
    return [ref for ref in actors if ref.leaf.lower().endswith(SESSIONS)]


def settings(event: Event) -> tuple[list[Ref], dict[str, Any]]:
    """Return the settings that an event gives, and to whom: ``track_for``, else whom it affects, else its actor."""
    said = event.aspects.get("settings")
    if not isinstance(said, Mapping):
        return [], {}
    named = said.get(TRACK_FOR)
    bound = having(event, named) if isinstance(named, str) else []
    given = {name: value for name, value in said.items() if not bound or name != TRACK_FOR}
    return bound or having(event, AFFECTS) or having(event, ACTOR), given


def having(event: Event, label: str) -> list[Ref]:
    """Return the entities to which a message gives a role, or one below it, each once."""
    wanted = label.upper()
    found = {
        role.target.key: role.target
        for role in event.roles
        if isinstance(role.target, Ref) and not role.derived and wanted in (role.path, *role.path.split(":"))
    }
    return list(found.values())
