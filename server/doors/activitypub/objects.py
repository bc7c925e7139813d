"""GET an object or activity by its id (AP-063…AP-070), and the page people see of a post."""

from starlette.requests import Request
from starlette.responses import Response

from server import pages
from server.auth.requester import requester
from server.doors.activitypub import answers, collections
from server.house import house
from server.negotiate import wants_html
from storage.objects import Kind, ObjectRow
from streams import read
from streams.errors import Gone
from vocab import dump


async def get_object(request: Request) -> Response:
    """Answer with one of our objects; a client-made collection with its items."""
    return await _answer(request, f"{house(request).base_url}/objects/{request.path_params['id']}")


async def get_activity(request: Request) -> Response:
    """Answer with one of our activities, the thing it is about inside when the reader may see it."""
    return await _answer(request, f"{house(request).base_url}/activities/{request.path_params['id']}")


async def _answer(request: Request, iri: str) -> Response:
    parts = house(request)
    viewer = await requester(request)
    try:
        row = await parts.store.read(read.thing, iri, viewer)
    except Gone as gone:
        tombstone = dump.render(gone.tombstone or "{}", None)
        return answers.document(request, tombstone, viewer, status=410)
    if row.kind == Kind.COLLECTION:
        bounds, limit = collections.asked(request)
        body = await parts.store.read(collections.render, iri, "collection", viewer, bounds, limit)
        return answers.document(request, body, viewer)
    if wants_html(request):
        return pages.answer("post.html", post=pages.post_of(row), link=iri)
    text = await parts.store.read(read.document, iri, viewer)
    return answers.document(request, dump.render(*text), viewer, modified_us=_modified(row))


def _modified(row: ObjectRow) -> int | None:
    """Return when an object changed; an activity has no such date, because it shows an object that changes."""
    return None if row.kind == Kind.ACTIVITY else row.updated or row.published
