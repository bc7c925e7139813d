"""Work behind the requests: what was received takes effect, deliveries go out, old things are cleared away.

Every job is a row; a worker claims some, does them and settles each in the transaction of its effect.
Workers sleep until a commit wakes them and look by themselves from time to time.
"""

import asyncio
import contextlib
import itertools
import logging
import os
import random
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

from federation import Deliverer, next_attempt
from server.house import House
from storage import Transaction, inbox, jobs, prune
from storage.errors import Broken, StorageError
from storage.jobs import Job
from streams import fanout, receive
from streams.errors import Unreachable

log = logging.getLogger(__name__)

LEASE_US = 60_000_000
BATCH = 128
IDLE_SECONDS = 5.0
ATTEMPTS_MAX = 10
PRUNE_SECONDS = 600.0


class Workers:
    """The background work of one process: intake, fan-out, deliveries, housekeeping."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._deliverer = Deliverer(
            house.store, house.client, house.keyring, house.fetcher, clock=house.ports.clock
        )

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work until the block ends; then finish what is under way and give the rest back."""
        tasks = [
            asyncio.create_task(self._work(inbox.QUEUE, self._receive), name="intake"),
            asyncio.create_task(self._work("fanout", self._go_on), name="fan-out"),
            asyncio.create_task(self._work("resolve", self._resolve), name="resolve"),
            asyncio.create_task(self._deliverer.run(), name="delivery"),
            asyncio.create_task(self._keep_house(), name="housekeeping"),
        ]
        for task in tasks:
            task.add_done_callback(_complain)
        try:
            yield
        finally:
            await self._deliverer.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, queue: str, do: Callable[[Job], Awaitable[None]]) -> None:
        """Do the jobs of one queue: those of one key one after the other, the others together."""
        store = self._house.store
        with store.signals.listen(f"queue:{queue}") as bell:
            while True:
                claimed = await self._claim(queue)
                lines = [list(line) for _, line in itertools.groupby(sorted(claimed, key=_line), key=_line)]
                await asyncio.gather(*(self._do_line(line, do) for line in lines))
                if len(claimed) < BATCH:
                    await bell.wait(IDLE_SECONDS)

    async def _claim(self, queue: str) -> list[Job]:
        try:
            return await self._house.store.write(
                jobs.claim,
                queue,
                now=self._house.ports.clock(),
                owner=self._owner,
                lease_us=LEASE_US,
                limit=BATCH,
                in_order=True,
                circuits=False,
            )
        except Broken:
            raise
        except StorageError as error:
            log.warning("cannot claim work from %s: %s", queue, error)
            await asyncio.sleep(1)
            return []

    async def _do_line(self, line: list[Job], do: Callable[[Job], Awaitable[None]]) -> None:
        for job in line:
            try:
                await do(job)
            except Unreachable as error:
                await self._later(job, f"unreachable: {error.iri}", final=not error.temporary)
            except Broken:
                raise
            except Exception as error:
                log.exception("job %s of %s failed", job.id, job.queue)
                await self._later(job, f"{type(error).__name__}: {error}")

    async def _later(self, job: Job, error: str, *, final: bool = False) -> None:
        """Try a job again later, or bury it when it has failed too often (REL-019)."""
        store, now = self._house.store, self._house.ports.clock()
        run_at = next_attempt(job.attempts, now=now, jitter=random.random(), created=job.created)  # noqa: S311
        if final or run_at is None or job.attempts >= ATTEMPTS_MAX:
            await store.write(jobs.bury, job, owner=self._owner, now=now, error=error, status=None)
        else:
            await store.write(
                jobs.retry, job, owner=self._owner, now=now, run_at=run_at, error=error, status=None
            )

    async def _receive(self, job: Job) -> None:
        await receive(self._house.ports, inbox.intake(job), partial(self._finish, job=job))

    async def _finish(self, tx: Transaction, *, job: Job) -> None:
        await jobs.finish(tx, job, owner=self._owner)

    async def _go_on(self, job: Job) -> None:
        await self._house.store.write(fanout.go_on, job, owner=self._owner, now=self._house.ports.clock())

    async def _resolve(self, job: Job) -> None:
        await fanout.resolve(self._house.ports, job, owner=self._owner)

    async def _keep_house(self) -> None:
        while True:
            await asyncio.sleep(PRUNE_SECONDS)
            try:
                await prune.prune(self._house.store, now=self._house.ports.clock())
            except StorageError as error:
                log.warning("housekeeping was interrupted: %s", error)


def _line(job: Job) -> str:
    """Jobs of one sender, or else of one key, are done in order."""
    return str(job.payload.get("sender") or job.key or job.id)


def _complain(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and task.exception() is not None:
        log.critical("%s has stopped", task.get_name(), exc_info=task.exception())
        if isinstance(task.exception(), Broken):
            os._exit(74)
