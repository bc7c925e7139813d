"""Receive: what other servers say comes in, once. ActivityPub §5.2 and §7.

The sender was verified and the activity remembered before the 202; here it takes effect. What it
oversteps (someone else's object, a second like) is kept out or kept without effect, never answered.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from storage import Transaction, actors, foretold, objects, policies, reports
from storage.actors import ActorRow, State
from storage.entries import Stream
from storage.ids import next_id
from storage.inbox import Intake, VerifiedActor
from storage.objects import ObjectRow
from streams import (
    announced,
    awaited,
    drafts,
    effects,
    evidence,
    forwarding,
    groups,
    ids,
    interest,
    listing,
    record,
)
from streams.deed import Deed
from streams.effects.create import created
from streams.errors import NotAllowed, StreamsError, TooOften, Unreachable
from streams.instants import DAY_US
from streams.ports import Manners, Ports
from vocab import Activity, Object, VocabError, dump, parse
from vocab.validate import lenient

log = logging.getLogger(__name__)

Settle = Callable[[Transaction], Awaitable[None]]

HEARSAY_US = 7 * DAY_US
"""How long the actor of an activity that others told of may take to tell of it."""


LISTED_WITHIN_SECONDS = 0.5
"""What takes longer to be read does not keep an activity from being listed (AP-318)."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A received activity on its way in, with what was read for it from other servers."""

    activity: Activity
    actor: ActorRow
    intake: Intake
    found: Mapping[str, Object]
    base_url: str
    manners: Manners
    through: str | None = None
    hearsay: bool = False
    """Whether its id is but a group's word, though what it says was checked (AP-367)."""
    awaiting: bool = False
    """Whether what it brings has yet to be read, and is only named for the time being (AP-316)."""


async def receive(ports: Ports, intake: Intake, settle: Settle) -> None:
    """Let a received activity take effect. Raises Unreachable when it should be tried again later.

    ``settle`` strikes the activity off the list of those that wait, in the transaction of its effect.
    Whatever is read for it at other servers, and for what it has inside, comes out of one purse (SEC-046).
    """
    ports = replace(ports, elsewhere=ports.elsewhere.bounded())
    try:
        await _receive(ports, intake, settle)
    except VocabError as refusal:
        log.info("what %s sent cannot be used: %s", intake.sender.id, refusal)
        await ports.store.write(settle)


async def _receive(ports: Ports, intake: Intake, settle: Settle) -> None:
    activity = Activity(lenient(parse(intake.body.encode())).data)
    actor = await evidence.sender(ports, intake.sender.id)
    if actor is None:
        await ports.store.write(settle)
        return
    found = await _found(ports, activity, actor, intake)
    if announced.is_by_group(activity, actor):
        with contextlib.suppress(VocabError):
            await _receive_inner(ports, activity, actor, intake, found)
    await _let_in(ports, Coming(activity, actor, intake, found, ports.base_url, ports.manners), settle)


async def _found(ports: Ports, activity: Activity, actor: ActorRow, intake: Intake) -> Mapping[str, Object]:
    """Return what was read for an activity; one that brings what cannot be read at once is listed meanwhile."""
    if not activity.is_a("Create") or not evidence.wanting(activity, actor, ports.base_url):
        return await evidence.found(ports, activity, actor)
    reading = asyncio.create_task(evidence.found(ports, activity, actor))
    try:
        done, _ = await asyncio.wait({reading}, timeout=LISTED_WITHIN_SECONDS)
        if not done or _is_put_off(reading.exception()):
            await _list_early(ports, activity, actor, intake)
        return await reading
    finally:
        reading.cancel()


def _is_put_off(error: BaseException | None) -> bool:
    return isinstance(error, Unreachable) and error.temporary


async def _list_early(ports: Ports, activity: Activity, actor: ActorRow, intake: Intake) -> None:
    named = None if activity.id is None else awaited.named(activity)
    if named is not None:
        coming = Coming(named, actor, intake, {}, ports.base_url, ports.manners, awaiting=True)
        with contextlib.suppress(StreamsError, VocabError):
            await ports.store.write(take, coming, _nothing, effective=False)


async def _receive_inner(
    ports: Ports, activity: Activity, group: ActorRow, intake: Intake, found: Mapping[str, Object]
) -> None:
    """Let the activity that a group announces take effect as if its actor had sent it (AP-367)."""
    read = next((thing for thing in found.values() if thing.is_activity), None)
    believed = await announced.inner(ports, activity, group, read)
    author = None if believed is None else await evidence.sender(ports, believed.one_id("actor") or "")
    if believed is None or author is None:
        return
    inner = Activity(lenient(believed).data)
    sender = VerifiedActor(author.iri, intake.sender.key, author.host)
    passed = Intake(sender, dump.dump(believed).decode(), None, intake.received)
    vouched = await evidence.found(ports, inner, author)
    coming = Coming(
        inner, author, passed, vouched, ports.base_url, ports.manners, group.iri, hearsay=read is None
    )
    await _let_in(ports, coming, _nothing)


