"""How this door answers: Activity Streams documents with their validators and caching (AP-063…AP-067)."""

from email.utils import formatdate

from starlette.requests import Request
from starlette.responses import Response

from server.negotiate import ACTIVITY_JSON, activity_type
from server.rendered import Body
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
        body = Body.of(body)
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


def _unchanged(request: Request, held: dict[str, str]) -> bool:
    """RFC 9110 §13: If-None-Match decides; without it, If-Modified-Since by exact date."""
    asked = request.headers.get("if-none-match")
    if asked is not None:
        return asked.strip() == "*" or held["ETag"] in (
            tag.strip().removeprefix("W/") for tag in asked.split(",")
        )
    since = request.headers.get("if-modified-since")
    return since is not None and since == held.get("Last-Modified")
