"""GET a collection or one page of it (AP-150…AP-163)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server import paging
from server.auth.requester import own, requester
from server.doors.activitypub import answers
from server.errors import ProblemError
from server.house import house
from server.negotiate import wants_html
from storage import Transaction, entries, objects
from storage.entries import Viewer
from storage.objects import ObjectRow
from streams import ids, read
from streams.actors import COLLECTIONS, named
from streams.errors import NotFound
from streams.read import HIDES, OWNER_ONLY, Bounds, Page, Summary
from vocab import Object, dump, stored
from vocab.dump import Text

EMBEDDED = frozenset({"inbox", "outbox", "pendingFollowers", "pendingFollowing", "blocks"})
"""Kinds whose items are activities, embedded; the others list IRIs (AP-159)."""

OF_ACTORS = frozenset({*COLLECTIONS, *OWNER_ONLY, "featured", "featuredTags", "moderators", "participants"})
OF_OBJECTS = frozenset({"replies", "likes", "shares", "dislikes", "reactions", "participants"})

INVERSE = frozenset({*COLLECTIONS, "replies", "likes", "shares"})
"""Kinds that say whose they are by a term of their own (AP-168, AP-716)."""

INLINE = frozenset({"featured", "featuredTags", "collection", "moderators"})
"""Kinds that carry up to one page of items on the collection itself (AP-152)."""


async def get_of_actor(request: Request) -> Response:
    """Answer with a collection of one of our actors; to anyone unknown, mostly with bytes made earlier."""
    parts = house(request)
    name, kind = request.path_params["name"], request.path_params["kind"]
    if kind in HIDES and wants_html(request):
        return RedirectResponse(f"{parts.base_url}/@{name}/{kind}", 303, {"Vary": "Accept"})
    viewer = await requester(request)
    if viewer is not None or kind not in OF_ACTORS or kind in OWNER_ONLY:
        actor = await parts.store.read(named, name)
        return await _answer(request, actor.iri, kind, OF_ACTORS, viewer)
    key = (name, kind, request.scope["query_string"])
    stamp = await parts.store.glance(entries.stamp, name, kind)
    held = None if stamp is None else parts.pages.get(key, stamp)
    if held is None:
        actor = await parts.store.read(named, name)
        body = await parts.store.read(render, actor.iri, kind, None, *paging.asked(request))
        held = parts.pages.put(key, stamp, body)
    return answers.public(request, held)


async def get_of_instance_actor(request: Request) -> Response:
    """Answer with a collection of the server's own actor."""
    iri = ids.instance_actor(house(request).base_url)
    return await _answer(
        request, iri, request.path_params["kind"], frozenset(COLLECTIONS), await requester(request)
    )


async def get_of_object(request: Request) -> Response:
    """Answer with the replies to an object, with who takes part, or with the reactions of one kind."""
    iri = f"{house(request).base_url}/objects/{request.path_params['id']}"
    return await _answer(request, iri, request.path_params["kind"], OF_OBJECTS, await requester(request))


async def seek_of_actor(request: Request) -> Response:
    """Lead to the page of an actor's collection that an item is on (AP-595)."""
    name = request.path_params["name"]
    actor = await house(request).store.read(named, name)
    return await _seek(request, actor.iri, OF_ACTORS)


async def seek_of_object(request: Request) -> Response:
    """Lead to the page of an object's collection that an item is on (AP-595)."""
    return await _seek(request, f"{house(request).base_url}/objects/{request.path_params['id']}", OF_OBJECTS)


async def _seek(request: Request, owner_iri: str, kinds: frozenset[str]) -> Response:
    kind, item = request.path_params["kind"], request.query_params.get("item")
    if kind not in kinds:
        raise NotFound(f"{owner_iri}/{kind}")
    if not item:
        raise ProblemError(400, "must be the id of an item", field="item")
    parts, viewer = house(request), await requester(request)
    if kind in OWNER_ONLY:
        own(request, viewer, await parts.store.read(_row_id, owner_iri))
    limit = paging.size(request)
    page = await parts.store.read(_page_with, owner_iri, kind, viewer, item, limit)
    return RedirectResponse(page, 307, {"Cache-Control": answers.PRIVATE, "Vary": answers.CREDENTIALS})


async def _page_with(
    tx: Transaction, owner_iri: str, kind: str, viewer: Viewer | None, item: str, limit: int
) -> str:
    owner = await owner_of(tx, owner_iri, viewer)
    bounds = await read.seek(tx, await read.open_stream(tx, owner, kind, viewer), item, limit=limit)
    if bounds is None:
        raise NotFound(item)
    return _page_iri(f"{owner.iri}/{kind}", bounds, limit)


async def get_shared_inbox(request: Request) -> Response:
    """Answer with what everyone may see of the shared inbox (AP-162): it keeps nothing of its own."""
    iri = f"{house(request).base_url}/inbox"
    page = f"{iri}?before=1"
    body = dump.collection(
        {"id": iri, "type": "OrderedCollection", "totalItems": 0, "first": page, "last": page}, []
    )
    return answers.document(request, body)


async def _answer(
    request: Request, owner_iri: str, kind: str, kinds: frozenset[str], viewer: Viewer | None
) -> Response:
    if kind not in kinds:
        raise NotFound(f"{owner_iri}/{kind}")
    parts = house(request)
    bounds, limit = paging.asked(request)
    if kind in OWNER_ONLY:
        own(request, viewer, await parts.store.read(_row_id, owner_iri))
    body = await parts.store.read(render, owner_iri, kind, viewer, bounds, limit)
    return answers.document(request, body, viewer)


