"""Remove: take something out of a collection of one's own. ActivityPub §6.7 and §7.9."""

from storage import Transaction, actors, entries, objects
from streams import relations
from streams.deed import Deed
from streams.effects.add import edited
from vocab import Activity


async def apply(tx: Transaction, deed: Deed) -> None:
    """Take each object out of the target; what is not there is no error. Out of one's followers, say so (AP-246)."""
    target = deed.activity.one_id("target")
    if deed.ours and target == deed.actor.followers:
        for iri in deed.objects:
            await _drop_follower(tx, deed, iri)
        return
    stream = await edited(tx, deed)
    for iri in deed.objects:
        item = await objects.id_of(tx, iri)
        if item is not None:
            deed.refers = item
            await entries.remove(tx, stream.id, item)


async def _drop_follower(tx: Transaction, deed: Deed, iri: str) -> None:
    """Answer the follow of someone after all with a Reject, which ends it and tells them."""
    follower = await actors.find(tx, iri)
    relation = None if follower is None else await relations.find(tx, follower, deed.actor)
    if follower is None or relation is None:
        return
    follow = {"type": "Follow", "actor": follower.iri, "object": deed.actor.iri}
    if relation.activity is not None:
        follow["id"] = await objects.iri_of(tx, relation.activity)
    rejection = Activity({"type": "Reject", "actor": deed.actor.iri, "object": follow, "to": follower.iri})
    deed.answers.append((deed.actor, rejection))
