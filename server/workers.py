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

from federation import Deliverer, DeliveryPolicy, Hooks, Hub
from server import amqp, eventscollector
from server import hub as hubs
from server.eventscollector import Collector
from server.house import House
from server.pulling import Poller
from server.queueworker import QueueWorker, WorkPolicy
from storage import Transaction, inbox, jobs, prune, subscribers, subscriptions, webhooks
from storage import hooks as inhooks
from storage.errors import Broken, StorageError
from storage.jobs import Job
from streams import (
    chores,
    departures,
    fanout,
    interest,
    moderation,
    profiles,
    receive,
    relate,
    responses,
    synchronization,
    threads,
)
from streams import hooks as reported
from streams.events import broadcasting, matching, responding, spreading
from streams.feeds import fanout as feedcopies
from streams.feeds import hooks, placing
from streams.happenings import indexing

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
HOOKS = WorkPolicy(held_max=32, held_per_lane_max=8)
"""Letters to web hooks; those for one address go one after the other anyway."""
HOOK_NEWS_SECONDS = 5.0
POLITELY = WorkPolicy(held_max=4, held_per_lane_max=1, circuits=True)
"""Threads are completed, and people brought along looked up, a few at a time and one for each host."""
PULLING = WorkPolicy(held_max=8, held_per_lane_max=1)
"""Feeds are read a few at a time, and one for each host."""
IN_ORDER = WorkPolicy(held_per_lane_max=128, in_order=True)
"""Messages of one request take effect in the order in which they were sent; tenants take turns."""
LAST_WORDS_SECONDS = 2.0
"""For so long after storage has failed for good requests are still answered: with 503."""


