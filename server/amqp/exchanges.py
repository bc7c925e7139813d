"""What a tenant has at its broker (Events §22).

Senders publish to one of two exchanges, and both lead to one queue. What cannot be kept goes on to the exchange of the
same name with ``.rejected``, and waits in a queue of its own with the reason.
"""

from dataclasses import dataclass
from typing import Final

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange, AbstractQueue
from aio_pika.exceptions import ChannelNotFoundEntity

SHARED: Final = "to-activitystream"
REJECTED: Final = ".rejected"
ALL: Final = "#"


def of_tenant(label: str) -> tuple[str, str]:
    """Return the exchanges that a tenant's senders publish to."""
    return SHARED, f"from-{label}"


def queue_of(label: str) -> str:
    """Return the queue that we consume."""
    return f"events-api.{label}"


@dataclass(frozen=True, slots=True)
class Declared:
    """The queue that we consume, and the exchanges for what cannot be kept, by those it came through."""

    queue: AbstractQueue
    rejected: dict[str, AbstractExchange]

    def rejecting(self, exchange: str) -> AbstractExchange:
        """Return where to send on what came through an exchange; what came through none is treated as shared."""
        return self.rejected.get(exchange, self.rejected[SHARED])


async def declare(connection: AbstractConnection, channel: AbstractChannel, label: str) -> Declared:
    """Make what is not there yet; all of it outlives the broker."""
    queue = await _queue(connection, channel, queue_of(label))
    buried = await _queue(connection, channel, f"{queue_of(label)}{REJECTED}")
    rejected = {}
    for name in of_tenant(label):
        exchange = await channel.declare_exchange(name, ExchangeType.TOPIC, durable=True)
        await queue.bind(exchange, ALL)
        rejected[name] = await channel.declare_exchange(f"{name}{REJECTED}", ExchangeType.TOPIC, durable=True)
        await buried.bind(rejected[name], ALL)
    return Declared(queue, rejected)


async def _queue(connection: AbstractConnection, channel: AbstractChannel, name: str) -> AbstractQueue:
    """Return a queue, as its operator made it, of whatever kind; one that is not there is durable."""
    trial = await connection.channel()
    try:
        await trial.declare_queue(name, passive=True)
    except ChannelNotFoundEntity:  # which ends the channel
        return await channel.declare_queue(name, durable=True)
    await trial.close()
    return await channel.get_queue(name, ensure=False)
