"""Feeds of others that are read for our actors: when each is read next, what its hub promised (Atom §10, §16)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any, Final, cast

from storage import jobs
from storage.connection import Row, Transaction, Value
from storage.ids import next_id
from storage.jobs import Job

QUEUE: Final = "pull"
"""The jobs that read feeds; each names its ``subscription``. One that comes too early looks again later."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed, read for an actor. Row ids of actors, instants in microseconds, intervals in seconds.

    ``moved_to`` is where it has answered from ``moved_times`` times in a row, for good as it said. ``problem`` tells
    the owner what is wrong, empty when nothing is. ``hub_wanted`` is what was asked of the hub and not answered yet.
    """

    id: int
    owner: int
    bot: int
    url: str
    public: int
    settings: Mapping[str, Any]
    interval: int
    next_poll: int
    created: int
    asked_interval: int = 0
    state: int = 0
    title: str = ""
    home: str = ""
    feed: str = ""
    etag: str | None = None
    modified: str | None = None
    moved_to: str | None = None
    moved_times: int = 0
    failures: int = 0
    problem: str = ""
    polled: int | None = None
    callback_secret: str | None = None
    hub: str | None = None
    topic: str | None = None
    hub_secret: str | None = None
    hub_wanted: str | None = None
    hub_until: int | None = None
    hub_asked: int | None = None

    @property
    def stopped(self) -> bool:
        """Whether it is not read any more."""
        return self.state != 0

    @property
    def host(self) -> str:
        """The host that it is read from."""
        return self.url.split("/", 3)[2] if self.url.count("/") >= 2 else ""


_NAMES: Final = tuple(one.name for one in fields(Subscription))
_COLUMNS: Final = ", ".join(_NAMES)
_FIND: Final = f"SELECT {_COLUMNS} FROM pull_subscriptions"  # noqa: S608
CHANGEABLE: Final = frozenset(_NAMES) - {"id", "owner", "bot", "created"}


def new_id() -> int:
    """Return the id of a subscription to be."""
    return next_id()


def digest(text: str) -> str:
    """Return what is kept of a secret, or of a name that may be long."""
    return sha256(text.encode(errors="replace")).hexdigest()


def _read(row: Row | None) -> Subscription | None:
    if row is None:
        return None
    values: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    values["settings"] = json.loads(str(values["settings"]))
    return Subscription(**values)


async def add(tx: Transaction, new: Subscription) -> bool:
    """Keep a subscription, to be read at once; False when its owner has one to the same address."""
    values = {name: _value(getattr(new, name)) for name in _NAMES}
    added = await tx.run(
        f"INSERT INTO pull_subscriptions ({_COLUMNS}) VALUES ({', '.join(f':{name}' for name in _NAMES)})"  # noqa: S608
        " ON CONFLICT (owner, url) DO NOTHING",
        **values,
    )
    if added:
        await schedule(tx, new, at=new.next_poll, now=new.created)
    return bool(added)


async def schedule(tx: Transaction, one: Subscription, *, at: int, now: int) -> None:
    """Have a feed read at an instant, unless somebody is to look at it anyway."""
    work = {"subscription": one.id}
    await jobs.add(tx, QUEUE, work, now=now, lane=one.host, dedupe=str(one.id), run_at=at)


async def leave(tx: Transaction, one: Subscription, body: str, type: str, *, now: int) -> None:
    """Leave what somebody has brought of a feed to be taken, in the order in which it came."""
    work = {"subscription": one.id, "body": body.replace("\0", ""), "type": type}
    await jobs.add(tx, QUEUE, work, now=now, lane=one.host, key=str(one.id))


async def look_again(tx: Transaction, job: Job, one: Subscription, *, owner: str, now: int) -> None:
    """Strike off the job that has read a feed, and have it read again when its time comes."""
    await jobs.finish(tx, job, owner=owner)
    await schedule(tx, one, at=max(one.next_poll, now), now=now)


async def by_id(tx: Transaction, id: int) -> Subscription | None:
    """Find one. One statement."""
    return _read(await tx.one(f"{_FIND} WHERE id = :id", id=id))


async def held(tx: Transaction, id: int) -> Subscription | None:
    """Find one and keep others from changing it until this unit of work ends."""
    lock = " FOR UPDATE" if tx.engine == "postgres" else ""
    return _read(await tx.one(f"{_FIND} WHERE id = :id{lock}", id=id))


async def by_callback(tx: Transaction, secret: str) -> Subscription | None:
    """Find one by the secret in the address that its hub calls. One statement."""
    return _read(await tx.one(f"{_FIND} WHERE callback = :callback", callback=digest(secret)))


async def every(tx: Transaction, owner: int | None = None) -> list[Subscription]:
    """List those of an actor, or all, the oldest first. One statement."""
    condition = "" if owner is None else " WHERE owner = :owner"
    rows = await tx.all(f"{_FIND}{condition} ORDER BY id", **({} if owner is None else {"owner": owner}))
    return [one for row in rows if (one := _read(row)) is not None]


async def change(tx: Transaction, id: int, **values: Any) -> None:
    """Change some members; with ``callback_secret`` the address that is called changes too."""
    assert CHANGEABLE.issuperset(values), values  # noqa: S101 - names are ours
    changed = {name: _value(value) for name, value in values.items()}
    if "callback_secret" in values:
        secret = values["callback_secret"]
        changed["callback"] = None if secret is None else digest(secret)
    members = ", ".join(f"{name} = :{name}" for name in changed)
    await tx.run(f"UPDATE pull_subscriptions SET {members} WHERE id = :id", id=id, **changed)  # noqa: S608


async def remove(tx: Transaction, id: int) -> bool:
    """Read a feed no more; False when there is no such subscription. What was told stays."""
    await tx.run(
        "DELETE FROM jobs WHERE queue = :queue AND dedupe = :id AND state <> 1", queue=QUEUE, id=str(id)
    )
    return await tx.run("DELETE FROM pull_subscriptions WHERE id = :id", id=id) > 0


def _value(value: Any) -> Value:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else cast(Value, value)
