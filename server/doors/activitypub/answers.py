"""How this door answers: Activity Streams documents with their validators and caching (AP-063…AP-067)."""

from datetime import UTC, datetime
from email.utils import formatdate, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response

from server.negotiate import ACTIVITY_JSON, activity_type
from server.rendered import Body, Ready
from storage.entries import Viewer

PUBLIC = "public, max-age=60"
PRIVATE = "private, no-store"


def document(
    request: Request,
    body: bytes | Body,
    viewer: Viewer | None = None,
    *,
    status: int = 200,
    modified_us: int | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Answer with a document, or with 304 when the reader holds it already.

    What depended on who asked may not be cached by others (SEC-014). ETag and media type go together.
    """
    media_type = activity_type(request)
    if not isinstance(body, Body):
        body = Body(body)
    held = {
        "ETag": f'"{body.tag}{"" if media_type is ACTIVITY_JSON else "-ld"}"',
        "Cache-Control": PUBLIC if viewer is None and status == 200 else PRIVATE,
        "Vary": "Accept" if viewer is None else "Accept, Authorization, Signature, Signature-Input",
        **(headers or {}),
    }
    if modified_us is not None:
        held["Last-Modified"] = formatdate(modified_us // 1_000_000, usegmt=True)
    if status == 200 and _unchanged(request, held):
        return Response(status_code=304, headers=held)
    return Response(body.data, status, held, media_type)


def public(request: Request, body: Body) -> Response:
    """Answer anyone with a document that is kept as bytes."""
    fields = dict(request.scope["headers"])
    if b"if-none-match" in fields or b"if-modified-since" in fields:
        return document(request, body)
    media_type = activity_type(request)
    ready = body.ready.get(media_type)
    if ready is None:
        written = document(request, body)
        ready = body.ready[media_type] = Ready(200, written.headers, body.data)
    return ready


def _unchanged(request: Request, held: dict[str, str]) -> bool:
    """RFC 9110 §13: If-None-Match decides; without it, If-Modified-Since."""
    asked = request.headers.get("if-none-match")
    if asked is not None:
        return asked.strip() == "*" or held["ETag"] in (
            tag.strip().removeprefix("W/") for tag in asked.split(",")
        )
    since, modified = _instant(request.headers.get("if-modified-since")), _instant(held.get("Last-Modified"))
    return since is not None and modified is not None and modified <= since


def _instant(text: str | None) -> datetime | None:
    """Read an HTTP date; what is none counts as absent (RFC 9110 §13.1.3)."""
    try:
        return None if text is None else parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
