"""Recording an activity: the document itself, and for one of ours everything that follows from it."""

from collections.abc import Mapping

from storage import Transaction, entries, objects
from storage.actors import ActorRow, State
from storage.ids import next_id
from storage.objects import Kind
from streams import documents, drafts, effects, recipients
from streams.deed import Deed
from streams.drafts import Draft
from streams.errors import Gone
from vocab import Activity, Object, dump, stored

EMBEDS = frozenset({"Accept", "Reject", "Undo", "TentativeAccept", "TentativeReject"})
"""Types delivered with the activity they are about inside (AP-291)."""


async def ours(
    tx: Transaction, draft: Draft, author: ActorRow, found: Mapping[str, Object], base_url: str, now: int
) -> Activity:
    """Record a prepared activity and everything that follows from it. A unit of work."""
    if author.state != State.ACTIVE:
        raise Gone(author.iri)
    deed = Deed(draft.activity, draft.audience, next_id(), author, True, now, base_url, found)
    await effects.apply(tx, deed)
    await keep(tx, deed)
    await entries.append(tx, author.id, "outbox", deed.id, public=deed.audience.public)
    reached = await recipients.address(tx, deed)
    if reached.inboxes or reached.strangers or reached.rest_after:
        body = dump.dump(await deliverable(tx, deed)).decode()
        await recipients.deliver(tx, deed, body, reached)
    for answerer, answer in deed.answers:
        draft = drafts.prepare(answer, answerer, base_url=base_url, now=now)
        await ours(tx, draft, answerer, {}, base_url, now)
    return deed.activity


async def keep(tx: Transaction, deed: Deed) -> None:
    """Store the activity itself. What it is about is stored on its own and joined again when shown."""
    activity = reduced(deed.activity) if deed.refers is not None else deed.activity
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
    """Return the activity as other servers are sent it (AP-291)."""
    activity = deed.activity
    if activity.is_a("Like", "Announce", "Follow"):
        return reduced(activity)
    if EMBEDS & set(activity.types) and deed.refers is not None:
        about = await objects.by_id(tx, deed.refers)
        if about is not None and about.kind == Kind.ACTIVITY and about.document is not None:
            return activity.with_(object=stored(about.document, about.context).data)
    return activity
