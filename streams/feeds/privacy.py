"""For somebody's privacy: which activities and reactions are theirs, and their deletion (Feeds §7.9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from storage import Transaction, feedactivities, feedaudit, feedreactions, objects
from storage.tenants import Tenant
from streams.feeds import erasing, keys, removing
from streams.feeds.space import Feeds, Space
from vocab.dialects.getstream import Reference
from vocab.dialects.getstream.privacy import Deletion


@dataclass(frozen=True, slots=True)
class Export:
    """What a user has done, the oldest first: ids of activities and of reactions."""

    activities: tuple[UUID, ...]
    reactions: tuple[str, ...]


async def export(parts: Feeds, tenant: Tenant, user: str) -> Export:
    """Return what a user has done, as an account of ours too; what is hidden counts, what was deleted does not."""
    return await parts.store.scan(_export, await parts.space(tenant), user)


async def _export(tx: Transaction, space: Space, user: str) -> Export:
    entity = space.entities.iri(str(Reference("user", user)))
    found = []
    for iri in (entity, space.entities.account(entity)):
        owner = None if iri is None else await objects.id_of(tx, iri)
        if owner is not None:
            found += await feedactivities.of_owner(tx, space.tenant.id, owner)
    answers = await feedreactions.of_author(tx, space.tenant.id, user)
    return Export(tuple(keys.id_of(key) for key in sorted(found)), tuple(answers))


async def delete_activities(parts: Feeds, tenant: Tenant, wanted: Iterable[Deletion], *, author: str) -> None:
    """Delete activities wherever they are; what is not there is passed over. Each is a unit of work.

    Which feeds are named beside one makes no difference: none shows what is deleted. Raises UnknownGroup when one of
    these cannot be; then nothing was deleted.
    """
    wanted = list(wanted)
    space = await parts.space(tenant, {feed.slug for one in wanted for feed in one.feeds})
    for one in wanted:
        await parts.store.write(_delete_activity, space, one, author=author, now=parts.clock())


async def _delete_activity(tx: Transaction, space: Space, wanted: Deletion, *, author: str, now: int) -> None:
    if await removing.delete(tx, await space.heard(tx, now=now), wanted.id, now=now):
        await feedaudit.note(tx, space.tenant.id, "activity", str(wanted.id), "delete", author)


async def delete_reactions(parts: Feeds, tenant: Tenant, names: Iterable[str], *, author: str) -> None:
    """Delete reactions for good, with all replies to them. Each is a unit of work."""
    for name in names:
        await parts.store.write(
            _delete_reaction, await parts.space(tenant), name, author=author, now=parts.clock()
        )


async def _delete_reaction(tx: Transaction, space: Space, name: str, *, author: str, now: int) -> None:
    row = await feedreactions.seize(tx, space.tenant.id, name)
    if row is not None:
        await erasing.erase(tx, await space.heard(tx, now=now), row, author=author, now=now)
