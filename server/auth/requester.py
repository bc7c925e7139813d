"""Who reads (AP-070, Atom §2): the actor of a token or of a password, else the one that signed, else nobody known."""

from starlette.requests import Request

from federation import Incoming, verify_get
from server.auth import basic, onlookers, sessions
from server.auth.bearer import challenge, grant, insufficient
from server.auth.scopes import READ
from server.errors import ProblemError
from server.house import house
from server.negotiate import field, wants_html
from storage import actors
from storage.actors import State
from storage.entries import Viewer
from streams.policy import viewer


async def requester(request: Request) -> Viewer | None:
    """Return who asks to read something; None when unknown.

    A token without the scope ``read`` reads as nobody. An invalid signature does so too, unless reading
    requires a signature (AP-482, AP-483). Raises a 401 for a wrong name and password.
    """
    if not _carries_proof(request):
        return None
    if basic.is_carried(request):
        return (await onlookers.at_link(request)).viewer
    held = await grant(request)
    if held is not None:
        return viewer(held.actor) if READ in held.scopes else None
    return await signer(request)


async def reader(request: Request) -> Viewer | None:
    """Return who asks to read something that has a page: on pages a member is known by their browser (SEC-064)."""
    if _carries_proof(request) or not wants_html(request):
        return await requester(request)
    actor = (await sessions.visit(request)).actor
    return None if actor is None else viewer(actor)


async def onlooker(request: Request) -> Viewer | None:
    """Return who is shown something inside a page of ours: a picture, for one.

    A browser says that it asks for such a page; then its member is known by the cookie (SEC-064).
    """
    if _carries_proof(request) or field(request, b"sec-fetch-site") != "same-origin":
        return await requester(request)
    actor = (await sessions.visit(request)).actor
    return None if actor is None else viewer(actor)


def _carries_proof(request: Request) -> bool:
    """Look at the raw headers first: most readers are anonymous, and this is the cheapest answer to them."""
    fields = dict(request.scope["headers"])
    return b"authorization" in fields or b"signature" in fields


async def signer(request: Request) -> Viewer | None:
    """Return the actor that signed the request, None when it is unsigned or signed wrongly."""
    parts = house(request)
    verified = await verify_get(
        incoming(request, b""), origins={parts.base_url}, keyring=parts.keyring, now=parts.ports.clock(),
        strict=parts.config.federation.authorized_fetch,
    )  # fmt: skip
    if verified is None:
        return None
    row = await parts.store.read(actors.find, verified.id)
    if row is not None and row.state == State.SUSPENDED:
        raise ProblemError(403, "the actor that signed is suspended")
    return Viewer(-1, verified.id) if row is None else viewer(row)


def incoming(request: Request, body: bytes) -> Incoming:
    """Return a request as ``federation`` verifies it: the target exactly as it was sent."""
    path = request.scope["raw_path"].decode("ascii", "replace")
    query = request.scope["query_string"].decode("ascii", "replace")
    return Incoming(request.method, f"{path}?{query}" if query else path, request.scope["headers"], body)


def own(request: Request, asked: Viewer | None, owner: int) -> None:
    """Refuse anyone but the owner of an owner-only endpoint: 401 unknown, 403 known (AP-069).

    A bearer who is nobody has a token without the scope ``read``: any other was refused before (AP-543).
    """
    if asked is None and request.headers.get("authorization", "").lower().startswith("bearer "):
        raise insufficient(request, READ)
    if asked is None:
        raise challenge(request, None, "credentials are required")
    if asked.id != owner:
        raise ProblemError(403, "belongs to someone else")
