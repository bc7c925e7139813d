"""Lock: a thread of a group takes no more replies. Lemmy's extension of FEP-1b12 (AP-805)."""

from storage import Transaction, entries, objects
from storage.objects import ObjectRow
from streams import moderators
from streams.deed import Deed
from streams.errors import NotAllowed, NotFound


async def apply(tx: Transaction, deed: Deed) -> None:
    """Close threads of the groups that the actor moderates."""
    groups = await moderators.moderated(tx, deed)
    if not groups:
        raise NotAllowed("actor", "moderates no group that is addressed")
    for iri in deed.objects:
        thing = await objects.by_iri(tx, iri)
        if thing is None or thing.document is None:
            raise NotFound(iri)
        deed.refers = thing.id
        for group in groups:
            posts = await entries.find(tx, group.id, moderators.POSTS)
            if posts is not None and await entries.has(tx, posts.id, thing.id):
                await entries.add(
                    tx, await entries.ensure(tx, group.id, moderators.LOCKED), thing.id, public=True
                )


async def undo(tx: Transaction, deed: Deed, thing: ObjectRow) -> bool:
    """Open a thread again; False when it was open."""
    opened = [
        await entries.remove(tx, await entries.ensure(tx, group.id, moderators.LOCKED), thing.id)
        for group in await moderators.moderated(tx, deed)
    ]
    return any(opened)
