"""A sender at RabbitMQ, who looks into queues as well."""

import asyncio
import contextlib
import json
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aio_pika
from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import ChannelNotFoundEntity


def numbered(number: int, **members: Any) -> dict[str, Any]:
    """Return an event that no other number has."""
    return {
        "origin": "depot.north",
        "occurred_at": f"2031-03-04T05:{number // 60_000 % 60:02}:{number // 1_000 % 60:02}.{number % 1_000:03}Z",
        "involves": [{"ACTOR": "Employee/Ada"}],
        **members,
    }


class Rabbit:
    """A connection of a sender."""

    def __init__(
        self, url: str, label: str, connection: AbstractConnection, channel: AbstractChannel
    ) -> None:
        self.url = url
        self.queue = f"events-api.{label}"
        self.rejected = f"{self.queue}.rejected"
        self._connection = connection
        self._channel = channel

    async def sends(
        self, message: dict[str, Any] | bytes, key: str, *, exchange: str = "from-default", **properties: Any
    ) -> None:
        """Publish a message; the broker has it when this returns."""
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        usual = {"content_type": "text/plain", "delivery_mode": DeliveryMode.PERSISTENT, "priority": 1}
        through = await self._channel.get_exchange(exchange, ensure=False)
        await through.publish(Message(body, **(usual | properties)), key)

    async def ready(self) -> int:
        """Return how many messages wait in the queue that nobody holds."""
        found = await self._channel.declare_queue(self.queue, passive=True)
        return int(found.declaration_result.message_count or 0)

    async def takes(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Take a message that was not kept; return it with what is said to be wrong with it."""
        found = await self._channel.get_queue(self.rejected, ensure=False)
        message = await found.get(no_ack=True)
        errors = message.headers["x-errors"]
        assert isinstance(errors, str)
        return json.loads(message.body), json.loads(errors)

    async def consumed(self) -> bool:
        """Tell whether somebody consumes the queue."""
        trial = await self._connection.channel()
        try:
            found = await trial.declare_queue(self.queue, passive=True)
        except ChannelNotFoundEntity:  # which ends the channel
            return False
        await trial.close()
        return bool(found.declaration_result.consumer_count)

    async def makes_quorum_queue(self) -> None:
        """Make the queue before anybody consumes it, of a kind that we do not make."""
        await self._channel.declare_queue(self.queue, durable=True, arguments={"x-queue-type": "quorum"})

    async def cuts_the_others_off(self) -> None:
        """Have the broker close the connections of those who consume."""
        listed = await _rabbitmqctl("list_connections", "pid", "vhost", "client_properties")
        for line in listed.splitlines():
            if self._vhost in line and '"connection_name","headwater"' in line:
                await _rabbitmqctl("close_connection", line.split()[0], "a test")

    @property
    def _vhost(self) -> str:
        return self.url.rpartition("/")[2]


@contextlib.asynccontextmanager
async def rabbit(url: str, label: str = "default") -> AsyncIterator[Rabbit]:
    """Connect as a sender; what is left in queues is gone afterwards."""
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        sender = Rabbit(url, label, connection, channel)
        yield sender
        for queue in (sender.queue, sender.rejected):
            await channel.queue_delete(queue)


async def until(check: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Wait until something is the case."""
    async with asyncio.timeout(seconds):
        while True:
            if await check():
                return
            await asyncio.sleep(0.02)


async def _rabbitmqctl(*arguments: str) -> str:
    command = ["rabbitmqctl", "-q", *arguments]
    done = await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True, text=True)
    return done.stdout
