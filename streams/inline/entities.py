"""Acting on entities by their keys or addresses: comments, votes, following (Atom §7.3, Events §8…§11)."""

from dataclasses import dataclass
from uuid import UUID

from storage import Transaction, evententities
from storage.evententities import EntityRow
from streams.errors import Conflicting, NotAllowed, Redundant
from streams.events import bumping, following, membership, submitting, targets
from streams.events.space import Space
from streams.inline import users
from streams.inline.parts import Member, Parts
from streams.thirdparty import Poster, association
from vocab.dialects.events import Ref, moments

UP = 1


@dataclass(frozen=True, slots=True)
class Place:
    """An entity of the default tenant that a member may know of."""

    space: Space
    ref: Ref


async def find(parts: Parts, member: Member, called: str) -> Place | None:
    """Return the entity that a key or an address of ours names; None when it is none that the member may know of."""
    ports = parts.ports
    space = parts.events.space(await users.tenant(parts))
    row = await ports.store.read(_find, ports.base_url, called, member, space, now=ports.clock())
    return None if row is None else Place(space, Ref(row.type, row.name))


async def _find(
    tx: Transaction, base_url: str, called: str, member: Member, space: Space, *, now: int
) -> EntityRow | None:
    poster = Poster(member.actor, admin=member.onlooker.admin)
    found = await association.find(tx, base_url, called, poster, now=now)
    if found is None or found.entity is None:
        return None
    row = (await evententities.by_ids(tx, [found.entity])).get(found.entity)
    return row if row is not None and row.tenant == space.tenant.id else None


async def comment(parts: Parts, member: Member, place: Place, text: str, *, origin: str) -> str:
    """Comment on an entity, and return the IRI of the comment."""
    message = {**_message(parts, origin), "comment": text, "involves": [{"COMMENTED_ON": str(place.ref)}]}
    space, kept = await users.submit(parts, member, submitting.COMMENT, message)
    return space.item_iri(kept.stream_id)


async def vote(parts: Parts, member: Member, place: Place, *, origin: str) -> None:
    """Vote for an entity. Raises Redundant."""
    if await parts.ports.store.read(_voted, member, place):
        raise Redundant("object", "has the member's vote already")
    involves = [{"ACTOR": str(_user(member))}, {"BUMP_UP": str(place.ref)}]
    await users.submit(parts, member, submitting.BUMP, {**_message(parts, origin), "involves": involves})


async def _voted(tx: Transaction, member: Member, place: Place) -> bool:
    return await users.has_voted(tx, place.space, member, place.ref)


async def unvote(parts: Parts, member: Member, place: Place) -> None:
    """Take a vote back. Raises Conflicting."""
    await parts.ports.store.write(_withdraw, member, place, now=parts.ports.clock())


async def _withdraw(tx: Transaction, member: Member, place: Place, *, now: int) -> None:
    row = await evententities.by_key(tx, place.space.tenant.id, place.ref.key)
    item = None if row is None else UUID(row.stream_id)
    target = None if item is None else (await targets.find(tx, place.space, [item])).get(item)
    if target is None or not await bumping.withdraw(tx, place.space, _user(member), target, UP, now=now):
        raise Conflicting("object", "has no vote of the member")


async def watch(parts: Parts, member: Member, place: Place) -> None:
    """Follow an entity. Raises Redundant."""
    await parts.ports.store.write(_watch, member, place, now=parts.ports.clock())


async def _watch(tx: Transaction, member: Member, place: Place, *, now: int) -> None:
    user = _user(member)
    if await following.find(tx, place.space, user, place.ref) is not None:
        raise Redundant("object", "is watched already")
    reader = await membership.reader(
        tx, place.space.tenant, member.actor, admin=member.onlooker.admin, now=now
    )
    await following.begin(tx, place.space, reader, user, place.ref, {}, now=now)


async def unwatch(parts: Parts, member: Member, place: Place) -> None:
    """Follow an entity no more. Raises Conflicting."""
    ports = parts.ports
    if not await ports.store.write(following.end, place.space, _user(member), place.ref, now=ports.clock()):
        raise Conflicting("object", "is not watched")


def _message(parts: Parts, origin: str) -> dict[str, str]:
    return {"origin": origin, "occurred_at": moments.spell(parts.ports.clock())}


def _user(member: Member) -> Ref:
    user = membership.user(member.actor)
    if user is None:
        raise NotAllowed("actor", "has a name that no user can have")
    return user
