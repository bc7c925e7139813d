"""GET a collection or one page of it (AP-150…AP-163)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server.auth.requester import own, requester
from server.doors.activitypub import answers
from server.doors.activitypub.actors import by_name
from server.errors import ProblemError
from server.house import house
from storage import Transaction, entries, objects
from storage.entries import NEWEST, OLDEST, Viewer
from storage.objects import ObjectRow
from streams import ids, read
from streams.actors import COLLECTIONS
from streams.errors import NotFound
from streams.read import OWNER_ONLY, Bounds, Page, Summary
from vocab import Object, dump, stored
from vocab.dump import Text

EMBEDDED = frozenset({"inbox", "outbox", "pendingFollowers", "pendingFollowing", "blocks"})
"""Kinds whose items are activities, embedded; the others list IRIs (AP-159)."""

OF_ACTORS = frozenset({*COLLECTIONS, *OWNER_ONLY, "featured", "featuredTags"})
OF_OBJECTS = frozenset({"replies", "likes", "shares"})

INLINE = frozenset({"featured", "featuredTags", "collection"})
"""Kinds that carry up to one page of items on the collection itself (AP-152)."""


async def get_of_actor(request: Request) -> Response:
    """Answer with a collection of one of our actors; to anyone unknown, mostly with bytes made earlier."""
    parts = house(request)
    name, kind = request.path_params["name"], request.path_params["kind"]
    viewer = await requester(request)
    if viewer is not None or kind not in OF_ACTORS or kind in OWNER_ONLY:
        actor = await parts.store.read(by_name, name)
        return await _answer(request, actor.iri, kind, OF_ACTORS, viewer)
    key = (name, kind, request.scope["query_string"])
    stamp = await parts.store.peek(entries.stamp, name, kind)
    held = None if stamp is None else parts.pages.get(key, stamp)
    if held is None:
        actor = await parts.store.read(by_name, name)
        body = await parts.store.read(render, actor.iri, kind, None, *asked(request))
        held = parts.pages.put(key, stamp, body)
    return answers.public(request, held)


async def get_of_instance_actor(request: Request) -> Response:
    """Answer with a collection of the server's own actor."""
    iri = ids.instance_actor(house(request).base_url)
    return await _answer(
        request, iri, request.path_params["kind"], frozenset(COLLECTIONS), await requester(request)
    )


async def get_of_object(request: Request) -> Response:
    """Answer with the replies to an object, its likes or its shares."""
    iri = f"{house(request).base_url}/objects/{request.path_params['id']}"
    return await _answer(request, iri, request.path_params["kind"], OF_OBJECTS, await requester(request))


async def get_shared_inbox(request: Request) -> Response:
    """Answer with what everyone may see of the shared inbox (AP-162): it keeps nothing of its own."""
    iri = f"{house(request).base_url}/inbox"
    body = dump.collection(
        {"id": iri, "type": "OrderedCollection", "totalItems": 0, "first": f"{iri}?before=1"}, []
    )
    return answers.document(request, body)


async def _answer(
    request: Request, owner_iri: str, kind: str, kinds: frozenset[str], viewer: Viewer | None
) -> Response:
    if kind not in kinds:
        raise NotFound(f"{owner_iri}/{kind}")
    parts = house(request)
    bounds, limit = asked(request)
    if kind in OWNER_ONLY:
        own(viewer, await parts.store.read(_row_id, owner_iri))
    body = await parts.store.read(render, owner_iri, kind, viewer, bounds, limit)
    return answers.document(request, body, viewer)


async def _row_id(tx: Transaction, iri: str) -> int:
    return await objects.id_of(tx, iri) or 0


def asked(request: Request) -> tuple[Bounds | None, int]:
    """Read which page is asked for; without any of its parameters, the collection itself."""
    query = request.query_params
    limit = _whole_number(query.get("limit"), "limit", read.PAGE)
    if not query.keys() & {"before", "after", "page"}:
        return None, min(max(limit, 1), read.PAGE_MAX)
    before = _whole_number(query.get("before"), "before", NEWEST)
    after = _whole_number(query.get("after"), "after", OLDEST)
    return Bounds(before, after), min(max(limit, 1), read.PAGE_MAX)


def _whole_number(text: str | None, name: str, default: int) -> int:
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or int(text) > NEWEST:
        raise ProblemError(400, f"{name}: must be a whole number")
    return int(text)


async def render(
    tx: Transaction, owner_iri: str, kind: str, viewer: Viewer | None, bounds: Bounds | None, limit: int
) -> bytes:
    """Return a collection document, or with bounds a page of it, as one reader sees it. Only reads."""
    owner = await _owner(tx, owner_iri, viewer)
    iri = owner.iri if kind == "collection" else f"{owner.iri}/{kind}"
    reading = await read.open_stream(tx, owner, kind, viewer)
    if bounds is None:
        return await _collection(tx, iri, owner, reading, limit)
    page = await read.page(tx, reading, bounds, limit=limit)
    ordered = _ordered(owner, kind)
    header: dict[str, Any] = {
        "id": _page_iri(iri, bounds, limit),
        "type": "OrderedCollectionPage" if ordered else "CollectionPage",
        "partOf": iri,
    }
    if page.older is not None:
        header["next"] = _page_iri(iri, page.older, limit)
    if page.newer is not None:
        header["prev"] = _page_iri(iri, page.newer, limit)
    return dump.collection(header, await _items(tx, kind, page, viewer), _member(ordered))


async def _owner(tx: Transaction, iri: str, viewer: Viewer | None) -> ObjectRow:
    row = await objects.by_iri(tx, iri)
    if row is not None and row.kind == objects.Kind.ACTOR:
        return await read.actor(tx, iri, viewer)
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
        "attributedTo": owner.iri,
        **(_as_made(owner) if kind == "collection" else {}),
        "totalItems": summary.total,
    }
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
    """Return a page's IRI; it carries its bounds, so that it means the same entries later (AP-155)."""
    parameters = [f"before={bounds.before}"]
    if bounds.after != OLDEST:
        parameters.append(f"after={bounds.after}")
    if limit != read.PAGE:
        parameters.append(f"limit={limit}")
    return f"{iri}?{'&'.join(parameters)}"


async def _items(tx: Transaction, kind: str, page: Page, viewer: Viewer | None) -> list[Text | str]:
    """Return what a page lists: activities and pinned objects whole, everything else by its IRI."""
    if kind in EMBEDDED or kind == "featured":
        return list(await read.items(tx, page, viewer))
    return [entry.iri for entry in page.entries]
