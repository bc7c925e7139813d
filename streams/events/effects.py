"""What events do to entities: what is said of them inside, and what follows from roles and aspects (§5.3, §7)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from storage import Transaction
from storage.eventlinks import LinkRow
from streams.events import entities, linking
from streams.events.entities import Delta, Held, Said
from streams.events.linking import ACTING
from streams.events.work import Work
from vocab.dialects.events import Entity, Event, Link, Problems, Ref, Role
from vocab.dialects.events.moments import spell
from vocab.dialects.events.roletypes import ACTOR, AFFECTS, INVOLVES

CHANGING: Final = frozenset(
    {"update", "patch", "entities", "settings", "geo_location", "client_ip", "client_device", "items"}
)
"""Aspects of events that change entities with a role."""
LIFE: Final = frozenset({"CREATES", "REMOVES"})
"""Roles that begin and end an entity."""
TRACKED: Final = ("geo_location", "client_ip", "client_device")
CLIENTS: Final = frozenset({"client_ip", "client_device"})
SESSIONS: Final = frozenset({"aswebsession", "websession", "session", "cookie", "device"})
"""Types of actors of whom it is noted where and with what they are, though no one says so (Events §7.12)."""
SEEN: Final = "_tracked_at"


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
        at = None if entity.occurred is None else entity.occurred.at
        news = Said(entity.aspects, entity.properties, entity.acl, at)
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
    taking_part = {role.target.key for role in event.roles if isinstance(role.target, Ref)}
    return tuple(
        Role(INVOLVES, link.target, derived=True)
        for link in event.links
        if link.type.partition(":")[0] in ACTING and link.source.key in taking_part and not link.ends
    )


async def apply(tx: Transaction, work: Work, event: Event) -> None:
    """Change entities as a new event says (Events §5.3, §7.10, §7.12, §7.18)."""
    for role in event.roles:
        if role.leaf in LIFE and isinstance(role.target, Ref):
            await live(tx, work, work.cast[role.target], lives=role.leaf == "CREATES")
    if CHANGING.isdisjoint(event.aspects):
        return
    affected = _having(work, event, AFFECTS)
    for name in ("update", "patch"):
        if isinstance(said := event.aspects.get(name), Mapping):
            news = Said(
                _map(said, "aspects"), _map(said, "properties"), at=event.occurred.at,
                replace=name == "update", deep=name == "patch",
            )  # fmt: skip
            for held in affected:
                await entities.say(tx, held, news, now=work.now)
    if isinstance(settings := event.aspects.get("settings"), Mapping):
        track_for = settings.get("track_for")
        bound = _having(work, event, track_for) if isinstance(track_for, str) else []
        values = (
            {name: value for name, value in settings.items() if name != "track_for"} if bound else settings
        )
        for held in bound or affected or _having(work, event, ACTOR):
            await entities.configure(tx, held, values, at=event.occurred.at, now=work.now)
    await _track(tx, work, event)


async def live(tx: Transaction, work: Work, held: Held, *, lives: bool) -> None:
    """Let an entity come to be, again if it has been before, or end; it is never forgotten (Events §5.2)."""
    if lives == (held.row.deleted == 0):
        return
    status = {"status": {"is_deleted": "_del" if lives else True}}
    await entities.say(tx, held, Said(status), now=work.now)


async def _track(tx: Transaction, work: Work, event: Event) -> None:
    """Let those keep where and with what they are for whom an event says so (Events §7.10, §7.12)."""
    for name in TRACKED:
        said = event.aspects.get(name)
        for value in said if isinstance(said, list) else [said]:
            if isinstance(value, Mapping):
                for held in _tracked(work, event, name, value):
                    await _keep_track(tx, work, held, name, value, at=event.occurred.at)


def _tracked(work: Work, event: Event, name: str, value: Mapping[str, Any]) -> list[Held]:
    track_for = value.get("track_for") or value.get("bind_to")
    if isinstance(track_for, str):
        return _having(work, event, track_for)
    if name not in CLIENTS:
        return []
    return [held for held in _having(work, event, ACTOR) if held.row.root in SESSIONS]


async def _keep_track(
    tx: Transaction, work: Work, held: Held, name: str, value: Mapping[str, Any], *, at: int
) -> None:
    """Note where or with what an entity was, unless something later is known or it is all the same."""
    known = held.aspects.get(name)
    known = known if isinstance(known, Mapping) else {}
    news = {member: one for member, one in value.items() if member not in ("track_for", "bind_to")}
    seen = spell(at)
    if str(known.get(SEEN, "")) > seen or {**known, SEEN: None} == {**news, SEEN: None}:
        return
    await entities.say(tx, held, Said({name: {**news, SEEN: seen}}, replace=True), now=work.now)


def _having(work: Work, event: Event, label: str) -> list[Held]:
    """Return the entities with a role, or one below it, each once."""
    wanted = label.upper()
    found = {
        role.target.key: work.cast[role.target]
        for role in event.roles
        if isinstance(role.target, Ref) and not role.derived and wanted in (role.path, *role.path.split(":"))
    }
    return list(found.values())


def _map(members: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = members.get(name)
    return found if isinstance(found, Mapping) else {}
