"""Undo: take back what one did. ActivityPub §6.10 and §7.12."""

from storage import Transaction, actors, audience, entries, foretold, objects, reactions
from storage.objects import Kind, ObjectRow
from streams import documents, linked, participants, policy, relations, watchers
from streams.deed import Deed
from streams.effects import announce, block, ignore, like, lock
from streams.effects.add import EDITABLE
from streams.errors import NotAllowed, NotFound, Redundant, Refused
from streams.instants import DAY_US
from vocab import Audience, Object, stored

FORETOLD_US = 7 * DAY_US
"""How long an Undo is remembered that arrived before what it undoes (AP-325)."""


async def apply(tx: Transaction, deed: Deed) -> None:
    """Reverse an earlier activity of the same actor; our record of it counts, not the copy sent (SEC-025)."""
    for value in deed.activity.values("object"):
        undone = await _undone(tx, deed, Object({"object": value}))
        if undone is not None:
            await _take_back(tx, deed, undone)


async def _take_back(tx: Transaction, deed: Deed, undone: ObjectRow) -> None:
    if undone.owner != deed.actor.id:
        raise NotAllowed("object", "was done by someone else")
    if deed.single:
        deed.refers = undone.id
    deed.also.extend(await audience.of(tx, undone.id))
    if deed.single and undone.type not in QUIET:  # of several, each may have been addressed to others
        deed.address_like(stored(undone.document or "{}", undone.context))
    if not await _reverse(tx, deed, undone):
        raise Redundant("object", "has no effect any more")
    if deed.ours:
        await linked.leave(tx, undone.id, now=deed.now)


async def _undone(tx: Transaction, deed: Deed, undo: Object) -> ObjectRow | None:
    """Find what is undone by its id, or by actor and object where peers leave the id out (AP-802).

    What a server undoes before we have seen it is remembered, and None returned (AP-325).
    """
    iris, embedded = undo.ids("object"), undo.embedded("object")
    known = await objects.by_iri(tx, iris[0]) if iris else None
    if known is not None and known.kind == Kind.ACTIVITY:
        return known
    if embedded and not deed.ours:
        alike = await _alike(tx, deed, embedded[0])
        if alike is not None:
            return alike
    if not iris:
        raise Refused("object.id", "is missing")
    if known is not None and known.document is not None:
        raise Refused("object", "is not an activity")
    if deed.ours:
        raise NotFound(iris[0])
    await foretold.note(tx, iris[0], deed.actor.iri, "undo", until=deed.now + FORETOLD_US)
    return None


async def _alike(tx: Transaction, deed: Deed, sent: Object) -> ObjectRow | None:
    """Find the actor's activity that an embedded copy without a usable id describes."""
    iris = sent.ids("object")
    thing = await objects.by_iri(tx, iris[0]) if iris else None
    if thing is None:
        return None
    activity: int | None = None
    if sent.is_a("Follow"):
        followed = await actors.by_id(tx, thing.id)
        follow = None if followed is None else await relations.find(tx, deed.actor, followed)
        activity = None if follow is None else follow.activity
    elif kinds := ["Announce"] if sent.is_a("Announce") else like.kinds(sent):
        activity = await reactions.find(tx, thing.id, deed.actor.id, kinds[0])
    return None if activity is None else await objects.by_id(tx, activity)


async def _reverse(tx: Transaction, deed: Deed, undone: ObjectRow) -> bool:
    """Reverse one activity by its type; False when nothing of it was left."""
    thing = await objects.by_id(tx, undone.object) if undone.object is not None else None
    if undone.type in QUIET:
        deed.audience = Audience()
        return await QUIET[undone.type](tx, deed, undone)
    if undone.type not in REVERSIBLE or thing is None:
        raise Refused("object", f"a {undone.type or 'nameless activity'} cannot be undone")
    deed.concerns.append(thing)
    return await REVERSIBLE[undone.type](tx, deed, thing, undone)


async def _follow(tx: Transaction, deed: Deed, thing: ObjectRow, undone: ObjectRow) -> bool:
    followed = await actors.by_id(tx, thing.id)
    if followed is None:
        deed.audience = Audience()  # whoever watches a thread has told nobody
        return await watchers.end(tx, deed.actor.id, thing.id)
    deed.also.append(followed.iri)
    return await relations.end(tx, deed.actor, followed) is not None


async def _accept(tx: Transaction, deed: Deed, thing: ObjectRow, undone: ObjectRow) -> bool:
    follower = await actors.by_id(tx, thing.owner) if thing.owner is not None else None
    if follower is None:
        return False
    deed.also.append(follower.iri)
    if thing.type == "Join":
        return await participants.drop(tx, thing.object, follower.id)
    return await relations.end(tx, follower, deed.actor) is not None


async def _reaction(tx: Transaction, deed: Deed, thing: ObjectRow, undone: ObjectRow) -> bool:
    await _reach_owner(tx, deed, thing)
    return await like.undo(tx, deed, thing, stored(undone.document or "{}", undone.context))


async def _announce(tx: Transaction, deed: Deed, thing: ObjectRow, undone: ObjectRow) -> bool:
    await _reach_owner(tx, deed, thing)
    return await announce.undo(tx, deed, thing)


async def _join(tx: Transaction, deed: Deed, thing: ObjectRow, undone: ObjectRow) -> bool:
    await _reach_owner(tx, deed, thing)
    return await participants.drop(tx, thing.id, deed.actor.id)


async def _delete(tx: Transaction, deed: Deed, thing: ObjectRow, undone: ObjectRow) -> bool:
    """Take a thing of another server back in as its origin serves it again (IQ-729); ours stay deleted."""
    if deed.ours:
        raise Refused("object", "a Delete cannot be undone")
    again = deed.documents.get(thing.iri)
    if again is None or thing.deleted is None or not policy.wrote(deed.actor, again):
        return False
    await documents.restore(tx, thing, again, now=deed.now)
    return True


async def _add(tx: Transaction, deed: Deed, thing: ObjectRow, undone: ObjectRow) -> bool:
    target = stored(undone.document or "{}", None).one_id("target")
    stream = None if target is None else await entries.by_iri(tx, target)
    if stream is None or stream.kind not in EDITABLE:
        return False
    return await entries.remove(tx, stream.id, thing.id)


async def _lock(tx: Transaction, deed: Deed, thing: ObjectRow, undone: ObjectRow) -> bool:
    return await lock.undo(tx, deed, thing)


async def _reach_owner(tx: Transaction, deed: Deed, thing: ObjectRow) -> None:
    if thing.owner is not None and thing.owner != deed.actor.id:
        deed.also.append(await objects.iri_of(tx, thing.owner))


QUIET = {"Block": block.undo, "Ignore": ignore.undo}
"""What nobody was told of, and what is not about one stored thing."""

REVERSIBLE = {
    "Accept": _accept,
    "Add": _add,
    "Announce": _announce,
    "Delete": _delete,
    "Dislike": _reaction,
    "EmojiReact": _reaction,
    "Follow": _follow,
    "Join": _join,
    "Like": _reaction,
    "Lock": _lock,
}
