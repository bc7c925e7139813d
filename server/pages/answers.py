"""How pages and feeds are answered: validators, caching, and the links that stand in the header too (AP-065)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from server import packing
from server.conditional import unchanged
from server.errors import ProblemError
from server.house import house
from server.pages.rendering import render

PUBLIC = "public, max-age=60"
PRIVATE = "private, no-store"
ACTIVITY_JSON = "application/activity+json"


@dataclass(frozen=True, slots=True)
class Alternate:
    """Another form of what a page shows."""

    href: str
    media_type: str
    title: str = ""


def page(
    request: Request,
    template: str,
    *,
    alternates: tuple[Alternate, ...] = (),
    public: bool = True,
    **context: Any,
) -> Response:
    """Answer with a page; what is not for everyone is kept by nobody (SEC-014)."""
    text = render(template, host=house(request).host, alternates=alternates, public=public, **context)
    headers = {"Vary": "Accept", "Cache-Control": PUBLIC}
    if alternates:
        headers["Link"] = links(alternates)
    if not public:
        headers |= {
            "Vary": "Accept, Authorization, Cookie, Signature, Signature-Input", "Cache-Control": PRIVATE,
        }  # fmt: skip
    return _validated(request, text.encode(), "text/html; charset=utf-8", headers)


def links(alternates: Iterable[Alternate]) -> str:
    """Return the header field that says in which other forms something is (RFC 8288)."""
    return ", ".join(f'<{one.href}>; rel="alternate"; type="{one.media_type}"' for one in alternates)


def feed(
    request: Request, body: bytes, media_type: str, *, updated: datetime, here: str = "", hub: str | None = None,
    public: bool = True,
) -> Response:  # fmt: skip
    """Answer with a feed, which readers ask for again and again, or are told of by a hub (WebSub §4).

    What is not for everyone is kept by nobody (SEC-014).
    """
    headers = {
        "Vary": "Accept, Accept-Encoding, Accept-Language, Authorization, Cookie",
        "Cache-Control": PUBLIC,
        "Last-Modified": format_datetime(updated, usegmt=True),
    }
    if hub is not None:
        headers["Link"] = f'<{hub}>; rel="hub", <{here}>; rel="self"'
    if not public:
        headers |= {"Vary": "Accept, Authorization, Signature, Signature-Input", "Cache-Control": PRIVATE}
    return _validated(request, body, media_type, headers, packs=True)


def answer(template: str, status: int = 200, **context: Any) -> Response:
    """Answer with a page that belongs to this request alone: a form, a refusal."""
    return HTMLResponse(render(template, **context), status, {"Vary": "Accept", "Cache-Control": "no-store"})


def error(problem: ProblemError, host: str) -> Response:
    """Answer someone who wanted a page with one that says why there is none."""
    response = answer(
        "error.html", problem.status, host=host, title=HTTPStatus(problem.status).phrase, detail=problem.detail
    )  # fmt: skip
    response.headers.update(problem.headers or {})
    return response


def _validated(
    request: Request, body: bytes, media_type: str, headers: dict[str, str], *, packs: bool = False
) -> Response:
    """Answer with the bytes, or with 304; what may be sent packed has a weak validator."""
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    same = headers["Cache-Control"] == PUBLIC and unchanged(request, {**headers, "ETag": tag})
    headers["ETag"] = f"W/{tag}" if packs else tag
    if same:
        return Response(status_code=304, headers=headers)
    packed = packing.packed(body) if packs and packing.is_taken(request) else None
    if packed is not None:
        return Response(packed, 200, {**headers, "Content-Encoding": "gzip"}, media_type)
    return Response(body, 200, headers, media_type)
