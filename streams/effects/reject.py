"""Reject: no to a Follow, also to one that had been accepted. ActivityPub §6 and §7.7."""

from storage import Transaction
from streams import relations
from streams.deed import Deed
from streams.effects.accept import answered_follow


async def apply(tx: Transaction, deed: Deed) -> None:
    """End the Follow that is answered, waiting or accepted (AP-240, AP-360); never start one."""
    answered = await answered_follow(tx, deed)
    if answered is not None:
        _, follower = answered
        await relations.end(tx, follower, deed.actor)
        deed.also.append(follower.iri)
