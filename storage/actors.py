"""What we know of actors beyond their documents: names, addresses, whether they are still there."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import cast

from storage import objects
from storage.connection import Row, Transaction
from storage.ids import next_id
from storage.objects import Kind
from storage.sql import each, listed
from vocab import Object, dump
from vocab import iri as iris

MISSED_US = 3600 * 1_000_000
"""So long an actor may be said to be gone before we believe it."""


class State(IntEnum):
    """How an actor stands."""

    ACTIVE = 0
    MOVED = 1
    SUSPENDED = 2
    GONE = 3


@dataclass(frozen=True, slots=True)
class ActorRow:
    """An actor, ours (``local``) or theirs.

    ``document`` is the profile: for theirs the whole actor document, for ours only what its owner may
    write. ``version`` changes with anything the served document shows.
    """

    id: int
    iri: str
    type: str
    local: int
    document: str
    context: str | None
    name: str
    host: str
    handle: str | None
    inbox: str | None
    shared_inbox: str | None
    followers: str | None
    approves: int
    settings: str
    state: int
    version: int
    fetched: int | None
    published: int

    @property
    def acct(self) -> str:
        """The address people use: ``name@host``."""
        return f"{self.name}@{self.host}"


COLUMNS = (
    "a.id, o.iri, o.type, o.local, coalesce(o.document, '{}'), o.context, a.name, a.host, a.handle,"
    " a.inbox, a.shared_inbox, a.followers, a.approves, a.settings, a.state, a.version, a.fetched, o.published"
)
JOINED = "actors a JOIN objects o ON o.id = a.id"
_ACTOR = f"SELECT {COLUMNS} FROM {JOINED}"  # noqa: S608


def _actor(row: Row | None) -> ActorRow | None:
    return None if row is None else ActorRow(*row)  # type: ignore[arg-type]


async def find(tx: Transaction, iri: str) -> ActorRow | None:
    """Find an actor by its IRI."""
    return _actor(await tx.one(f"{_ACTOR} WHERE o.iri = :iri", iri=iri))


async def by_id(tx: Transaction, id: int) -> ActorRow | None:
    """Find an actor by its row id."""
    return _actor(await tx.one(f"{_ACTOR} WHERE a.id = :id", id=id))


async def by_handle(tx: Transaction, name: str) -> ActorRow | None:
    """Find one of our actors by its name, ignoring case (AP-091)."""
    return _actor(await tx.one(f"{_ACTOR} WHERE a.handle = :handle", handle=name.lower()))


async def of_feed(tx: Transaction, stream: int) -> ActorRow | None:
    """Find the actor that a feed or channel is, by its stream."""
    return _actor(await tx.one(f"{_ACTOR} WHERE a.feed = :stream", stream=stream))


async def is_feed(tx: Transaction, id: int) -> bool:
    """Tell whether an actor of ours is a feed or channel, and no account."""
    return await tx.one("SELECT 1 FROM actors WHERE id = :id AND feed IS NOT NULL", id=id) is not None


async def has_unused_feed(tx: Transaction, iri: str, tenant: int, feed: str) -> bool:
    """Tell whether there is an actor of ours, and no feed of a name in a tenant. One statement."""
    row = await tx.one(
        "SELECT 1 FROM objects o JOIN actors a ON a.id = o.id JOIN tenants t ON t.id = :tenant"
        " WHERE o.iri = :iri AND o.local = 1 AND a.feed IS NULL AND NOT EXISTS (SELECT 1 FROM streams s"
        " WHERE s.owner = t.object AND s.kind = 'feed' AND s.name = :feed)",
        iri=iri, tenant=tenant, feed=feed,
    )  # fmt: skip
    return row is not None


async def let_be_feed(tx: Transaction, id: int, stream: int) -> None:
    """Note that an actor of ours is a feed or channel, and no account."""
    await tx.run("UPDATE actors SET feed = :stream WHERE id = :id", id=id, stream=stream)


async def of_ids(tx: Transaction, ids: Iterable[int]) -> dict[int, ActorRow]:
    """Return actors by their row ids."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = await tx.all(
        f"{_ACTOR} WHERE a.id IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'ids')})",  # noqa: S608
        ids=listed((id,) for id in wanted),
    )
    return {cast(int, row[0]): ActorRow(*row) for row in rows}  # type: ignore[arg-type]


async def by_acct(tx: Transaction, name: str, host: str) -> ActorRow | None:
    """Find an actor we know by its address, the one we met first if several claim it; the name ignoring case."""
    row = await tx.one(
        f"{_ACTOR} WHERE a.host = :host AND lower(a.name) = :name ORDER BY a.id LIMIT 1",
        host=host.lower(), name=name.lower(),
    )  # fmt: skip
    return _actor(row)


