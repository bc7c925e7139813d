"""One activity, in both of its forms side by side, and where it is."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from server.auth.sessions import Visit
from server.doors.explorer import telling
from server.doors.explorer.entering import page, space_of
from server.doors.explorer.painting import painted
from server.errors import ProblemError
from server.house import house
from storage import Transaction, feedactivities, feedcounts, feeds, placements
from storage.feedactivities import Kept
from storage.placements import Placed, Way
from streams.feeds import Space, keys, spelling
from vocab import dump
from vocab.dialects.getstream import ids

WAYS: Final = {Way.HOME: "added to", Way.TARGET: "sent to"}


async def get_activity(request: Request, visit: Visit) -> Response:
    """Answer with what the Feeds API tells of an activity, and what Activity Streams does."""
    space = await space_of(request, visit)
    id = ids.parse(request.path_params["activity"])
    store = house(request).store
    kept = None
    if id is not None and ids.is_timed(id):
        kept = await store.peek(feedactivities.find, space.tenant.id, keys.key_of(id))
    if kept is None:
        raise ProblemError(404, "There is no such activity, or it was deleted.")
    text = house(request).feeds.spellings.text(Placed(kept, None), space.entities)
    where, counts = await store.read(_around, space, kept)
    return page(
        request, visit, "activity.html", space, activity=telling.told(text), iri=kept.iri, where=where,
        counts=counts, is_public=bool(kept.public), feeds_form=painted(text),
        streams_form=painted(dump.render(*spelling.whole(kept))),
    )  # fmt: skip


async def _around(tx: Transaction, space: Space, kept: Kept) -> tuple[list[dict[str, str]], dict[str, int]]:
    """Return the feeds that an activity was added or sent to, and how many reacted to it."""
    direct = await placements.direct(tx, kept.item)
    names = await feeds.names(tx, [one.stream for one in direct])
    where = [
        {"way": WAYS[one.way], "name": name, "address": f"feeds/{name.replace(':', '/')}"}
        for one in sorted(direct, key=lambda one: (one.way, one.stream))
        if (name := names.get(one.stream))
    ]
    return where, (await feedcounts.of(tx, [kept.item])).get(kept.item, {})
