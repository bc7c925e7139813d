"""Watching a thread: who follows a post that is no actor is told of what is answered to it (Atom §7.3).

A member's Follow of a post is addressed to nobody: who watches what is known to the member alone.
"""

from typing import Final

from storage import Transaction, actors, objects, reactions, standings
from storage.objects import ObjectRow
from streams import ids, policy, recipients
from streams.deed import Deed
from vocab import stored

WATCH: Final = "Watch"
WATCHERS_MAX: Final = 1_000
"""So many watchers of a thread are told."""


async def end(tx: Transaction, actor: int, thing: int) -> bool:
    """Let a member watch a thread no more; False when they did not. A unit of work."""
    return await reactions.remove(tx, thing, actor, WATCH) is not None


async def tell(tx: Transaction, deed: Deed, parent: ObjectRow, reply: ObjectRow) -> None:
    """Put an answer into the inboxes of those who watch what it answers, or what its conversation began with."""
    watched = [parent.id]
    said = stored(parent.document or "{}", parent.context).get("context")
    first = ids.begun_by(deed.base_url, said) if isinstance(said, str) else None
    root = None if first in (None, parent.iri) else await objects.id_of(tx, first or "")
    if root is not None:
        watched.append(root)
    for id in await standings.watchers(tx, watched, limit=WATCHERS_MAX):
        watcher = await actors.by_id(tx, id)
        if watcher is None or not watcher.local or watcher.id == deed.actor.id:
            continue
        if await policy.may_read(tx, reply, policy.viewer(watcher)):
            await recipients.tell(tx, watcher, deed)