async def at_inbox(tx: Transaction, host: str, inbox: str, *, limit: int) -> list[ActorRow]:
    """Find actors of a host who are reached at an inbox, their own or a shared one, and are still there."""
    rows = await tx.all(
        f"{_ACTOR} WHERE a.host = :host AND (a.inbox = :inbox OR a.shared_inbox = :inbox) AND a.state < :gone"
        " ORDER BY a.id LIMIT :limit",
        host=host, inbox=inbox, gone=int(State.GONE), limit=limit,
    )  # fmt: skip
    return [ActorRow(*row) for row in rows]  # type: ignore[arg-type]


async def inbox_per_host(tx: Transaction, *, after: str = "", limit: int) -> list[str]:
    """Return one inbox for each host we know, shared if there is one, in the order of the hosts after one."""
    rows = await tx.all(
        "SELECT a.host, max(a.shared_inbox), max(a.inbox) FROM actors a JOIN objects o ON o.id = a.id"
        " WHERE a.host > :after AND a.inbox IS NOT NULL AND a.state = 0 AND o.local = 0"
        " GROUP BY a.host ORDER BY a.host LIMIT :limit",
        after=after, limit=limit,
    )  # fmt: skip
    return [cast(str, row[1] or row[2]) for row in rows]


@dataclass(frozen=True, slots=True)
class Glimpse:
    """As much of an actor of ours as tells whether an answer made earlier is still right."""

    id: int
    version: int
    state: int


async def glimpse(tx: Transaction, name: str) -> Glimpse | None:
    """Look an actor of ours up by its name, ignoring case. One statement."""
    row = await tx.one("SELECT id, version, state FROM actors WHERE handle = :handle", handle=name.lower())
    return None if row is None else Glimpse(*row)  # type: ignore[arg-type]


async def add_local(
    tx: Transaction,
    iri: str,
    type: str,
    document: str,
    *,
    name: str,
    handle: str | None,
    host: str,
    inbox: str,
    shared_inbox: str,
    followers: str,
    approves: bool,
    now: int,
) -> int | None:
    """Store a new actor of ours and return its row id; None when the IRI or the name is taken."""
    if handle is not None and await by_handle(tx, handle) is not None:
        return None
    id = await objects.put(
        tx, iri, Kind.ACTOR, type, document, None, local=True, owner=None, public=True, published=now
    )
    if id is None:
        return None
    await objects_own(tx, id)
    await tx.run(
        "INSERT INTO actors (id, name, host, handle, inbox, shared_inbox, followers, approves, version)"
        " VALUES (:id, :name, :host, :handle, :inbox, :shared_inbox, :followers, :approves, :version)",
        id=id, name=name, host=host, handle=handle, inbox=inbox, shared_inbox=shared_inbox,
        followers=followers, approves=int(approves), version=next_id(),
    )  # fmt: skip
    return id


async def objects_own(tx: Transaction, id: int) -> None:
    """Make an actor the owner of its own row."""
    await tx.run("UPDATE objects SET owner = :id WHERE id = :id", id=id)


async def keep(tx: Transaction, actor: Object, *, now: int) -> ActorRow:
    """Remember a remote actor's document as we just read it from its origin (AP-103, AP-105).

    Inboxes and collections that are not on the actor's own origin are not kept (SEC-026); whom a moderator
    has suspended stays so.
    """
    if actor.id is None:
        raise ValueError("an actor without an id cannot be kept")
    text, context = dump.document(actor)
    id = await objects.put(
        tx,
        actor.id,
        Kind.ACTOR,
        actor.type,
        text,
        context,
        local=False,
        owner=None,
        public=True,
        published=now,
    )
    if id is None:
        id = cast(int, await objects.id_of(tx, actor.id))
        await objects.replace(tx, id, actor.type, text, context, public=True, updated=now)
        await tx.run("UPDATE objects SET kind = 3 WHERE id = :id", id=id)
    await objects_own(tx, id)
    host = iris.host(actor.id)
    endpoints = actor.get("endpoints")
    shared = endpoints.get("sharedInbox") if isinstance(endpoints, dict) else None
    moved = bool(actor.ids("movedTo"))
    await tx.run(
        "INSERT INTO actors (id, name, host, inbox, shared_inbox, followers, approves, state, version, fetched)"
        " VALUES (:id, :name, :host, :inbox, :shared, :followers, :approves, :state, :version, :now)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, inbox = excluded.inbox,"
        " shared_inbox = excluded.shared_inbox, followers = excluded.followers, approves = excluded.approves,"
        " state = CASE actors.state WHEN 2 THEN 2 ELSE excluded.state END, version = excluded.version,"
        " fetched = excluded.fetched, missed = NULL",
        id=id, name=_name(actor, host), host=host, inbox=_own(actor, actor.get("inbox")),
        shared=_own(actor, shared or actor.get("sharedInbox")), followers=_own(actor, actor.get("followers")),
        approves=int(actor.get("manuallyApprovesFollowers") is True),
        state=int(State.MOVED if moved else State.ACTIVE), version=next_id(), now=now,
    )  # fmt: skip
    row = await by_id(tx, id)
    if row is None:
        raise LookupError(actor.id)
    return row


