"""Waking those who wait for something to be committed.

A signal carries no data: who is woken looks into the database. Missing one is harmless, because
whoever waits also looks by itself from time to time.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Iterator

ANYTHING = "*"
"""The bell that rings with every other."""


class Signals:
    """Named bells, rung after a commit."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}

    def ring(self, topics: Iterable[str]) -> None:
        """Wake everyone who waits for one of these topics. Call it on the event loop."""
        for topic in (*topics, ANYTHING):
            for event in self._waiting.get(topic, ()):
                event.set()

    def ring_all(self) -> None:
        """Wake everyone: another process has committed something, and we do not know what."""
        self.ring(tuple(self._waiting))

    @contextlib.contextmanager
    def listen(self, *topics: str) -> "Iterator[Bell]":
        """Hear these topics from now on, so that nothing rung between two waits is missed."""
        event = self._hang(topics)
        try:
            yield Bell(event)
        finally:
            for topic in topics:
                listeners = self._waiting[topic]
                listeners.discard(event)
                if not listeners:
                    del self._waiting[topic]

    def bell(self, *topics: str) -> "Bell":
        """Hear these topics from now on, for as long as the store is open."""
        return Bell(self._hang(topics))

    def _hang(self, topics: Iterable[str]) -> asyncio.Event:
        event = asyncio.Event()
        for topic in topics:
            self._waiting.setdefault(topic, set()).add(event)
        return event


class Bell:
    """What one listener hears."""

    def __init__(self, event: asyncio.Event) -> None:
        self._event = event

    async def wait(self, timeout_seconds: float) -> bool:
        """Wait to be woken, at most so long; True when woken. Rings since the last wait count."""
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True

    def rang(self) -> bool:
        """Tell, without waiting, whether it rang since the last time."""
        rang = self._event.is_set()
        self._event.clear()
        return rang
