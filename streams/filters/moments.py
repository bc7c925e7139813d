"""Members that hold moments, which are compared as such however they are spelt (Events §1.3)."""

from functools import lru_cache
from typing import Final

from vocab import instants

MOMENTS: Final = frozenset(
    (name,)
    for name in (
        "occurred_at", "_received_at", "_registered_at", "_last_updated", "active_from", "active_until",
    )
)  # fmt: skip
_REST: Final = ("", "Z", ":00Z", "T00:00:00Z")
"""What a date may lack: its zone is UTC, its time midnight."""


@lru_cache(1_024)
def read(text: str) -> int | None:
    """Return a date or date-time as microseconds since 1970 UTC, None when it is none."""
    spelled = text.strip().upper().replace(" ", "T")
    for rest in _REST:
        found = instants.parse(spelled + rest)
        if found is not None:
            return instants.microseconds(found)
    return None
