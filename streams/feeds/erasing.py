"""Deleting reactions for good, with all replies to them (Feeds §7.3): nothing is left of what they said."""

from collections.abc import Mapping
from typing import Any, Final

from storage import Transaction, entries, feedaudit, feedcounts, feedreactions, jobs, media, objects
from storage.feedreactions import FeedReaction
from storage.tenants import Tenant
from streams.feeds import reactions, responding
from streams.feeds.placing import QUEUE
from streams.feeds.reactions import May
from streams.feeds.space import Feeds, Space
from vocab.dialects.getstream.reactions import LEVELS_MAX

AT_ONCE: Final = 100
"""So many replies go with a reaction in its transaction; the others soon after."""


async def remove(parts: Feeds, tenant: Tenant, name: str, may: May, *, author: str) -> None:
    """Delete a reaction for good, with all replies to it and what it told in feeds. Raises NotFound."""
    space = await parts.space(tenant)
    await parts.store.write(_remove, space, name, may, author=author, now=parts.clock())


async def _remove(tx: Transaction, space: Space, name: str, may: May, *, author: str, now: int) -> None:
    space = await space.heard(tx, now=now)
    await erase(tx, space, await reactions.found(tx, space, name, may), author=author, now=now)


async def erase(tx: Transaction, space: Space, row: FeedReaction, *, author: str, now: int) -> None:
    """Delete a reaction for good, and all replies to it, many of them by jobs. A unit of work."""
    if row.deleted is None:
        await feedcounts.change(tx, row.subject, row.kind, -1)
        await responding.happened(tx, space, "deleted", reactions.read(row))
    await feedaudit.note(tx, space.tenant.id, "reaction", row.name, "delete", author)
    await _erase(tx, space, row, now=now)
    await erase_below(tx, space, {"subjects": [row.item]}, now=now)


async def erase_below(tx: Transaction, space: Space, work: Mapping[str, Any], *, now: int) -> None:
    """Delete the replies to reactions that are gone; a job goes on when there are many. A unit of work."""
    waiting, left = list(work["subjects"]), AT_ONCE
    while waiting and left:
        subject = waiting.pop()
        found = await feedreactions.below(tx, subject, limit=left)
        if len(found) == left:
            waiting.append(subject)
        else:
            await feedcounts.forget(tx, subject)
        left -= len(found)
        for row in found:
            await _erase(tx, space, row, now=now)
            if row.level < LEVELS_MAX:
                waiting.append(row.item)
    if waiting:
        payload = {"do": "erase replies", "tenant": space.tenant.id, "subjects": waiting}
        await jobs.add(tx, QUEUE, payload, now=now, key=f"replies {waiting[0]}")


async def _erase(tx: Transaction, space: Space, row: FeedReaction, *, now: int) -> None:
    if not await feedreactions.remove(tx, row.item):
        return
    if row.targets:
        await responding.untell(tx, space, reactions.read(row), now=now)
    await entries.remove_everywhere(tx, row.item, ("outbox",))
    await media.detach(tx, row.item)
    await objects.forget(tx, row.item)
