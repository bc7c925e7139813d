"""What of ours an outside activity is about, by what its target is called (Atom §6.2).

It is called by a key (``ORCHARD-7``, ``ORCHARD``) or by its address here. What its poster may not know of does not
exist.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from storage import Transaction, actors, audience, evententities, eventlinks, eventreaders, objects, tenants
from storage.actors import ActorRow, State
from storage.evententities import EntityRow
from storage.objects import Kind, ObjectRow
from storage.tenants import DEFAULT, Tenant
from streams import ids, moderators, policy
from streams.events import finding, guarding, membership, parties
from streams.events.reader import Reader
from streams.events.space import Space
from streams.thirdparty.kept import Poster
from vocab import stored
from vocab.dialects.events import BadReference, Ref

ISSUES: Final = ("Issue", "Ticket", "Task", "Bug", "Story", "Epic", "Incident", "Case", "Review", "Job")
"""Types of entities that have keys of their own, the likeliest first."""
CONTAINERS: Final = ("Project", "Space", "Repository", "Board", "Product", "Team", "Group")
"""Types of entities that others are part of, and whose keys theirs begin with."""
READERS_MAX: Final = 500
"""So many accounts are named as those who may read what is about something that not everybody may know of."""

_KEY: Final = re.compile(r"([A-Za-z][A-Za-z0-9_]*)-\d+")


@dataclass(frozen=True, slots=True)
class Association:
    """Something of ours. ``public`` tells whether everybody may know of it, None when nobody has said so.

    ``readers`` are the IRIs of those who may, when it is not for everybody. ``editable``: by the poster.
    """

    iri: str
    name: str
    key: str
    container: str
    editable: bool
    public: bool | None = None
    readers: tuple[str, ...] = ()
    entity: int | None = None
    """Its row at the Events API, if it is an entity of that."""


def keys_of(name: str) -> tuple[str, str]:
    """Return the key of a thing and that of its container; empty texts for what is no key."""
    found = _KEY.fullmatch(name)
    return (name, found[1]) if found else ("", "")


async def find(
    tx: Transaction, base_url: str, called: str, poster: Poster, *, now: int
) -> Association | None:
    """Return what is called so, or None when that is nothing the poster may know of. A unit of work."""
    if not called:
        return None
    if "/" not in called:
        return await _by_key(tx, base_url, called, poster, now=now)
    if not ids.is_ours(base_url, called):
        return None
    named = _entity_at(base_url, called)
    if named is not None:
        tenant = await tenants.by_label(tx, named[0])
        row = None if tenant is None else await evententities.by_key(tx, tenant.id, named[1].key)
        return await _entity(tx, base_url, tenant, row, poster, now=now) if tenant and row else None
    return await _at(tx, base_url, called, poster)


async def _by_key(
    tx: Transaction, base_url: str, called: str, poster: Poster, *, now: int
) -> Association | None:
    tenant = await membership.default(tx)
    wanted = [ref.key for type in (*ISSUES, *CONTAINERS) if (ref := _ref(type, called)) is not None]
    rows = await evententities.by_keys(tx, tenant.id, wanted)
    for key in wanted:
        if key in rows:
            found = await _entity(tx, base_url, tenant, rows[key], poster, now=now)
            if found is not None:
                return found
    actor = await actors.by_handle(tx, called)
    return None if actor is None else await _actor(tx, actor, poster)


def _ref(type: str, name: str) -> Ref | None:
    try:
        return Ref.parse(f"{type}/{name}")
    except BadReference:
        return None


def _entity_at(base_url: str, address: str) -> tuple[str, Ref] | None:
    """Return the label of a tenant and the entity of it that an address of ours is of."""
    parts = address.removeprefix(base_url).partition("?")[0].partition("#")[0].strip("/").split("/")
    label = DEFAULT
    if parts[0] == "tenants" and len(parts) > 1:
        label, parts = unquote(parts[1]), parts[2:]
    if len(parts) != 3 or parts[0] != "entities":
        return None
    ref = _ref(unquote(parts[1]), unquote(parts[2]))
    return None if ref is None else (label, ref)


async def _entity(
    tx: Transaction, base_url: str, tenant: Tenant, row: EntityRow, poster: Poster, *, now: int
) -> Association | None:
    if tenant.label != DEFAULT and not poster.admin:
        return None  # what belongs to another name space is not known to members of this one
    reader = await membership.reader(tx, tenant, poster.actor, admin=poster.admin, now=now)
    if row.deleted or not await finding.entities(tx, reader, [row]):
        return None
    container = row.root in CONTAINERS or row.type.partition(":")[0] in CONTAINERS
    key, parent = ("", row.name) if container else keys_of(row.name)
    return Association(
        Space(tenant, base_url).entity_iri(Ref(row.type, row.name)),
        row.label or row.name,
        key or ("" if container else row.name),
        parent,
        await guarding.may_change(tx, reader, row),
        None if row.acl is None else not row.restricted,
        await _readers(tx, base_url, row) if row.restricted else (),
        row.id,
    )


async def _readers(tx: Transaction, base_url: str, row: EntityRow) -> tuple[str, ...]:
    """Return the accounts that the rules of an entity mean: those named, and those who belong to groups that are."""
    named = [reader.party for reader in (await eventreaders.of(tx, [row.id])).get(row.id, [])]
    groups = await evententities.by_keys(tx, row.tenant, named)
    links = await eventlinks.at(tx, "target", [one.id for one in groups.values()], parties.GROUPS)
    within = await evententities.by_ids(tx, {link.source for link in links if link.is_active()})
    keys = dict.fromkeys([*named, *(one.key for one in within.values())])
    accounts = [ids.actor(base_url, name) for name in _accounts(keys)][:READERS_MAX]
    known = await objects.accounts(tx, accounts)
    return tuple(iri for iri in accounts if iri in known)


def _accounts(keys: Iterable[str]) -> list[str]:
    """Return the names of the accounts that entities with some keys would be."""
    persons = {type.lower() for type in membership.PERSONS}
    named = (key.partition("/") for key in keys)
    return list(dict.fromkeys(name for type, _, name in named if type in persons and name))


async def _at(tx: Transaction, base_url: str, address: str, poster: Poster) -> Association | None:
    """Return the actor, post or other thing that has an address here, if the poster may read it."""
    name = address.removeprefix(base_url)
    if name.startswith("/@") and "/" not in name[2:]:
        actor = await actors.by_handle(tx, unquote(name[2:]))
        return None if actor is None else await _actor(tx, actor, poster)
    row = await objects.by_iri(tx, address)
    if row is None or row.deleted is not None or row.document is None:
        return None
    if row.kind == Kind.ACTOR:
        found = await actors.by_id(tx, row.id)
        return None if found is None else await _actor(tx, found, poster)
    if not poster.admin and not await policy.may_read(tx, row, policy.viewer(poster.actor)):
        return None
    return await _thing(tx, row, poster)


async def _thing(tx: Transaction, row: ObjectRow, poster: Poster) -> Association:
    name = stored(row.document or "{}", row.context).text("name") or ""
    editable = poster.admin or row.owner == poster.actor.id
    if row.public:
        return Association(row.iri, name, "", "", editable, public=True)
    recipients = await audience.of(tx, row.id)
    known = await objects.accounts(tx, recipients)
    owner = [] if row.owner is None else [await objects.iri_of(tx, row.owner)]
    return Association(row.iri, name, "", "", editable, False, tuple(dict.fromkeys([*owner, *known])))


async def _actor(tx: Transaction, actor: ActorRow, poster: Poster) -> Association | None:
    if not actor.local or actor.handle is None or actor.state >= State.SUSPENDED:
        return None
    editable = poster.admin or await moderators.moderates(tx, poster.actor, actor.id)
    return Association(actor.iri, actor.name, "", actor.name, editable, public=True)


__all__ = ["Association", "Reader", "find", "keys_of"]
