"""Which values of an option occur in what an onlooker may see (Atom §4.5): none that only others may know of."""

from typing import Final

from storage import Store, happeningpages, happeningvalues
from streams.happenings.stretch import EDGES, Stretch
from streams.happenings.walk import Walk

NEWEST_MAX: Final = 500
"""So many of the newest happenings are looked at,"""
VALUES_MAX: Final = 500
"""of so many values of an option,"""
OTHERS_MAX: Final = 200
"""and of so many other values, whether there is any happening."""


async def values(store: Store, stretch: Stretch, options: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the values of each option that occur, in their order."""
    places = await stretch.walk(store).take(NEWEST_MAX)
    seen = await store.peek(happeningpages.values, [place.item for place in places])
    found: dict[str, list[str]] = {}
    for option in options:
        known = await store.peek(happeningvalues.of, option, limit=VALUES_MAX)
        others = [id for id in known if id not in seen][:OTHERS_MAX] if len(places) == NEWEST_MAX else []
        there = {*seen, *[id for id in others if await _occurs(store, stretch, id)]}
        found[option] = sorted(value for id, value in known.items() if id in there)
    return found


async def _occurs(store: Store, stretch: Stretch, value: int) -> bool:
    """Tell whether there is anything with a value among the newest that have it."""
    walk = Walk(
        store, [value], stretch.wanted, happeningpages.Place(*EDGES[0]), happeningpages.Place(*EDGES[1])
    )
    return await walk.glance()
