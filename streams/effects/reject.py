"""Reject: no to a Follow, a Join or a QuoteRequest, also to one that had been accepted. ActivityPub §6 and §7.7."""

from storage import Transaction
from streams import participants, quoting, relations
from streams.deed import Deed
from streams.effects.answered import requests


async def apply(tx: Transaction, deed: Deed) -> None:
    """End what is answered, waiting or accepted (AP-240, AP-272, AP-360); never start anything."""
    for request in await requests(tx, deed):
        if request.follow is not None:
            await relations.end(tx, request.asker, deed.actor)
        elif request.activity is not None and request.activity.type == "Join":
            await participants.drop(tx, request.activity.object, request.asker.id)
        elif request.activity is not None and request.activity.type == quoting.REQUEST:
            await quoting.refuse(tx, deed, request.activity)
