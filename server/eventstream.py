"""Server-sent events: an answer that goes on for as long as there is something to tell (WHATWG HTML §9.2)."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from storage.errors import StorageError
from streams.errors import StreamsError

log = logging.getLogger(__name__)

HEADERS = {"Cache-Control": "private, no-store", "X-Accel-Buffering": "no"}
"""Nobody keeps it, and no proxy collects it before passing it on."""
RETRY_MILLISECONDS = 3_000
QUIET = b": \n\n"
"""A comment, so that whoever stands between knows that the connection lives (AP-591)."""


def event(id: int | str, data: bytes, name: str = "") -> bytes:
    """Write one event, of a kind if it has a name. Its data is JSON text; nothing of it has line breaks."""
    kind = f"event: {name}\n" if name else ""
    return f"{kind}id: {id}\n".encode() + b"data: %s\n\n" % data


class EventStream(Response):
    """Sends what ``pieces`` yields until it ends, it fails, or the reader goes away; then calls ``on_close``."""

    def __init__(self, pieces: AsyncIterator[bytes], *, on_close: Callable[[], None]) -> None:
        super().__init__(headers=HEADERS, media_type="text/event-stream")
        del self.headers["content-length"]
        self._pieces = pieces
        self._on_close = on_close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; returns when everything has been said or nobody listens."""
        telling = asyncio.create_task(self._tell(send))
        leaving = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait((telling, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            telling.cancel()
            leaving.cancel()
            await asyncio.gather(telling, leaving, return_exceptions=True)
            self._on_close()
        if not telling.cancelled():
            telling.result()  # a mistake of ours is raised, for the front to log

    async def _tell(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send(_piece(b"retry: %d\n\n" % RETRY_MILLISECONDS))
        with contextlib.suppress(StreamsError):  # what was watched is closed to the reader, or gone
            try:
                async for piece in self._pieces:
                    await send(_piece(piece))
            except StorageError as error:
                log.warning("an event stream ends: %s", error)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _piece(body: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def _gone(receive: Receive) -> None:
    """Wait until the reader has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass
