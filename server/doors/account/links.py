"""Linked applications that show each member what is theirs: here they say by which credentials (Atom §3.3, §9)."""

import base64
from datetime import UTC, datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from federation import FederationError, feeds
from server import parameters
from server.auth import sessions
from server.auth.sessions import Visit
from server.doors.account import forms
from server.errors import ProblemError
from server.house import House, house
from server.providers.remote import asking
from storage import applicationconsents, applications
from storage.actors import ActorRow
from storage.applications import Application
from vocab import iri as iris

PATH: Final = "/account/links"
CHANGE: Final = "show what a linked application shows me"
NAME_CHARS_MAX: Final = 255
SECRET_CHARS_MAX: Final = 4_096
TRIED_SECONDS: Final = 10.0
REFUSED: Final = frozenset({401, 403})


async def get_links(request: Request) -> Response:
    """Answer with the linked applications that ask for consent."""
    visit = await sessions.visit(request)
    if visit.actor is None:
        return forms.to_sign_in(request, PATH)
    return await _page(request, visit, visit.actor)


async def post_links(request: Request) -> Response:
    """Give consent, with credentials that are tried at once; or end it, and forget them."""
    parts = house(request)
    visit = await sessions.visit(request)
    fields = await forms.submitted(request, visit, CHANGE)
    if visit.actor is None:
        return forms.to_sign_in(request, PATH)
    id = parameters.number(fields.get("application", ""))
    found = next((one for one in await _delegated(parts) if one.id == id), None)
    if found is None:
        raise _none()
    if fields.get("do") == "end":
        await parts.store.write(applicationconsents.remove, found.id, visit.actor.id)
        return forms.redirect(parts, PATH)
    credentials = _credentials(fields)
    parts.rates.take(request, "sign in")
    problem = await _problem(parts, found, credentials)
    if problem:
        return await _page(request, visit, visit.actor, problem=problem, status=400)
    now = parts.ports.clock()
    if not await parts.store.write(applicationconsents.put, found.id, visit.actor.id, credentials, now=now):
        raise _none()
    return forms.redirect(parts, PATH)


def _none() -> ProblemError:
    return ProblemError(404, "There is no such application.")


def _credentials(fields: dict[str, str]) -> str:
    """Return the value of an Authorization field: a name and a password, or without a name a token."""
    name, secret = fields.get("name", "").strip(), fields.get("secret", "")
    if len(name) > NAME_CHARS_MAX or ":" in name or not name.isprintable():
        raise ProblemError(400, "has signs that no name has", field="name")
    if not secret or len(secret) > SECRET_CHARS_MAX or not secret.isprintable():
        raise ProblemError(400, "is required", field="secret")
    if name:
        return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode("ascii")
    if not secret.isascii() or " " in secret:
        raise ProblemError(400, "is no token; a password needs a name", field="secret")
    return f"Bearer {secret}"


async def _problem(parts: House, application: Application, credentials: str) -> str:
    """Return why an application does not take credentials, or nothing."""
    path = asking.STREAMS.get(application.type, asking.USUAL)
    url = f"{application.url}{path}?local=true&maxResults=1&os_authType=basic"
    headers = {"Via": f"1.1 {iris.host(parts.base_url)}", "Authorization": credentials}
    try:
        found = await feeds.fetch(parts.client, url, headers=headers, seconds=TRIED_SECONDS)
    except FederationError:
        return f"{application.name} cannot be reached. Please try again later."
    if found.status in REFUSED:
        return f"{application.name} does not take this name and password."
    return (
        "" if found.status == 200 else f"{application.name} answers {found.status}. Please try again later."
    )


async def _delegated(parts: House) -> list[Application]:
    return [one for one in await parts.store.read(applications.every) if one.delegated]


async def _page(
    request: Request, visit: Visit, actor: ActorRow, *, problem: str = "", status: int = 200
) -> Response:
    parts = house(request)
    given = await parts.store.peek(applicationconsents.of_actor, actor.id)
    shown = [_shown(one, given.get(one.id)) for one in await _delegated(parts)]
    token = visit.form_token(CHANGE)
    return forms.page(request, visit, "links.html", status, links=shown, token=token, problem=problem)


def _shown(one: Application, since: int | None) -> dict[str, Any]:
    at = None if since is None else datetime.fromtimestamp(since / 1_000_000, UTC)
    return {"id": one.id, "name": one.name, "url": one.url, "since": at}
