"""Entities in a unit of work: those that messages speak of, made when they are new, and what is said of them (§5)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from storage import Transaction, evententities, eventreaders, eventstates, objects
from storage.evententities import EntityRow
from storage.eventstates import SettingRow, StateRow
from storage.ids import next_id
from streams.events import access
from streams.events.space import Space
from vocab.dialects.events import Ref, Rule, aspects
from vocab.jsontext import dumps, loads

ACCOUNTS: Final = "user"
"""The root of the types of entities that may be accounts here, in lower case."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an entity. ``at`` is None when nobody says when it applies: from now on, whatever was before.

    With ``replace`` the aspects that are named take the place of those that it has, whatever they are. What is
    ``tracked`` an event says by the way: saying it again leaves no trace.
    """

    aspects: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    acl: tuple[Rule, ...] | None = None
    at: int | None = None
    replace: bool = False
    tracked: bool = False


@dataclass(frozen=True, slots=True)
class Delta:
    """What has changed of an entity: aspects and properties as they are now, None for one that it has no more."""

    aspects: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    ruled: bool = False
    """Whether others may know of it than before."""

    def __or__(self, later: "Delta") -> "Delta":
        return Delta(
            {**self.aspects, **later.aspects},
            {**self.properties, **later.properties},
            self.ruled or later.ruled,
        )

    def __bool__(self) -> bool:
        return bool(self.aspects or self.properties or self.ruled)


@dataclass(slots=True)
class Held:
    """An entity as it is in this unit of work, and what is to be written of it."""

    row: EntityRow
    iri: str
    created: bool = False
    dirty: bool = False
    states: list[StateRow] = field(default_factory=list)
    settings: list[SettingRow] = field(default_factory=list)
    rules: tuple[Rule, ...] | None = None
    """Its new rules, None when they stay."""
    _aspects: dict[str, Any] | None = None
    _properties: dict[str, Any] | None = None

    @property
    def id(self) -> int:
        """Its row."""
        return self.row.id

    @property
    def ref(self) -> Ref:
        """What names it."""
        return Ref(self.row.type, self.row.name)

    @property
    def aspects(self) -> dict[str, Any]:
        """The aspects that it has."""
        if self._aspects is None:
            self._aspects = read(self.row.aspects)
        return self._aspects

    @property
    def properties(self) -> dict[str, Any]:
        """The properties that it has."""
        if self._properties is None:
            self._properties = read(self.row.properties)
        return self._properties

    def change(self, **members: Any) -> None:
        """Let columns of its row be something else."""
        self.row = self.row._replace(**members)
        self.dirty = True

    def become(self, aspects: dict[str, Any], properties: dict[str, Any]) -> None:
        """Let it have these aspects and properties, and what follows from them for lists."""
        self._aspects, self._properties = aspects, properties
        presentation, status = aspects.get("presentation") or {}, aspects.get("status") or {}
        self.change(
            aspects=dumps(aspects).decode(),
            properties=dumps(properties).decode(),
            label=str(presentation.get("label") or ""),
            deleted=int(status.get("is_deleted") is True),
        )


class Gathered:
    """The entities that a unit of work speaks of, by their keys."""

    def __init__(self, space: Space, held: dict[str, Held], accounts: dict[str, tuple[int, str]]) -> None:
        self._space, self._held, self._accounts = space, held, accounts

    def __getitem__(self, ref: Ref) -> Held:
        return self._held[ref.key]

    def __iter__(self) -> Iterator[Held]:
        return iter(self._held.values())

    def meet(self, row: EntityRow) -> Held:
        """Take in an entity that no message names, to speak of it and not to change it."""
        return self._held.setdefault(row.key, Held(row, _iri(self._space, row)))

    def with_row(self, row: int) -> Ref:
        """Return what names the entity with a row."""
        return next(held.ref for held in self if held.id == row)

    def acts_as(self, ref: Ref) -> tuple[int, str]:
        """Return the row and the IRI that what an entity does belongs to: those of its account if it has one."""
        account = self._accounts.get(ref.key)
        held = self._held[ref.key]
        return (held.id, held.iri) if account is None else account

    def iri_of(self, ref: Ref) -> str:
        """Return what an entity is called elsewhere."""
        if ref.key in self._accounts:
            return self._accounts[ref.key][1]
        held = self._held.get(ref.key)
        return self._space.entity_iri(ref) if held is None else held.iri

    def name_of(self, ref: Ref) -> str:
        """Return what an entity is called among people; of one that not everybody may know of, just its id."""
        held = self._held.get(ref.key)
        return ref.id if held is None or held.row.restricted else held.row.label or held.row.name


async def gather(
    tx: Transaction,
    space: Space,
    mentioned: Iterable[Ref],
    changing: Iterable[Ref],
    *,
    named: Iterable[Ref] = (),
    now: int,
) -> Gathered:
    """Find all entities that are mentioned, making those that are new, and seize those that are to change.

    ``named`` ones are only looked up as accounts. A few statements, however many there are.
    """
    refs: dict[str, Ref] = {}
    for ref in mentioned:
        known = refs.setdefault(ref.key, ref)
        if len(ref.type) > len(known.type):
            refs[ref.key] = Ref(ref.type, known.id)
    rows = await evententities.by_keys(tx, space.tenant.id, refs)
    new = {key: ref for key, ref in sorted(refs.items()) if key not in rows}
    made = await _make(tx, space, list(new.values()), now=now)
    if len(made) < len(new):
        rows |= await evententities.by_keys(tx, space.tenant.id, new.keys() - {row.key for row in made})
    finer = [key for key, row in rows.items() if refs[key].type.count(":") > row.type.count(":")]
    if tx.engine != "sqlite":
        seized = {ref.key for ref in changing} | set(finer)
        if old := seized - {row.key for row in made}:
            rows |= await evententities.seize(tx, space.tenant.id, old)
    held = {key: Held(row, _iri(space, row)) for key, row in rows.items()}
    held |= {row.key: Held(row, _iri(space, row), created=True) for row in made}
    for key in finer:
        _refine(held[key], refs[key].type)
    accounts = await _accounts(tx, space, [*refs.values(), *named])
    return Gathered(space, held, accounts)


async def _make(tx: Transaction, space: Space, refs: list[Ref], *, now: int) -> list[EntityRow]:
    """Make entities in the order of their keys; return those that nobody else made at the same time."""
    if not refs:
        return []
    iris = {ref.key: space.entity_iri(ref) for ref in refs}
    ids = await objects.names(tx, iris.values(), now=now)
    rows = [
        EntityRow(
            ids[iris[ref.key]], space.tenant.id, ref.key, ref.root.lower(), ref.type.lower(), ref.type, ref.id,
            str(ref.stream_id), registered=now, updated=now,
        )
        for ref in refs
    ]  # fmt: skip
    if await evententities.add(tx, rows) == len(rows):
        return rows
    kept = await evententities.by_keys(tx, space.tenant.id, [row.key for row in rows])
    return [row for row in rows if kept[row.key] == row]


def _iri(space: Space, row: EntityRow) -> str:
    return space.entity_iri(Ref(row.type, row.name))


def _refine(held: Held, type: str) -> None:
    """Note a finer type of an entity; the root of it stays as it was first written, for it is part of its IRI."""
    root = held.row.type.partition(":")[0]
    finer = ":".join((root, *type.split(":")[1:]))
    held.change(type=finer, kind=finer.lower())


async def _accounts(tx: Transaction, space: Space, refs: Iterable[Ref]) -> dict[str, tuple[int, str]]:
    """Return the accounts that some entities are: the row and IRI of each, by the entity's key."""
    iris = {
        iri: ref.key
        for ref in refs
        if ref.root.lower() == ACCOUNTS and (iri := space.account_iri(ref)) is not None
    }
    rows = await objects.accounts(tx, iris) if iris else {}
    return {iris[iri]: (row, iri) for iri, row in rows.items()}


