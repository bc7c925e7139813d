"""What was found a moment ago, for lookups that each request would repeat."""

import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")

FRESH_SECONDS: Final = 1.0
"""So long a change may take to be noticed."""
KEPT_MAX: Final = 1_000


class Recent(Generic[T]):
    """Things by their names, each for as long as it is fresh."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: dict[str, tuple[float, T]] = {}

    def get(self, name: str) -> T | None:
        """Return what was kept under a name; None when it was not, or too long ago."""
        held = self._held.get(name)
        return held[1] if held is not None and self._clock() < held[0] else None

    def clear(self) -> None:
        """Forget all of it."""
        self._held.clear()

    def keep(self, name: str, found: T) -> None:
        """Remember something under a name."""
        if len(self._held) >= KEPT_MAX:
            self._held.clear()
        self._held[name] = self._clock() + FRESH_SECONDS, found
