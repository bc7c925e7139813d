"""GET the part of an actor's followers that lives where the reader does (AP-709, FEP-8fcf)."""

from starlette.requests import Request
from starlette.responses import Response

from server.auth.requester import signer
from server.doors.activitypub import answers
from server.errors import READING_WANTED, ProblemError
from server.house import house
from storage import Transaction, followers
from streams import actors as making
from vocab import dump, iri


async def get_followers_of_host(request: Request) -> Response:
    """Answer a signed request with all followers on the signer's host; nobody else learns who they are."""
    parts = house(request)
    viewer = await signer(request)
    if viewer is None:
        raise ProblemError(401, "the request is not signed", headers=READING_WANTED)
    body = await parts.store.read(_render, request.path_params["name"], iri.host(viewer.iri))
    return answers.document(request, body, viewer)


async def _render(tx: Transaction, name: str, host: str) -> bytes:
    actor = await making.named(tx, name)
    members = await followers.on_host(tx, actor.id, host)
    header = {
        "id": f"{actor.iri}/followers_sync", "type": "OrderedCollection", "totalItems": len(members),
    }  # fmt: skip
    return dump.collection(header, members, "orderedItems")
