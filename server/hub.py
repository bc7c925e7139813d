"""The hub: who wants to be told of a feed of ours is told when it says something else (WebSub §7).

A feed is asked for as any stranger would ask, and sent if that differs from what was sent last, at most once in some
seconds. What may not be read any more is told to nobody: the answer is asked for anew each time.
"""

import asyncio
import logging
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from server import errors
from server.inward import Answered, Inward, media_type
from storage import Store, Transaction, jobs, letters, subscribers
from storage.jobs import NewJob
from storage.signals import ANYTHING
from storage.subscribers import DELIVERIES, Topic
from vocab import iri as iris

log = logging.getLogger(__name__)

PATH: Final = "/websub/hub"
COALESCE_SECONDS: Final = 5.0
IDLE_SECONDS: Final = 60.0
TYPES: Final = (
    "application/atom+xml", "application/rss+xml", "application/feed+json", "application/stream+json",
)  # fmt: skip
"""What feeds are answered as: nothing else is a topic."""


async def say(inward: Inward, url: str) -> Answered | None:
    """Return what a feed of ours says now to anybody who knows its address; None for what is none."""
    try:
        answered = await inward.get(url, types=TYPES)
    except Exception as error:
        if errors.problem(error).status >= 500:
            raise
        return None
    kind = media_type(answered.headers.get("content-type", ""))
    return answered if answered.status == 200 and kind in TYPES else None


def digest(body: bytes) -> str:
    """Return what is kept of what was sent."""
    return sha256(body).hexdigest()


class Teller:
    """Looks whether feeds say something else after something was committed."""

    def __init__(self, store: Store, inward: Inward, *, clock: Callable[[], int]) -> None:
        self._store = store
        self._inward = inward
        self._clock = clock

    async def run(self) -> None:
        """Tell subscribers, for ever."""
        with self._store.signals.listen(ANYTHING) as bell:
            while True:
                await bell.wait(IDLE_SECONDS)
                await asyncio.sleep(COALESCE_SECONDS)
                await self.tell()

    async def tell(self) -> int:
        """Tell of all topics that say something else; return of how many."""
        told = 0
        for topic in await self._store.peek(subscribers.wanted, now=self._clock()):
            try:
                told += await self._look(topic)
            except Exception:
                log.exception("the topic %d cannot be told of", topic.id)
        return told

    async def _look(self, topic: Topic) -> bool:
        answered = await say(self._inward, topic.url)
        if answered is None:
            await self._store.write(subscribers.forget, topic.id)
            return False
        now = digest(answered.body)
        if now == topic.digest:
            return False
        return await self._store.write(_leave, topic, answered, now=self._clock())


async def _leave(tx: Transaction, topic: Topic, answered: Answered, *, now: int) -> bool:
    """Leave what a topic says now to be sent to all who want it. A unit of work."""
    whom = await subscribers.turn(tx, topic, digest(answered.body), now=now)
    if not whom:
        return False
    letter = await letters.write(tx, answered.body.decode(), now=now)
    type = answered.headers["content-type"]
    work = [NewJob({"subscriber": one, "type": type}, lane=str(one), key=str(one)) for one in whom]
    await jobs.add_many(tx, DELIVERIES, work, now=now, letter=letter)
    return True


def host_of(callback: str) -> str:
    """Return the host that a callback lies at, by which those who ask take turns."""
    return iris.host(callback)
