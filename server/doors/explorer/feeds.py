"""One feed: its activities, or the bundles that they are in, the newest first."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from server.auth.sessions import Visit
from server.doors.account import forms
from server.doors.explorer import telling
from server.doors.explorer.entering import feed_of, page, space_of
from server.errors import ProblemError
from server.house import House, house
from storage.feedpages import Part
from storage.placements import Bounds, Shown
from streams.feeds import Space, bundles, flat, following, keys
from streams.feeds.bundles import Bundled, Unbundled
from vocab.dialects.getstream import FeedId, ids

ACTIVITIES: Final = 25
BUNDLES: Final = 10


async def find_feed(request: Request, visit: Visit) -> Response:
    """Send whoever has typed the name of a feed there."""
    space = await space_of(request, visit)
    name = request.query_params.get("name", "").strip()
    feed = FeedId.parse(name)
    if feed is None:
        raise ProblemError(400, "A feed is named like user:ada.", field="name")
    path = f"/explorer/{space.tenant.label}/feeds/{feed.slug}/{feed.id}"
    return forms.redirect(house(request), path)


async def get_feed(request: Request, visit: Visit) -> Response:
    """Answer with a page of what is in a feed."""
    space = await space_of(request, visit)
    feed = feed_of(request, space)
    before = request.query_params.get("before", "")
    grouped = not space.group(feed).flat
    part = Part(_bounds(before), shown=Shown.OWNER, limit=BUNDLES if grouped else ACTIVITIES)
    read = _bundles if grouped else _activities
    shown = await read(house(request), space, feed, part)
    return page(
        request, visit, "feed.html", space, before=before, **await head(request, space, feed), **shown
    )


async def head(request: Request, space: Space, feed: FeedId) -> dict[str, Any]:
    """Return what stands above every page about a feed: its group, and how many follow it and it follows."""
    both = following.Counted(feed, ())
    followers, followed = await following.counts(house(request).feeds, space.tenant, both, both)
    return {
        "feed": feed, "group": space.group(feed), "followers": followers, "followed": followed,
        "most": following.COUNTED_MAX, "path": f"/explorer/{space.tenant.label}/feeds/{feed.slug}/{feed.id}",
    }  # fmt: skip


def _bounds(before: str) -> Bounds:
    id = ids.parse(before)
    if id is None or not ids.is_timed(id):
        return Bounds()
    return Bounds().narrowed("lt", keys.key_of(id))


async def _activities(parts: House, space: Space, feed: FeedId, part: Part) -> dict[str, Any]:
    found = await flat.page(parts.feeds, space, feed, part)
    activities = [telling.told(line.text) for line in found.lines]
    return {"activities": activities, "older": activities[-1].id if found.more else ""}


async def _bundles(parts: House, space: Space, feed: FeedId, part: Part) -> dict[str, Any]:
    try:
        found = await bundles.page(parts.feeds, space, feed, part)
    except Unbundled as reason:
        return {"bundles": [], "older": "", "problem": str(reason), "unmarked": None}
    last = found.bundles[-1].bundle.counts.newest if found.more else None
    return {
        "bundles": [_bundle(one, marked=found.unmarked is not None) for one in found.bundles],
        "unmarked": found.unmarked,
        "older": "" if last is None else str(keys.id_of(last)),
    }


def _bundle(one: Bundled, *, marked: bool) -> dict[str, Any]:
    counts = one.bundle.counts
    return {
        "name": one.bundle.name,
        "activities": [telling.told(line.text) for line in one.lines],
        "count": counts.activities,
        "actors": counts.actors,
        "newest": ids.time_of(keys.id_of(counts.newest)),
        "marks": _marks(one) if marked else [],
    }


def _marks(one: Bundled) -> list[str]:
    return ["seen" if one.bundle.is_seen else "not seen", "read" if one.bundle.is_read else "not read"]
