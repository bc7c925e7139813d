"""Doing the jobs of one queue: claim some, do them, settle each in the transaction of its effect.

Jobs of one sender are done in the order they came, those of different senders at the same time; no host
holds more than a share of the room (REL-018). Leases are short and renewed while a job is in hand, so that
what a killed process held is taken up again soon (REL-012, REL-013).
"""

import asyncio
import contextlib
import logging
import os
import random
import secrets
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from federation import next_attempt
from storage import Store, jobs
from storage.errors import Broken, LeaseLost, StorageError
from storage.jobs import Job
from storage.signals import Bell
from streams.errors import Unreachable

ATTEMPTS_MAX = 10
SECOND_US = 1_000_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WorkPolicy:
    """How many jobs are held at a time, by one host and in all, and for how long they are leased.

    With ``circuits`` the lanes are hosts we call, and wait while theirs is known to be down (REL-016). With
    ``in_order`` jobs of one key are taken together; it is their sender as well, and they are done in their order.
    """

    held_max: int = 128
    held_per_lane_max: int = 32
    lease_seconds: float = 30
    idle_seconds: float = 5
    drain_seconds: float = 2
    circuits: bool = False
    in_order: bool = False


class QueueWorker:
    """Works one queue off until stopped. ``do`` is told the lease's owner, and finishes the job by it.

    Before it looks for more work it waits for ``pause``, which must end within a second or so.
    """

    def __init__(
        self,
        store: Store,
        queue: str,
        do: Callable[[Job, str], Awaitable[None]],
        *,
        clock: Callable[[], int],
        policy: WorkPolicy | None = None,
        pause: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._pause = pause
        self._store, self._queue, self._do, self._clock = store, queue, do, clock
        self._policy = policy or WorkPolicy()
        self._owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._held: dict[int, Job] = {}
        self._lines: dict[str, deque[Job]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()
        self._more = False
        self._done = 0
        self._stopping = False
        self._broken: Broken | None = None
        self.beat = time.monotonic()
        """When it last looked for work; it does so every few seconds, however busy it is."""

    async def run(self) -> None:
        """Claim and do; ends after :meth:`stop`, or with Broken when storage fails for good (REL-004)."""
        heart = asyncio.create_task(self._keep_leases(), name=f"{self._queue} leases")
        try:
            with self._store.signals.listen(jobs.topic(self._queue)) as bell:
                ringing = asyncio.create_task(self._ring(bell), name=f"{self._queue} bell")
                try:
                    await self._claim_until_stopped()
                finally:
                    ringing.cancel()
            await self._drain()
        finally:
            heart.cancel()

    def stop(self) -> None:
        """Begin nothing more; what is under way may finish, what waits is given back (REL-026)."""
        self._stopping = True
        self._room.set()

    async def _claim_until_stopped(self) -> None:
        while not self._stopping:
            self._room.clear()
            self.beat = time.monotonic()
            if self._pause is not None:
                await self._pause()
            claimed = await self._claim()
            for job in claimed:
                self._line_up(job)
            if self._broken is not None:
                raise self._broken
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._policy.idle_seconds):
                    await self._room.wait()

    async def _claim(self) -> list[Job]:
        """Lease as many jobs as there is room for; note whether there may be more."""
        room = self._policy.held_max - len(self._held)
        self._more = True
        self._done = 0
        if room < 1:
            return []
        try:
            claimed = await self._store.write(
                jobs.claim,
                self._queue,
                now=self._clock(),
                owner=self._owner,
                lease_us=self._lease_us,
                limit=room,
                per_lane=self._policy.held_per_lane_max,
                circuits=self._policy.circuits,
                in_order=self._policy.in_order,
            )
        except Broken:
            raise
        except StorageError as error:
            log.warning("cannot claim work from %s: %s", self._queue, error)
            return []
        lanes = Counter(job.lane for job in (*self._held.values(), *claimed))
        full = bool(lanes) and max(lanes.values()) >= self._policy.held_per_lane_max
        self._more = len(claimed) >= room or full
        return claimed

    @property
    def _lease_us(self) -> int:
        return int(self._policy.lease_seconds * SECOND_US)

    def _line_up(self, job: Job) -> None:
        """Have a job done: behind the others of its sender, or at once."""
        self._held[job.id] = job
        name = str(job.payload.get("sender") or job.id)
        if name in self._lines:
            self._lines[name].append(job)
            return
        self._lines[name] = deque([job])
        task = asyncio.create_task(self._do_line(name), name=f"{self._queue} {name}")
        self._tasks.add(task)
        task.add_done_callback(self._landed)

    async def _do_line(self, name: str) -> None:
        line = self._lines[name]
        try:
            while line and not self._stopping:
                job = line.popleft()
                settled = await self._try(job)
                del self._held[job.id]
                if not settled and self._policy.in_order:
                    await self._give_back(line)
                self._make_room()
        finally:
            del self._lines[name]

    async def _give_back(self, line: deque[Job]) -> None:
        """Let what is behind a job that has to be tried again wait for it."""
        behind = list(line)
        line.clear()
        for job in behind:
            del self._held[job.id]
        try:
            await self._store.write(jobs.release, behind, owner=self._owner)
        except Broken:
            raise
        except StorageError as error:
            log.warning("%s jobs of %s are left to their leases: %s", len(behind), self._queue, error)

    def _make_room(self) -> None:
        """Look for more once so many jobs are done that a claim is worth its price, or none is left."""
        self._done += 1
        if self._more and (self._done >= self._policy.held_per_lane_max // 2 or not self._held):
            self._room.set()

    def _landed(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Broken):
            self._broken = error
            self._room.set()

    async def _try(self, job: Job) -> bool:
        """Do a job; False when it is to be tried again."""
        try:
            await self._do(job, self._owner)
        except Unreachable as error:
            return await self._later(job, f"unreachable: {error.iri}", final=not error.temporary)
        except Broken:
            raise
        except LeaseLost:
            log.warning("job %s of %s took too long and went to another worker", job.id, job.queue)
        except Exception as error:
            log.exception("job %s of %s failed", job.id, job.queue)
            return await self._later(job, f"{type(error).__name__}: {error}")
        return True

    async def _later(self, job: Job, error: str, *, final: bool = False) -> bool:
        """Try a job again later, or bury it when it has failed too often (REL-019); False when it is tried again."""
        now = self._clock()
        run_at = next_attempt(job.attempts, now=now, jitter=random.random(), created=job.created)  # noqa: S311
        write, owner = self._store.write, self._owner
        try:
            if final or run_at is None or job.attempts >= ATTEMPTS_MAX:
                await write(jobs.bury, job, owner=owner, now=now, error=error, status=None)
                return True
            await write(jobs.retry, job, owner=owner, now=now, run_at=run_at, error=error, status=None)
        except Broken:
            raise
        except StorageError as failure:
            log.warning("job %s of %s is left to its lease: %s", job.id, job.queue, failure)
        return False

    async def _ring(self, bell: Bell) -> None:
        while True:
            if await bell.wait(self._policy.idle_seconds):
                self._room.set()

    async def _keep_leases(self) -> None:
        """Hold the leases of what is in hand for as long as it is (REL-013)."""
        while True:
            await asyncio.sleep(self._policy.lease_seconds / 3)
            held, until = list(self._held.values()), self._clock() + self._lease_us
            if not held:
                continue
            try:
                await self._store.write(jobs.renew, held, owner=self._owner, lease_until=until)
            except StorageError as error:
                log.warning("cannot renew leases: %s", error)

    async def _drain(self) -> None:
        """Wait for what is under way; what takes too long is cut off; what is not done is given back."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=self._policy.drain_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._held:
            await self._store.write(jobs.release, list(self._held.values()), owner=self._owner)
