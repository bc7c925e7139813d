"""Chores: what is to be done later, for its time has not come or it is too much for one transaction."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from storage import Transaction, jobs
from storage.jobs import Job
from streams import farewell, moves, results

CHORES: dict[str, Callable[..., Awaitable[None]]] = {
    "clear account": farewell.clear,
    "close poll": results.close,
    "move followers": moves.bring,
    "tell poll": results.tell,
}
"""By what a job of the queue ``chores`` says it is there to do; each takes its payload, our origin and the time."""


async def do(tx: Transaction, job: Job, *, owner: str, base_url: str, now: int) -> None:
    """Do one chore and strike it off, in one transaction."""
    work: Mapping[str, Any] = job.payload
    await CHORES[work["do"]](tx, work, base_url=base_url, now=now)
    await jobs.finish(tx, job, owner=owner)
