"""Deliveries that were too many, or whose recipients were too little known, for one transaction."""

from storage import Transaction, actors, follows, jobs
from storage.actors import State
from storage.jobs import Job
from streams import recipients
from streams.errors import Unreachable
from streams.ports import Ports

CHUNK = 1_000


async def go_on(tx: Transaction, job: Job, *, owner: str, now: int) -> None:
    """Leave the deliveries for the next followers of an actor, and a job for those after them."""
    work = dict(job.payload)
    source, after = work.pop("source"), work.pop("after")
    addresses, rest_after = await follows.addresses(tx, source, after=after, limit=CHUNK)
    inboxes = dict.fromkeys(address.shared_inbox or address.inbox for address in addresses)
    if job.letter is not None:
        await recipients.post(tx, job.letter, work, inboxes, now=now)
    if rest_after:
        payload = {**work, "source": source, "after": rest_after}
        dedupe = f"{work['activity']} {rest_after}"
        await jobs.add(tx, "fanout", payload, now=now, letter=job.letter, dedupe=dedupe)
    await jobs.finish(tx, job, owner=owner)


async def resolve(ports: Ports, job: Job, *, owner: str) -> None:
    """Look a stranger up and leave the delivery for it. Raises Unreachable when it should be tried again."""
    work = dict(job.payload)
    iri = work.pop("recipient")
    try:
        await ports.elsewhere.actor(iri)
    except Unreachable as error:
        if error.temporary:
            raise
    await ports.store.write(_deliver, job, iri, work, owner=owner, now=ports.clock())


async def _deliver(
    tx: Transaction, job: Job, iri: str, work: dict[str, object], *, owner: str, now: int
) -> None:
    actor = await actors.find(tx, iri)
    if actor is not None and actor.inbox is not None and actor.state != State.GONE and job.letter is not None:
        await recipients.post(tx, job.letter, work, {actor.inbox: None}, now=now)
    await jobs.finish(tx, job, owner=owner)
