"""Feeds of public groups as actors: found by tenant, group and id, and answered like any other from there on."""

import asyncio
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from server import keypairs
from server.doors.activitypub.forbidden import Endpoint
from server.house import House, house
from storage.actors import ActorRow
from storage.tenants import DEFAULT
from streams.errors import NotFound
from streams.feeds import presence
from streams.feeds.presence import Sought
from vocab.dialects.getstream import FeedId


def of_feed(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that answers for the actor of the feed in the path what ``endpoint`` does for a name."""

    @wraps(endpoint)
    async def answered(request: Request) -> Response:
        parameters = request.path_params
        feed = FeedId.of(parameters["slug"], parameters["id"])
        actor = None if feed is None else await find(house(request), parameters.get("label", DEFAULT), feed)
        if actor is None:
            raise NotFound(request.url.path)
        parameters["name"] = actor.name
        return await endpoint(request)

    return answered


async def find(parts: House, label: str, feed: FeedId) -> ActorRow | None:
    """Return the actor that a feed of a tenant is; None when it is none."""
    return await keyed(parts, await presence.seek(parts.feeds, label, feed))


async def keyed(parts: House, sought: Sought | None) -> ActorRow | None:
    """Return an actor that was looked for; its keys are made when somebody looks for the first time."""
    if sought is None or sought.signs:
        return None if sought is None else sought.actor
    pairs = await asyncio.to_thread(keypairs.fresh)
    return await presence.give_keys(parts.store, sought.actor, pairs, now=parts.ports.clock())


async def named(parts: House, name: str) -> ActorRow | None:
    """Return the actor that the feed of a handle is, if that is what it is called."""
    parsed = presence.called(name)
    actor = None if parsed is None else await find(parts, *parsed)
    return actor if actor is not None and actor.handle == name.lower() else None
