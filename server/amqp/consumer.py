"""Consuming a tenant's queue: what arrives is kept in batches, and acknowledged when it is committed (Events §22).

So nothing is lost: what was not acknowledged is delivered again, after a crash of ours or of the broker's. And what has
an id that follows from what it says is kept once. While storage does not take anything, we hold what we have and take
no more than the broker lets us hold.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import aio_pika
from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError

from server.amqp import exchanges
from server.amqp.exchanges import Declared
from server.amqp.keeper import Keeper, Letter
from storage.errors import Broken, StorageError
from vocab import instants
from vocab.dialects.events import Problems

PREFETCH: Final = 200
"""So many messages are held by a process at most."""
BATCH_MAX: Final = 100
CONNECT_SECONDS: Final = 10.0
PAUSE_SECONDS: Final = 0.2
PAUSE_SECONDS_MAX: Final = 30.0
NAME: Final = "headwater"
"""What the broker's operator sees us by."""
ERRORS: Final = "x-errors"

T = TypeVar("T")

log = logging.getLogger(__name__)


class Consumer:
    """Consumes the queue of one tenant until stopped, through as many connections as it takes."""

    def __init__(self, url: str, label: str, keeper: Callable[[], Awaitable[Keeper | None]]) -> None:
        """Consume for the tenant of a label; ``keeper`` is asked for anew with each connection, None for not now."""
        self._url = f"{url}{'&' if '?' in url else '?'}name={NAME}"
        self._label = label
        self._keeper = keeper
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Finish what is under way, and consume no more."""
        self._stopping.set()

    async def run(self) -> None:
        """Consume until stopped; connect again when the connection ends."""
        pause = PAUSE_SECONDS
        while not self._stopping.is_set():
            try:
                keeper = await self._keeper()
                if keeper is not None:
                    await self._session(keeper)
                    pause = PAUSE_SECONDS
            except (AMQPError, ChannelInvalidStateError, OSError) as error:
                log.warning("the message broker of tenant %s does not answer: %r", self._label, error)
            await self._wait(pause)
            pause = min(2 * pause, PAUSE_SECONDS_MAX)

    async def _session(self, keeper: Keeper) -> None:
        """Consume through one connection until it ends or we are stopped."""
        connection = await aio_pika.connect(self._url, timeout=CONNECT_SECONDS)
        async with connection:
            channel = await connection.channel()
            await channel.set_qos(prefetch_count=PREFETCH)
            declared = await exchanges.declare(connection, channel, self._label)
            arrived: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
            ended = asyncio.Event()
            channel.close_callbacks.add(lambda *_: ended.set())
            connection.close_callbacks.add(lambda *_: ended.set())
            await declared.queue.consume(arrived.put)
            log.info("consuming %s", declared.queue.name)
            while batch := await self._next(arrived, ended):
                await self._settle(batch, keeper, declared, ended)

    async def _next(
        self, arrived: asyncio.Queue[AbstractIncomingMessage], ended: asyncio.Event
    ) -> list[AbstractIncomingMessage]:
        """Return what has arrived, as soon as anything has; nothing once we are stopped or the connection ended."""
        first = await self._until(arrived.get(), ended)
        if first is None:
            return []
        batch = [first]
        while len(batch) < BATCH_MAX and not arrived.empty():
            batch.append(arrived.get_nowait())
        return batch

    async def _settle(
        self,
        batch: list[AbstractIncomingMessage],
        keeper: Keeper,
        declared: Declared,
        ended: asyncio.Event,
    ) -> None:
        """Keep a batch, send on what cannot be kept, and acknowledge all of it."""
        letters = [_letter(one) for one in batch]
        outcomes = await self._kept(letters, keeper, ended)
        for message, problems in zip(batch, outcomes, strict=False):
            if problems is not None:
                await declared.rejecting(message.exchange or "").publish(
                    _returned(message, problems), message.routing_key or ""
                )
        if outcomes:
            await batch[-1].ack(multiple=True)

    async def _kept(
        self, letters: list[Letter], keeper: Keeper, ended: asyncio.Event
    ) -> list[Problems | None]:
        """Keep letters, however long storage takes; nothing when the connection ends meanwhile or we are stopped."""
        pause = PAUSE_SECONDS
        while True:
            try:
                return await keeper.keep(letters)
            except Broken:
                raise
            except StorageError as error:
                log.warning("messages from the broker wait: %s", error)
            await self._until(asyncio.sleep(pause), ended)
            pause = min(2 * pause, PAUSE_SECONDS_MAX)
            if ended.is_set() or self._stopping.is_set():
                return []

    async def _until(self, awaited: Awaitable[T], ended: asyncio.Event) -> T | None:
        """Wait for something; None when the connection ends or we are stopped before."""
        tasks = [asyncio.ensure_future(one) for one in (awaited, ended.wait(), self._stopping.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return tasks[0].result() if tasks[0].done() else None  # type: ignore[return-value]
        finally:
            for task in tasks:
                task.cancel()

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


def _letter(message: AbstractIncomingMessage) -> Letter:
    sent = message.timestamp
    return Letter(
        message.routing_key or "", message.body, message.content_type or "",
        id=message.message_id or "", sent=None if sent is None else instants.microseconds(sent),
        again=bool(message.redelivered),
    )  # fmt: skip


def _returned(message: AbstractIncomingMessage, problems: Problems) -> Message:
    """Return a message as it came, with what is wrong with it."""
    return Message(
        message.body,
        headers={**message.headers, ERRORS: json.dumps(problems.spell(), ensure_ascii=False)},
        content_type=message.content_type,
        message_id=message.message_id,
        timestamp=message.timestamp,
        delivery_mode=DeliveryMode.PERSISTENT,
    )
