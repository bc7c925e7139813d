"""Answering with a file: whole or in parts, and so that a browser never runs anything in it (SEC-020, SEC-067)."""

import asyncio
from pathlib import Path
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from server.conditional import unchanged

ETAG_CHARS: Final = 32
HARMLESS: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Disposition": "inline",
}
"""A browser shows a file and runs nothing in it (SEC-020)."""
SHOWN: Final = ("image/", "audio/", "video/")
"""What a browser may show; everything else is saved."""


class Ranges(FileResponse):
    """A file, or the parts of it that were asked for (SEC-067)."""

    max_ranges = 5


async def answer(
    request: Request, path: Path, *, digest: str, type: str, cached: str, vary: str = "", name: str = ""
) -> Response:
    """Answer with the file at a path. Raises FileNotFoundError.

    ``cached`` and ``vary`` say for whom and how long the answer holds; ``name`` is what the file is saved as.
    """
    stat = await asyncio.to_thread(path.stat)
    headers = {"ETag": f'"{digest[:ETAG_CHARS]}"', "Cache-Control": cached, **HARMLESS}
    if vary:
        headers["Vary"] = vary
    if name:
        headers["Content-Disposition"] = disposition(type, name)
    if unchanged(request, headers):
        return Response(status_code=304, headers=headers)
    return Ranges(path, headers=headers, media_type=type, stat_result=stat)


def disposition(type: str, name: str) -> str:
    """Say whether a file is to be shown or saved, and under which name (RFC 6266)."""
    return f"{'inline' if type.startswith(SHOWN) else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"
