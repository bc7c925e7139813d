"""The API keys that requests name, looked up once in a while (Feeds §2.1)."""

import time
from collections.abc import Callable

from server.auth.recent import Recent
from storage import Store, feedskeys
from storage.feedskeys import FeedsKey


class Keys:
    """What keys stand for, remembered for a moment; what is unknown, suspended or new is always asked for."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._known: Recent[FeedsKey] = Recent(clock)

    async def find(self, key: str, *, now: int) -> FeedsKey | None:
        """Return what a key stands for; None for one that is unknown. ``now`` is in microseconds."""
        found = self._known.get(key)
        if found is None:
            found = await self._store.peek(feedskeys.find, key, now=now)
            if found is not None and found.tenant.suspended is None and found.tenant.object is not None:
                self._known.keep(key, found)
        return found
