"""Messages of the Events API that come through a message broker, RabbitMQ (Events §22).

A tenant's senders publish to its broker, and its queue is consumed by the background work of each process. ``consumer``
speaks to the broker, ``keeper`` keeps what has come. Off unless an address is set, and an optional extra.
"""

import logging
from functools import partial
from typing import TYPE_CHECKING

from server.amqp.keeper import Keeper
from server.house import House
from storage import tenants

if TYPE_CHECKING:
    from server.amqp.consumer import Consumer

log = logging.getLogger(__name__)


def consumers(house: House) -> "list[Consumer]":
    """Return what consumes the queues of all tenants that have a broker. Raises RuntimeError without the extra."""
    urls = house.config.amqp_urls
    if not urls:
        return []
    try:
        from server.amqp.consumer import Consumer
    except ImportError as error:
        raise RuntimeError("RabbitMQ needs the extra: pip install 'headwater[amqp]'") from error
    return [Consumer(url, label, partial(_keeper, house, label)) for label, url in sorted(urls.items())]


async def _keeper(house: House, label: str) -> Keeper | None:
    """Return what keeps the messages of a tenant; None while there is no such tenant, or it is suspended."""
    tenant = await house.store.peek(tenants.by_label, label)
    if tenant is None or tenant.suspended is not None:
        log.warning("nothing is consumed for tenant %s, which does not exist or is suspended", label)
        return None
    limit = house.config.limits.body_bytes_max
    return Keeper(house.events, tenant, house.received, body_bytes_max=limit)