class Workers:
    """The background work of one process: intake, fan-out, deliveries, housekeeping."""

    def __init__(self, house: House) -> None:
        self._house = house
        store, clock = house.store, house.ports.clock
        hub = Hub(store, house.client, address=f"{house.base_url}{hubs.PATH}", clock=clock)
        self._teller = hubs.Teller(store, house.inward, clock=clock)
        self._poller = Poller(store, house.client, base_url=house.base_url, clock=clock)
        self._queues = [
            QueueWorker(store, inbox.QUEUE, self._receive, clock=clock, pause=self._give_way),
            QueueWorker(store, "fanout", self._go_on, clock=clock),
            QueueWorker(store, "resolve", self._resolve, clock=clock),
            QueueWorker(store, synchronization.QUEUE, self._synchronize, clock=clock, policy=POLITELY),
            *(
                QueueWorker(store, queue, work, clock=clock, policy=POLITELY, pause=self._yield)
                for queue, work in ((interest.QUEUE, self._complete), (relate.QUEUE, self._relate))
            ),
            QueueWorker(store, moderation.QUEUE, self._moderate, clock=clock),
            QueueWorker(
                store,
                eventscollector.QUEUE,
                Collector(house.events, house.received).do,
                clock=clock,
                policy=IN_ORDER,
            ),
            QueueWorker(store, "chores", self._do_chore, clock=clock),
            QueueWorker(store, placing.QUEUE, self._spread, clock=clock),
            QueueWorker(store, matching.QUEUE, self._enter, clock=clock),
            QueueWorker(store, broadcasting.QUEUE, self._broadcast, clock=clock, policy=IN_ORDER),
            QueueWorker(store, responses.QUEUE, self._respond, clock=clock, policy=IN_ORDER),
            QueueWorker(store, inhooks.QUEUE, self._tell, clock=clock, policy=IN_ORDER),
            QueueWorker(store, subscribers.VERIFICATIONS, hub.verify, clock=clock, policy=POLITELY),
            QueueWorker(store, subscribers.DELIVERIES, hub.deliver, clock=clock, policy=HOOKS),
            QueueWorker(store, subscriptions.QUEUE, self._poller.work, clock=clock, policy=PULLING),
            QueueWorker(
                store,
                webhooks.QUEUE,
                Hooks(store, house.client, clock=clock).deliver,
                clock=clock,
                policy=HOOKS,
            ),
        ]
        self._consumers = amqp.consumers(house)
        self._deliverer = Deliverer(
            store,
            house.client,
            house.keyring,
            house.fetcher,
            clock=clock,
            policy=DeliveryPolicy(drain_seconds=DRAIN_SECONDS),
            on_gone=self._part,
            prover=house.prover,
            synchronizing=house.config.federation.synchronize_followers,
        )

    def stalled(self) -> bool:
        """Tell whether a part of the work has not looked for more in a long time (REL-035)."""
        oldest = min(self._deliverer.beat, *(queue.beat for queue in self._queues))
        return time.monotonic() - oldest > STALLED_SECONDS

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work until the block ends; then finish what is under way and give the rest back (REL-026)."""
        consuming = [consumer.run for consumer in self._consumers]
        runs = [*(queue.run for queue in self._queues), *consuming, self._deliverer.run]
        forever = (self._keep_house, self._write_to_hooks, self._teller.run, self._note_happenings)
        working = [asyncio.create_task(_keep_up(run), name=run.__qualname__) for run in runs]
        keeping = [asyncio.create_task(_keep_up(run), name=run.__qualname__) for run in forever]
        try:
            yield
        finally:
            for task in keeping:
                task.cancel()
            for queue in self._queues:
                queue.stop()
            for consumer in self._consumers:
                consumer.stop()
            await self._deliverer.stop()
            _, late = await asyncio.wait(working, timeout=DRAIN_SECONDS + 1)
            for task in late:
                task.cancel()
            await asyncio.gather(*keeping, *working, return_exceptions=True)

    async def _receive(self, job: Job, owner: str) -> None:
        intake = inbox.intake(job)
        try:
            await receive(self._house.ports, intake, partial(_finish, job=job, owner=owner))
        finally:
            self._house.settling.end((intake.sender.id, intake.received))

    async def _give_way(self) -> None:
        """While requests keep coming and little has piled up, receiving comes before taking effect."""
        backlog = self._house.backlog
        if backlog is None or backlog[1] < BACKLOG_CALM:
            settling = self._house.settling
            await self._house.traffic.give_way(GIVE_WAY_SECONDS, unless=lambda: settling.awaited)

    async def _yield(self) -> None:
        """Wait for a quiet moment: threads can."""
        await self._house.traffic.give_way(GIVE_WAY_SECONDS)

    async def _complete(self, job: Job, owner: str) -> None:
        complete = profiles.complete if job.payload["profile"] else threads.complete
        await complete(self._house.ports, job, owner=owner)

    async def _relate(self, job: Job, owner: str) -> None:
        await relate.settle(self._house.ports, job, owner=owner)

    async def _go_on(self, job: Job, owner: str) -> None:
        await self._house.store.write(fanout.go_on, job, owner=owner, now=self._house.ports.clock())

    async def _resolve(self, job: Job, owner: str) -> None:
        await fanout.resolve(self._house.ports, job, owner=owner)

    async def _moderate(self, job: Job, owner: str) -> None:
        await moderation.work(self._house.store, job)
        await self._house.store.write(jobs.finish, job, owner=owner)

    async def _enter(self, job: Job, owner: str) -> None:
        await spreading.work(self._house.store, job, owner=owner, now=self._house.ports.clock())

    async def _broadcast(self, job: Job, owner: str) -> None:
        await broadcasting.work(self._house.events, job, owner=owner)

    async def _respond(self, job: Job, owner: str) -> None:
        await responding.work(self._house.events, job, owner=owner)

    async def _tell(self, job: Job, owner: str) -> None:
        ports = self._house.ports
        await reported.work(ports.store, job, owner=owner, base_url=ports.base_url, now=ports.clock())

    async def _synchronize(self, job: Job, owner: str) -> None:
        await synchronization.synchronize(self._house.ports, job, owner=owner)

    async def _do_chore(self, job: Job, owner: str) -> None:
        ports = self._house.ports
        await ports.store.write(chores.do, job, owner=owner, base_url=ports.base_url, now=ports.clock())

    async def _spread(self, job: Job, owner: str) -> None:
        await feedcopies.work(self._house.feeds, job, owner=owner)

    async def _part(self, actor: str) -> None:
        """Let an actor go whose own server says that it is gone (AP-297)."""
        await self._house.store.write(departures.gone, actor, now=self._house.ports.clock())

    async def _write_to_hooks(self) -> None:
        """Make letters to web hooks of what happened, soon after it was committed (Feeds §11.3)."""
        store = self._house.store
        with store.signals.listen(webhooks.TOPIC) as bell:
            while True:
                await hooks.write_letters(self._house.feeds)
                await bell.wait(HOOK_NEWS_SECONDS)

    async def _note_happenings(self) -> None:
        """Note what happened in the index of all that did, for whoever reads it (Atom §3.3)."""
        await indexing.run(self._house.store, self._house.base_url, self._yield)

    async def _keep_house(self) -> None:
        while True:
            await asyncio.sleep(PRUNE_SECONDS)
            await prune.prune(self._house.store, now=self._house.ports.clock())
            await self._house.media.clear(self._house.store)


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
