"""What is said of entities, put together with what is known of them (Events §5, §7.1, §7.18)."""

from collections.abc import Mapping
from typing import Any

from storage import Transaction, eventchannels, evententities, eventreaders, eventstates
from storage.evententities import EntityRow
from storage.eventstates import SettingRow, StateRow
from storage.ids import next_id
from streams.events import access
from streams.events.gathering import Gathered
from streams.events.held import Delta, Held, Said, read
from vocab.dialects.events import Rule, aspects
from vocab.jsontext import dumps, loads


async def say(tx: Transaction, held: Held, said: Said, *, now: int) -> Delta:
    """Put what is said of an entity together with what is known of it, and return what that has changed (Events §7.1).

    What applied before the newest that is known changes what was known then, and nothing of what is known now.
    """
    delta = Delta(ruled=_rule(held, said.acl), more=_add(held, said.more, now=now))
    if not said.aspects and not said.properties:
        return delta
    newest = held.row.stated
    late = said.at is not None and newest is not None and said.at < newest
    before = await _state(tx, held, said.at or 0) if late else (held.aspects, held.properties)
    after = (
        aspects.merge(before[0], said.aspects, replace=said.replace),
        properties(before[1], said.properties),
    )
    delta |= Delta(difference(before[0], after[0]), difference(before[1], after[1]))
    at = now if said.at is None else said.at
    if said.at is not None and not late and said.at != newest and (delta or not said.tracked):
        held.change(stated=said.at)
    if delta.aspects or delta.properties:
        held.states.append(
            StateRow(held.id, at, next_id(), dumps(after[0]).decode(), dumps(after[1]).decode())
        )
        note_settings(held, difference(_map(before[0], "settings"), _map(after[0], "settings")), at)
        held.dirty = True
        if late:
            after = (
                _filled(held.aspects, said.aspects, after[0]),
                _filled(held.properties, said.properties, after[1]),
            )
        if (held.aspects, held.properties) != after:
            held.become(*after)
            held.change(updated=now)
    return delta


async def _state(tx: Transaction, held: Held, at: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the aspects and properties that an entity had at an instant, as far as anybody has said by now."""
    kept = await eventstates.at(tx, held.id, at)
    known = [state for state in (kept, *held.states) if state is not None and state.at <= at]
    newest = max(known, key=lambda state: (state.at, state.change), default=None)
    return ({}, {}) if newest is None else (read(newest.aspects), read(newest.properties))


def _filled(current: Mapping[str, Any], said: Mapping[str, Any], late: Mapping[str, Any]) -> dict[str, Any]:
    """Return members after a late message: nothing newer is known of those that there are not."""
    return {**{name: late[name] for name in said if name in late and name not in current}, **current}


def _rule(held: Held, rules: tuple[Rule, ...] | None) -> bool:
    """Note who may know of an entity; False when that is as it was."""
    if rules is None:
        return False
    found = access.of(rules)
    if found.text == held.row.acl:
        return False
    held.rules = rules
    held.change(acl=found.text, restricted=int(found.restricted))
    return True


def _add(held: Held, more: Mapping[str, Any], *, now: int) -> dict[str, Any]:
    """Note what is said of an entity beside aspects and properties; return what of that is news (Events §5.1)."""
    known = read(held.row.more) if more else {}
    news = {name: value for name, value in more.items() if name not in known or known[name] != value}
    if news:
        held.change(more=dumps({**known, **news}).decode(), updated=now)
    return news


async def configure(tx: Transaction, held: Held, values: Mapping[str, Any], *, at: int, now: int) -> None:
    """Give an entity settings from an instant on; those that were given later are what they are (Events §7.18)."""
    known = await settings_at(tx, held.id, at)
    if all(name in known and known[name] == value for name, value in values.items()):
        return
    later = await eventstates.settings_after(tx, held.id, at)
    later |= {row.name for row in held.settings if row.at > at}
    note_settings(held, values, at)
    current = {name: value for name, value in values.items() if name not in later}
    if current:
        settings = properties(_map(held.aspects, "settings"), current)
        held.become({**held.aspects, "settings": settings}, held.properties)
        held.change(updated=now)
        held.states.append(StateRow(held.id, at, next_id(), held.row.aspects, held.row.properties))


def note_settings(held: Held, values: Mapping[str, Any], at: int) -> None:
    """Note settings of an entity from an instant on; None is for one that has no value any more."""
    held.settings += [
        SettingRow(held.id, name, at, next_id(), None if value is None else dumps(value).decode())
        for name, value in values.items()
    ]
    held.dirty = held.dirty or bool(values)


def _map(members: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a member that is an object; an empty one if it is anything else."""
    found = members.get(name)
    return found if isinstance(found, Mapping) else {}


def properties(stored: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entity's properties after a message said some of them; those that are null go."""
    return {name: value for name, value in {**stored, **said}.items() if value is not None}


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that have changed, as they are now; None for those that are gone."""
    changed = {name: value for name, value in after.items() if name not in before or before[name] != value}
    return changed | {name: None for name in before if name not in after}


async def save(tx: Transaction, gathered: Gathered) -> None:
    """Write what has changed of entities."""
    changed = sorted((held for held in gathered if held.dirty), key=lambda held: held.row.key)
    if not changed:
        return
    await evententities.put(tx, [held.row for held in changed])
    if channels := [held.id for held in changed if held.row.root == eventchannels.ROOT]:
        await eventchannels.touch(tx, channels)
    await eventstates.add(tx, [state for held in changed for state in held.states])
    await eventstates.note_settings(tx, [setting for held in changed for setting in held.settings])
    for held in changed:
        if held.rules is not None:
            await eventreaders.forget(tx, held.id)
            await eventreaders.put(tx, access.of(held.rules).readers(held.id))


def body(row: EntityRow) -> dict[str, Any]:
    """Return the message that says all that is known of an entity but its links."""
    said: dict[str, Any] = {
        "entity_ref": row.ref,
        "aspects": read(row.aspects),
        "properties": read(row.properties),
        **read(row.more),
    }
    if row.acl is not None:
        said["acl"] = loads(row.acl)
    return {name: value for name, value in said.items() if value not in ({}, [])}


async def state_at(tx: Transaction, entity: int, at: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the aspects and properties that an entity had at an instant (Events §5.2)."""
    state = await eventstates.at(tx, entity, at)
    return ({}, {}) if state is None else (read(state.aspects), read(state.properties))


async def settings_at(tx: Transaction, entity: int, at: int) -> dict[str, Any]:
    """Return the settings of an entity that were in force at an instant (Events §7.18)."""
    return {name: loads(value) for name, value in (await eventstates.settings_at(tx, entity, at)).items()}
