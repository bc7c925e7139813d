"""Who may keep order in a group: the group itself and its moderators (FEP-1b12).

Of a group of ours they are a collection that it, or any of them, may edit; of one elsewhere we keep a copy of
the list its ``attributedTo`` names.
"""

from collections.abc import Iterable
from itertools import islice

from storage import Transaction, actors, entries, objects
from storage.actors import ActorRow
from storage.objects import ObjectRow
from streams.deed import Deed

KIND = "moderators"
GROUP = "Group"
POSTS = "posts"
"""What was accepted into a group."""
LOCKED = "locked"
"""Threads of a group that take no more replies."""
LEARNED_MAX = 200
"""So many moderators of a group elsewhere are known."""
EDITED = frozenset({KIND, "featured"})
"""Collections of a group that its moderators may edit."""


async def moderates(tx: Transaction, actor: ActorRow, group: int) -> bool:
    """Tell whether an actor may keep order in a group."""
    if actor.id == group:
        return True
    stream = await entries.find(tx, group, KIND)
    return stream is not None and await entries.has(tx, stream.id, actor.id)


async def learn(tx: Transaction, group: ActorRow, iris: Iterable[str], *, now: int) -> None:
    """Keep who moderates a group of another server, as the group says now."""
    stream = await entries.ensure(tx, group.id, KIND)
    wanted = {await objects.name(tx, iri, now=now) for iri in islice(iris, LEARNED_MAX)}
    for entry in await entries.page(tx, stream, viewer=None, whole=True, limit=LEARNED_MAX):
        if entry.id not in wanted:
            await entries.remove(tx, stream, entry.id)
    for item in wanted:
        await entries.add(tx, stream, item, public=True)


async def moderated(tx: Transaction, deed: Deed) -> list[ActorRow]:
    """Return the groups that a deed is addressed or directed to, or came through, and that its actor moderates."""
    named = dict.fromkeys((*deed.audience.recipients, *deed.activity.ids("target")))
    found = [actor for iri in named if (actor := await actors.find(tx, iri)) is not None]
    groups = [actor for actor in found if actor.type == GROUP and (actor.local or actor.iri == deed.through)]
    return [group for group in groups if await moderates(tx, deed.actor, group.id)]


async def expel(tx: Transaction, deed: Deed, thing: ObjectRow) -> bool:
    """Take someone else's post out of the groups that the actor moderates; False when there is none.

    The post itself stays its author's: only the group does without it.
    """
    removed = False
    for group in await moderated(tx, deed):
        posts = await entries.find(tx, group.id, POSTS)
        if posts is not None and await entries.remove(tx, posts.id, thing.id):
            await entries.remove(tx, await entries.ensure(tx, group.id, "featured"), thing.id)
            removed = True
    return removed
