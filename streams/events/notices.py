"""What users are told of: that they were mentioned, written to, followed, voted on (Events §13).

Notices are written with what they tell of, one for each user, type and cause, and to nobody of what they did
themselves. Whoever counts as the user is found through the entities that are equated with theirs. Whether one may know
of a notice is decided when it is read, by the rules of what it is about.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from storage import (
    Transaction,
    evententities,
    eventitems,
    eventnews,
    eventnotices,
    eventreaders,
    eventroles,
)
from storage.eventnotices import Notice
from storage.eventroles import RoleRow
from storage.ids import next_id
from streams.events import clusters
from streams.events.describing import cut, named, party, quoted
from vocab.dialects.events import moments, references

MENTIONS: Final = "MENTIONS"
ADDITION: Final = "ADDITION"
CORRESPONDENCE: Final = "CORRESPONDENCE"
NOTIFICATION: Final = "NOTIFICATION"
FOLLOWS: Final = "FOLLOWS"
BUMP: Final = "BUMP"

USER: Final = "asuser"
TOLD_MAX: Final = 500
"""So many users at most are told of one thing by what it names."""
DOING: Final = frozenset({"ACTOR", "COMMENTS"})
"""Roles of those who cause an event, or write a comment."""


@dataclass(frozen=True, slots=True)
class Doers:
    """Those who did something: the users among them, and the first of them as a notice and its text name it."""

    users: frozenset[int] = frozenset()
    party: Mapping[str, str] | None = None
    name: str = "Somebody"


async def doing(tx: Transaction, entities: Sequence[int]) -> Doers:
    """Return those who did something by their rows. A unit of work."""
    if not entities:
        return Doers()
    first = (await evententities.by_ids(tx, entities[:1])).get(entities[0])
    users = frozenset(await users_among(tx, entities))
    return Doers(users) if first is None else Doers(users, party(first), named(first))


@dataclass(frozen=True, slots=True)
class Cause:
    """What there is to tell: who did something, to what, in which words, and what one must be allowed to read."""

    type: str
    id: str
    by: Doers
    target: Mapping[str, Any]
    text: str
    occurred: int
    item: int | None = None
    involves: Sequence[Mapping[str, Any]] = field(default_factory=list)


async def tell(
    tx: Transaction, tenant: int, users: Iterable[int], cause: Cause, *, now: int, anew: bool = False
) -> None:
    """Tell users of something, but none of those who did it; with ``anew`` also those who were told before.

    A unit of work.
    """
    wanted = set(users) - cause.by.users
    if not wanted:
        return
    body = _text(
        {
            "actor": cause.by.party,
            "target": cause.target,
            "involves": list(cause.involves),
            "text": cause.text,
        }
    )
    notices = [
        Notice(
            next_id(),
            user,
            str(_id(cause, user)),
            cause.type,
            cause.id,
            cause.item,
            cause.occurred,
            False,
            body,
        )
        for user in sorted(wanted)[:TOLD_MAX]
    ]
    added = set(await eventnotices.add(tx, notices, anew=anew))
    if added and (await eventnews.interest(tx, tenant, now=now)).listened:
        for notice in (notice for notice in notices if notice.id in added):
            await eventnews.note(
                tx, tenant, eventnews.NOTIFICATION, notice.id, notice.stream_id, actor=notice.owner
            )


async def reword(tx: Transaction, comment: int, old: str, new: str) -> None:
    """Let notices that quote a comment say what it says now; whoever has read them has. A unit of work."""
    said, says = cut(old), cut(new)
    if said == says:
        return
    bodies = []
    for notice in await eventnotices.quoting(tx, comment):
        body: dict[str, Any] = json.loads(notice.body)
        text: str = body["text"]
        if notice.item == comment:
            body["target"] = {**body["target"], **({"text": says} if "text" in body["target"] else {})}
            text = f"{text.removesuffix(said)}{says}" if text.endswith(f": {said}") else text
        body["text"] = text.replace(quoted(said), quoted(says))
        bodies.append((notice.id, _text(body)))
    await eventnotices.rewrite(tx, bodies)


def _text(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _id(cause: Cause, user: int) -> Any:
    return references.named(f"as.api.notification--{cause.type}--{user}--{cause.id}".lower())


def spell(notice: Notice) -> dict[str, Any]:
    """Write a notice as it is answered (Events §13)."""
    return {
        "_stream_id": notice.stream_id,
        "type": notice.type,
        "occurred_at": moments.spell(notice.occurred),
        "read": notice.seen,
        **json.loads(notice.body),
    }


async def users_among(tx: Transaction, entities: Iterable[int]) -> set[int]:
    """Return the users that some entities are, or are equated with. A unit of work."""
    same: set[int] = set()
    for entity in set(entities):
        if entity not in same:
            same |= set(await clusters.of(tx, entity))
    rows = await evententities.by_ids(tx, same)
    return {row.id for row in rows.values() if row.kind.partition(":")[0] == USER}


async def owners(tx: Transaction, tenant: int, thing: int) -> set[int]:
    """Return the users to whom an entity or an item belongs. A unit of work.

    An item belongs to those who caused or wrote it; an entity to whom it is, who manages it, and who created it.
    """
    return await users_among(tx, await _owning(tx, tenant, thing))


async def _owning(tx: Transaction, tenant: int, thing: int) -> set[int]:
    if await eventitems.by_ids(tx, [thing]):
        return doers(await eventroles.of(tx, [thing]))
    parties = (await eventreaders.of(tx, [thing])).get(thing, [])
    managers = [party.party for party in parties if party.manages]
    managing = {row.id for row in (await evententities.by_keys(tx, tenant, managers)).values()}
    return {thing} | managing | await eventnotices.stewards(tx, thing, limit=TOLD_MAX)


def doers(roles: Mapping[int, Sequence[RoleRow]]) -> set[int]:
    """Return who caused or wrote some items."""
    return {
        role.named
        for of_item in roles.values()
        for role in of_item
        if not DOING.isdisjoint(role.path.split(":"))
    }
