"""A member's own page: the programs that act in their name, and their password (AP-544, SEC-092)."""

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server import parameters
from server.auth import granting, passwords, scopes, sessions, signin
from server.auth.sessions import Visit
from server.doors.account import forms
from server.doors.account.signin import SIGN_OUT
from server.errors import ProblemError
from server.house import house
from storage import Transaction, applications, consents, feedtokens, members, tenantowners
from storage import sessions as kept
from storage.actors import ActorRow
from storage.consents import Consent
from storage.feedtokens import FeedToken

REVOKE, PASSWORD = "revoke", "password"
MAKE_FEED, END_FEED = "make feed address", "end feed address"


async def get_account(request: Request) -> Response:
    """Answer with the page of whoever is signed in."""
    visit = await sessions.visit(request)
    if visit.actor is None:
        return forms.to_sign_in(request, "/account")
    return await page(request, visit, visit.actor)


async def post_revoke(request: Request) -> Response:
    """End what a program may do, at once."""
    parts = house(request)
    visit = await sessions.visit(request)
    fields = await forms.submitted(request, visit, REVOKE)
    if visit.actor is None:
        return forms.to_sign_in(request, "/account")
    id = parameters.number(fields.get("consent", ""))
    if id is None:
        raise ProblemError(400, "must be a number", field="consent")
    if not await parts.store.write(_revoke_own, visit.actor.id, id, parts.ports.clock()):
        raise ProblemError(404, "No application of yours has this number.")
    return forms.redirect(parts, "/account")


async def _revoke_own(tx: Transaction, actor: int, id: int, now: int) -> bool:
    found = await consents.find(tx, id)
    return found is not None and found.actor == actor and await consents.revoke(tx, id, now=now)


async def post_password(request: Request) -> Response:
    """Change the password. All programs and all other browsers must ask for it again (SEC-092)."""
    parts = house(request)
    visit = await sessions.visit(request)
    fields = await forms.submitted(request, visit, PASSWORD)
    if visit.actor is None:
        return forms.to_sign_in(request, "/account")
    problem = await _problem(request, visit.actor, fields)
    if problem:
        return await page(request, visit, visit.actor, problem=problem, status=400)
    hashed = await passwords.hashed_aside(fields["new_password"])
    cookie = await parts.store.write(_change, visit, visit.actor.id, hashed, parts.ports.clock())
    answer = forms.redirect(parts, "/account")
    sessions.set_cookie(parts, answer, cookie)
    return answer


async def _problem(request: Request, actor: ActorRow, fields: dict[str, str]) -> str:
    """Return why a password cannot be changed so, or nothing."""
    parts = house(request)
    new = fields.get("new_password", "")
    if not passwords.CHARS_MIN <= len(new) <= passwords.CHARS_MAX:
        return f"A password has {passwords.CHARS_MIN} to {passwords.CHARS_MAX} characters."
    parts.rates.take(request, "sign in")
    network = parts.rates.network(request)
    if await signin.check(parts, actor.name, fields.get("password", ""), network) is None:
        return "That is not your present password."
    return ""


async def _change(tx: Transaction, visit: Visit, actor: int, hashed: str, now: int) -> str:
    await members.put(tx, actor, password=hashed, admin=visit.admin, now=now)
    await granting.revoke_all(tx, actor, now=now)
    await kept.end_all(tx, actor)
    return await sessions.begin(tx, actor, now=now)


async def page(
    request: Request, visit: Visit, actor: ActorRow, *, problem: str = "", status: int = 200, feed: str = ""
) -> Response:
    """Answer with the page of a member; ``feed`` is an address that was just made, which is shown this once."""
    parts = house(request)
    allowed = await parts.store.read(consents.of_actor, actor.id, now=parts.ports.clock())
    feeds = await parts.store.peek(feedtokens.of_actor, actor.id)
    explores = visit.admin or bool(await parts.store.peek(tenantowners.owned_by, actor.id))
    linked = any(one.delegated for one in await parts.store.read(applications.every))
    tokens = {
        purpose: visit.form_token(purpose) for purpose in (REVOKE, PASSWORD, MAKE_FEED, END_FEED, SIGN_OUT)
    }
    return forms.page(
        request, visit, "account.html", status, acct=actor.acct, tokens=tokens, problem=problem,
        explores=explores, linked=linked, runs=visit.admin, applications=[_shown(one) for one in allowed],
        feed=feed, feeds=[_shown_feed(one) for one in feeds], password_chars_min=passwords.CHARS_MIN,
    )  # fmt: skip


def _shown(consent: Consent) -> dict[str, Any]:
    return {
        "id": consent.id,
        "name": consent.name,
        "may": [text for scope, text in scopes.SCOPES.items() if scope in scopes.meaning(consent.scope)],
        "since": datetime.fromtimestamp(consent.created / 1_000_000, UTC),
    }


def _shown_feed(one: FeedToken) -> dict[str, Any]:
    return {"id": one.id, "label": one.label, "since": datetime.fromtimestamp(one.created / 1_000_000, UTC)}
