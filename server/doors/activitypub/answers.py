"""How this door answers: Activity Streams documents with their validators and caching (AP-063…AP-067)."""

from email.utils import formatdate

from starlette.requests import Request
from starlette.responses import Response

from server.conditional import unchanged
from server.negotiate import ACTIVITY_JSON, activity_type
from server.rendered import Body, Ready
from storage.entries import Viewer
from vocab import iri as iris

PUBLIC = "public, max-age=60"
PRIVATE = "private, no-store"
CREDENTIALS = "Authorization, Signature, Signature-Input"
"""Fields of a request that say who asks."""


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
        "Vary": "Accept" if viewer is None else f"Accept, {CREDENTIALS}",
        **(headers or {}),
    }
    if modified_us is not None:
        held["Last-Modified"] = formatdate(modified_us // 1_000_000, usegmt=True)
    if status == 200 and unchanged(request, held):
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


def watched_at(iri: str, viewer: Viewer | None) -> dict[str, str]:
    """Return what tells a reader of ours where to watch something (AP-590); nobody else could."""
    return {"eventStream": f"{iri}/events"} if _is_of_ours(iri, viewer) else {}


def sought_at(iri: str, viewer: Viewer | None) -> dict[str, str]:
    """Return what tells a reader of ours where to ask on which page of a collection an item is (AP-595)."""
    return {"seekItem": f"{iri}/seek"} if _is_of_ours(iri, viewer) else {}


def _is_of_ours(iri: str, viewer: Viewer | None) -> bool:
    return viewer is not None and iris.same_origin(viewer.iri, iri)


def created(request: Request, body: bytes, location: str | None) -> Response:
    """Answer 201 with what was published and its address (AP-194)."""
    return document(request, body, status=201, headers={"Location": location or ""})
