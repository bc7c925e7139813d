"""Who wants to be told of our feeds, and what they were told last (WebSub §5, §7)."""

from dataclasses import dataclass
from typing import Final, cast

from storage.connection import Transaction
from storage.ids import next_id

VERIFICATIONS: Final = "hub-verifications"
"""The jobs that ask whether somebody really wants what was asked in their name."""
DELIVERIES: Final = "hub-deliveries"
"""The jobs that send what a feed says now; each names its ``subscriber``."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A feed that somebody wants to be told of. ``digest`` is of what was sent last, None before the first time."""

    id: int
    url: str
    digest: str | None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who wants to be told of one topic, and until when (microseconds). With a ``secret`` what is sent is signed."""

    id: int
    topic: str
    callback: str
    secret: str | None
    until: int


async def put(
    tx: Transaction, url: str, callback: str, *, secret: str | None, until: int, digest: str, now: int
) -> None:
    """Let somebody be told of a topic; who is already has the lease and the secret renewed.

    ``digest`` is of what the topic says now: what is told is what comes later.
    """
    await tx.run(
        "INSERT INTO topics (id, url, digest) VALUES (:id, :url, :digest) ON CONFLICT (url) DO NOTHING",
        id=next_id(), url=url, digest=digest,
    )  # fmt: skip
    await tx.run(
        "INSERT INTO subscribers (topic, callback, id, secret, until, created)"
        " SELECT t.id, :callback, :id, :secret, :until, :now FROM topics t WHERE t.url = :url"
        " ON CONFLICT (topic, callback) DO UPDATE SET secret = excluded.secret, until = excluded.until,"
        " failing_since = NULL",
        url=url, callback=callback, id=next_id(), secret=secret, until=until, now=now,
    )  # fmt: skip


async def remove(tx: Transaction, url: str, callback: str) -> bool:
    """Tell somebody no more; False when nobody was."""
    removed = await tx.run(
        "DELETE FROM subscribers WHERE callback = :callback"
        " AND topic IN (SELECT t.id FROM topics t WHERE t.url = :url)",
        url=url, callback=callback,
    )  # fmt: skip
    return removed > 0


async def find(tx: Transaction, id: int, *, now: int) -> Subscriber | None:
    """Find who is still to be told. One statement."""
    row = await tx.one(
        "SELECT s.id, t.url, s.callback, s.secret, s.until FROM subscribers s JOIN topics t ON t.id = s.topic"
        " WHERE s.id = :id AND s.until > :now",
        id=id, now=now,
    )  # fmt: skip
    return None if row is None else Subscriber(*row)  # type: ignore[arg-type]


async def wanted(tx: Transaction, *, now: int) -> list[Topic]:
    """Return the topics that somebody wants to be told of. One statement."""
    rows = await tx.all(
        "SELECT t.id, t.url, t.digest FROM topics t"
        " WHERE EXISTS (SELECT 1 FROM subscribers s WHERE s.topic = t.id AND s.until > :now) ORDER BY t.id",
        now=now,
    )
    return [Topic(*row) for row in rows]  # type: ignore[arg-type]


async def count(tx: Transaction, url: str) -> int:
    """Return how many want to be told of a topic. One statement."""
    row = await tx.one(
        "SELECT count(*) FROM subscribers s JOIN topics t ON t.id = s.topic WHERE t.url = :url", url=url
    )
    return 0 if row is None else cast(int, row[0])


async def turn(tx: Transaction, topic: Topic, digest: str, *, now: int) -> list[int]:
    """Note what a topic says from now on and return whom to tell: nobody, when another process has noted it."""
    turned = await tx.run(
        "UPDATE topics SET digest = :digest, sent = :now"
        " WHERE id = :id AND coalesce(digest, '') = :before",
        id=topic.id, digest=digest, before=topic.digest or "", now=now,
    )  # fmt: skip
    if not turned:
        return []
    rows = await tx.all(
        "SELECT id FROM subscribers WHERE topic = :topic AND until > :now ORDER BY id",
        topic=topic.id,
        now=now,
    )
    return [cast(int, row[0]) for row in rows]


async def drop(tx: Transaction, id: int) -> None:
    """Tell somebody no more who has gone (WebSub §7)."""
    await tx.run("DELETE FROM subscribers WHERE id = :id", id=id)


async def forget(tx: Transaction, topic: int) -> None:
    """Forget a topic that is no feed any more, and all who wanted it."""
    await tx.run("DELETE FROM topics WHERE id = :topic", topic=topic)