def _name(actor: Object, host: str) -> str:
    name = actor.get("preferredUsername")
    return name[:256] if isinstance(name, str) and name else host


def _own(actor: Object, value: object) -> str | None:
    """Return an address of an actor when it lies on the actor's own origin, else None (SEC-026)."""
    address = value.get("id") if isinstance(value, dict) else value
    if not isinstance(address, str) or actor.id is None or not iris.is_http(address):
        return None
    return address if iris.same_origin(address, actor.id) else None


async def miss(tx: Transaction, id: int, *, now: int) -> bool:
    """Note that an actor's origin says it is gone; True when it said so an hour ago already (AP-105)."""
    row = await tx.one(
        "UPDATE actors SET missed = coalesce(missed, :now) WHERE id = :id RETURNING missed", id=id, now=now
    )
    return row is not None and now - cast(int, row[0]) >= MISSED_US


async def touch(tx: Transaction, id: int) -> None:
    """Give an actor a new version, because what its document shows has changed."""
    await tx.run("UPDATE actors SET version = :version WHERE id = :id", version=next_id(), id=id)


async def is_suspended(tx: Transaction, id: int) -> bool:
    """Tell whether a moderator has suspended an actor."""
    row = await tx.one("SELECT 1 FROM actors WHERE id = :id AND state = 2", id=id)
    return row is not None


async def on_host(tx: Transaction, host: str, *, after: int, limit: int) -> list[int]:
    """Return actors of other servers on a host or below it, some at a time in the order we met them."""
    rows = await tx.all(
        "SELECT a.id FROM actors a JOIN objects o ON o.id = a.id WHERE (a.host = :host OR a.host LIKE :below"
        " ESCAPE '!') AND o.local = 0 AND a.id > :after ORDER BY a.id LIMIT :limit",
        host=host, below=below(host), after=after, limit=limit,
    )  # fmt: skip
    return [cast(int, row[0]) for row in rows]


def below(host: str) -> str:
    """Return the pattern, with ``!`` as its escape, that hosts below a host match."""
    return "%." + host.replace("!", "!!").replace("_", "!_").replace("%", "!%")


async def set_state(tx: Transaction, id: int, state: State) -> None:
    """Note how an actor stands from now on."""
    await tx.run(
        "UPDATE actors SET state = :state, version = :version WHERE id = :id",
        state=int(state), version=next_id(), id=id,
    )  # fmt: skip


async def approve_followers(tx: Transaction, id: int, approves: bool) -> None:
    """Set whether follows of one of our actors wait for its own answer (AP-096)."""
    await tx.run("UPDATE actors SET approves = :approves WHERE id = :id", approves=int(approves), id=id)


async def count_local(tx: Transaction) -> int:
    """Return how many accounts live here; the instance actor is none, nor are feeds."""
    row = await tx.one("SELECT count(*) FROM actors WHERE handle IS NOT NULL AND feed IS NULL AND state = 0")
    return cast(int, row[0]) if row else 0


async def discoverable(tx: Transaction, *, limit: int) -> list[ActorRow]:
    """Return accounts that live here and want to be found, the newest first."""
    rows = await tx.all(
        f"{_ACTOR} WHERE a.handle IS NOT NULL AND a.state = 0 AND o.document LIKE :wish"
        " ORDER BY a.id DESC LIMIT :limit",
        wish='%"discoverable":true%', limit=limit,
    )  # fmt: skip
    return [ActorRow(*row) for row in rows]  # type: ignore[arg-type]


async def local(tx: Transaction) -> list[ActorRow]:
    """Return every account that lives here, oldest first."""
    rows = await tx.all(f"{_ACTOR} WHERE a.handle IS NOT NULL AND a.feed IS NULL ORDER BY a.id")
    return [ActorRow(*row) for row in rows]  # type: ignore[arg-type]
