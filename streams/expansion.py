"""Collections of other servers that one of ours has addressed: who is in them gets it too. ActivityPub §7.1.

A recipient that is no actor is asked for as a collection, with the signature of whoever addressed it
(AP-283). Its members are recipients in turn, for one more level (AP-284), and no more than a thousand in all.
"""

from typing import Any

from storage import Transaction, actors, audience, blocks, entries, jobs, objects
from storage.actors import ActorRow, State
from storage.jobs import Job
from streams import recipients, relations
from streams.errors import Unreachable
from streams.ports import Ports
from vocab import Audience
from vocab import iri as iris

LEVELS_MAX = 2
MEMBERS_MAX = 1_000
OWN = frozenset({"recipient", "levels", "room"})
"""Members of a job that say whom to look up, not what to deliver."""


async def expand(ports: Ports, job: Job) -> tuple[dict[str, Any], list[str]]:
    """Return what each member's own job says, and the members. Raises Unreachable to be tried again."""
    work = {term: value for term, value in job.payload.items() if term not in OWN}
    levels, room = job.payload.get("levels", LEVELS_MAX), job.payload.get("room", MEMBERS_MAX)
    if levels < 1 or room < 1:
        return work, []
    elsewhere = ports.elsewhere.signing_as(job.payload["actor"]).bounded()
    try:
        listed = await elsewhere.items(job.payload["recipient"], limit=room)
    except Unreachable as error:
        if error.temporary:
            raise
        return work, []
    members = list(dict.fromkeys(item.id for item in listed if item.id is not None))
    left = (room - len(members)) // max(len(members), 1)
    return {**work, "levels": levels - 1, "room": left}, members


async def spread(tx: Transaction, job: Job, work: dict[str, Any], members: list[str], *, now: int) -> None:
    """Leave a delivery for each member we know, list it for those who live here, look up all others."""
    author = await actors.find(tx, work["actor"])
    if author is None or job.letter is None:
        return
    delivery = {term: value for term, value in work.items() if term not in OWN}
    inboxes: dict[str, None] = {}
    for iri in members:
        actor = await actors.find(tx, iri)
        if actor is None and iris.is_http(iri):
            await jobs.add(
                tx, "resolve", {**work, "recipient": iri}, now=now, letter=job.letter,
                dedupe=f"{work['activity']} {iri}", lane=iris.host(iri),
            )  # fmt: skip
        elif actor is not None and await _wanted(tx, author, actor):
            if actor.local:
                await _list(tx, author, actor, work["activity"])
            elif actor.inbox is not None:
                inboxes[actor.shared_inbox or actor.inbox] = None
    await recipients.post(tx, job.letter, delivery, inboxes, now=now)


async def _wanted(tx: Transaction, author: ActorRow, actor: ActorRow) -> bool:
    """Leave out the author, who is gone, and those of whom one has blocked the other (AP-286)."""
    if actor.id == author.id or actor.state in (State.SUSPENDED, State.GONE):
        return False
    if await blocks.blocks(tx, author.id, actor.iri, actor.host):
        return False
    return not (
        actor.local
        and (
            await blocks.blocks(tx, actor.id, author.iri, author.host)
            or await blocks.mutes(tx, actor.id, author.iri)
        )
    )


async def _list(tx: Transaction, author: ActorRow, actor: ActorRow, activity: str) -> None:
    """Put the activity into the inbox of a member who lives here, and let that member read it."""
    row = await objects.by_iri(tx, activity)
    if row is None:
        return
    reader = Audience(bto=(actor.iri,))
    await audience.put(tx, row.id, reader)
    about = None if row.object is None else await objects.by_id(tx, row.object)
    if about is not None and about.owner == author.id:
        await audience.put(tx, about.id, reader)
    await entries.add(tx, await relations.inbox(tx, actor), row.id, public=bool(row.public))
