"""Work behind the requests: what was received takes effect, deliveries go out, old things are cleared away.

Every job is a row; a worker claims some, does them and settles each in the transaction of its effect.
Workers sleep until a commit wakes them and look by themselves from time to time.
"""

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

from federation import Deliverer, DeliveryPolicy
from server.house import House
from server.queueworker import QueueWorker
from storage import Transaction, inbox, jobs, prune
from storage.errors import Broken, StorageError
from storage.jobs import Job
from streams import departures, fanout, receive

log = logging.getLogger(__name__)

PRUNE_SECONDS = 600.0
GIVE_WAY_SECONDS = 0.5
BACKLOG_CALM = 5_000
"""With fewer activities waiting to take effect than this, receiving more of them comes first."""
DRAIN_SECONDS = 2.0
"""How long what is under way may go on after a stop was asked for."""
AGAIN_SECONDS = 1.0
STALLED_SECONDS = 30.0
"""Every part of the work looks for more each five seconds; after so long something holds it up."""
LAST_WORDS_SECONDS = 2.0
"""For so long after storage has failed for good requests are still answered: with 503."""


class Workers:
    """The background work of one process: intake, fan-out, deliveries, housekeeping."""

    def __init__(self, house: House) -> None:
        self._house = house
        store, clock = house.store, house.ports.clock
        self._queues = [
            QueueWorker(store, inbox.QUEUE, self._receive, clock=clock, pause=self._give_way),
            QueueWorker(store, "fanout", self._go_on, clock=clock),
            QueueWorker(store, "resolve", self._resolve, clock=clock),
        ]
        self._deliverer = Deliverer(
            store,
            house.client,
            house.keyring,
            house.fetcher,
            clock=clock,
            policy=DeliveryPolicy(drain_seconds=DRAIN_SECONDS),
            on_gone=self._part,
        )

    def stalled(self) -> bool:
        """Tell whether a part of the work has not looked for more in a long time (REL-035)."""
        oldest = min(self._deliverer.beat, *(queue.beat for queue in self._queues))
        return time.monotonic() - oldest > STALLED_SECONDS

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work until the block ends; then finish what is under way and give the rest back (REL-026)."""
        runs = [*(queue.run for queue in self._queues), self._deliverer.run]
        working = [asyncio.create_task(_keep_up(run), name=run.__qualname__) for run in runs]
        keeping = asyncio.create_task(_keep_up(self._keep_house), name="housekeeping")
        try:
            yield
        finally:
            keeping.cancel()
            for queue in self._queues:
                queue.stop()
            await self._deliverer.stop()
            _, late = await asyncio.wait(working, timeout=DRAIN_SECONDS + 1)
            for task in late:
                task.cancel()
            await asyncio.gather(keeping, *working, return_exceptions=True)

    async def _receive(self, job: Job, owner: str) -> None:
        await receive(self._house.ports, inbox.intake(job), partial(_finish, job=job, owner=owner))

    async def _give_way(self) -> None:
        """While requests keep coming and little has piled up, receiving comes before taking effect."""
        backlog = self._house.backlog
        if backlog is None or backlog[1] < BACKLOG_CALM:
            await self._house.traffic.give_way(GIVE_WAY_SECONDS)

    async def _go_on(self, job: Job, owner: str) -> None:
        await self._house.store.write(fanout.go_on, job, owner=owner, now=self._house.ports.clock())

    async def _resolve(self, job: Job, owner: str) -> None:
        await fanout.resolve(self._house.ports, job, owner=owner)

    async def _part(self, actor: str) -> None:
        """Let an actor go whose own server says that it is gone (AP-297)."""
        await self._house.store.write(departures.gone, actor, now=self._house.ports.clock())

    async def _keep_house(self) -> None:
        while True:
            await asyncio.sleep(PRUNE_SECONDS)
            await prune.prune(self._house.store, now=self._house.ports.clock())


async def _finish(tx: Transaction, *, job: Job, owner: str) -> None:
    await jobs.finish(tx, job, owner=owner)


async def _keep_up(run: Callable[[], Awaitable[None]]) -> None:
    """Have a part of the work done until it ends by itself; only a broken store ends the process (REL-004)."""
    while True:
        try:
            return await run()
        except Broken as error:
            log.critical("storage has failed; this process ends: %s", error)
            await asyncio.sleep(LAST_WORDS_SECONDS)
            os._exit(os.EX_IOERR)
        except StorageError as error:
            log.warning("work was interrupted: %s", error)
        except Exception:
            log.critical("work has stopped; it starts again", exc_info=True)
        await asyncio.sleep(AGAIN_SECONDS)
