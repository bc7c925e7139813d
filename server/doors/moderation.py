"""Moderation over HTTP: the same words as ``headwater report``, ``domain`` and ``actor suspend`` (AP-640, AP-378).

JSON in and out, for a moderator's token alone. Blocks and mutes of an actor's own go through its outbox.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from server import blocklists, parameters
from server.auth.moderator import moderator
from server.auth.scopes import ADMIN_READ, ADMIN_WRITE
from server.errors import ProblemError
from server.house import house
from server.reports import described
from storage import actors, policies, reports
from storage.actors import ActorRow
from storage.entries import NEWEST
from storage.policies import Policy
from streams import moderation
from vocab import JsonError, iri, jsontext

HEADERS = {"Cache-Control": "private, no-store"}
SEVERITIES = (policies.SUSPEND, policies.SILENCE, policies.ALLOW)
REASON_CHARS_MAX = 500


def routes() -> list[BaseRoute]:
    """Return the routes for moderators."""
    return [
        Route("/admin/reports", get_reports),
        Route("/admin/reports/{id}", get_report),
        Route("/admin/reports/{id}/resolve", resolve_report, methods=["POST"]),
        Route("/admin/reports/{id}/forward", forward_report, methods=["POST"]),
        Route("/admin/domains", get_domains),
        Route("/admin/domains", import_domains, methods=["POST"]),
        Route("/admin/domains/{host}", put_domain, methods=["PUT"]),
        Route("/admin/domains/{host}", delete_domain, methods=["DELETE"]),
        Route("/admin/actors/suspend", suspend_actor, methods=["POST"]),
        Route("/admin/actors/unsuspend", unsuspend_actor, methods=["POST"]),
    ]


async def get_reports(request: Request) -> Response:
    """Answer with reports that wait, or with ``?state=resolved`` the others, newest first, below ``before``."""
    await moderator(request, ADMIN_READ)
    state = request.query_params.get("state", "open")
    before = parameters.number(request.query_params.get("before", str(NEWEST)))
    if state not in ("open", "resolved"):
        raise ProblemError(400, "must be open or resolved", field="state")
    if before is None:
        raise ProblemError(400, "must be a whole number", field="before")
    found = await house(request).store.read(reports.page, resolved=state == "resolved", before=before)
    following = found[-1].id if len(found) == reports.PAGE else None
    return _answer({"reports": [described(report) for report in found], "before": following})


async def get_report(request: Request) -> Response:
    """Answer with one report."""
    await moderator(request, ADMIN_READ)
    return await _report(request)


async def resolve_report(request: Request) -> Response:
    """Note that a report has been dealt with, by whom, and with ``note`` how."""
    grant = await moderator(request, ADMIN_WRITE)
    parts = house(request)
    note = _text(await _body(request), "note", "")
    done = await parts.store.write(
        reports.resolve,
        _number(request),
        resolver=grant.actor.id,
        note=note,
        now=parts.ports.clock(),
    )
    if not done and await parts.store.read(reports.find, _number(request)) is not None:
        raise ProblemError(409, "the report was resolved before")
    return await _report(request)


async def forward_report(request: Request) -> Response:
    """Tell the server of the one reported, without the reporter's name."""
    await moderator(request, ADMIN_WRITE)
    parts = house(request)
    if await parts.store.read(reports.find, _number(request)) is None:
        raise ProblemError(404)
    told = await parts.store.write(
        moderation.pass_on, _number(request), base_url=parts.base_url, now=parts.ports.clock()
    )
    if not told:
        raise ProblemError(409, "it has been told, or the one reported lives here")
    return await _report(request)


async def _report(request: Request) -> Response:
    report = await house(request).store.read(reports.find, _number(request))
    if report is None:
        raise ProblemError(404)
    return _answer(described(report))


async def get_domains(request: Request) -> Response:
    """Answer with what was said of hosts."""
    await moderator(request, ADMIN_READ)
    return _answer({"domains": [_said(one) for one in await house(request).store.read(policies.every)]})


