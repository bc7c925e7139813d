"""What a line of trade is, as it is stored: its trade role and how much it counts (Events §7.7)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from vocab.dialects.events.aspects.money import exact

ACQUIRING: Final = frozenset({"PURCHASED", "RENTED", "LEASED", "GOT", "WON"})
GIVING_BACK: Final = frozenset({"RETURNED", "UN_CARTED", "UN_RESERVED"})
"""Trade roles that force the sign of a count."""
TRADE: Final = "TRADE"


def action(line: Mapping[str, Any]) -> str:
    """Return the label of a line's trade role, ``PURCHASED``; empty when it has none."""
    for said in line.get("involves", ()):
        root, _, rest = said["role"].partition(":")
        if root == TRADE:
            return str(rest.rpartition(":")[2] or root)
    return ""


def counted(line: Mapping[str, Any]) -> Decimal:
    """Return how much a line counts: its trade role may force the sign of what the client sent."""
    count, role = exact(line.get("item_count", 1)), action(line)
    if role in ACQUIRING:
        return abs(count)
    return -abs(count) if role in GIVING_BACK else count
