"""Messages of the Events API that come through a message broker, RabbitMQ (Events §22)."""

from server.amqp.consumer import Consumer
from server.amqp.keeper import Keeper, Letter

__all__ = ["Consumer", "Keeper", "Letter"]
