"""The times that activities without one are given: each later than the one before (Feeds §3.1)."""

import secrets
from collections.abc import Callable
from datetime import datetime

from vocab import instants


class Moments:
    """A clock of microseconds that never shows the same instant twice."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> datetime:
        """Return the present instant, or the first one after the last that was given."""
        self._last = max(self._clock(), self._last + 1)
        return instants.moment(self._last)

    @staticmethod
    def node() -> int:
        """Return a random number that sets apart what two processes do at the same instant."""
        return secrets.randbits(47)
