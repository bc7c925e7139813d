"""Outside activities over HTTP: posted, read and deleted at ``/rest/activities/1.0/`` (Atom §6)."""

import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from server import parameters
from server.auth import onlookers, scopes
from server.auth.onlookers import Asking
from server.doors.activitypub.outbox import once_of
from server.errors import ProblemError
from server.front import Body
from server.house import house
from storage import Transaction, answers
from streams import Once, thirdparty
from streams.thirdparty import Kept, Parts, Posted, Poster, Query, Refusal
from vocab import jsontext
from vocab.dialects.thirdparty import MEDIA_TYPE
from vocab.errors import JsonError

COLLECTION: Final = "/rest/activities/1.0/"
READ: Final = frozenset({MEDIA_TYPE, "application/stream+json", "application/json"})
BODY_BYTES_MAX: Final = 64 * 1024
RESULTS: Final = 10
SUMMARY: Final = "The activity is not valid"
NO_STORE: Final = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}


async def post(request: Request) -> Response:
    """Store an activity: 201 with its address, 200 for one that its poster had posted before (Atom §6.3)."""
    asked = await _poster(request)
    _require_type(request)
    body = await _body(request)
    actor = asked.actor
    assert actor is not None  # noqa: S101 - whoever posts is known
    house(request).rates.take(request, "publish", by=actor.iri)
    once = once_of(request, f"{COLLECTION} {actor.iri}", body)
    kept = None if once is None else await _repeated(request, asked, once)
    if kept is not None:
        return _stored(request, Posted(kept, new=False))
    try:
        sent = jsontext.loads(body)
    except JsonError as error:
        return _refused(400, (f"body: {error}",))
    if not isinstance(sent, dict):
        return _refused(400, ("body: must be an object",))
    outcome = await thirdparty.post(parts(request), _as_poster(asked), sent, once=once)
    if isinstance(outcome, Refusal):
        return _refused(403 if outcome.forbidden else 400, outcome.problems)
    return _stored(request, outcome)


async def some(request: Request) -> Response:
    """List the activities that the caller may see, newest first, a page at a time."""
    asked = await onlookers.asking(request)
    given = parameters.in_query(request)
    limit = min(_number(given, "max-results", RESULTS), thirdparty.RESULTS_MAX)
    start = _number(given, "start-index", 0)
    found = await thirdparty.query(
        parts(request), asked.onlooker, Query(start_index=start, max_results=limit)
    )
    links = {"self": _page(request, limit, start)}
    if start > 0:
        links["prev"] = _page(request, limit, max(start - limit, 0))
    if limit and len(found) == limit:
        links["next"] = _page(request, limit, start + limit)
    return _answer({"activities": [_shown(request, kept) for kept in found], "links": links})


async def one(request: Request) -> Response:
    """Answer with one activity; a 404 for one that the caller may not see."""
    asked = await onlookers.asking(request)
    kept = await thirdparty.get(parts(request), asked.onlooker, _id(request))
    if kept is None:
        raise ProblemError(404)
    return _answer(_shown(request, kept))


async def delete(request: Request) -> Response:
    """Delete an activity of the caller's, or of anybody's for whoever runs the server; answer with what it was."""
    asked = await _poster(request)
    done = await thirdparty.delete(parts(request), _as_poster(asked), asked.onlooker, _id(request))
    if done.forbidden:
        return _refused(403, ("id: was posted by somebody else",), summary="The activity is not yours")
    if done.kept is None:
        raise ProblemError(404)
    return _answer(_shown(request, done.kept))


def parts(request: Request) -> Parts:
    """Return what the functions for outside activities work with."""
    rooms = house(request)
    return Parts(rooms.store, rooms.base_url, rooms.ports.clock, rooms.config.atom.outside_public)


async def _poster(request: Request) -> Asking:
    asked = await onlookers.asking(request, needs=scopes.WRITE_OUTBOX)
    if asked.actor is None:
        raise onlookers.unauthorized(request, "a name and a password, or a token, are required")
    return asked


def _as_poster(asked: Asking) -> Poster:
    assert asked.actor is not None  # noqa: S101 - whoever posts is known
    admin = asked.onlooker.admin and scopes.ADMIN_WRITE in asked.scopes
    return Poster(asked.actor, scopes.ON_BEHALF in asked.scopes, admin)


def _require_type(request: Request) -> None:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in READ:
        raise ProblemError(
            415, f"must be one of {', '.join(sorted(READ))}", type="unsupported-media-type", field="content-type",
            headers={"Accept-Post": ", ".join(sorted(READ))},
        )  # fmt: skip


async def _body(request: Request) -> bytes:
    """Return the body. Raises a 413 as soon as there is too much of it."""
    return await Request(request.scope, Body(request.receive, BODY_BYTES_MAX)).body()


async def _repeated(request: Request, asked: Asking, once: Once) -> Kept | None:
    """Return what was stored for a key before. Raises a 409 when that was for something else (REL-007)."""
    answer = await house(request).store.read(_answered, once)
    if answer is None:
        return None
    if answer.request != once.request:
        raise ProblemError(409, "was used for another request", field="idempotency-key")
    return await thirdparty.get(parts(request), asked.onlooker, int(answer.location or 0))


async def _answered(tx: Transaction, once: Once) -> answers.Answer | None:
    return await answers.find(tx, once.caller, once.key)


def _stored(request: Request, posted: Posted) -> Response:
    shown = _shown(request, posted.kept)
    headers = {"Location": shown["links"]["self"]} if posted.new else {}
    return _answer(shown, 201 if posted.new else 200, headers)


def _shown(request: Request, kept: Kept) -> dict[str, Any]:
    collection = _collection(request)
    return {**kept.document, "links": {"self": f"{collection}{kept.id}", "activities": collection}}


def _collection(request: Request) -> str:
    """Return the address of the collection, below the context path if the request came so."""
    prefix = request.url.path.partition(COLLECTION.rstrip("/"))[0]
    return f"{house(request).base_url}{prefix}{COLLECTION}"


def _page(request: Request, limit: int, start: int) -> str:
    return f"{_collection(request)}?max-results={limit}&start-index={start}"


def _number(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    found = parameters.number(text)
    if found is None:
        raise ProblemError(400, "must be a whole number", field=name)
    return found


def _id(request: Request) -> int:
    found = parameters.number(request.path_params["id"])
    if found is None:
        raise ProblemError(404)
    return found


def _answer(
    document: dict[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(jsontext.dumps(document), status, {**NO_STORE, **(headers or {})}, MEDIA_TYPE)


def _refused(status: int, problems: tuple[str, ...], *, summary: str = SUMMARY) -> Response:
    told = {"errorMessage": summary, "subCode": "; ".join(problems)}
    return Response(json.dumps(told), status, NO_STORE, "application/json")