async def _row_id(tx: Transaction, iri: str) -> int:
    return await objects.id_of(tx, iri) or 0


async def render(
    tx: Transaction, owner_iri: str, kind: str, viewer: Viewer | None, bounds: Bounds | None, limit: int
) -> bytes:
    """Return a collection document, or with bounds a page of it, as one reader sees it. Only reads."""
    owner = await owner_of(tx, owner_iri, viewer)
    iri = owner.iri if kind == "collection" else f"{owner.iri}/{kind}"
    reading = await read.open_stream(tx, owner, kind, viewer)
    if bounds is None:
        return await _collection(tx, iri, owner, reading, limit)
    if reading.hidden:
        raise NotFound(iri)
    return await _page(tx, iri, reading, bounds, limit, ordered=_ordered(owner, kind))


async def _page(
    tx: Transaction, iri: str, reading: read.Reading, bounds: Bounds, limit: int, *, ordered: bool
) -> bytes:
    page = await read.page(tx, reading, bounds, limit=limit)
    header: dict[str, Any] = {
        "id": _page_iri(iri, bounds, limit),
        "type": "OrderedCollectionPage" if ordered else "CollectionPage",
        "partOf": iri,
    }
    following, before = (page.newer, page.older) if reading.oldest_first else (page.older, page.newer)
    if following is not None:
        header["next"] = _page_iri(iri, following, limit)
    if before is not None:
        header["prev"] = _page_iri(iri, before, limit)
    return dump.collection(
        header, await _items(tx, reading.stream.kind, page, reading.viewer), _member(ordered)
    )


async def render_listing(
    tx: Transaction,
    iri: str,
    header: dict[str, Any],
    reading: read.Reading,
    bounds: Bounds | None,
    limit: int,
) -> bytes:
    """Return an ordered collection that is no actor's nor object's own, or with bounds a page of it."""
    if bounds is not None:
        return await _page(tx, iri, reading, bounds, limit, ordered=True)
    summary = await read.summary(tx, reading, limit=limit)
    top = {"id": iri, "type": "OrderedCollection", **header, "totalItems": summary.total}
    return dump.collection(_ends(top, iri, summary, limit), [])


async def owner_of(tx: Transaction, iri: str, viewer: Viewer | None) -> ObjectRow:
    """Return the actor or object whose collections someone wants to read. Raises NotFound or Gone."""
    row = await objects.by_iri(tx, iri)
    if row is not None and row.kind == objects.Kind.ACTOR:
        return await read.lister(tx, iri, viewer)
    if row is None:
        raise NotFound(iri)
    return await read.thing(tx, iri, viewer)


async def _collection(
    tx: Transaction, iri: str, owner: ObjectRow, reading: read.Reading, limit: int
) -> bytes:
    summary = await read.summary(tx, reading, limit=limit)
    kind = reading.stream.kind
    ordered = _ordered(owner, kind)
    header: dict[str, Any] = {
        "id": iri,
        "type": "OrderedCollection" if ordered else "Collection",
        "attributedTo": owner.iri if owner.owner is None else await objects.iri_of(tx, owner.owner),
        **(_as_made(owner) if kind == "collection" else {}),
        **({f"{kind}Of": owner.iri} if kind in INVERSE else {}),
        "totalItems": summary.total,
        **answers.watched_at(iri, reading.viewer),
        **({} if kind in INLINE else answers.sought_at(iri, reading.viewer)),
    }
    if reading.hidden:
        return dump.collection(header, [])
    if kind not in INLINE or summary.total > limit:
        return dump.collection(_ends(header, iri, summary, limit), [])
    page = await read.page(tx, reading, Bounds(), limit=limit)
    return dump.collection(header, await _items(tx, kind, page, reading.viewer), _member(ordered))


def _as_made(collection: ObjectRow) -> dict[str, Any]:
    """Return what a client said of a collection it made: name, audience, types and all the rest (AP-165)."""
    return stored(collection.document or "{}", collection.context).data


def _ordered(owner: ObjectRow, kind: str) -> bool:
    """Tell whether a stream is shown as an ordered collection (AP-150); a client-made one is what it was made as."""
    if kind == "collection":
        return Object(_as_made(owner)).is_a("OrderedCollection")
    return kind != "featuredTags"


def _member(ordered: bool) -> str:
    return "orderedItems" if ordered else "items"


def _ends(header: dict[str, Any], iri: str, summary: Summary, limit: int) -> dict[str, Any]:
    return {
        **header,
        "first": _page_iri(iri, summary.first, limit),
        "last": _page_iri(iri, summary.last, limit),
    }


def _page_iri(iri: str, bounds: Bounds, limit: int) -> str:
    own_limit = None if limit == read.PAGE else limit
    return ids.page(iri, before=bounds.before, after=bounds.after, limit=own_limit)


async def _items(tx: Transaction, kind: str, page: Page, viewer: Viewer | None) -> list[Text | str]:
    """Return what a page lists: activities and pinned objects whole, everything else by its IRI."""
    if kind in EMBEDDED or kind == "featured":
        return list(await read.items(tx, page, viewer))
    return [entry.iri for entry in page.entries]
