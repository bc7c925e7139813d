"""Which variant someone saw and what came of it: the aspect ``ab_test`` (Events §7.20)."""

import re
from typing import Any, Final

from vocab.dialects.events.aspects.dimensions import dimensions, metrics
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import Kind, free, number, text
from vocab.dialects.events.aspects.shapes import Shape
from vocab.dialects.events.problems import ADJUSTED


def _slug(value: Any, host: Host, field: str) -> str | None:
    found = text(value, host, field)
    slug = re.sub(r"\s+", "_", found.strip().lower()) if found else None
    if slug != found:
        host.problems.warn(ADJUSTED, field, f"taken as {slug}")
    return slug


ab_test: Final[Shape] = Shape(
    {
        "id": _slug,
        "variant": text,
        "outcome": text,
        "metric": number,
        "amount": number,
        "dimensions": dimensions,
        "metrics": metrics,
        "properties": free,
    },
    required=("id",),
)

ts_data: Final[Kind] = metrics
"""A data point inside an event: a map to numbers (Events §7.25)."""
