"""Small memories in front of the database and the network: bounded, so that nobody else can fill them."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The most recently used entries; the oldest make room for new ones (SEC-117)."""

    def __init__(self, entries_max: int) -> None:
        self._entries_max = entries_max
        self._entries: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """Return an entry and keep it longer."""
        value = self._entries.get(key)
        if value is not None:
            self._entries.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> None:
        """Remember an entry."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        if len(self._entries) > self._entries_max:
            self._entries.popitem(last=False)

    def forget(self, key: K) -> None:
        """Forget an entry, if there is one."""
        self._entries.pop(key, None)

    def clear(self) -> None:
        """Forget every entry."""
        self._entries.clear()


class Flights(Generic[K, V]):
    """Work that is done once however many wait for it at the same time (SEC-011)."""

    def __init__(self) -> None:
        self._tasks: dict[K, asyncio.Task[V]] = {}

    async def join(self, key: K, start: Callable[[], Awaitable[V]]) -> V:
        """Wait for the work under way for this key, starting it if nobody has."""
        task = self._tasks.get(key)
        if task is None:
            task = self._tasks[key] = asyncio.ensure_future(_run(start))
            task.add_done_callback(lambda done: self._land(key, done))
        return await asyncio.shield(task)

    def _land(self, key: K, task: "asyncio.Task[V]") -> None:
        del self._tasks[key]
        if not task.cancelled():
            task.exception()  # those who waited have it; if all left, nobody needs it


class Allowance(Generic[K]):
    """So many times per key and span of time."""

    def __init__(self, times_max: int, span_us: int, *, keys_max: int = 4096) -> None:
        self._times_max = times_max
        self._span_us = span_us
        self._spent: Recent[K, tuple[int, int]] = Recent(keys_max)

    def take(self, key: K, now: int) -> bool:
        """Use it once; False when it is used up until the span is over."""
        since, times = self._spent.get(key) or (now, 0)
        if now - since >= self._span_us:
            since, times = now, 0
        if times >= self._times_max:
            return False
        self._spent.put(key, (since, times + 1))
        return True


async def _run(start: Callable[[], Awaitable[V]]) -> V:
    return await start()
