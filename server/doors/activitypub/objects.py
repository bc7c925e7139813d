"""GET an object or activity by its id (AP-063…AP-070), and the page people see of a post."""

from starlette.requests import Request
from starlette.responses import Response

from server import paging
from server.auth.requester import reader
from server.doors.activitypub import answers, collections, kept
from server.house import house
from server.negotiate import wants_feed, wants_html
from server.pages import entries, thread, versions
from storage.objects import Kind, ObjectRow
from streams import history, read
from streams.errors import Gone, Hidden
from vocab import dump


async def get_object(request: Request) -> Response:
    """Answer with one of our objects; a client-made collection with its items."""
    return await _answer(request, f"{house(request).base_url}/objects/{request.path_params['id']}")


async def get_activity(request: Request) -> Response:
    """Answer with one of our activities, the thing it is about inside when the reader may see it."""
    return await _answer(request, f"{house(request).base_url}/activities/{request.path_params['id']}")


async def get_activity_of_tenant(request: Request) -> Response:
    """Answer with an activity that was made in a feed of a tenant other than the default one."""
    label, id = request.path_params["label"], request.path_params["id"]
    return await _answer(request, f"{house(request).base_url}/tenants/{label}/activities/{id}")


async def _answer(request: Request, iri: str) -> Response:
    parts = house(request)
    viewer = await reader(request)
    try:
        row = await parts.store.read(read.thing, iri, viewer)
    except Hidden:
        return await kept.answer(request, iri)
    except Gone as gone:
        if wants_html(request):
            raise
        tombstone = dump.render(gone.tombstone or "{}", None)
        return answers.document(request, tombstone, viewer, status=410)
    if row.kind == Kind.COLLECTION:
        bounds, limit = paging.asked(request)
        body = await parts.store.read(collections.render, iri, "collection", viewer, bounds, limit)
        return answers.document(request, body, viewer)
    if wants_feed(request) == "atom":
        return await entries.answer(request, row, viewer)
    if wants_html(request):
        return await thread.answer(request, row)
    text = await parts.store.read(read.document, iri, viewer)
    if viewer is not None and row.local and row.kind == Kind.OBJECT:
        text = dump.extended(text, answers.watched_at(iri, viewer))
    body = dump.render(*text)
    if parts.prover is not None and row.local and row.public:
        body = await parts.prover.prove(body, created=row.updated or row.published)
    return answers.document(request, body, viewer, modified_us=_modified(row))


async def get_history(request: Request) -> Response:
    """Answer with the earlier versions of an object, the last one first."""
    parts = house(request)
    iri = f"{parts.base_url}/objects/{request.path_params['id']}"
    viewer = await reader(request)
    row, texts = await parts.store.read(history.earlier, iri, viewer)
    if wants_html(request):
        return await versions.answer(request, row, texts)
    header = {"id": f"{row.iri}/history", "type": "OrderedCollection", "totalItems": len(texts)}
    return answers.document(request, dump.collection(header, texts), viewer)


def _modified(row: ObjectRow) -> int | None:
    """Return when an object changed; an activity has no such date, because it shows an object that changes."""
    return None if row.kind == Kind.ACTIVITY else row.updated or row.published
