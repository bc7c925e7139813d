"""What is done about new items, in the unit of work that records them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from storage import Transaction
from streams.analytics import counting
from streams.events import routing, spreading
from streams.events.item import Item
from streams.events.space import Space

Follower = Callable[[Transaction, Space, Sequence[Item]], Awaitable[None]]

FOLLOWERS: Final[tuple[Follower, ...]] = (spreading.arrived, routing.route, counting.counted)
"""Each is told of all new items of a unit of work at once, in the order in which they were sent."""


async def arrived(tx: Transaction, space: Space, items: Sequence[Item]) -> None:
    """Do what follows from new items."""
    for follower in FOLLOWERS:
        await follower(tx, space, items)
