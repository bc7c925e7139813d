"""The providers of the stream, for whoever runs the server: which are in use, and why another is not (Atom §8.4)."""

import time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server.auth import sessions
from server.auth.sessions import Visit
from server.doors.account import forms
from server.errors import ProblemError
from server.house import House, house
from server.providers import Entry
from storage import Transaction, providersettings
from streams.providers import breaker

CHANGE = "change a provider"


async def get_providers(request: Request) -> Response:
    """Answer with all providers, those that cannot be in use too."""
    visit = await sessions.visit(request)
    if visit.actor is None:
        return forms.to_sign_in(request, "/account/providers")
    _require_admin(visit)
    parts = house(request)
    await parts.providers.running()
    shown = [_shown(one) for one in parts.providers.entries]
    return forms.page(request, visit, "providers.html", providers=shown, token=visit.form_token(CHANGE))


async def post_providers(request: Request) -> Response:
    """Put a provider in use, or out of it."""
    parts = house(request)
    visit = await sessions.visit(request)
    fields = await forms.submitted(request, visit, CHANGE)
    if visit.actor is None:
        return forms.to_sign_in(request, "/account/providers")
    _require_admin(visit)
    name = fields.get("name", "")
    if name not in {one.found.name for one in parts.providers.entries}:
        raise ProblemError(404, "There is no provider of this name.")
    await parts.store.write(_decide, parts, name, fields.get("do") == "enable")
    return forms.redirect(parts, "/account/providers")


async def _decide(tx: Transaction, parts: House, name: str, enabled: bool) -> None:
    held = (await providersettings.every(tx)).get(name)
    kept = None if held is None else held.settings
    await providersettings.put(tx, name, enabled=enabled, settings=kept, now=parts.ports.clock())


def _require_admin(visit: Visit) -> None:
    if not visit.admin:
        raise ProblemError(404, "There is nothing here for you to look after.")


def _shown(one: Entry) -> dict[str, Any]:
    running = one.running
    return {
        "name": one.found.name,
        "title": running.name if running else one.found.name,
        "factory": one.found.factory,
        "package": one.found.package,
        "enabled": one.enabled,
        "problem": one.problem,
        "rests": breaker.rests(running.record, time.monotonic()) if running else None,
        "failures": running.failures if running else 0,
        "last_failure": running.last_failure if running else "",
    }
