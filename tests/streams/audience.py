"""Users of a logbook who follow things, and what they read."""

from dataclasses import dataclass
from typing import Any

from logbook import Logbook

from storage import Transaction, evententities, jobs
from streams.events import Reader, following, reading, spreading
from streams.events.following import Followed
from streams.events.matching import QUEUE
from streams.events.wanted import Followed as Stream
from streams.events.wanted import Wanted
from vocab.dialects.events import Ref

OWNER = "worker"


@dataclass
class Audience:
    """Those who follow what a logbook tells; references are texts."""

    logbook: Logbook

    def reader(self, *parties: str) -> Reader:
        return Reader(self.logbook.tenant.id, frozenset(parties))

    async def follow(self, who: str, what: str, said: Any = None, *, by: str | None = None) -> Followed:
        """Let somebody follow something."""
        return await self.logbook.store.write(
            following.begin, self.logbook.space, self.reader(), Ref.parse(who), Ref.parse(what), said or {},
            by=None if by is None else Ref.parse(by), now=self.logbook.parts.clock(),
        )  # fmt: skip

    async def unfollow(self, who: str, what: str) -> bool:
        """Let somebody follow something no more."""
        return await self.logbook.store.write(
            following.end, self.logbook.space, Ref.parse(who), Ref.parse(what),
            now=self.logbook.parts.clock(),
        )  # fmt: skip

    async def stream(self, who: str, *parties: str, **wanted: Any) -> list[str]:
        """Return the types of what is in the stream of a user or channel, newest first."""
        return [item["type"] for item in await self.items(who, *parties, **wanted)]

    async def items(self, who: str, *parties: str, **wanted: Any) -> list[dict[str, Any]]:
        """Return what is in the stream of a user or channel, newest first."""
        store, key = self.logbook.store, Ref.parse(who).key
        row = await store.read(evententities.by_key, self.logbook.tenant.id, key)
        assert row is not None
        page = await store.read(
            reading.page, self.logbook.space, self.reader(*parties), Wanted(Stream(row.id), **wanted)
        )
        assert page.total == len(page.items)
        return page.items

    async def work(self) -> int:
        """Do the jobs that wait, also those whose time has not come, and tell how many there were."""
        done, store = 0, self.logbook.store
        while taken := await store.write(_claim):
            for job in taken:
                await spreading.work(store, job, owner=OWNER, now=self.logbook.parts.clock())
            done += len(taken)
        return done


async def _claim(tx: Transaction) -> list[jobs.Job]:
    late = 1 << 55
    return await jobs.claim(tx, QUEUE, now=late, owner=OWNER, lease_us=1 << 40, limit=50)
