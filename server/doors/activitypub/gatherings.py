"""GET what many have said together: a conversation (AP-741), the posts under a hashtag (AP-747)."""

from starlette.requests import Request
from starlette.responses import Response

from server import paging
from server.auth.requester import requester
from server.doors.activitypub import answers, collections
from server.house import house
from server.negotiate import wants_html
from server.pages import gatherings
from storage import Transaction
from storage.entries import Viewer
from streams import contexts, tags
from streams.read import Bounds
from vocab import dump


async def get_context(request: Request) -> Response:
    """Answer with a conversation of ours, oldest first, as far as the reader may see it."""
    if wants_html(request):
        return await gatherings.answer_conversation(request)
    parts = house(request)
    iri = f"{parts.base_url}/contexts/{request.path_params['id']}"
    viewer = await requester(request)
    body = await parts.store.read(_conversation, iri, viewer, parts.base_url, *paging.asked(request))
    return answers.document(request, body, viewer)


async def get_tag(request: Request) -> Response:
    """Answer with the public posts under a hashtag, newest first."""
    if wants_html(request):
        return await gatherings.answer_tag(request)
    parts = house(request)
    body = await parts.store.read(_tag, request.path_params["name"], parts.base_url, *paging.asked(request))
    return answers.document(request, body)


async def _conversation(
    tx: Transaction, iri: str, viewer: Viewer | None, base_url: str, bounds: Bounds | None, limit: int
) -> bytes:
    said = await contexts.open_for(tx, iri, viewer, base_url)
    header = {"attributedTo": said.begun_by}
    if said.alone:
        return dump.collection(
            {"id": iri, "type": "OrderedCollection", **header, "totalItems": 1}, said.alone
        )
    return await collections.render_listing(tx, iri, header, said.reading, bounds, limit)


async def _tag(tx: Transaction, name: str, base_url: str, bounds: Bounds | None, limit: int) -> bytes:
    reading = await tags.open_tag(tx, name, base_url)
    header = {"name": f"#{reading.stream.name}"}
    return await collections.render_listing(tx, reading.stream.iri or "", header, reading, bounds, limit)
