"""The few files that pages need."""

import functools
import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from streams.errors import NotFound

STATIC = Path(__file__).parent.parent / "static"
KINDS = (
    "note", "comment", "page", "issue", "media", "file", "person", "changeset", "job", "event", "question", "like",
    "share", "thing",
)  # fmt: skip
"""Pictures that show what kind of thing an entry of a stream is about."""
FILES = {
    "headwater.css": "text/css; charset=utf-8",
    "forms.css": "text/css; charset=utf-8",
    "explorer.css": "text/css; charset=utf-8",
    "favicon.svg": "image/svg+xml",
    "headwater.js": "text/javascript; charset=utf-8",
    "activity.css": "text/css; charset=utf-8",
    "activity.js": "text/javascript; charset=utf-8",
    "someone.svg": "image/svg+xml",
    **{f"kind-{kind}.svg": "image/svg+xml" for kind in KINDS},
}


async def get_static(request: Request) -> Response:
    """Answer with a file of ours; what is not in the table does not exist (SEC-067)."""
    name = request.path_params["name"]
    if name not in FILES:
        raise NotFound(name)
    return _sent(name)


async def get_script(request: Request) -> Response:
    """Answer with the script for pages of other sites, which report their visitors (Events §21.1)."""
    return _sent("headwater.js")


def _sent(name: str) -> Response:
    return Response(_file(name), media_type=FILES[name], headers={"Cache-Control": "public, max-age=86400"})


@functools.cache
def versioned(name: str) -> str:
    """Return a file's address with what changes when it does, as it may be kept for a day."""
    return f"/static/{name}?{hashlib.blake2b(_file(name), digest_size=6).hexdigest()}"


@functools.cache
def drawing(name: str) -> str:
    """Return a picture as markup, to be part of a page."""
    return _file(name).decode().strip()


@functools.cache
def _file(name: str) -> bytes:
    return (STATIC / name).read_bytes()
