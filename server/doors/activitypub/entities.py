"""GET an entity, what it did, and the events in which it took part (Feeds §3.2, Events §23.2)."""

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server import paging
from server.doors.activitypub import answers
from server.doors.activitypub.asking import asking, private
from server.doors.activitypub.collections import render_listing
from server.errors import ProblemError
from server.house import House, house
from storage import Transaction, actors, tenants
from storage.actors import State
from storage.eventdocuments import NEWEST, Place
from storage.tenants import Tenant
from streams import entities, read
from streams.errors import NotFound
from streams.events import Space, documents
from streams.events.documents import Asking
from streams.read import Bounds
from vocab import dump
from vocab.dialects.events import Ref

_PLACE: Final = re.compile(r"(-?\d{1,18})\.(\d{1,18}|[0-8]\d{18})", re.ASCII)


async def get_entity(request: Request) -> Response:
    """Answer with an entity, if there is something of it that the reader may see; an account is its own.

    Callers of the tenant are told what their tenant knows of a user who has an account here.
    """
    parts, space = house(request), await space_of(request)
    type, name = request.path_params["type"], request.path_params["id"]
    asked = await asking(request, space.tenant)
    account = await _account(parts, space, space.entities.named(type, name))
    if account is not None and asked.reader is None:
        return RedirectResponse(account, 303, {"Vary": "Accept"})
    described = await parts.store.read(entities.describe, space, type, name, asked)
    return answers.document(request, dump.dump(described), asked.viewer, headers=private(asked))


async def get_outbox(request: Request) -> Response:
    """Answer with what an entity did, newest first, as far as the reader may see it."""
    parts, space = house(request), await space_of(request)
    iri = space.entities.named(request.path_params["type"], request.path_params["id"])
    asked = await asking(request, space.tenant)
    body = await parts.store.read(_outbox, iri, asked, *paging.asked(request))
    return answers.document(request, body, asked.viewer, headers=private(asked))


async def get_stream(request: Request) -> Response:
    """Answer with the events in which an entity took part, or with a page of them."""
    parts, space = house(request), await space_of(request)
    ref = documents.named(request.path_params["type"], request.path_params["id"])
    if ref is None:
        raise NotFound(request.url.path)
    asked = await asking(request, space.tenant)
    body = await parts.store.read(_stream, space, ref, asked, _before(request), paging.size(request))
    return answers.document(request, body, asked.viewer, headers=private(asked))


async def space_of(request: Request) -> Space:
    """Return the name space of the tenant that the path names. Raises NotFound."""
    parts, label = house(request), request.path_params.get("label", tenants.DEFAULT)
    tenant: Tenant | None = await parts.store.peek(tenants.by_label, label)
    if tenant is None:
        raise NotFound(label)
    return Space(tenant, parts.base_url)


async def _account(parts: House, space: Space, iri: str) -> str | None:
    """Return the account that an entity is, None when it has none."""
    account = space.entities.account(iri)
    found = None if account is None else await parts.store.peek(actors.find, account)
    return None if found is None or found.state == State.GONE else found.iri


async def _outbox(tx: Transaction, iri: str, asked: Asking, bounds: Bounds | None, limit: int) -> bytes:
    reading = await entities.outbox(tx, iri, asked)
    return await render_listing(tx, f"{iri}/outbox", {"attributedTo": iri}, reading, bounds, limit)


def _before(request: Request) -> Place | None:
    """Read where the wanted page of a history begins; None for the history itself."""
    text = request.query_params.get("before")
    if text is None:
        return NEWEST if "page" in request.query_params else None
    found = _PLACE.fullmatch(text)
    if found is None:
        raise ProblemError(400, "must be what an earlier page names", field="before")
    return Place(int(found[1]), int(found[2]))


async def _stream(
    tx: Transaction, space: Space, ref: Ref, asked: Asking, before: Place | None, limit: int
) -> bytes:
    """Return a history, whose first page is always the newest, or the page that begins ``before`` a place."""
    chapter = await documents.history(tx, space, ref, asked, before=before or NEWEST, limit=limit)
    entity = space.entity_iri(ref)
    iri = f"{entity}/{entities.STREAM}"
    size = "" if limit == read.PAGE else f"&limit={limit}"
    if before is None:
        header = {
            "id": iri,
            "type": "OrderedCollection",
            "attributedTo": entity,
            "first": f"{iri}?page=1{size}",
        }
        return dump.collection(header, [])
    start = "page=1" if before == NEWEST else f"before={before.occurred}.{before.item}"
    header = {"id": f"{iri}?{start}{size}", "type": "OrderedCollectionPage", "partOf": iri}
    if chapter.after is not None:
        header["next"] = f"{iri}?before={chapter.after.occurred}.{chapter.after.item}{size}"
    return dump.collection(header, chapter.documents)
