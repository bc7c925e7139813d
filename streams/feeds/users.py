"""What applications say of their users: made, read, changed and removed (Feeds §7.1).

Users need not exist to act, to react, or to own feeds. ``author`` is whoever does it: a user, or a server when empty.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from storage import Transaction, feedaudit, feedfollows, feeds, feedusers
from storage.feedusers import FeedUser
from storage.tenants import Tenant
from streams.errors import NameTaken, NotFound
from vocab import instants, jsontext
from vocab.dialects.getstream import FeedId
from vocab.dialects.getstream.users import NewUser, User

FOLLOWS_COUNTED_MAX = 10_000
"""Follows of a user are counted so far (Feeds §12)."""


class Counts(NamedTuple):
    """How many timelines follow a user's feed ``user``, and how many feeds ``user`` their timeline follows."""

    followers: int
    following: int


async def add(tx: Transaction, tenant: int, made: NewUser, *, keep: bool, author: str, now: int) -> FeedUser:
    """Make a user. One that is there stays unchanged: with ``keep`` it is returned, else NameTaken is raised."""
    if await feedusers.add(tx, tenant, made.id, _text(made.data), now=now):
        await feedaudit.note(tx, tenant, "user", made.id, "create", author)
    elif not keep:
        raise NameTaken(made.id)
    return _found(await feedusers.find(tx, tenant, made.id), made.id)


async def find(tx: Transaction, tenant: int, id: str) -> FeedUser:
    """Return a user; raise NotFound. One statement."""
    return _found(await feedusers.find(tx, tenant, id), id)


async def counted(tx: Transaction, tenant: Tenant, id: str) -> tuple[FeedUser, Counts]:
    """Return a user and how many follow them, and whom they follow, as the usual feeds have it; raise NotFound."""
    user = await find(tx, tenant.id, id)
    own, timeline = str(FeedId("user", id)), str(FeedId("timeline", id))
    streams = await feeds.find_all(tx, tenant.object, (own, timeline))
    most = FOLLOWS_COUNTED_MAX
    followers = (
        await feedfollows.count_followers(tx, streams[own], ("timeline",), most=most) if own in streams else 0
    )
    following = (
        await feedfollows.count_following(tx, streams[timeline], ("user",), most=most)
        if timeline in streams
        else 0
    )
    return user, Counts(followers, following)


async def some(tx: Transaction, tenant: int, ids: Iterable[str]) -> dict[str, FeedUser]:
    """Return those of some users that there are. One statement."""
    return await feedusers.some(tx, tenant, ids)


async def replace(
    tx: Transaction, tenant: int, id: str, data: dict[str, Any], *, author: str, now: int
) -> FeedUser:
    """Give a user other data; raise NotFound."""
    user = _found(await feedusers.replace(tx, tenant, id, _text(data), now=now), id)
    await feedaudit.note(tx, tenant, "user", id, "update", author)
    return user


async def remove(tx: Transaction, tenant: int, id: str, *, author: str) -> None:
    """Remove a user, but nothing that they did; raise NotFound."""
    if not await feedusers.remove(tx, tenant, (id,)):
        raise NotFound(id)
    await feedaudit.note(tx, tenant, "user", id, "delete", author)


async def put(
    tx: Transaction, tenant: int, made: Sequence[NewUser], *, override: bool, author: str, now: int
) -> list[FeedUser]:
    """Make users; those that are there are passed over, or with ``override`` given other data. Return the rest."""
    there = await feedusers.some(tx, tenant, (one.id for one in made))
    data = dict[str, str]()
    for one in made:
        if override or not (one.id in there or one.id in data):
            data[one.id] = _text(one.data)
    await feedusers.put(
        tx, tenant, sorted(data.items()), now=now
    )  # in one order, so that nobody waits in a ring
    await feedaudit.note_all(tx, tenant, "user", data.keys() - there.keys(), "create", author)
    await feedaudit.note_all(tx, tenant, "user", data.keys() & there.keys(), "update", author)
    return [FeedUser(id, text, there[id].created if id in there else now, now) for id, text in data.items()]


async def remove_all(tx: Transaction, tenant: int, ids: Iterable[str], *, author: str) -> None:
    """Remove those users that there are."""
    removed = await feedusers.remove(tx, tenant, ids)
    await feedaudit.note_all(tx, tenant, "user", removed, "delete", author)


def shown(user: FeedUser) -> User:
    """Return a user as the dialect has it."""
    data = jsontext.loads(user.data)
    return User(
        user.name,
        instants.moment(user.created),
        instants.moment(user.updated),
        data if isinstance(data, dict) else {},
    )


def _text(data: dict[str, Any]) -> str:
    return jsontext.dumps(data).decode()


def _found(user: FeedUser | None, id: str) -> FeedUser:
    if user is None:
        raise NotFound(id)
    return user
