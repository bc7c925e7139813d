"""POST to an outbox (AP-190…AP-209): what a client says in its actor's name."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from server.auth.bearer import Grant, insufficient, require
from server.auth.scopes import WRITE, WRITE_OUTBOX, WRITE_SAME_ORIGIN, is_same_origin
from server.doors.activitypub import answers
from server.errors import ProblemError
from server.house import house
from server.negotiate import require_activity
from storage import Transaction
from storage import answers as kept
from storage.answers import Answer
from streams import Once, publish
from streams.actors import named
from vocab import Object, dump, parse

KEY_CHARS_MAX = 255


async def post_outbox(request: Request) -> Response:
    """Publish an activity or a bare object; answer 201 with the activity and its address."""
    parts = house(request)
    held = await require(request, WRITE, WRITE_OUTBOX, WRITE_SAME_ORIGIN)
    owner = held.actor
    if owner.handle != request.path_params["name"].lower():
        await parts.store.read(named, request.path_params["name"])
        raise ProblemError(403, "this outbox belongs to someone else")
    require_activity(request)
    parts.rates.take(request, "publish", by=owner.iri)
    body = await request.body()
    once = once_of(request, owner.iri, body)
    given = None if once is None else await parts.store.read(repeated, once)
    if given is not None:
        return answers.created(request, given.body.encode(), given.location)
    sent = parse(body)
    _check_scope(request, held, sent)
    published = await publish(parts.ports, owner, sent, once=once)
    return answers.created(request, dump.dump(published), published.id)


def _check_scope(request: Request, held: Grant, sent: Object) -> None:
    """Hold a token that is good for one site only to that site (AP-542)."""
    if held.scopes.isdisjoint((WRITE, WRITE_OUTBOX)) and not is_same_origin(held.client, sent):
        raise insufficient(request, WRITE)


def once_of(request: Request, caller: str, body: bytes) -> Once | None:
    """Read the Idempotency-Key of a request (AP-206)."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 0 < len(key) <= KEY_CHARS_MAX:
        raise ProblemError(400, f"must have 1 to {KEY_CHARS_MAX} characters", field="idempotency-key")
    return Once(caller, key, hashlib.sha256(body).hexdigest())


async def repeated(tx: Transaction, once: Once) -> Answer | None:
    """Return the answer given before; a key that was used for something else is a conflict (REL-007)."""
    given = await kept.find(tx, once.caller, once.key)
    if given is not None and given.request != once.request:
        raise ProblemError(409, "was used for another request", field="idempotency-key")
    return given


async def refuse(request: Request) -> Response:
    """Refuse every client: the server's own actor has none (AP-208)."""
    raise ProblemError(405, "this actor has no client access", headers={"Allow": "GET, HEAD, OPTIONS"})
