"""Ignore: a mute, known to nobody but the one who mutes."""

from storage import Transaction, blocks, entries, objects
from storage.objects import ObjectRow
from streams.deed import Deed
from vocab import Audience


async def apply(tx: Transaction, deed: Deed) -> None:
    """Remember whom one of ours mutes (AP-270, AP-641); an Ignore from elsewhere means nothing here."""
    if not deed.ours:
        return
    deed.audience = Audience()
    muted = await entries.ensure(tx, deed.actor.id, "muted")
    for iri in deed.objects:
        await blocks.add(tx, deed.actor.id, iri, "mute", deed.id, now=deed.now)
        deed.refers = await objects.name(tx, iri, now=deed.now)
        await entries.add(tx, muted, deed.refers)


async def undo(tx: Transaction, deed: Deed, undone: ObjectRow) -> bool:
    """Hear them again whom an Ignore muted; False when it mutes nobody any more."""
    muted = await entries.ensure(tx, deed.actor.id, "muted")
    lifted = await blocks.by_activity(tx, deed.actor.id, undone.id)
    for target, kind in lifted:
        await blocks.remove(tx, deed.actor.id, target, kind)
        await entries.remove(tx, muted, await objects.id_of(tx, target) or 0)
    return bool(lifted)
