"""Event streams: what happens to a collection or an object, as it happens (AP-590, AP-591).

Each message is an activity: ``Add`` and ``Remove`` with the collection as target, ``Update`` and ``Delete``
of the object itself. Rights and the token are looked at anew before each message.
"""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from server import parameters
from server.auth import bearer
from server.auth.requester import own
from server.auth.scopes import READ
from server.doors.activitypub.collections import OF_ACTORS, OF_OBJECTS
from server.eventstream import HEADERS, QUIET, EventStream, event
from server.house import House, house
from storage import Transaction, tokens
from storage.entries import NEWEST, Viewer
from storage.ids import at_instant
from streams import actors, changes, follow, policy
from streams.changes import Change
from streams.errors import NotAllowed, NotFound
from streams.read import OWNER_ONLY
from streams.watch import Look, Seen
from vocab import dump

Told = Callable[[Transaction, Viewer, int, int], Awaitable[Seen[Change]]]
"""Finds what happened above a position, as one reader may know it, at most so much of it."""


async def of_actor(request: Request) -> Response:
    """Tell what enters and leaves a collection of one of our actors."""
    parts = house(request)
    kind = request.path_params["kind"]
    if kind not in OF_ACTORS:
        raise NotFound(kind)
    held, hashed = await _reader(request)
    actor = await parts.store.read(actors.named, request.path_params["name"])
    if kind in OWNER_ONLY:
        own(request, policy.viewer(held.actor), actor.id)
    told = partial(changes.of_stream, owner_iri=actor.iri, kind=kind)
    return await _stream(request, parts, held, _checked(parts, hashed, told))


async def of_object(request: Request) -> Response:
    """Tell what happens to an object; for a collection that a client made, to its items too."""
    parts = house(request)
    held, hashed = await _reader(request)
    iri = f"{parts.base_url}/objects/{request.path_params['id']}"
    told = partial(changes.of_object, iri=iri, base_url=parts.base_url)
    return await _stream(request, parts, held, _checked(parts, hashed, told))


async def of_object_collection(request: Request) -> Response:
    """Tell what enters and leaves the replies to an object, its likes or its shares."""
    parts = house(request)
    kind = request.path_params["kind"]
    if kind not in OF_OBJECTS:
        raise NotFound(kind)
    held, hashed = await _reader(request)
    iri = f"{parts.base_url}/objects/{request.path_params['id']}"
    told = partial(changes.of_stream, owner_iri=iri, kind=kind)
    return await _stream(request, parts, held, _checked(parts, hashed, told))


async def _reader(request: Request) -> tuple[bearer.Grant, str]:
    """Return who watches, and the hash of their token.

    Browsers cannot send a header with an EventSource, so here, and nowhere else, the token may stand in the
    address (AP-543).
    """
    token = bearer.carried(request) or request.query_params.get("access_token")
    if not token:
        raise bearer.challenge(request, None, "a bearer token is required")
    held = await bearer.granted(request, token)
    if READ not in held.scopes:
        raise bearer.insufficient(request, READ)
    return held, tokens.hash_of(token)


def _checked(parts: House, hashed: str, told: Told) -> Look[Change]:
    """Return a look that ends with the token, which is looked up in the same transaction."""

    async def look(tx: Transaction, low: int, limit: int) -> Seen[Change]:
        held = await bearer.holder(tx, hashed, now=parts.ports.clock())
        if held is None or READ not in held.scopes:
            raise NotAllowed("access_token", "is not valid any more")
        seen = await told(tx, policy.viewer(held.actor), low, limit)
        return Seen(seen.found, (*seen.topics, tokens.REVOKED))

    return look


async def _stream(request: Request, parts: House, held: bearer.Grant, look: Look[Change]) -> Response:
    after = _last_event(request, at_instant(parts.ports.clock()))
    await parts.store.read(look, NEWEST if after is None else after, 1)  # refuse before the answer begins
    if request.method == "HEAD":
        return Response(headers=HEADERS, media_type="text/event-stream")
    with contextlib.ExitStack() as seat:
        seat.enter_context(parts.seats.taken(held.actor.id))
        return EventStream(_pieces(parts, look, after), on_close=seat.pop_all().close)


def _last_event(request: Request, now: int) -> int | None:
    """Return from where to go on; None, which is from now on, for what was never an id of ours."""
    given = parameters.number(request.headers.get("last-event-id", ""))
    return given if given is not None and given <= now else None


async def _pieces(parts: House, look: Look[Change], after: int | None) -> AsyncIterator[bytes]:
    async for change in follow(parts.ports, look, after=after):
        if change is None:
            yield QUIET
            continue
        yield event(change.position, dump.render(*change.told))
        if change.final:
            return
