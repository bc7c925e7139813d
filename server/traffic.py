"""When the last request came, so that work which can wait finds a quiet moment."""

import asyncio
import time
from collections.abc import Callable

QUIET_SECONDS = 0.01
"""So long after the last request has come the front is taken to be idle."""


class Traffic:
    """The requests of this process; the front notes them. Answers that never end do not count."""

    def __init__(self) -> None:
        self.running = 0
        self.last = float("-inf")

    async def give_way(self, seconds_max: float, *, unless: Callable[[], int] = int) -> None:
        """Wait for a quiet moment, but not for ever, nor when ``unless`` says that somebody waits for the work."""
        until = time.monotonic() + seconds_max
        while (now := time.monotonic()) < until and now - self.last < QUIET_SECONDS:
            if unless():
                return
            await asyncio.sleep(min(QUIET_SECONDS - (now - self.last), until - now))
