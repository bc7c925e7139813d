"""Which campaign sent somebody, and what did when it was none (Events §21.2, §21.4)."""

from collections.abc import Mapping
from typing import Any, Final

from vocab.dialects.events.web import addresses

KEYS: Final = ("campaign", "source", "medium", "term", "content")
PREFIX: Final = "utm_"


def said(*places: Mapping[str, Any]) -> dict[str, str]:
    """Return what is said of a campaign: each key from the first place that has it, with or without ``utm_``."""
    found: dict[str, str] = {}
    for key in KEYS:
        for place in places:
            value = place.get(f"{PREFIX}{key}", place.get(key))
            if isinstance(value, str) and value.strip():
                found[key] = value
                break
    return found


def tagged(place: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a query that are about a campaign; only those with ``utm_`` are."""
    return {name: value for name, value in place.items() if name.startswith(PREFIX)}


def source(campaign: Mapping[str, str], referrer: str, own: str) -> dict[str, str]:
    """Return where somebody came from, as an entry of the aspect ``traffic_sources``."""
    kind = "campaign" if campaign else addresses.kind(referrer, own)
    return {"type": kind, **campaign, **({"referrer": referrer} if referrer else {})}
