"""Providers: whatever brings a whole family of activities into the stream (Atom §8).

A provider is any object with the members of ``Provider``. Ours register as a stranger's do. ``filtering`` has what
helps each of them to understand a request.
"""

from streams.providers import filtering
from streams.providers.gathering import Gathered, Running, gather, go_upward
from streams.providers.host import Host, Settings
from streams.providers.onlooker import Onlooker
from streams.providers.order import position
from streams.providers.provider import Authorisation, Feed, Problems, Provider, Throttled
from streams.providers.request import FeedRequest, Filter

__all__ = [
    "Authorisation",
    "Feed",
    "FeedRequest",
    "Filter",
    "Gathered",
    "Host",
    "Onlooker",
    "Problems",
    "Provider",
    "Running",
    "Settings",
    "Throttled",
    "filtering",
    "gather",
    "go_upward",
    "position",
]
