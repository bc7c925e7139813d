"""Ignore: a mute, known to nobody but the one who mutes."""

from storage import Transaction, blocks
from streams.deed import Deed
from vocab import Audience


async def apply(tx: Transaction, deed: Deed) -> None:
    """Remember whom one of ours mutes (AP-270); an Ignore from elsewhere means nothing here."""
    if deed.ours:
        deed.audience = Audience()
        for iri in deed.activity.ids("object"):
            await blocks.add(tx, deed.actor.id, iri, "mute", deed.id, now=deed.now)
