"""The Events API: business events, entities and what people say about them (Events §1). A translation."""

from server.doors.events.door import TERRITORY
from server.doors.events.routes import routes

__all__ = ["TERRITORY", "routes"]
