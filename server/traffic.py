"""How busy the front is, so that work which can wait gives way to requests which cannot."""

import asyncio
import time

BUSY = 8
"""With so many requests in progress, the ones being received come before those received earlier."""
STEP_SECONDS = 0.01


class Traffic:
    """The requests in progress in this process; the front counts them."""

    def __init__(self) -> None:
        self.running = 0

    async def give_way(self, seconds_max: float) -> None:
        """Wait while the front is busy, but not for ever."""
        until = time.monotonic() + seconds_max
        while self.running >= BUSY and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(STEP_SECONDS)  # an event would be set and cleared by every request
