"""Signing in with a password, and out (SEC-094)."""

from starlette.requests import Request
from starlette.responses import Response

from server.auth import sessions, signin
from server.doors.account import forms
from server.house import house
from storage import sessions as kept

SIGN_IN, SIGN_OUT = "sign in", "sign out"
WRONG = "There is no such name and password here."


async def get_login(request: Request) -> Response:
    """Answer with the page that asks for name and password; ``next`` is where to go after it."""
    visit = await sessions.visit(request)
    following = forms.own_address(request.query_params.get("next", "/account"))
    return _page(request, visit, following)


async def post_login(request: Request) -> Response:
    """Sign a member in and send them on; the browser gets a new cookie (session fixation)."""
    parts = house(request)
    visit = await sessions.visit(request)
    fields = await forms.submitted(request, visit, SIGN_IN)
    parts.rates.take(request, "sign in")
    following = forms.own_address(fields.get("next", "/account"))
    name = fields.get("username", "")
    actor = await signin.check(parts, name, fields.get("password", ""), parts.rates.network(request))
    if actor is None:
        return _page(request, visit, following, name=name, problem=WRONG)
    answer = forms.redirect(parts, following)
    await parts.store.write(kept.end, visit.cookie)
    sessions.set_cookie(parts, answer, await signin.enter(parts, actor))
    return answer


async def post_logout(request: Request) -> Response:
    """Sign a browser out; ``next`` is where its owner, or someone else, goes on."""
    parts = house(request)
    visit = await sessions.visit(request)
    fields = await forms.submitted(request, visit, SIGN_OUT)
    await parts.store.write(kept.end, visit.cookie)
    return forms.redirect(parts, fields.get("next", "/login"))


def _page(
    request: Request, visit: sessions.Visit, following: str, *, name: str = "", problem: str = ""
) -> Response:
    return forms.page(
        request, visit, "login.html", 401 if problem else 200, next=following,
        name=name, problem=problem, token=visit.form_token(SIGN_IN),
    )  # fmt: skip
