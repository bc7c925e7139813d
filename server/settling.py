"""Letting what was accepted take effect before the next question of a member's program is answered (AP-318).

An inbox answers as soon as an activity is kept; its effect comes some milliseconds later. Programs, and those that try
servers, ask right away what has become of it.
"""

import asyncio
import time
from typing import TypeAlias

WAIT_SECONDS_MAX = 0.25
"""Nobody waits longer. What takes effect in another process, or later, is not waited for longer than this in all."""
PENDING_MAX = 16
"""With more than this under way nobody waits: there is always something that has yet to take effect."""

Key: TypeAlias = "tuple[str, int]"


class Settling:
    """What this process has accepted and has not seen take effect, by its sender and when it came."""

    def __init__(self) -> None:
        self._begun: dict[Key, float] = {}
        self._ended = asyncio.Event()
        self.awaited = 0
        """How many questions wait at this moment."""

    def begin(self, key: Key) -> None:
        """Note that something is about to be kept."""
        now = time.monotonic()
        self._begun.pop(key, None)  # what comes again is the newest
        self._begun[key] = now
        self._forget(now - WAIT_SECONDS_MAX)

    def end(self, key: Key) -> None:
        """Note that something has taken effect, or will not for now."""
        if self._begun.pop(key, None) is not None:
            self._ended.set()

    async def settled(self) -> None:
        """Wait until what was accepted before has taken effect, if that is a little, and not for long."""
        if not self._begun:
            return
        self._forget(time.monotonic() - WAIT_SECONDS_MAX)
        before = set(self._begun)
        if len(before) > PENDING_MAX:
            return
        self.awaited += 1
        try:
            async with asyncio.timeout(WAIT_SECONDS_MAX):
                while not before.isdisjoint(self._begun):
                    self._ended.clear()
                    await self._ended.wait()
        except TimeoutError:
            pass
        finally:
            self.awaited -= 1

    def _forget(self, since: float) -> None:
        """Forget what was begun too long ago: the oldest come first."""
        while self._begun:
            oldest = next(iter(self._begun))
            if self._begun[oldest] > since:
                return
            del self._begun[oldest]
