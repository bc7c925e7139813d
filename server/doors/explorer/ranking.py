"""Trying a ranking on a feed as it is, before it is configured."""

from dataclasses import replace
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from server.auth.sessions import Visit
from server.doors.explorer import telling
from server.doors.explorer.entering import feed_of, page, space_of
from server.doors.explorer.feeds import head
from server.house import House, house
from storage.feedpages import Part
from storage.placements import Shown
from streams.errors import Malformed, Unrankable
from streams.feeds import Space, ranked
from streams.feeds.group import RANKING
from streams.feeds.ranked import Ranking
from streams.ranking import Method
from vocab import JsonError, jsontext
from vocab.dialects.getstream import FeedId

SHOWN: Final = 25
USUAL: Final = "decay_linear(time)"


async def get_ranking(request: Request, visit: Visit) -> Response:
    """Answer with the highest scores that a formula gives in a feed, or with why it gives none."""
    space = await space_of(request, visit)
    feed = feed_of(request, space)
    asked = {name: request.query_params.get(name, "").strip() for name in ("score", "defaults", "vars")}
    tried: dict[str, Any] = {"problem": "", "mark": None, "activities": [], "tried": bool(asked["score"])}
    if asked["score"]:
        tried |= await _tried(house(request), space, feed, asked)
    else:
        asked |= _configured(space, feed)
    return page(
        request, visit, "ranking.html", space, asked=asked, **tried, **await head(request, space, feed)
    )


def _configured(space: Space, feed: FeedId) -> dict[str, str]:
    """Return the formula that the feed's group has, to begin with."""
    methods = space.group(feed).rankings
    name = RANKING if RANKING in methods else next(iter(sorted(methods)), "")
    return {"score": methods[name].source if name else USUAL}


async def _tried(parts: House, space: Space, feed: FeedId, asked: dict[str, str]) -> dict[str, Any]:
    try:
        defaults, variables = (_object(name, asked[name]) for name in ("defaults", "vars"))
        method = Method({"score": asked["score"], "defaults": defaults})
        trial = replace(space.group(feed), rankings={RANKING: method})
        space = replace(space, groups={**space.groups, feed.slug: trial})
        part, ranking = Part(shown=Shown.OWNER, limit=SHOWN), Ranking(RANKING, variables, explained=True)
        found = await ranked.page(parts.feeds, space, feed, part, ranking)
    except Malformed as reason:
        place = reason.position if reason.field == "score" else None
        return {"problem": str(reason), "mark": place}
    except Unrankable as reason:
        return {"problem": str(reason)}
    return {"activities": [telling.told(line.text) for line in found.lines]}


def _object(name: str, text: str) -> dict[str, Any]:
    """Read what was typed as an object; raise Malformed when it is none."""
    try:
        value = jsontext.loads(text) if text else {}
    except JsonError as error:
        raise Malformed(name, f"is no JSON: {error}") from None
    if not isinstance(value, dict):
        raise Malformed(name, "must be an object")
    return value