async def say(tx: Transaction, held: Held, said: Said, *, now: int) -> Delta:
    """Put what is said of an entity together with what is known of it, and return what that has changed (Events §7.1).

    What applied before the newest that is known changes what was known then, and nothing of what is known now.
    """
    delta = Delta(ruled=_rule(held, said.acl))
    if not said.aspects and not said.properties:
        return delta
    newest = held.row.stated
    late = said.at is not None and newest is not None and said.at < newest
    before = await _state(tx, held, said.at or 0) if late else (held.aspects, held.properties)
    after = (
        aspects.merge(before[0], said.aspects, replace=said.replace),
        properties(before[1], said.properties),
    )
    delta = Delta(difference(before[0], after[0]), difference(before[1], after[1]), delta.ruled)
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
    await eventstates.add(tx, [state for held in changed for state in held.states])
    await eventstates.note_settings(tx, [setting for held in changed for setting in held.settings])
    for held in changed:
        if held.rules is not None:
            await eventreaders.forget(tx, held.id)
            await eventreaders.put(tx, access.of(held.rules).readers(held.id))


def read(text: str) -> dict[str, Any]:
    """Read an object that we have written."""
    return {} if text == "{}" else cast("dict[str, Any]", loads(text))


def body(row: EntityRow) -> dict[str, Any]:
    """Return the message that says all that is known of an entity but its links."""
    said: dict[str, Any] = {
        "entity_ref": row.ref,
        "aspects": read(row.aspects),
        "properties": read(row.properties),
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
