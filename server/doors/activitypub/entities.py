"""GET an entity, and what it did: who acts in feeds without an account here (Feeds §3.2)."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server import paging
from server.auth.requester import requester
from server.doors.activitypub import answers
from server.doors.activitypub.collections import render_listing
from server.house import House, house
from storage import Transaction, actors, tenants
from storage.actors import State
from storage.entries import Viewer
from storage.tenants import Tenant
from streams import entities
from streams.errors import NotFound
from streams.feeds import Space
from streams.read import Bounds
from vocab import dump


async def get_entity(request: Request) -> Response:
    """Answer with an entity, if there is something of what it did that the reader may see; an account is its own."""
    parts, space = house(request), await _space(request)
    type, name = request.path_params["type"], request.path_params["id"]
    iri = space.entities.named(type, name)
    account = await _account(parts, space, iri)
    if account is not None:
        return RedirectResponse(account, 303, {"Vary": "Accept"})
    viewer = await requester(request)
    described = await parts.store.read(entities.describe, iri, type, name, viewer)
    return answers.document(request, dump.dump(described), viewer)


async def get_outbox(request: Request) -> Response:
    """Answer with what an entity did, newest first, as far as the reader may see it."""
    parts, space = house(request), await _space(request)
    iri = space.entities.named(request.path_params["type"], request.path_params["id"])
    viewer = await requester(request)
    body = await parts.store.read(_outbox, iri, viewer, *paging.asked(request))
    return answers.document(request, body, viewer)


async def _space(request: Request) -> Space:
    """Return the tenant that the path names. Raises NotFound."""
    parts, label = house(request), request.path_params.get("label", tenants.DEFAULT)
    tenant: Tenant | None = await parts.store.peek(tenants.by_label, label)
    if tenant is None:
        raise NotFound(label)
    return await parts.feeds.space(tenant)


async def _account(parts: House, space: Space, iri: str) -> str | None:
    """Return the account that an entity is, None when it has none."""
    account = space.entities.account(iri)
    found = None if account is None else await parts.store.peek(actors.find, account)
    return None if found is None or found.state == State.GONE else found.iri


async def _outbox(
    tx: Transaction, iri: str, viewer: Viewer | None, bounds: Bounds | None, limit: int
) -> bytes:
    reading = await entities.outbox(tx, iri, viewer)
    return await render_listing(tx, f"{iri}/outbox", {"attributedTo": iri}, reading, bounds, limit)
