"""Acting on entries over HTTP: comments, watching, voting and the actions of providers (Atom §7).

Programs say who they are in the Authorization header. A browser's cookie counts with a form of ours alone, and whoever
wants a page is led back to where they were.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from federation import errors as federation
from server import pages, parameters
from server.auth import onlookers, scopes
from server.auth.onlookers import Asking
from server.errors import ProblemError, problem
from server.house import house
from server.negotiate import wants_html
from streams import inline
from streams.errors import Conflicting, Gone, NotAllowed, NotFound, Redundant, Refused, Unreachable
from streams.inline import addresses
from streams.inline.parts import Member, Parts

NO_STORE: Final = {"Cache-Control": "private, no-store", "Vary": "Authorization, Cookie"}
SUB_CODES: Final = {
    401: "unauthorized", 403: "forbidden", 404: "comment.deleted.or.denied", 409: "conflict", 502: "remote.error",
}  # fmt: skip
"""What each refusal is called behind ``streams.comment.action.``; anything else is an ``unknown.error``."""
TOKEN_HEADER: Final = "x-xsrf-token"  # noqa: S105 the name of a header
"""Where a script of ours may bring what forms have in ``xsrfToken``."""
HOME: Final = "/activity"

Verb = Callable[[Parts, Member, str], Awaitable[None]]

DOES: Final[dict[str, Verb]] = {
    "watch": inline.watch,
    "issue-watch": inline.watch,
    "vote": inline.vote,
    "issue-vote": inline.vote,
}
UNDOES: Final[dict[str, Verb]] = {
    "watch": inline.unwatch,
    "issue-watch": inline.unwatch,
    "vote": inline.unvote,
    "issue-vote": inline.unvote,
}


async def comment(request: Request) -> Response:
    """Say something about an entry: 201 with the address of the comment (Atom §7.2)."""
    return await _answered(request, _comment)


async def _comment(request: Request) -> Response:
    fields = await _fields(request)
    member = await _member(request, fields)
    provider, path = _entry(request, fields)
    parts = _parts(request)
    if "comment" not in fields:
        raise ProblemError(400, "comment: is required", field="comment")
    plugin = await house(request).providers.find(provider)
    if plugin is not None and callable(getattr(plugin.provider, "comments", None)):
        text = inline.checked(fields["comment"])
        return _done(request, 201, {"Location": await inline.named.comment(plugin, member, path, text)})
    iri = addresses.iri_at(parts.ports.base_url, path)
    made = await inline.comment(parts, member, iri, fields["comment"], provider=provider)
    return _done(request, 201, {"Location": made})


async def act(request: Request) -> Response:
    """Take an action on an entry: 204 (Atom §7.3)."""
    return await _answered(request, _act, DOES, refused=412)


async def undo(request: Request) -> Response:
    """Take an action back: 204."""
    return await _answered(request, _act, UNDOES, refused=412)


async def _act(request: Request, verbs: Mapping[str, Verb]) -> Response:
    member = await _member(request, await _fields(request))
    action, object = request.path_params["action"], request.path_params["object"]
    parts = _parts(request)
    if action in verbs:
        await verbs[action](parts, member, addresses.iri_at(parts.ports.base_url, object))
        return _done(request, 204)
    if request.method != "POST":
        raise ProblemError(404)
    plugins = await house(request).providers.running()
    message = await inline.named.act(parts, member, action, object, plugins)
    return _done(request, 204) if not message else _told(request, message)


def _told(request: Request, message: str) -> Response:
    """Answer with what an action of a provider says (Atom §7.4)."""
    if _is_browser(request):
        return _done(request, 303)
    return Response(json.dumps({"message": message}), 200, NO_STORE, "application/json")


async def _answered(
    request: Request, action: Callable[..., Awaitable[Response]], *given: Any, refused: int = 403
) -> Response:
    """Run an action and say what went wrong as this door does."""
    try:
        return await action(request, *given)
    except Exception as error:
        return _refusal(request, _meaning(error, refused))


def _meaning(error: Exception, refused: int) -> ProblemError:
    """Return what an error means here; ``refused`` is the status for what the rules forbid."""
    match error:
        case ProblemError():
            return error
        case NotFound() | Gone():
            return ProblemError(404)
        case Redundant() | Conflicting():
            return ProblemError(409, str(error))
        case NotAllowed():
            return ProblemError(refused, str(error))
        case Refused():
            return ProblemError(400 if refused == 403 else refused, str(error), field=error.field)
        case Unreachable() | federation.OutboundError():
            return ProblemError(502)
        case _:
            meant = problem(error)
            if meant.status >= 500:
                raise error
            return meant


def _refusal(request: Request, meant: ProblemError) -> Response:
    if _is_browser(request):
        return pages.error(meant, house(request).host)
    told: dict[str, Any] = {}
    if meant.status != 502:
        told["subCode"] = f"streams.comment.action.{SUB_CODES.get(meant.status, 'unknown.error')}"
    if meant.detail:
        told["errorMessage"] = meant.detail
    return Response(json.dumps(told), meant.status, {**NO_STORE, **meant.headers}, "application/json")


async def _fields(request: Request) -> dict[str, str]:
    """Return the fields of a form that was sent; none when the body is no form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != parameters.FORM:
        return {}
    return await parameters.in_form(request)


async def _member(request: Request, fields: Mapping[str, str]) -> Member:
    """Return the member who acts. Raises a 401 for nobody, a 409 for a browser without a form of ours."""
    if "authorization" in request.headers:
        asked = await onlookers.asking(request, needs=scopes.WRITE_OUTBOX)
    else:
        token = request.headers.get(TOKEN_HEADER)
        asked = await onlookers.by_form(request, {onlookers.XSRF: token, **fields} if token else fields)
    return _known(request, asked)


def _known(request: Request, asked: Asking) -> Member:
    if asked.actor is None:
        raise onlookers.unauthorized(request, "a name and a password, or a token, are required")
    house(request).rates.take(request, "publish", by=asked.actor.iri)
    return Member(asked.actor, asked.onlooker)


def _entry(request: Request, fields: Mapping[str, str]) -> tuple[str, str]:
    """Return the provider and the path of the entry that is answered: from the address, or from ``replyTo``."""
    provider = request.path_params.get("provider", "")
    path = request.path_params.get("path", "")
    if not provider:
        base_url = house(request).base_url
        prefix = request.url.path.partition(addresses.COMMENTS)[0]
        for root in dict.fromkeys(
            (f"{base_url}{prefix}{addresses.COMMENTS}/", f"{base_url}{addresses.COMMENTS}/")
        ):
            if fields.get("replyTo", "").startswith(root):
                provider, path = addresses.named(fields["replyTo"].removeprefix(root))
    if not provider or not path:
        raise ProblemError(404)
    return provider, path


def _parts(request: Request) -> Parts:
    rooms = house(request)
    return Parts(rooms.ports, rooms.feeds, rooms.events)


def _done(request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
    if _is_browser(request):
        return RedirectResponse(_back(request), 303, NO_STORE)
    return Response(status_code=status, headers={**NO_STORE, **(headers or {})})


def _is_browser(request: Request) -> bool:
    """Tell whether somebody at a browser sent a form and wants to see a page after it."""
    return "authorization" not in request.headers and wants_html(request)


def _back(request: Request) -> str:
    """Return where a browser was: a page of ours, or else the stream."""
    base_url = house(request).base_url
    referer = request.headers.get("referer", "")
    if referer.startswith(f"{base_url}/") and not urlsplit(referer).path.startswith("//"):
        return referer
    return base_url + HOME
