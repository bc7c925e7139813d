"""Pages with forms: kept by nobody, framed by nobody, and obeyed only when they come from here (SEC-065, SEC-066)."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from server import pages, parameters
from server.auth import sessions
from server.auth.sessions import Visit
from server.errors import ProblemError
from server.house import House, house

Endpoint = Callable[[Request], Awaitable[Response]]

PRIVATE = {"Cache-Control": "private, no-store", "Vary": "Cookie"}
TITLES = {
    400: "This cannot be done",
    403: "This form is too old",
    404: "Not found",
    429: "Too many attempts",
}
TOKEN_FIELD = "csrf"  # noqa: S105 the name of a field


def page(
    request: Request, visit: Visit, template: str, status: int = 200, *, form_source: str = "", **context: Any
) -> Response:
    """Answer with a page for one visitor; its forms may lead here and, by redirect, to ``form_source``."""
    text = pages.render(template, host=house(request).host, public=False, **context)
    headers = dict(PRIVATE)
    if form_source:
        headers["Content-Security-Policy"] = (
            "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; "
            f"frame-ancestors 'none'; form-action 'self' {form_source}"
        )
    answer = HTMLResponse(text, status, headers)
    if visit.is_new:
        sessions.set_cookie(house(request), answer, visit.cookie)
    return answer


async def submitted(request: Request, visit: Visit, purpose: str) -> dict[str, str]:
    """Return the fields of a form of ours that came back; a 403 for one that is not, or is for something else."""
    check_origin(request)
    fields = await parameters.in_form(request)
    check_token(visit, fields.pop(TOKEN_FIELD, ""), purpose)
    return fields


def check_origin(request: Request) -> None:
    """Refuse a form that another site sent (SEC-065); browsers say which, and programs need not."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "none")
    if (origin is not None and origin != house(request).base_url) or site not in ("same-origin", "none"):
        raise ProblemError(403, "It was sent from another site.", field="origin")


def check_token(visit: Visit, token: str, purpose: str) -> None:
    """Refuse a form that does not belong to this browser, or not to this purpose."""
    if not visit.is_form_token(token, purpose):
        raise ProblemError(403, "Please go back, load the page again, and try once more.", field=TOKEN_FIELD)


def told(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint whose refusals are pages: people read them, not programs."""

    @wraps(endpoint)
    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ProblemError as refusal:
            title = TITLES.get(refusal.status, "This did not work")
            detail = f"{refusal.field}: {refusal.detail}" if refusal.status == 400 else refusal.detail
            context = {"host": house(request).host, "title": title, "detail": detail.removeprefix(": ")}
            return HTMLResponse(
                pages.render("error.html", **context), refusal.status, {**PRIVATE, **refusal.headers}
            )

    return answered


def to_sign_in(request: Request, address: str) -> Response:
    """Send a visitor to sign in and, after that, on to an address of ours with all its parameters."""
    return redirect(house(request), f"/login?next={quote(address, safe='')}")


def redirect(parts: House, address: str) -> RedirectResponse:
    """Send a visitor to a path of ours, with its query; anything else leads to their account (SEC-057)."""
    return RedirectResponse(parts.base_url + own_address(address), 303, PRIVATE)


def own_address(address: str) -> str:
    """Return a path and query that are certainly ours."""
    path, _, query = address.partition("?")
    plain = path.isascii() and path.isprintable() and not any(char in path for char in "\\ #")
    if not plain or not path.startswith("/") or path.startswith("//") or urlsplit(path).netloc:
        return "/account"
    return f"{path}?{quote(query, safe='%=&+:/?@!$*,;~')}" if query else path
