"""GET what we hold of someone on another server: an outbox, the replies to a post; for our members alone (AP-742)."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from server import paging
from server.auth.bearer import require
from server.auth.scopes import READ
from server.doors.activitypub import answers
from server.doors.activitypub.collections import owner_of, render_listing
from server.errors import ProblemError
from server.house import house
from storage import Transaction
from storage.entries import Viewer
from streams import policy, read
from streams.errors import NotFound
from streams.read import Bounds

KINDS = frozenset({"outbox", "replies"})


async def get_known(request: Request) -> Response:
    """Answer with a collection as far as we hold it, as the token's actor may see it; nobody is asked."""
    parts = house(request)
    held = await require(request, READ)
    kind, owner = request.path_params["kind"], request.query_params.get("id")
    if kind not in KINDS:
        raise NotFound(kind)
    if not owner:
        raise ProblemError(400, "must be the id of an actor or an object", field="id")
    viewer = policy.viewer(held.actor)
    iri = f"{parts.base_url}/known/{kind}?{urlencode({'id': owner})}"
    body = await parts.store.read(_render, iri, owner, kind, viewer, *paging.asked(request))
    return answers.document(request, body, viewer)


async def _render(
    tx: Transaction, iri: str, owner_iri: str, kind: str, viewer: Viewer, bounds: Bounds | None, limit: int
) -> bytes:
    owner = await owner_of(tx, owner_iri, viewer)
    reading = await read.open_stream(tx, owner, kind, viewer)
    return await render_listing(tx, iri, {"attributedTo": owner_iri}, reading, bounds, limit)