async def _nothing(_: Transaction) -> None:
    """Settle nothing: what came inside is struck off with what it came in."""


async def _let_in(ports: Ports, coming: Coming, settle: Settle) -> None:
    activity, actor = coming.activity, coming.actor
    try:
        return await ports.store.write(take, coming, settle, effective=True)
    except (NotAllowed, TooOften) as refusal:
        log.info("refused %s from %s: %s", activity.type, actor.iri, refusal)
        return await ports.store.write(_refuse, coming, settle)
    except (StreamsError, VocabError) as refusal:
        log.info("%s from %s has no effect: %s", activity.type, actor.iri, refusal)
        return await ports.store.write(take, coming, settle, effective=False)


async def _refuse(tx: Transaction, coming: Coming, settle: Settle) -> None:
    """Leave nothing of an activity that its actor is not allowed."""
    await settle(tx)
    if coming.activity.id is not None:
        await awaited.withdraw(tx, coming.activity.id, coming.actor.iri)


async def take(tx: Transaction, coming: Coming, settle: Settle, *, effective: bool) -> None:
    """Record a received activity once, with its effect, and list it for everyone here whom it concerns.

    A unit of work. Seen again, at another inbox perhaps, it is only listed there (AP-314).
    """
    await settle(tx)
    activity, actor, intake, base_url = coming.activity, coming.actor, coming.intake, coming.base_url
    if actor.state == State.SUSPENDED or await policies.severity(tx, actor.host) == policies.SUSPEND:
        return
    now = intake.received
    known = None if activity.id is None else await objects.by_iri(tx, activity.id)
    if known is not None and known.document is not None and known.owner != actor.id:
        raise NotAllowed("id", "belongs to someone else")
    if activity.id is None:
        activity = Activity(activity.with_(id=ids.activity(base_url, now)).data)
    id = next_id() if known is None else known.id
    deed = Deed(
        activity,
        listing.said_to(activity),
        id,
        actor,
        False,
        now,
        base_url,
        coming.found,
        through=coming.through,
    )
    forwarded: list[Stream] = []
    took, again = False, True
    if known is None or known.document is None or await _was_unsure(tx, coming, known):
        again = False
        if effective and not await foretold.known(tx, deed.iri, actor.iri, "undo", now=now):
            forwarded = await forwarding.due(tx, deed)
            await effects.apply(tx, deed)
            await interest.note(
                tx, deed.activity, actor, coming.manners, base_url=base_url, now=now, found=created(deed)
            )
            took = True
        await record.keep(tx, deed)
        if coming.hearsay:
            await foretold.note(tx, deed.iri, actor.iri, "hearsay", until=now + HEARSAY_US)
        if coming.awaiting:
            await awaited.note(tx, activity, actor.iri, now=now)
    elif activity.is_a("Flag"):
        deed.confidential = await reports.made_by(tx, deed.iri)
    elif activity.is_a("Announce"):
        deed.author = await _author(tx, known.object)
    elif activity.is_a("Create"):
        deed.refers = await _made(tx, known)
    if not deed.confidential:
        await listing.place(tx, deed, intake, again=again)
        await forwarding.forward(tx, deed, forwarded, intake.body)
    for answerer, answer in deed.answers:
        draft = drafts.prepare(answer, answerer, base_url=base_url, now=now)
        await record.ours(tx, draft, answerer, {}, base_url, now)
    if took and (concerned := await groups.concerned(tx, deed)):
        for group, said in await groups.pass_on(tx, deed, concerned, parse(intake.body.encode())):
            await record.ours(tx, said, group, {}, base_url, now)


async def _author(tx: Transaction, thing: int | None) -> ActorRow | None:
    """Return who made what an activity that we held already is about."""
    shared = None if thing is None else await objects.by_id(tx, thing)
    return None if shared is None or shared.owner is None else await actors.by_id(tx, shared.owner)


async def _made(tx: Transaction, known: ObjectRow) -> int | None:
    """Return what a Create that we held already brought, if it is its actor's."""
    thing = None if known.object is None else await objects.by_id(tx, known.object)
    return thing.id if thing is not None and thing.owner == known.owner else None


async def _was_unsure(tx: Transaction, coming: Coming, known: ObjectRow) -> bool:
    """Tell whether what we hold is what others told, and this its actor's word; or but the names of what it brings."""
    if coming.hearsay or coming.awaiting or coming.activity.id is None:
        return False
    if await awaited.fill_in(tx, known, coming.actor.iri):
        return True
    return await foretold.forget(tx, coming.activity.id, coming.actor.iri, "hearsay")
