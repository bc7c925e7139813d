"""Receive: what other servers say comes in, once. ActivityPub §5.2 and §7.

The sender was verified and the activity remembered before the 202; here it takes effect. What it
oversteps (someone else's object, a second like) is kept out or kept without effect, never answered.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from storage import Transaction, actors, audience, entries, foretold, objects, policies
from storage.actors import ActorRow
from storage.ids import next_id
from storage.inbox import Intake
from streams import drafts, effects, ids, policy, recipients, record
from streams.deed import Deed
from streams.errors import NotAllowed, StreamsError, Unreachable
from streams.ports import Ports
from vocab import Activity, Audience, Object, VocabError, parse
from vocab import iri as iris
from vocab.validate import lenient

log = logging.getLogger(__name__)

NEEDS_OBJECT_READ = frozenset({"Create", "Update", "Announce"})
"""Types whose object must be read from its origin unless the sender may speak for it."""


Settle = Callable[[Transaction], Awaitable[None]]


async def receive(ports: Ports, intake: Intake, settle: Settle) -> None:
    """Let a received activity take effect. Raises Unreachable when it should be tried again later.

    ``settle`` strikes the activity off the list of those that wait, in the transaction of its effect.
    """
    activity = Activity(lenient(parse(intake.body.encode())).data)
    actor = await _actor(ports, intake.sender.id)
    if actor is None:
        return await ports.store.write(settle)
    coming = Coming(activity, actor, intake, await _look_up(ports, activity, actor), ports.base_url)
    try:
        return await ports.store.write(take, coming, settle, effective=True)
    except NotAllowed as refusal:
        log.info("refused %s from %s: %s", activity.type, actor.iri, refusal)
        return await ports.store.write(settle)
    except (StreamsError, VocabError) as refusal:
        log.info("%s from %s has no effect: %s", activity.type, actor.iri, refusal)
        return await ports.store.write(take, coming, settle, effective=False)


@dataclass(frozen=True, slots=True)
class Coming:
    """A received activity on its way in, with what was read for it from other servers."""

    activity: Activity
    actor: ActorRow
    intake: Intake
    found: Mapping[str, Object]
    base_url: str


async def take(tx: Transaction, coming: Coming, settle: Settle, *, effective: bool) -> None:
    """Record a received activity once, with its effect, and list it for everyone here whom it concerns.

    A unit of work. Seen again, at another inbox perhaps, it is only listed there (AP-314).
    """
    await settle(tx)
    activity, actor, intake, base_url = coming.activity, coming.actor, coming.intake, coming.base_url
    if await policies.severity(tx, actor.host) == "suspend":
        return
    now = intake.received
    known = None if activity.id is None else await objects.by_iri(tx, activity.id)
    if known is not None and known.document is not None and known.owner != actor.id:
        raise NotAllowed("id", "belongs to someone else")
    if activity.id is None:
        activity = Activity(activity.with_(id=ids.activity(base_url, now)).data)
    said_to = Audience.of(activity)
    id = next_id() if known is None else known.id
    deed = Deed(activity, said_to, id, actor, False, now, base_url, coming.found)
    if known is None or known.document is None:
        if effective and not await foretold.known(tx, deed.iri, actor.iri, "undo", now=now):
            await effects.apply(tx, deed)
        await record.keep(tx, deed)
    await _list(tx, deed, intake)
    for answerer, answer in deed.answers:
        draft = drafts.prepare(answer, answerer, base_url=base_url, now=now)
        await record.ours(tx, draft, answerer, {}, base_url, now)


async def _list(tx: Transaction, deed: Deed, intake: Intake) -> None:
    """Put the activity into the inboxes of those it concerns (AP-317)."""
    if intake.inbox is not None:
        owner = await actors.by_id(tx, intake.inbox)
        if owner is not None:
            await _address(tx, deed, owner)
            await recipients.tell(tx, owner, deed)
    for iri in deed.audience.recipients:
        if ids.is_ours(deed.base_url, iri):
            named = await actors.find(tx, iri)
            if named is not None and named.local:
                await recipients.tell(tx, named, deed)
    if deed.audience.public or (deed.actor.followers or "") in deed.audience.recipients:
        outbox = await entries.find(tx, deed.actor.id, "outbox")
        if outbox is not None:
            await entries.add(tx, outbox.id, deed.id, public=deed.audience.public)
            await entries.copy_to_followers(tx, outbox.id, deed.id, public=deed.audience.public)
    await _tell_owner(tx, deed)


async def _address(tx: Transaction, deed: Deed, owner: ActorRow) -> None:
    """Let the owner of the inbox read what was sent there, also when the sender named them blind."""
    blind = Audience(bto=(owner.iri,))
    await audience.put(tx, deed.id, blind)
    if deed.activity.is_a("Create") and deed.refers is not None:
        await audience.put(tx, deed.refers, blind)


async def _tell_owner(tx: Transaction, deed: Deed) -> None:
    """Tell the owner of the thing of ours that the activity is about."""
    about = None if deed.refers is None else await objects.by_id(tx, deed.refers)
    if about is not None and about.local and about.owner is not None:
        owner = await actors.by_id(tx, about.owner)
        if owner is not None and owner.local:
            await recipients.tell(tx, owner, deed)


async def _actor(ports: Ports, iri: str) -> ActorRow | None:
    """Return the sender as we know it, read from its origin when we do not; None when it has no usable form."""
    actor = await ports.store.read(actors.find, iri)
    if actor is not None:
        return actor
    try:
        await ports.elsewhere.actor(iri)
    except Unreachable as error:
        if error.temporary:
            raise
        return None
    return await ports.store.read(actors.find, iri)


async def _look_up(ports: Ports, activity: Activity, actor: ActorRow) -> dict[str, Object]:
    """Read from their origin the objects that the sender cannot vouch for (AP-316, SEC-017)."""
    if not NEEDS_OBJECT_READ & set(activity.types):
        return {}
    if activity.is_a("Update") and activity.ids("object") == (actor.iri,):
        await ports.elsewhere.actor(actor.iri, refresh=True)
        return {}
    vouched = {thing.id for thing in activity.embedded("object") if _vouched(thing, actor)}
    found: dict[str, Object] = {}
    for iri in activity.ids("object"):
        if iri not in vouched and not ids.is_ours(ports.base_url, iri):
            thing = await _read(ports, iri, activity)
            if thing is not None:
                found[iri] = thing
    return found


def _vouched(thing: Object, actor: ActorRow) -> bool:
    """Tell whether an embedded object may be believed: the sender's own, on the sender's origin."""
    return (
        thing.id is not None
        and iris.is_http(thing.id)
        and iris.same_origin(thing.id, actor.iri)
        and policy.wrote(actor, thing)
    )


async def _read(ports: Ports, iri: str, activity: Activity) -> Object | None:
    known = await ports.store.read(objects.by_iri, iri)
    if known is not None and known.document is not None and not activity.is_a("Update"):
        return None
    try:
        thing = await ports.elsewhere.object(iri)
    except Unreachable as error:
        if error.temporary:
            raise
        return None
    author = thing.one_id("attributedTo")
    if author is not None and activity.is_a("Announce"):
        try:
            await ports.elsewhere.actor(author)
        except Unreachable:
            log.info("the author of %s cannot be reached", iri)
    return thing
