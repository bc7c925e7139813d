"""What a query says of enrichment (Feeds §9.2), and the pages that are answered with it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from server.doors.feeds.call import Call
from server.doors.feeds.door import API
from storage.feedactivities import Kept
from storage.placements import Placed
from streams.feeds import Space, enrichment, reading
from streams.feeds.conversations import OwnReplies
from streams.feeds.enrichment import Wanted
from streams.feeds.lines import Line
from streams.feeds.referents import Shown
from vocab.dialects.getstream import Reference, ids, references
from vocab.dialects.getstream.reactions import SHOWN_PER_KIND_MAX

LATEST_MAX: Final = 25

AGAIN: Final = frozenset(
    ("with_own_reactions", "with_recent_reactions", "with_first_reactions", "with_reaction_counts",
     "with_own_children", "with_own_children_kinds", "recent_reactions_limit", "reaction_limit",
     "reaction_kinds_filter", "user_id", "with_user_id", "children_user_id")
)  # fmt: skip
"""What the address of a next page says again of enrichment."""


def wanted(call: Call) -> Wanted:
    """Return what a call wants beside the activities. Raises BadFields."""
    query = call.query
    limit = "recent_reactions_limit" if "recent_reactions_limit" in query else "reaction_limit"
    most = query.number(limit, SHOWN_PER_KIND_MAX, least=1, most=LATEST_MAX)

    def rest(activity: str, kind: str, last: str) -> str:
        asked = {
            "id_lt": last,
            "limit": most,
            "withOwnChildren": str(query.flag("with_own_children")).lower(),
        }
        if named := query.text("user_id"):
            asked["user_id"] = named
        address = f"{call.house.ports.base_url}{API}reaction/activity_id/{activity}/{quote(kind, safe='')}/"
        return f"{address}?{urlencode(asked)}"

    return Wanted(
        own=query.flag("with_own_reactions"),
        latest=query.flag("with_recent_reactions"),
        first=query.flag("with_first_reactions"),
        counts=query.flag("with_reaction_counts"),
        kinds=tuple(query.items("reaction_kinds_filter")),
        user=subject(call),
        most=most,
        replies=replies(call),
        rest=rest,
    )


def subject(call: Call) -> str:
    """Return whose reactions are their own: whom the query names, else the token; empty when neither does."""
    return call.query.text("user_id", "with_user_id") or call.grant.user or ""


def replies(call: Call) -> OwnReplies | None:
    """Return whose replies are wanted as their own; None when none are."""
    query = call.query
    if not query.flag("with_own_children"):
        return None
    user = query.text("children_user_id") or subject(call)
    return OwnReplies(user, tuple(query.items("with_own_children_kinds")))


async def activities(call: Call, space: Space, lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Return activities as they are answered where enrichment is asked for. Raises BadFields."""
    return await _enriched(call, space, lines, wanted(call))


async def some(call: Call, found: Iterable[Kept]) -> list[dict[str, Any]]:
    """Return activities that were read without a feed. Raises BadFields."""
    space = await call.house.feeds.space(call.tenant)
    return await _enriched(call, space, _lines(call, space, found), wanted(call))


async def activity(call: Call, id: str) -> dict[str, Any]:
    """Return an activity with all that was said to it, for ``with_activity_data`` (Feeds §7.3)."""
    space = await call.house.feeds.space(call.tenant)
    known = ids.parse(id)
    found = (
        []
        if known is None
        else await reading.some(call.house.feeds, call.tenant, [known], reader=call.reader)
    )
    if not found:
        return references.missing(Reference("activity", id))
    everything = replace(wanted(call), own=True, latest=True, counts=True)
    return (await _enriched(call, space, _lines(call, space, found), everything))[0]


def _lines(call: Call, space: Space, found: Iterable[Kept]) -> list[Line]:
    spellings = call.house.feeds.spellings
    return [
        Line(kept.item, kept.position, kept.tie, spellings.text(Placed(kept, None), space.entities))
        for kept in found
    ]


async def _enriched(call: Call, space: Space, lines: Iterable[Line], asked: Wanted) -> list[dict[str, Any]]:
    shown = [Shown.of(line.item, line.text) for line in lines]
    return await enrichment.activities(call.house.feeds, space, shown, asked)
