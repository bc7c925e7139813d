"""What moderators do: suspend an actor or a whole host, and take it back (AP-640, SEC-012).

Nothing of a suspended actor takes effect or is shown. One of ours keeps its relations and what it said,
for the day the suspension is lifted; of one elsewhere the relations end and what it said leaves the lists here.
"""

from collections.abc import Sequence
from typing import Any

from storage import Store, Transaction, actors, entries, jobs, objects, policies
from storage.actors import ActorRow, State
from storage.jobs import Job, NewJob
from storage.policies import Policy
from streams import departures, ids, record
from streams.effects import flag
from streams.errors import Refused
from vocab import PUBLIC, Object

QUEUE = "moderation"
BATCH = 50


async def suspend(tx: Transaction, actor: ActorRow, *, base_url: str, now: int) -> None:
    """Suspend an actor, ours or another server's, and leave a job to :func:`withdraw`. A unit of work."""
    if actor.local and actor.handle is None:
        raise Refused("actor", "is the server itself")
    if actor.state == State.GONE:
        raise Refused("actor", "is gone")
    await actors.set_state(tx, actor.id, State.SUSPENDED)
    await objects.note_edit(tx, actor.id)  # what others share of it is shown differently from now on
    if not actor.local:
        await departures.part(tx, actor)
        await jobs.add(tx, QUEUE, {"actor": actor.id}, now=now, dedupe=actor.iri)
    elif actor.state != State.SUSPENDED:
        await _announce(tx, actor, base_url=base_url, now=now)


async def restore(tx: Transaction, actor: ActorRow, *, base_url: str, now: int) -> bool:
    """Lift a suspension; False when there was none. A unit of work."""
    if actor.state != State.SUSPENDED:
        return False
    await actors.set_state(tx, actor.id, State.ACTIVE)
    await objects.note_edit(tx, actor.id)
    if actor.local:
        active = await actors.by_id(tx, actor.id)
        if active is not None:
            await _announce(tx, active, base_url=base_url, now=now)
    return True


async def _announce(tx: Transaction, actor: ActorRow, *, base_url: str, now: int) -> None:
    """Tell the followers of one of ours how it stands now: an Update that changes nothing else (AP-102)."""
    update: dict[str, Any] = {
        "type": "Update", "object": {"id": actor.iri, "type": actor.type}, "to": PUBLIC, "cc": actor.followers,
    }  # fmt: skip
    await record.say(tx, actor, Object(update), base_url=base_url, now=now)


async def treat(tx: Transaction, host: str, severity: str, *, reason: str = "", now: int) -> None:
    """Say how a host is treated; one that is suspended leaves a job to :func:`clear`. A unit of work."""
    await treat_all(tx, [Policy(host, severity, reason, now)], now=now)


async def treat_all(tx: Transaction, said: Sequence[Policy], *, now: int) -> None:
    """Say how many hosts are treated at once. A unit of work."""
    await policies.put_many(tx, said)
    hosts = [one.host for one in said if one.severity == policies.SUSPEND and one.host != policies.EVERYONE]
    await jobs.add_many(tx, QUEUE, [NewJob({"host": host}, dedupe=host) for host in hosts], now=now)


async def work(store: Store, job: Job) -> None:
    """Do what a moderator's word asks for, in many small units of work; the caller finishes the job."""
    if "host" in job.payload:
        await clear(store, job.payload["host"])
    else:
        await withdraw(store, job.payload["actor"])


async def clear(store: Store, host: str) -> None:
    """End the relations of a host's actors, those below it too, and take what they said out of the lists here."""
    while await store.write(departures.part_from_host, host):
        pass
    after = 0
    while found := await store.read(actors.on_host, host, after=after, limit=BATCH):
        after = found[-1]
        for id in found:
            await withdraw(store, id)


async def withdraw(store: Store, actor: int) -> None:
    """Take everything an actor said out of other people's lists, some at a time."""
    after = 0
    while (last := await store.write(_withdraw_some, actor, after)) is not None:
        after = last


async def _withdraw_some(tx: Transaction, actor: int, after: int) -> int | None:
    said = await objects.owned_by(tx, actor, after=after, limit=BATCH)
    for thing in said:
        if thing.id != actor:
            await entries.withdraw(tx, thing.id, actor)
    return said[-1].id if said else None


async def pass_on(tx: Transaction, report: int, *, base_url: str, now: int) -> bool:
    """Tell the server of the one reported (AP-264); False when it was told, or there is none to tell."""
    sent = await flag.anonymous(tx, report, base_url=base_url, now=now)
    server = await actors.find(tx, ids.instance_actor(base_url))
    if sent is None or server is None:
        return False
    await record.say(tx, server, sent, base_url=base_url, now=now)
    return True
