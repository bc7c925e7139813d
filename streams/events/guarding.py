"""Whether a sender may change what they say something of (Events §1.4, §3.6).

An entity with rules is changed by those alone whom a rule lets manage it; where none does, by those who may know of it.
To name such an entity in an event changes nothing of it, and is free. A comment or a vote is for those who may know of
what it is on.

Rules mean people by what is linked to their users: other names of theirs, and groups. So users cannot make such links
for anybody who is a user, nor for what rules name: else each could make themselves the administrator's other name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from storage import Transaction, evententities, eventitems, eventreaders
from storage.evententities import EntityRow
from storage.eventreaders import ReaderRow
from streams.errors import NotAllowed
from streams.events import changes, clusters, finding, parties
from streams.events.arriving import Arriving
from streams.events.item import Rejected
from streams.events.reader import Reader
from streams.events.space import Space
from streams.events.users import USER_TYPE
from vocab.dialects.events import Bump, Comment, DataPoint, Entity, Event, Link, Problems, Ref
from vocab.dialects.events.problems import REFERENCE

GRANTING: Final = clusters.IDENTITY | parties.GROUPS
"""The first labels of links by which rules may come to mean somebody."""
OF_USERS: Final = f"{USER_TYPE.lower()}/"
"""What the keys of users begin with."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Who sends, as far as it matters to what they may change; one who is ``trusted`` speaks for the tenant itself.

    One who does not ``read`` submits messages, and is shown nothing that others have said.
    """

    reader: Reader
    trusted: bool
    reads: bool = True


async def require(tx: Transaction, space: Space, guard: Guard, messages: Sequence[Arriving]) -> None:
    """Raise NotAllowed when messages change an entity, or make a link, that the sender may not.

    What the sender may not know of does not exist for them: Rejected is raised for comments and votes on its stream id.
    """
    if guard.trusted and guard.reader.sees_all:
        return
    if not (guard.trusted or guard.reader.sees_all):
        await _require_known(tx, space, guard.reader, messages)
    changed = {ref.key for message in messages for ref in _changed(message)}
    created = {ref.key for message in messages for ref in _created(message)} - changed
    granting = [link for message in messages for link in _links(message) if _root(link) in GRANTING]
    if (changed or created) and not guard.reader.sees_all:
        await _require_managed(tx, space, guard.reader, changed, created)
    if granting and not guard.trusted:
        await _require_harmless(tx, space, granting)


async def _require_known(tx: Transaction, space: Space, reader: Reader, messages: Sequence[Arriving]) -> None:
    about = {target for message in messages for target in _about(message.reading.message)}
    refs = {target.key: target for target in about if isinstance(target, Ref)}
    ids = sorted(str(target) for target in about if isinstance(target, UUID))
    named = list((await evententities.by_keys(tx, space.tenant.id, refs)).values()) if refs else []
    if len(named) > len(await finding.entities(tx, reader, named)):
        raise NotAllowed("involves", "what is commented or voted on may not be known to this key")
    if ids:
        entities = (await evententities.by_stream_ids(tx, space.tenant.id, ids)).values()
        items = (await eventitems.by_stream_ids(tx, space.tenant.id, ids)).values()
        hidden = {row.stream_id for row in entities} | {row.stream_id for row in items}
        hidden -= {row.stream_id for row in await finding.entities(tx, reader, entities)}
        hidden -= {row.stream_id for row in await finding.items(tx, reader, items)}
        problems = Problems()
        for id in sorted(hidden):
            problems.error(REFERENCE, "involves", f"{id} does not exist")
        if problems:
            raise Rejected(problems)


def _about(said: object) -> Iterator[Ref | UUID]:
    """Go through what a comment or votes are on."""
    if isinstance(said, Comment):
        yield from (role.target for role in said.roles if role.leaf == "COMMENTED_ON")
    elif isinstance(said, tuple):
        yield from (one.target for one in said if isinstance(one, Bump))


async def _require_managed(
    tx: Transaction, space: Space, reader: Reader, changed: set[str], created: set[str]
) -> None:
    """Raise NotAllowed for entities that the reader may not change; those ``created`` only change if they had ended."""
    found = await evententities.by_keys(tx, space.tenant.id, changed | created)
    guarded = {
        row.id: row for row in found.values() if row.acl is not None and (row.key in changed or row.deleted)
    }
    rules = await eventreaders.of(tx, guarded) if guarded else {}
    for id, row in guarded.items():
        if not _may_change(rules.get(id, []), reader):
            raise NotAllowed("entity_ref", f"{row.ref} may not be changed with this key")


async def may_change(tx: Transaction, reader: Reader, row: EntityRow) -> bool:
    """Tell whether a reader who may know of an entity may change it."""
    if row.acl is None or reader.sees_all:
        return True
    return _may_change((await eventreaders.of(tx, [row.id])).get(row.id, []), reader)


def _may_change(rules: list[ReaderRow], reader: Reader) -> bool:
    managed = any(rule.manages for rule in rules)
    named = reader.asks or frozenset()
    return any(rule.party in named and (rule.manages or not managed) for rule in rules)


async def _require_harmless(tx: Transaction, space: Space, links: Sequence[Link]) -> None:
    """Raise NotAllowed when links could give somebody rights: they touch a user, another name of one, or a party."""
    ends = {ref.key: ref for link in links for ref in (link.source, link.target)}
    rows = await evententities.by_keys(tx, space.tenant.id, ends)
    for key, ref in ends.items():
        row = rows.get(key)
        if key.startswith(OF_USERS) or (row is not None and await _matters(tx, row)):
            raise NotAllowed("relations", f"{ref} may not be linked so with this key")
    if await eventreaders.any_named(tx, space.tenant.id, ends):
        raise NotAllowed("relations", "who belongs to what rules name may not be said with this key")


async def _matters(tx: Transaction, row: EntityRow) -> bool:
    """Tell whether an entity is another name of a user."""
    same = await evententities.by_ids(tx, await clusters.of(tx, row.id))
    return any(one.key.startswith(OF_USERS) for one in same.values())


def _root(link: Link) -> str:
    return link.type.partition(":")[0]


def _changed(message: Arriving) -> Iterator[Ref]:
    """Go through the entities that a message says more of than their names, or changes as an event (Events §5.3)."""
    said = message.reading.message
    if isinstance(said, Entity):
        yield said.ref
    for part in _parts(said):
        for entity in part.entities:
            if entity.aspects or entity.properties or entity.acl is not None:
                yield entity.ref
    if isinstance(said, Event):
        yield from (change.ref for change in changes.of(said) if not change.creates)
        yield from changes.settings(said)[0]


def _created(message: Arriving) -> Iterator[Ref]:
    """Go through the entities of which an event says no more than that they come to be."""
    said = message.reading.message
    if isinstance(said, Event):
        yield from (change.ref for change in changes.of(said) if change.creates)


def _links(message: Arriving) -> Iterator[Link]:
    """Go through the links that a message makes."""
    for part in _parts(message.reading.message):
        yield from part.links
        for entity in part.entities:
            yield from entity.links


def _parts(said: object) -> Iterator[Entity | Event | Comment | Bump | DataPoint]:
    if isinstance(said, Entity | Event | Comment | DataPoint):
        yield said
    elif isinstance(said, tuple):
        yield from (one for one in said if isinstance(one, Bump))
