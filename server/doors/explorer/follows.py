"""Who follows a feed, and what it follows."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from server import parameters
from server.auth.sessions import Visit
from server.doors.explorer.entering import feed_of, page, space_of
from server.doors.explorer.feeds import head
from server.errors import ProblemError
from server.house import house
from streams.feeds import following
from vocab import instants

FOLLOWS: Final = 50
OFFSET_MAX: Final = 10_000
KINDS: Final = {"followers": "Followers", "following": "Following"}


async def get_follows(request: Request, visit: Visit) -> Response:
    """Answer with a page of the feeds that follow one, or that it follows; the newest follow first."""
    space = await space_of(request, visit)
    kind = request.path_params["kind"]
    if kind not in KINDS:
        raise ProblemError(404, "A feed has followers, following and ranking.")
    feed = feed_of(request, space)
    offset = min(parameters.number(request.query_params.get("offset", "")) or 0, OFFSET_MAX)
    read = following.followers if kind == "followers" else following.following
    found = await read(
        house(request).feeds, space.tenant, feed, names=None, limit=FOLLOWS + 1, offset=max(0, offset)
    )
    follows = [
        {
            "name": name,
            "address": f"/explorer/{space.tenant.label}/feeds/{name.replace(':', '/')}",
            "since": instants.moment(one.created),
        }
        for one in found[:FOLLOWS]
        for name in [one.follower if kind == "followers" else one.followed]
    ]
    return page(
        request, visit, "follows.html", space, kind=kind, title=KINDS[kind], follows=follows,
        older=offset + FOLLOWS if len(found) > FOLLOWS and offset < OFFSET_MAX else 0,
        newer=max(0, offset - FOLLOWS) if offset else None, **await head(request, space, feed),
    )  # fmt: skip
