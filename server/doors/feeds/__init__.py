"""The Feeds API: Stream's Feeds v2 as its SDKs speak it (Feeds §1). A translation; what things mean is elsewhere."""

from server.doors.feeds.door import TERRITORY
from server.doors.feeds.routes import routes

__all__ = ["TERRITORY", "routes"]