async def put_domain(request: Request) -> Response:
    """Say how a host and those below it are treated: ``severity`` and, for moderators, ``reason``."""
    await moderator(request, ADMIN_WRITE)
    parts = house(request)
    host, body = _host(request), await _body(request)
    severity = body.get("severity")
    if severity not in SEVERITIES:
        raise ProblemError(400, f"must be one of {', '.join(SEVERITIES)}", field="severity")
    if host == iri.host(parts.base_url):
        raise ProblemError(400, "is this server", field="host")
    now = parts.ports.clock()
    said = Policy(host, severity, _text(body, "reason", ""), now)
    await parts.store.write(moderation.treat_all, [said], now=now)
    return _answer(_said(said))


async def delete_domain(request: Request) -> Response:
    """Treat a host like any other again."""
    await moderator(request, ADMIN_WRITE)
    if not await house(request).store.write(policies.remove, _host(request)):
        raise ProblemError(404)
    return Response(status_code=204, headers=HEADERS)


async def import_domains(request: Request) -> Response:
    """Take a list of hosts to block as CSV; what was said already stays as it is."""
    await moderator(request, ADMIN_WRITE)
    parts = house(request)
    now = parts.ports.clock()
    told, skipped = blocklists.parse((await request.body()).decode("utf-8", "replace"), now=now)
    known = {one.host for one in await parts.store.read(policies.every)} | {iri.host(parts.base_url)}
    fresh = [one for one in told if one.host not in known]
    await parts.store.write(moderation.treat_all, fresh, now=now)
    return _answer(
        {
            "added": [_said(one) for one in fresh],
            "kept": len(told) - len(fresh),
            "skipped": [{"line": one.line, "value": one.value, "reason": one.reason} for one in skipped],
        }
    )


async def suspend_actor(request: Request) -> Response:
    """Suspend the actor with the IRI in ``id``, ours or another server's."""
    await moderator(request, ADMIN_WRITE)
    parts = house(request)
    actor = await _actor(request)
    await parts.store.write(moderation.suspend, actor, base_url=parts.base_url, now=parts.ports.clock())
    return _answer({"id": actor.iri, "suspended": True})


async def unsuspend_actor(request: Request) -> Response:
    """Lift the suspension of the actor with the IRI in ``id``."""
    await moderator(request, ADMIN_WRITE)
    parts = house(request)
    actor = await _actor(request)
    if not await parts.store.write(
        moderation.restore, actor, base_url=parts.base_url, now=parts.ports.clock()
    ):
        raise ProblemError(409, "the actor is not suspended")
    return _answer({"id": actor.iri, "suspended": False})


async def _actor(request: Request) -> ActorRow:
    actor = await house(request).store.read(actors.find, _text(await _body(request), "id", None))
    if actor is None:
        raise ProblemError(404, "no such actor is known here", type="object-does-not-exist", field="id")
    return actor


def _number(request: Request) -> int:
    """Return the report's number in the path; what cannot be one is not there."""
    id = parameters.number(request.path_params["id"])
    if id is None:
        raise ProblemError(404)
    return id


def _host(request: Request) -> str:
    host: str = request.path_params["host"]
    try:
        return host if host == policies.EVERYONE else blocklists.canonical(host)
    except ValueError as error:
        raise ProblemError(400, str(error), field="host") from None


async def _body(request: Request) -> dict[str, Any]:
    """Read a JSON object; an empty body is an empty one."""
    raw = await request.body()
    try:
        body = jsontext.loads(raw or b"{}")
    except JsonError as error:
        raise ProblemError(400, f"the body is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise ProblemError(400, "the body must be an object")
    return body


def _text(body: dict[str, Any], field: str, default: str | None) -> str:
    value = body.get(field, default)
    if not isinstance(value, str) or len(value) > REASON_CHARS_MAX:
        raise ProblemError(400, f"must be text of at most {REASON_CHARS_MAX} characters", field=field)
    return value


def _said(one: Policy) -> dict[str, str]:
    return {"host": one.host, "severity": one.severity, "reason": one.reason}


def _answer(document: dict[str, Any]) -> Response:
    return JSONResponse(document, headers=HEADERS)
