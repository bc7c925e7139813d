"""Relations that were brought along as lists of names: whom to follow, block, mute, or list (AP-756).

Each name is looked up and acted on by a job of its own, so that thousands of follows go out slowly, in
turns of hosts, and survive a restart. What is so already is not done twice.
"""

from collections.abc import Sequence

from storage import Transaction, actors, blocks, entries, jobs, objects
from storage.actors import ActorRow, State
from storage.jobs import Job, NewJob
from streams import relations
from streams.errors import Redundant
from streams.instants import SECOND_US
from streams.ports import Ports
from streams.publish import publish
from vocab import BadIri, Object
from vocab import iri as iris

QUEUE = "relate"
SPACING_US = SECOND_US
"""One relation a second: a thousand follows take a quarter of an hour, and nobody is flooded."""


async def leave(
    tx: Transaction,
    actor: ActorRow,
    type: str,
    names: Sequence[str],
    *,
    start: int,
    now: int,
    target: str = "",
) -> int:
    """Leave the jobs for some names, the first after ``start`` others; return how many are new to the queue.

    ``type`` is the activity to publish; Add puts them into the collection ``target`` instead.
    """
    new = [
        NewJob(
            {"actor": actor.iri, "type": type, "name": name, "target": target}, lane=_host(name),
            dedupe=f"{actor.iri} {type} {target} {name}", run_at=now + (start + number) * SPACING_US,
        )
        for number, name in enumerate(names)
    ]  # fmt: skip
    return await jobs.add_many(tx, QUEUE, new, now=now)


def _host(name: str) -> str:
    """Return the host that is asked for a name: an address, or ``user@host``."""
    try:
        return iris.host(name if "://" in name else f"https://{name.rpartition('@')[2]}")
    except BadIri:
        return ""


async def settle(ports: Ports, job: Job, *, owner: str) -> None:
    """Look a name up and relate to it. Raises Unreachable: later again, or never when the name is nobody's."""
    work = job.payload
    actor = await ports.store.read(actors.find, work["actor"])
    if actor is not None and actor.state == State.ACTIVE:
        other = await _look_up(ports, work["name"])
        if work["type"] == "Add":
            await ports.store.write(_add, work["target"], other, now=ports.clock())
        elif not await ports.store.write(_is_so, actor, work["type"], other):
            await _say(ports, actor, work["type"], other)
    await ports.store.write(jobs.finish, job, owner=owner)


async def _look_up(ports: Ports, name: str) -> str:
    """Return the id of an actor by its handle; an address is one already."""
    return name if "://" in name else (await ports.elsewhere.named(name)).id or ""


async def _say(ports: Ports, actor: ActorRow, type: str, other: str) -> None:
    said: dict[str, str] = {"type": type, "object": other}
    if type == "Follow":
        said["to"] = other
    try:
        await publish(ports, actor, Object(said))
    except Redundant:
        return


async def _is_so(tx: Transaction, actor: ActorRow, type: str, other: str) -> bool:
    """Tell whether an actor relates to another in this way already."""
    if type == "Follow":
        followed = await actors.find(tx, other)
        return followed is not None and await relations.find(tx, actor, followed) is not None
    if type == "Ignore":
        return await blocks.mutes(tx, actor.id, other)
    return await blocks.blocks(tx, actor.id, other, "")


async def _add(tx: Transaction, target: str, other: str, *, now: int) -> None:
    stream = await entries.by_iri(tx, target)
    if stream is not None:
        await entries.add(tx, stream.id, await objects.name(tx, other, now=now), public=True)
