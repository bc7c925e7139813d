"""Recording an activity: the document itself, and for one of ours everything that follows from it."""

from collections.abc import Mapping
from typing import Any

from storage import Transaction, entries, objects
from storage.actors import ActorRow, State
from storage.ids import next_id
from storage.objects import Kind
from streams import documents, drafts, effects, groups, linked, recipients
from streams.deed import Deed
from streams.drafts import Draft
from streams.errors import Gone, NotAllowed
from streams.moderators import GROUP
from vocab import Activity, Object, dump, stored

EMBEDS = frozenset({"Accept", "Reject", "Undo", "TentativeAccept", "TentativeReject"})
"""Types delivered with the activity they are about inside (AP-291)."""

OPEN_AFTER_MOVE = frozenset({"Delete", "Move", "Undo", "Update"})
"""What an actor that has moved may still do (AP-262)."""

PROVIDER = "hw:provider"
SHOWN = ("@context", "id", "type", "actor", "object", "target", "instrument")
"""As much is passed on of what someone else said when it is answered."""


async def ours(
    tx: Transaction, draft: Draft, author: ActorRow, found: Mapping[str, Object], base_url: str, now: int
) -> Activity:
    """Record a prepared activity and everything that follows from it. A unit of work."""
    if author.state == State.SUSPENDED:
        raise NotAllowed("actor", "is suspended")
    if author.state == State.MOVED and not OPEN_AFTER_MOVE.issuperset(draft.activity.types):
        raise NotAllowed("actor", "has moved; it can only undo, update and delete")
    if author.state == State.GONE:
        raise Gone(author.iri)
    deed = Deed(draft.activity, draft.audience, next_id(), author, True, now, base_url, found)
    await effects.apply(tx, deed)
    return await publish(tx, deed)


async def publish(tx: Transaction, deed: Deed) -> Activity:
    """Record an activity of ours that has taken effect: kept, listed, delivered, and answered by actors here."""
    await keep(tx, deed)
    await entries.append(tx, deed.actor.id, "outbox", deed.id, public=deed.audience.public)
    await linked.enter(tx, deed)
    reached = await recipients.address(tx, deed)
    if reached.inboxes or reached.strangers or reached.rest_after:
        body = dump.dump(await deliverable(tx, deed)).decode()
        await recipients.deliver(tx, deed, body, reached)
    for answerer, answer in deed.answers:
        draft = drafts.prepare(answer, answerer, base_url=deed.base_url, now=deed.now)
        await ours(tx, draft, answerer, {}, deed.base_url, deed.now)
    if concerned := await groups.concerned(tx, deed):
        for group, said in await groups.pass_on(tx, deed, concerned, await deliverable(tx, deed)):
            await ours(tx, said, group, {}, deed.base_url, deed.now)
    return deed.activity


async def say(tx: Transaction, author: ActorRow, sent: Object, *, base_url: str, now: int) -> Activity:
    """Publish something in the name of one of ours, for which nothing has to be read elsewhere. A unit of work."""
    return await ours(tx, drafts.prepare(sent, author, base_url=base_url, now=now), author, {}, base_url, now)


async def keep(tx: Transaction, deed: Deed) -> None:
    """Store the activity itself. What it is about is stored on its own and joined again when shown."""
    shared = deed.activity.is_a("Announce")
    activity = reduced(deed.activity) if shared or deed.refers is not None else deed.activity
    await documents.keep(
        tx, activity, Kind.ACTIVITY, owner=deed.actor.id, local=deed.ours, now=deed.now,
        said_to=deed.audience, object=deed.refers, id=deed.id,
    )  # fmt: skip


def reduced(activity: Activity) -> Activity:
    """Return an activity whose single object is only named, as its last member, for ``read`` to fill in."""
    iris = activity.ids("object")
    if len(iris) != 1 or len(activity.values("object")) != 1:
        return activity
    return Activity({**activity.without("object").data, "object": iris[0]})


async def deliverable(tx: Transaction, deed: Deed) -> Object:
    """Return the activity as other servers are sent it (AP-291), without what it is called in streams (Atom §1)."""
    activity = deed.activity.without(PROVIDER) if PROVIDER in deed.activity.data else deed.activity
    if activity.is_a("Like", "Announce", "Follow") and not _passes_on(deed):
        return reduced(activity)
    if activity.is_a("QuoteRequest"):
        quoting = await objects.by_iri(tx, activity.one_id("instrument") or "")
        held = (
            None if quoting is None or quoting.document is None else stored(quoting.document, quoting.context)
        )
        return (
            reduced(activity)
            if held is None
            else reduced(Activity(activity.with_(instrument=held.data).data))
        )
    if EMBEDS & set(activity.types):
        about = [await _embedded(tx, deed, value) for value in activity.values("object")]
        return activity.with_(object=about[0] if len(about) == 1 else about)
    return activity


def _passes_on(deed: Deed) -> bool:
    """Tell whether a group announces someone's activity, which goes along as it came (FEP-1b12)."""
    return deed.actor.type == GROUP and any(thing.is_activity for thing in deed.activity.embedded("object"))


async def _embedded(tx: Transaction, deed: Deed, value: Any) -> Any:
    """Return the activity that is undone or answered, as we hold it: what it is about only named."""
    iris = Object({"of": value}).ids("of")
    about = await objects.by_iri(tx, iris[0]) if iris else None
    if about is None or about.kind != Kind.ACTIVITY or about.document is None:
        return value
    activity = stored(about.document, about.context)
    if about.type == "Follow" or about.owner == deed.actor.id:
        return activity.data
    shown = reduced(Activity({term: activity.data[term] for term in SHOWN if term in activity.data}))
    return shown.with_(instrument=next(iter(activity.ids("instrument")), None)).data
