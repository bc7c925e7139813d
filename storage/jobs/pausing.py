"""Queues that stand still by the operator's will, or after a restore (REL-032)."""

from storage import meta
from storage.connection import Transaction
from storage.jobs.job import topic


async def pause(tx: Transaction, queue: str) -> None:
    """Let nothing more be claimed from a queue; adding to it goes on."""
    await meta.put(tx, f"paused:{queue}", "1")


async def resume(tx: Transaction, queue: str) -> None:
    """Let a queue move again."""
    await meta.remove(tx, f"paused:{queue}")
    tx.wake(topic(queue))


async def paused(tx: Transaction, queue: str) -> bool:
    """Tell whether a queue stands still."""
    return await meta.get(tx, f"paused:{queue}") is not None
