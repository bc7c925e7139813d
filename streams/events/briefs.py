"""A channel or a home stream told in brief: how much of what, and the most important of it (Events §11)."""

from collections import Counter
from typing import Any, Final

from storage import Transaction, eventitems, eventmatches, eventpages
from storage.eventitems import ItemRow
from storage.eventlists import EARLIEST, LATEST, Asked, Matched
from streams.events.describing import label
from streams.events.reader import Reader
from streams.events.space import Space
from vocab.dialects.events import moments

ITEMS: Final = 20
COUNTED: Final = 10_000
"""So many of the newest items are told of."""


async def brief(
    tx: Transaction,
    space: Space,
    reader: Reader,
    follower: int,
    *,
    since: int | None = None,
    until: int | None = None,
) -> dict[str, Any]:
    """Tell in brief what is in a stream between two instants, as far as a reader may know of it. A unit of work.

    Without instants it is all that is there, and what is answered as its beginning and end are those of the items.
    """
    asked = Asked(
        space.tenant.id,
        Matched(follower),
        reader.asks,
        since=EARLIEST if since is None else since,
        until=LATEST if until is None else until,
        order="importance",
    )
    tallies = await eventmatches.tally(tx, asked, most=COUNTED)
    types, importances = Counter[str](), Counter[str]()
    for tally in tallies:
        types[tally.type] += tally.number
        importances[str(tally.importance)] += tally.number
    first = min((tally.first for tally in tallies), default=None) if since is None else since
    last = max((tally.last for tally in tallies), default=None) if until is None else until
    placed = await eventpages.page(tx, asked, limit=ITEMS)
    rows = await eventitems.by_ids(tx, (one.id for one in placed))
    return {
        "begin": None if first is None else moments.spell(first),
        "end": None if last is None else moments.spell(last),
        "count": types.total(),
        "by_type": dict(types.most_common()),
        "by_importance": dict(sorted(importances.items())),
        "items": [_spelled(rows[one.id]) for one in placed if one.id in rows],
    }


def _spelled(row: ItemRow) -> dict[str, Any]:
    return {
        "_stream_id": row.stream_id,
        "type": row.type,
        "occurred_at": moments.spell(row.occurred),
        "importance": row.importance,
        "label": label(row),
    }
