"""Public channels as actors: found by tenant and id, and answered like any other from there on (Events §23.2)."""

from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from server.doors.activitypub.feeds import keyed
from server.doors.activitypub.forbidden import Endpoint
from server.house import House, house
from storage.actors import ActorRow
from storage.tenants import DEFAULT
from streams.errors import NotFound
from streams.events import presence


def of_channel(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that answers for the actor of the channel in the path what ``endpoint`` does for a name."""

    @wraps(endpoint)
    async def answered(request: Request) -> Response:
        parameters = request.path_params
        actor = await find(house(request), parameters.get("label", DEFAULT), parameters["id"])
        if actor is None:
            raise NotFound(request.url.path)
        parameters["name"] = actor.name
        return await endpoint(request)

    return answered


async def find(parts: House, label: str, id: str) -> ActorRow | None:
    """Return the actor that a channel of a tenant is; None for one that is not public."""
    return await keyed(parts, await presence.seek(parts.events, label, id))


async def named(parts: House, name: str) -> ActorRow | None:
    """Return the actor that the public channel of a handle is, if that is what it is called."""
    parsed = presence.called(name.lower())
    actor = None if parsed is None else await find(parts, *parsed)
    return actor if actor is not None and actor.handle == name.lower() else None
