"""Accept: yes to a Follow, a Join or a QuoteRequest. ActivityPub §6 and §7.6."""

from storage import Transaction
from streams import participants, quoting, relations
from streams.deed import Deed
from streams.effects.answered import requests


async def apply(tx: Transaction, deed: Deed) -> None:
    """Complete what is answered (AP-240, AP-272, AP-358); accepting it again is a harmless success."""
    for request in await requests(tx, deed):
        if request.follow is not None:
            await relations.accept(tx, request.follow, request.asker, deed.actor)
        elif request.activity is not None and request.activity.type == "Join":
            await participants.admit(tx, request.activity)
        elif request.activity is not None and request.activity.type == quoting.REQUEST:
            await quoting.grant(tx, deed, request.activity, request.asker)
