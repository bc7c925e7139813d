"""What a query asks of a feed: which part, in which order, and what becomes seen by that (Feeds §6.3, §8.3, §10)."""

from typing import Any, Final
from uuid import UUID

from server.doors.feeds.call import Call
from server.doors.feeds.named import Named
from server.query import Query
from storage.feedactivities import actor_mark
from storage.feedpages import DEPTH_MAX, Part
from storage.placements import Bounds, Shown
from streams.feeds import keys
from streams.feeds.bundles import Marks
from streams.feeds.ranked import Ranking
from vocab import JsonError, jsontext
from vocab.dialects.getstream import groups, ids
from vocab.errors import BadFields

PAGE: Final = 25
PAGE_MAX: Final = 100

ABOVE: Final = frozenset(("id_lt", "id_lte"))
BELOW: Final = frozenset(("id_gt", "id_gte"))
CURSORS: Final = sorted(ABOVE | BELOW)
EVERYTHING: Final = Bounds()
AGAIN: Final = frozenset(
    ("ranking", "ranking_vars", "with_score_vars", "session", "discard_actors", "discard_actors_sep")
)
"""What the address of a next page says again of these."""


def part(call: Call, feed: Named) -> Part:
    """Return which part of a feed a call asks for, as far as it may see it. Raises BadFields."""
    shown = Shown.OWNER if call.grant.sees_all_of(feed.id) else Shown.READERS
    return call.query.once(_part, feed.group.flat, shown, 0 if feed.group.keeps_marks else 1)


def _part(query: Query, flat: bool, shown: Shown, least: int) -> Part:
    """Read a part; where there are counts to ask for they may be asked for alone, by a limit of 0."""
    return Part(
        _bounds(query, flat=flat),
        shown=shown,
        without=_discarded(query),
        limit=query.number("limit", PAGE, least=least, most=PAGE_MAX),
        offset=query.number("offset", 0, most=DEPTH_MAX),
    )


def ranking(call: Call) -> Ranking:
    """Return the order in which a call asks for a feed. Raises BadFields, whether there is to be one or not."""
    return call.query.once(_ranking)


def _ranking(query: Query) -> Ranking:
    return Ranking(
        query.text("ranking"), _variables(query), query.text("session"), query.flag("refresh"),
        query.flag("with_score_vars"),
    )  # fmt: skip


def marks(call: Call) -> Marks:
    """Return what a call marks as seen and read."""
    return call.query.once(_marks)


def _marks(query: Query) -> Marks:
    return Marks(groups.mark(query.items("mark_seen")), groups.mark(query.items("mark_read")))


def _bounds(query: Query, *, flat: bool) -> Bounds:
    """Return between which ids a page lies; the tightest of what is asked for holds."""
    bounds = EVERYTHING
    for name in CURSORS:
        if not (text := query.text(name)):
            continue
        id = _id(text, flat=flat)
        if id is None:
            raise BadFields({name: [f"must be the id of {'an activity' if flat else 'a group'}"]})
        bounds = bounds.narrowed(name.removeprefix("id_"), keys.key_of(id))
    return bounds


def _id(text: str, *, flat: bool) -> UUID | None:
    """Read an id that has a time in it; others have no place in the order of a feed."""
    id = ids.parse(text) if flat else groups.parse(text)
    return id if id is not None and ids.is_timed(id) else None


def _discarded(query: Query) -> tuple[int, ...]:
    """Return the marks of actors whose activities are not wanted (Feeds §5.5)."""
    names = query.text("discard_actors")
    if not names:
        return ()
    separator = query.text("discard_actors_sep") or ","
    return tuple(sorted({actor_mark(name) for name in names.split(separator) if name}))


def _variables(query: Query) -> dict[str, Any]:
    text = query.text("ranking_vars")
    if not text:
        return {}
    try:
        found = jsontext.loads(text)
    except JsonError:
        found = None
    if not isinstance(found, dict):
        raise BadFields({"ranking_vars": ["must be a JSON object"]})
    return found
