"""Deliveries: claim jobs, one request per inbox, sign, POST, judge the answer, settle the job.

A job is leased before it is tried and settled only after the peer has answered; a crash in between
repeats it, with the same bytes (REL-009, REL-012, REL-013). Leases are short and renewed, so that what
a killed process held is taken up again soon. Hosts take turns, each with few requests at a time.
"""

import asyncio
import contextlib
import logging
import os
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from federation.attempt import End, Outcome, Postman
from federation.backoff import SECOND_US
from federation.client import Client
from federation.clock import Clock, system_clock
from federation.fetch import Fetcher, OnGone
from federation.keyring import KeyRing
from federation.letters import Letters
from federation.prover import Prover
from federation.settle import Finisher, postpone
from federation.synchronization import Digests
from federation.turns import Turns
from storage import Store, jobs
from storage.errors import Broken, StorageError
from storage.jobs import Job
from storage.signals import Bell

QUEUE = "deliver"
SURPRISES_MAX = 10
"""A job that fails so often for no reason we know is dead (REL-019)."""
BREATH_SECONDS = 0.03
"""So long it claims nothing more while many deliveries are under way."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """How many deliveries at a time (SEC §2), and how long jobs are leased.

    What is held waits for its turn here; little is claimed with each look, so that the event loop is never kept long.
    """

    at_once_max: int = 64
    per_host_max: int = 2
    held_max: int = 256
    claimed_max: int = 64
    held_per_host_max: int = 8
    lease_seconds: int = 30
    idle_seconds: float = 5
    drain_seconds: float = 5


class Deliverer:
    """Deliver until stopped.

    With a prover, what is said in public carries proofs (AP-503). ``synchronizing``: what is said to followers
    tells each server which of its people those are (AP-709).
    """

    def __init__(
        self,
        store: Store,
        client: Client,
        keyring: KeyRing,
        fetcher: Fetcher,
        *,
        clock: Clock = system_clock,
        policy: DeliveryPolicy | None = None,
        on_gone: OnGone | None = None,
        prover: Prover | None = None,
        synchronizing: bool = False,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy or DeliveryPolicy()
        letters = Letters(store, prover)
        digests = Digests(store, clock=clock) if synchronizing else None
        self._postman = Postman(client, keyring, fetcher, letters, digests, clock=clock, on_gone=on_gone)
        self._jitter = jitter
        self._owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._finisher = Finisher(store, owner=self._owner, clock=clock)
        self._turns = Turns(self._policy.at_once_max, self._policy.per_host_max)
        self._tasks: dict[asyncio.Task[None], Job] = {}
        self._room = asyncio.Event()
        self._few = asyncio.Event()
        self._broken: Broken | None = None
        self._more = False
        self._starting = False
        self._stopping = False
        self.beat = time.monotonic()
        """When it last looked for work; it does so every few seconds, however busy it is."""

    async def run(self) -> None:
        """Claim and deliver; ends after :meth:`stop`, or with Broken when storage fails for good (REL-004)."""
        heart = asyncio.create_task(self._keep_leases(), name="delivery leases")
        try:
            with self._store.signals.listen(f"queue:{QUEUE}") as bell:
                ringing = asyncio.create_task(self._ring(bell), name="delivery bell")
                try:
                    await self._claim_until_stopped()
                finally:
                    ringing.cancel()
            await self._drain()
        finally:
            heart.cancel()

    async def stop(self) -> None:
        """Claim nothing more; what is under way may finish, what waits is given back (REL-026)."""
        self._stopping = True
        self._room.set()
        await self._give_back(self._turns.withdraw())

    async def _claim_until_stopped(self) -> None:
        while not self._stopping:
            self._room.clear()
            self.beat = time.monotonic()
            await self._breathe()
            claimed = await self._claim()
            for job in claimed:
                self._turns.add(job)
            self._start()
            if self._broken is not None:
                raise self._broken
            if not claimed:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._policy.idle_seconds):
                        await self._room.wait()

    async def _breathe(self) -> None:
        """While enough is under way let some of it land, so that the next look is worth its while."""
        self._few.clear()
        if self._plenty:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BREATH_SECONDS):
                    await self._few.wait()

    @property
    def _plenty(self) -> bool:
        return len(self._tasks) > self._policy.at_once_max // 2

    async def _claim(self) -> list[Job]:
        """Lease as many jobs as there is room for; note whether there may be more."""
        room = min(self._policy.held_max - len(self._turns), self._policy.claimed_max)
        self._more = room < 1
        if self._more:
            return []
        try:
            claimed = await self._store.write(
                jobs.claim,
                QUEUE,
                now=self._clock(),
                owner=self._owner,
                lease_us=self._policy.lease_seconds * SECOND_US,
                limit=room,
                per_lane=self._policy.held_per_host_max,
                closed_lanes=self._turns.full_hosts,
            )
            self._more = len(claimed) >= room
            return claimed
        except Broken:
            raise
        except StorageError as error:
            log.warning("cannot claim deliveries: %s", error)
            return []

    async def _ring(self, bell: Bell) -> None:
        while True:
            if await bell.wait(self._policy.idle_seconds):
                self._room.set()

    def _start(self) -> None:
        """Start what has its turn, one delivery with each round of the event loop.

        Many at once would answer at once as well, and who makes a request here would wait for all of them.
        """
        job = None if self._starting else self._turns.take()
        if job is None:
            return
        task = asyncio.create_task(self._deliver(job))
        self._tasks[task] = job
        task.add_done_callback(self._landed)
        self._starting = True
        asyncio.get_running_loop().call_soon(self._go_on)

    def _go_on(self) -> None:
        self._starting = False
        if not self._stopping:
            self._start()

    def _landed(self, task: "asyncio.Task[None]") -> None:
        job = self._tasks.pop(task)
        self._turns.done(job)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Broken):
            self._broken = error
        elif error is not None:
            log.error("delivery %s was left to its lease", job.id, exc_info=error)
        if not self._stopping:
            self._start()
        if not self._plenty:
            self._few.set()
        if self._broken is not None or self._wants_more(job.lane):
            self._room.set()

    def _wants_more(self, host: str) -> bool:
        """Whether claiming pays: a host has run out of jobs here, or there is room and more was waiting."""
        held, held_max = len(self._turns), self._policy.held_max
        if host in self._turns.full_hosts:
            return self._more and held <= held_max - held_max // 8
        return held <= held_max // 2 or len(self._tasks) < self._policy.at_once_max

    async def _deliver(self, job: Job) -> None:
        try:
            outcome = await self._postman.deliver(job)
        except StorageError:
            raise
        except Exception as error:
            log.exception("delivery %s failed in a way nobody foresaw", job.id)
            end: End = "dead" if job.attempts >= SURPRISES_MAX else "retry"
            outcome = Outcome(end, 0, f"{type(error).__name__}: {error}")
        if outcome.end == "done":
            await self._finisher.finish(job)
            return
        host_is_down = await self._store.write(
            postpone, job, outcome, owner=self._owner, now=self._clock(), jitter=self._jitter()
        )
        if host_is_down:
            await self._give_back(self._turns.withdraw(job.lane))

    async def _give_back(self, held: list[Job]) -> None:
        if not held:
            return
        try:
            await self._store.write(jobs.release, held, owner=self._owner)
        except StorageError as error:
            log.warning("deliveries return only when their lease ends: %s", error)

    async def _keep_leases(self) -> None:
        """Hold the leases of what is in hand for as long as it is (REL-013)."""
        while True:
            await asyncio.sleep(self._policy.lease_seconds / 3)
            held = [*self._tasks.values(), *self._turns.waiting]
            if not held:
                continue
            until = self._clock() + self._policy.lease_seconds * SECOND_US
            try:
                await self._store.write(jobs.renew, held, owner=self._owner, lease_until=until)
            except StorageError as error:
                log.warning("cannot renew leases: %s", error)

    async def _drain(self) -> None:
        """Wait for what is under way; what takes too long is cut off and given back."""
        await self._give_back(self._turns.withdraw())
        tasks = dict(self._tasks)
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=self._policy.drain_seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        await self._give_back([tasks[task] for task in late])
