"""Like, Dislike and EmojiReact: count once, tell the author. ActivityPub §6.8 and §7.10."""

from storage import Transaction, actors, entries, objects, reactions
from storage.objects import ObjectRow
from streams import documents, policy, responses
from streams.deed import Deed
from streams.errors import NotFound, Redundant, Refused
from vocab import Object, emoji

COUNTERS = {"Like": "likes", "Dislike": "dislikes", "EmojiReact": "reactions"}
"""Which stream of a thing counts which reaction (AP-250, AP-365)."""


async def apply(tx: Transaction, deed: Deed) -> None:
    """Add the reaction to the object's counter and a Like to what the actor likes; once per actor (AP-250)."""
    for iri in deed.objects:
        thing = await reacted_to(tx, deed, iri)
        for kind in kinds(deed.activity):
            await _count(tx, deed, thing, kind)


def kinds(activity: Object) -> list[str]:
    """Return what an activity counts as, each at most once per actor and thing.

    An emoji reaction counts once for each emoji and is spelt ``EmojiReact 🍵``, also when it came as a Like
    with an emoji (FEP-c0e0); the others are spelt like their type.
    """
    sign = emoji.of(activity)
    plain = [type for type in activity.types if type in COUNTERS and (sign is None or type == "Dislike")]
    return list(dict.fromkeys(plain if sign is None else [*plain, f"EmojiReact {sign}".rstrip()]))


def _counter(kind: str) -> str:
    return COUNTERS[kind.partition(" ")[0]]


async def _count(tx: Transaction, deed: Deed, thing: ObjectRow, kind: str) -> None:
    if not await reactions.add(tx, thing.id, deed.actor.id, kind, deed.id):
        raise Redundant("object", "has this reaction of the actor already")
    if kind == "Like" and deed.actor.local:
        liked = await entries.ensure(tx, deed.actor.id, "liked")
        await entries.add(tx, liked, thing.id, public=bool(thing.public or thing.document is None))
    if thing.local:
        counter = await entries.ensure(tx, thing.id, _counter(kind))
        await entries.add(tx, counter, deed.id, public=bool(thing.public))
    await responses.reacted(tx, deed, thing, kind)


async def undo(tx: Transaction, deed: Deed, thing: ObjectRow, undone: Object) -> bool:
    """Take the actor's reaction to a thing back; False when nothing of it was there."""
    return any([await _uncount(tx, deed, thing, kind) for kind in kinds(undone)])


async def _uncount(tx: Transaction, deed: Deed, thing: ObjectRow, kind: str) -> bool:
    activity = await reactions.remove(tx, thing.id, deed.actor.id, kind)
    if activity is None:
        return False
    if kind == "Like" and deed.actor.local:
        await entries.remove(tx, await entries.ensure(tx, deed.actor.id, "liked"), thing.id)
    await entries.remove(tx, await entries.ensure(tx, thing.id, _counter(kind)), activity)
    await responses.regretted(tx, deed, thing, kind)
    return True


async def reacted_to(tx: Transaction, deed: Deed, iri: str) -> ObjectRow:
    """Return the thing an actor reacts to, which it must be able to see (SEC-034), and reach its author."""
    if iri in deed.documents:
        await documents.keep_foreign(tx, deed.documents[iri], now=deed.now)
    thing = await policy.visible(tx, iri, policy.viewer(deed.actor), base_url=deed.base_url)
    if thing is None:
        if not deed.ours:
            raise NotFound(iri)
        named = await objects.by_id(tx, await objects.name(tx, iri, now=deed.now))
        if named is None:
            raise Refused("object", "cannot be noted")
        thing = named
    await policy.unblocked(tx, thing.owner, deed.actor)
    deed.refers = thing.id
    deed.concerns.append(thing)
    if thing.owner is not None and thing.owner != deed.actor.id:
        author = await actors.by_id(tx, thing.owner)
        if author is not None:
            deed.author = author
            deed.name(author.iri)
    return thing
