"""The API keys that requests name, looked up once in a while (Feeds §2.1)."""

import time
from collections.abc import Callable
from typing import Final

from storage import Store, feedskeys
from storage.feedskeys import FeedsKey

FRESH_SECONDS: Final = 1.0
"""So long a change of a key or its tenant may take to be noticed; a new key is noticed at once."""
KEYS_MAX: Final = 1_000


class Keys:
    """What keys stand for, remembered for a moment; what is unknown, suspended or new is always asked for."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[str, tuple[float, FeedsKey]] = {}

    async def find(self, key: str, *, now: int) -> FeedsKey | None:
        """Return what a key stands for; None for one that is unknown. ``now`` is in microseconds."""
        known = self._known.get(key)
        if known is not None and self._clock() < known[0]:
            return known[1]
        found = await self._store.peek(feedskeys.find, key, now=now)
        if found is not None and found.tenant.suspended is None and found.tenant.object is not None:
            if len(self._known) >= KEYS_MAX:
                self._known.clear()
            self._known[key] = self._clock() + FRESH_SECONDS, found
        else:
            self._known.pop(key, None)
        return found
