"""Deliveries that were too many, or whose recipients were too little known, for one transaction."""

from typing import Any

from storage import Transaction, actors, follows, jobs
from storage.actors import State
from storage.jobs import Job
from streams import expansion, recipients
from streams.errors import Unreachable
from streams.ports import Ports
from vocab import iri as iris

CHUNK = 1_000


async def go_on(tx: Transaction, job: Job, *, owner: str, now: int) -> None:
    """Leave the next deliveries: to inboxes that are listed, or to the next followers of an actor."""
    work = dict(job.payload)
    inboxes: list[str] | None = work.pop("inboxes", None)
    if inboxes is None:
        await _to_followers(tx, job, now=now)
    elif job.letter is not None:
        await recipients.post(tx, job.letter, work, dict.fromkeys(inboxes), now=now)
    await jobs.finish(tx, job, owner=owner)


async def _to_followers(tx: Transaction, job: Job, *, now: int) -> None:
    """Leave the deliveries for the next followers of an actor, and a job for those after them.

    None goes to the host ``but``: what is forwarded came from there (AP-393).
    """
    work = dict(job.payload)
    source, after, but = work.pop("source"), work.pop("after"), work.pop("but", None)
    addresses, rest_after = await follows.addresses(tx, source, after=after, limit=CHUNK)
    reached = (address.shared_inbox or address.inbox for address in addresses)
    inboxes = {inbox: None for inbox in reached if but is None or iris.host(inbox) != but}
    if job.letter is not None:
        await recipients.post(tx, job.letter, work, inboxes, now=now)
    if rest_after:
        payload = {**job.payload, "after": rest_after}
        dedupe = f"{work['activity']} {rest_after}"
        await jobs.add(tx, "fanout", payload, now=now, letter=job.letter, key=work["about"], dedupe=dedupe)


async def resolve(ports: Ports, job: Job, *, owner: str) -> None:
    """Look a stranger up and leave the delivery for it. Raises Unreachable when it should be tried again."""
    iri, now = job.payload["recipient"], ports.clock()
    try:
        await ports.elsewhere.actor(iri)
    except Unreachable as error:
        if error.temporary:
            raise
        work, members = await expansion.expand(ports, job)
        await ports.store.write(_spread, job, work, members, owner=owner, now=now)
    else:
        work = {term: value for term, value in job.payload.items() if term not in expansion.OWN}
        await ports.store.write(_deliver, job, iri, work, owner=owner, now=now)


async def _spread(
    tx: Transaction, job: Job, work: dict[str, Any], members: list[str], *, owner: str, now: int
) -> None:
    await expansion.spread(tx, job, work, members, now=now)
    await jobs.finish(tx, job, owner=owner)


async def _deliver(
    tx: Transaction, job: Job, iri: str, work: dict[str, object], *, owner: str, now: int
) -> None:
    actor = await actors.find(tx, iri)
    if actor is not None and actor.inbox is not None and actor.state != State.GONE and job.letter is not None:
        await recipients.post(tx, job.letter, work, {actor.inbox: None}, now=now)
    await jobs.finish(tx, job, owner=owner)
