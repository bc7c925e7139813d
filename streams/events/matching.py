"""Which items belong into which streams of users and channels: decided when an item arrives (Events §11, §12).

**On write, not on read.** A stream of a channel or a user is a list of references along one index
(``storage.eventmatches``), so a page costs the same however much is followed and however little of it matches, and
the same look at a new item tells who is to be notified. An item asks once who watches the entities that it names; in
a tenant where nobody follows anything that is one look at an empty table. ``event_watches`` is that question turned
round: whose items concern a follow is written down when it is made, and again when links change (``watching``).

- **What is stored is a reference**, never a copy: rights, invalidated batches and the filters of a reader are looked
  at when a page is read.
- **A follow that is made or changed has a past** (``backfill``): the newest items at once, all others by jobs. A
  changed follow is a new one: it has another number, and what the old number matched counts no more from that moment
  on, though it is cleared away later.
- **Fan-out is bounded.** So many follows are looked at with the item, ``TOGETHER``; those after them, and the users of
  a channel after the first ``TOGETHER``, by jobs.
- An item that a channel's monitor matched enters the streams of those who follow the channel as well, for as long as
  both the monitor and their own follow exist.
- What a public channel has matched it tells other servers (``broadcasting``).
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from storage import Transaction, eventfollows, eventitems, eventmatches, eventroles, jobs
from storage.eventfollows import Follow, Watcher
from storage.eventitems import ItemKind
from storage.eventmatches import Match
from storage.eventroles import RoleRow
from streams import filters
from streams.events import broadcasting
from streams.events.item import Item
from streams.events.space import Space
from vocab.dialects.events import Bump, Event
from vocab.dialects.events.follows import Attributes

QUEUE: Final = "event-streams"
TOGETHER: Final = 500
COMMENT_TYPE: Final = "as.api.comment"
CHANNEL: Final = "aschannel"
TYPE: Final = "aseventtype"
ORIGIN: Final = "asorigin"


class Subject(NamedTuple):
    """What it is about an item that follows ask for; ``roles`` has the paths by which it names each entity."""

    id: int
    stream_id: str
    kind: int
    type: str
    origin: str
    occurred: int
    importance: int
    body: Mapping[str, Any]
    roles: Mapping[int, Sequence[str]]
    tags: frozenset[str]


async def subjects(tx: Transaction, ids: Iterable[int]) -> list[Subject]:
    """Return events and comments by their rows, in no order. Three statements, however many they are."""
    rows = [row for row in (await eventitems.by_ids(tx, ids)).values() if not row.hidden]
    found = [row.id for row in rows]
    roles, tags = await eventroles.of(tx, found), await eventroles.tags_of(tx, found)
    return [
        Subject(
            row.id, row.stream_id, row.kind, row.type, row.origin, row.occurred, row.importance,
            json.loads(row.body), _by_name(roles.get(row.id, ())), frozenset(tags.get(row.id, ())),
        )
        for row in rows
    ]  # fmt: skip


def _by_name(roles: Iterable[RoleRow]) -> dict[int, list[str]]:
    paths: dict[int, list[str]] = {}
    for role in roles:
        paths.setdefault(role.named, []).append(role.path)
    return paths


@lru_cache(4_096)
def asked(attributes: str) -> Attributes:
    """Return what stored attributes ask for."""
    return Attributes.of(json.loads(attributes))


def asked_of(follow: Follow) -> Attributes:
    """Return what a follow asks for."""
    return Attributes.of(follow.attributes)


def wants(asked: Attributes, subject: Subject, named: Iterable[int] | None) -> bool:
    """Tell whether a follow that watches some of the entities an item names asks for it.

    With ``named`` None any role will do: the follow is of a type or an origin.
    """
    return (
        subject.importance >= asked.min_importance
        and asked.allows_type(subject.type)
        and (not asked.tags or not subject.tags.isdisjoint(asked.tags))
        and asked.allows_roles(_paths(subject, subject.roles if named is None else named))
        and all(_has(subject.body, path.split("."), allowed) for path, allowed in asked.fields)
        and (not asked.filter or filters.parse(asked.filter).matches(subject.body))
    )


def _paths(subject: Subject, named: Iterable[int]) -> Iterable[str]:
    return (path for one in named for path in subject.roles.get(one, ()))


def _has(subject: Mapping[str, Any], path: Sequence[str], allowed: Collection[Any]) -> bool:
    """Tell whether a member of a message is one of some values, or has one of them in its list."""
    value: Any = subject
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    values = value if isinstance(value, list) else [value]
    return any(one == wanted and type(one) is type(wanted) for one in values for wanted in allowed)


def keys(kind: int, type: str, origin: str) -> list[str]:
    """Return the keys of the entities that stand for the type and origin of an item, and for those above them."""
    of_type = _above(TYPE, type)
    return of_type if kind != ItemKind.EVENT else [*of_type, *_above(ORIGIN, origin)]


def _above(kind: str, name: str) -> list[str]:
    labels = name.split(".")
    return [f"{kind}/{'.'.join(labels[: count + 1])}" for count in range(len(labels))]


class Entered(NamedTuple):
    """An item that has entered streams of users by follows of their own: user → what they follow that brought it."""

    subject: Subject
    users: dict[int, int]


async def arrived(tx: Transaction, space: Space, item: Item) -> Entered | None:
    """Let a new item enter the streams of those who ask for it; None when nobody watches what it names.

    A unit of work; in that case one statement.
    """
    message, tenant = item.message, space.tenant.id
    if item.parent is not None or isinstance(message, Bump):
        return None
    kind, type = (
        (ItemKind.EVENT, message.type) if isinstance(message, Event) else (ItemKind.COMMENT, COMMENT_TYPE)
    )
    watchers, more = await eventfollows.watchers(
        tx,
        tenant,
        item.id,
        keys(kind, type, message.origin),
        occurred=message.occurred.at,
        after=0,
        limit=TOGETHER,
    )
    if not watchers:
        return None
    [subject] = await subjects(tx, [item.id])
    return await _enter(tx, tenant, subject, watchers, more=more, now=item.received)


async def enter(tx: Transaction, tenant: int, subject: Subject, *, after: int, now: int) -> Entered:
    """Let an item enter the streams of those who ask for it, looking at the next follows after one. A unit of work."""
    watchers, more = await eventfollows.watchers(
        tx, tenant, subject.id, keys(subject.kind, subject.type, subject.origin),
        occurred=subject.occurred, after=after, limit=TOGETHER,
    )  # fmt: skip
    return await _enter(tx, tenant, subject, watchers, more=more, now=now)


async def _enter(
    tx: Transaction, tenant: int, subject: Subject, watchers: Sequence[Watcher], *, more: bool, now: int
) -> Entered:
    """Let an item enter the streams of those watchers who ask for it; whose turn has not come get it by jobs."""
    matched = [one for one in watchers if wants(asked(one.attributes), subject, one.named)]
    await eventmatches.match(
        tx, [Match(one.follower, subject.occurred, subject.id, one.follow, one.follow) for one in matched]
    )
    channels = [one for one in matched if _is_channel(one)]
    if channels:
        await _spread(tx, tenant, subject, channels, now=now)
        told = {one.follower for one in channels}
        await broadcasting.offer(tx, tenant, subject.id, told, subject.roles, now=now)
    if more:
        work = {"do": "enter", "tenant": tenant, "item": subject.id, "after": watchers[-1].follow}
        await jobs.add(tx, QUEUE, work, now=now, lane=str(tenant))
    users: dict[int, int] = {}
    for one in matched:
        if not _is_channel(one):
            users.setdefault(one.follower, one.followed)
    return Entered(subject, users)


def _is_channel(watcher: Watcher) -> bool:
    return watcher.kind.partition(":")[0] == CHANNEL


async def _spread(
    tx: Transaction, tenant: int, subject: Subject, matched: Sequence[Watcher], *, now: int
) -> None:
    """Let an item that monitors of channels have matched enter the streams of those who follow the channels."""
    monitors: dict[str, list[int]] = {}
    for one in matched:
        monitors.setdefault(str(one.follower), []).append(one.follow)
    await share(tx, tenant, subject, monitors, after=0, now=now)


async def share(
    tx: Transaction,
    tenant: int,
    subject: Subject,
    monitors: Mapping[str, Sequence[int]],
    *,
    after: int,
    now: int,
) -> None:
    """Let an item enter the streams of the next users of channels: channel → the monitors that matched it there."""
    users = await eventfollows.members(tx, map(int, monitors), after=after, limit=TOGETHER)
    await eventmatches.match(
        tx,
        [
            Match(one.follower, subject.occurred, subject.id, one.follow, monitor)
            for one in users
            if wants(asked(one.attributes), subject, None)
            for monitor in monitors[str(one.channel)]
        ],
    )
    if len(users) == TOGETHER:
        work = {
            "do": "share", "tenant": tenant, "item": subject.id, "monitors": monitors, "after": users[-1].follow,
        }  # fmt: skip
        await jobs.add(tx, QUEUE, work, now=now, lane=str(tenant))
