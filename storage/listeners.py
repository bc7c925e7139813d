"""Realtime clients that have subscribed to feeds, kept so that any process can go on with them (Feeds §11.1)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from storage.connection import Row, Transaction, Value


class Subscription(NamedTuple):
    """One feed behind one channel: told is what came after the event ``since``, save for the events ``but``.

    With ``whole`` also what only servers and the feed's own user are shown. Key and token are looked at again
    from time to time.
    """

    channel: str
    stream: int
    whole: bool
    since: int
    but: frozenset[int]
    api_key: str
    token: str

    @property
    def credentials(self) -> tuple[str, str, str]:
        """The channel, and what lets somebody listen to it."""
        return self.channel, self.api_key, self.token


@dataclass(slots=True)
class Heard:
    """What a client was told: everything up to an event, and beyond it some events, by feed."""

    position: int = 0
    told: set[tuple[int, int]] = field(default_factory=set)

    def text(self) -> str:
        """Write it down."""
        return json.dumps([self.position, sorted(self.told)], separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> "Heard":
        """Read what was written down."""
        position, told = json.loads(text)
        return cls(position, {(event, stream) for event, stream in told})

    def copy(self) -> "Heard":
        """Return the same, to be changed."""
        return Heard(self.position, set(self.told))


@dataclass(frozen=True, slots=True)
class Listener:
    """A client that has subscribed. ``previously`` is what it had been told before poll ``answered`` was."""

    id: str
    heard: Heard
    previously: Heard
    answered: str
    until: int
    subscriptions: list[Subscription]


async def find(tx: Transaction, id: str, *, now: int) -> Listener | None:
    """Find a client that has subscribed and been heard of lately. One statement."""
    rows = await tx.all(
        "SELECT l.heard, l.previously, l.answered, l.until, s.channel, s.stream, s.whole, s.since, s.but,"
        " s.api_key, s.token"
        " FROM listeners l LEFT JOIN subscriptions s ON s.listener = l.id WHERE l.id = :id AND l.until > :now"
        " ORDER BY s.channel, s.stream",
        id=id, now=now,
    )  # fmt: skip
    if not rows:
        return None
    heard, previously, answered, until = cast("tuple[str, str, str, int]", rows[0][:4])
    subscriptions = [_subscription(row) for row in rows if row[4] is not None]
    return Listener(id, Heard.read(heard), Heard.read(previously), answered, until, subscriptions)


def _subscription(row: Row) -> Subscription:
    values: Any = row[4:]
    channel, stream, whole, since, but, api_key, token = values
    return Subscription(channel, stream, bool(whole), since, frozenset(json.loads(but)), api_key, token)


async def subscribe(tx: Transaction, id: str, wanted: Iterable[Subscription], *, until: int) -> None:
    """Subscribe a client to feeds; what it subscribes to again it is told from where it was."""
    nothing = Heard().text()
    await tx.run(
        "INSERT INTO listeners (id, heard, previously, answered, until)"
        " VALUES (:id, :nothing, :nothing, '', :until) ON CONFLICT (id) DO UPDATE SET until = excluded.until",
        id=id, nothing=nothing, until=until,
    )  # fmt: skip
    await tx.many(
        "INSERT INTO subscriptions (listener, channel, stream, whole, since, but, api_key, token)"
        " VALUES (:id, :channel, :stream, :whole, :since, :but, :api_key, :token)"
        " ON CONFLICT (listener, channel, stream) DO UPDATE SET whole = excluded.whole,"
        " api_key = excluded.api_key, token = excluded.token",
        [_row(id, one) for one in wanted],
    )


def _row(id: str, one: Subscription) -> dict[str, Value]:
    return {"id": id, **one._asdict(), "whole": int(one.whole), "but": json.dumps(sorted(one.but))}


async def count(tx: Transaction, id: str) -> int:
    """Count the channels that a client has subscribed to."""
    row = await tx.one("SELECT count(DISTINCT channel) FROM subscriptions WHERE listener = :id", id=id)
    return 0 if row is None else cast(int, row[0])


async def unsubscribe(tx: Transaction, id: str, channels: Iterable[str]) -> None:
    """Let a client hear nothing more of some channels."""
    await tx.many(
        "DELETE FROM subscriptions WHERE listener = :id AND channel = :channel",
        [{"id": id, "channel": channel} for channel in channels],
    )


async def told(tx: Transaction, id: str, heard: Heard, previously: Heard, answered: str) -> None:
    """Remember what a client has been told, and by the answer to which poll."""
    await tx.run(
        "UPDATE listeners SET heard = :heard, previously = :previously, answered = :answered WHERE id = :id",
        id=id, heard=heard.text(), previously=previously.text(), answered=answered,
    )  # fmt: skip


async def keep(tx: Transaction, id: str, *, until: int) -> None:
    """Remember a client for longer: it was heard of."""
    await tx.run("UPDATE listeners SET until = :until WHERE id = :id", id=id, until=until)


async def remove(tx: Transaction, id: str) -> None:
    """Forget a client and its subscriptions."""
    await tx.run("DELETE FROM listeners WHERE id = :id", id=id)
