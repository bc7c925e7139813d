"""Hubs that were asked to tell us no more, for as long as they may ask back whether we meant it (WebSub §5.3)."""

from storage.connection import Transaction
from storage.subscriptions import digest


async def add(tx: Transaction, callback_secret: str, topic: str, *, until: int) -> None:
    """Note that what is told of a topic at a callback is not wanted any more."""
    await tx.run(
        "INSERT INTO hub_departures (callback, topic, until) VALUES (:callback, :topic, :until)"
        " ON CONFLICT (callback) DO UPDATE SET topic = excluded.topic, until = excluded.until",
        callback=digest(callback_secret), topic=topic, until=until,
    )  # fmt: skip


async def is_noted(tx: Transaction, callback_secret: str, topic: str, *, now: int) -> bool:
    """Tell whether that was asked of a hub. One statement."""
    row = await tx.one(
        "SELECT 1 FROM hub_departures WHERE callback = :callback AND topic = :topic AND until > :now",
        callback=digest(callback_secret), topic=topic, now=now,
    )  # fmt: skip
    return row is not None
