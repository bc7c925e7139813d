"""Block: hear no more of someone. ActivityPub §6.9; received from elsewhere, take the hint."""

from storage import Transaction, actors, blocks, entries, objects
from storage.objects import ObjectRow
from streams import relations
from streams.deed import Deed
from streams.errors import Refused
from vocab import Audience


async def apply(tx: Transaction, deed: Deed) -> None:
    """End every follow between the two; for one of ours, remember the block and tell nobody (AP-255, AP-374)."""
    iri = deed.activity.one_id("object")
    if iri is None or iri == deed.actor.iri:
        raise Refused("object", "must be another actor")
    blocked = await actors.find(tx, iri)
    if blocked is not None:
        await relations.end(tx, blocked, deed.actor)
        await relations.end(tx, deed.actor, blocked)
    if not deed.ours:
        return
    deed.audience = Audience()
    target = blocked.id if blocked is not None else await objects.name(tx, iri, now=deed.now)
    deed.refers = target
    await blocks.add(tx, deed.actor.id, iri, "block", deed.id, now=deed.now)
    await entries.add(tx, await entries.ensure(tx, deed.actor.id, "blocked"), target)
    await entries.add(tx, await entries.ensure(tx, deed.actor.id, "blocks"), deed.id)


async def undo(tx: Transaction, deed: Deed, undone: ObjectRow) -> bool:
    """Lift a block; False when there was none."""
    target = await objects.by_id(tx, undone.object) if undone.object is not None else None
    if target is None or not await blocks.remove(tx, deed.actor.id, target.iri, "block"):
        return False
    await entries.remove(tx, await entries.ensure(tx, deed.actor.id, "blocked"), target.id)
    await entries.remove(tx, await entries.ensure(tx, deed.actor.id, "blocks"), undone.id)
    return True
