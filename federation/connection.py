"""One connection to another server: HTTP/1.1 requests, one after the other, each read to its end (RFC 9112).

The parser is llhttp's, and strict; what it does not take ends the connection. What arrives faster than it is
read is held back at the peer. Failures are httpx's, as everywhere behind its transport interface.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import TypeAlias, cast

import httptools
import httpx

Fields: TypeAlias = list[tuple[bytes, bytes]]
"""A message's header fields as they are written, in their order."""

HEAD_BYTES_MAX = 64 * 1024
"""The most that may come before the header of an answer ends, interim answers included (REL-024)."""
HELD_BYTES_MAX = 256 * 1024
"""So much of a body may wait to be read; the peer is kept from sending more."""


class Connection(asyncio.Protocol):
    """Sends a request and reads its answer; then, if both sides keep it open, the next. No HEAD, no upgrades."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[None] | None = None
        self._lost = self._paused = False
        self._wait_seconds = 0.0
        self._begin()
        self._complete = True

    def _begin(self) -> None:
        """Forget the last answer."""
        self.status = 0
        self.fields: Fields = []
        self.silent = True
        """Whether not a byte has come yet in answer to the last request."""
        self._chunks: deque[bytes] = deque()
        self._held_bytes = self._head_bytes = 0
        self._headed = self._until_closed = self._complete = self._kept = False
        self._failure: httpx.TransportError | None = None

    @property
    def reusable(self) -> bool:
        """Whether the last answer was read to its end and another request may follow."""
        return self._complete and self._kept and not self._lost

    async def send(self, head: bytes, body: bytes, *, wait_seconds: float) -> None:
        """Send a request and wait for the header of its answer: then ``status`` and ``fields`` are set.

        For each next piece of the answer the peer has ``wait_seconds``.
        """
        if self._transport is None or self._lost:
            raise httpx.ReadError("the connection is closed")
        self._begin()
        self._wait_seconds = wait_seconds
        self._transport.write(head + body)
        while not self._headed:
            await self._more()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Read the body as it comes."""
        while True:
            while self._chunks:
                chunk = self._chunks.popleft()
                self._held_bytes -= len(chunk)
                yield chunk
            if self._complete:
                return
            if self._paused and self._transport is not None and not self._lost:
                self._transport.resume_reading()
                self._paused = False
            await self._more()

    def close(self) -> None:
        """Hang up."""
        self._lost = True
        if self._transport is not None:
            self._transport.abort()

    async def _more(self) -> None:
        """Wait until something has come; raise what went wrong."""
        if self._failure is not None:
            raise self._failure
        self._waiting = self._loop.create_future()
        late = self._loop.call_later(
            self._wait_seconds, self._fail, httpx.ReadTimeout("the peer fell silent")
        )
        try:
            await self._waiting
        finally:
            late.cancel()
            self._waiting = None
        if self._failure is not None:
            raise self._failure

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _fail(self, failure: httpx.TransportError) -> None:
        self._failure = self._failure or failure
        self.close()
        self._wake()

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Read what has come; nothing may come unless it was asked for."""
        if self._complete:
            self.close()
            return
        self.silent = False
        self._head_bytes += 0 if self._headed else len(data)
        self._parse(data)
        if not self._headed and self._head_bytes > HEAD_BYTES_MAX:
            self._fail(httpx.RemoteProtocolError("the header of the answer does not end"))
        elif self._headed:
            self._hold_back()
            self._wake()

    def _parse(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if self._complete:
                self._kept = False  # the answer stands; what came after it does not count
            else:
                self._fail(httpx.RemoteProtocolError(f"the answer is not HTTP: {error}"))

    def _hold_back(self) -> None:
        if self._held_bytes > HELD_BYTES_MAX and self._transport is not None and not self._lost:
            self._transport.pause_reading()
            self._paused = True

    def connection_lost(self, exc: Exception | None) -> None:
        """End an answer that goes on until the connection is closed; any other is cut off."""
        self._lost = True
        if not self._complete:
            if self._until_closed and exc is None:
                self._complete = True
            else:
                self._failure = self._failure or httpx.ReadError("the peer hung up")
        self._wake()

    # What the parser calls.

    def on_message_begin(self) -> None:
        """Refuse an answer that nobody asked for."""
        if self._complete:
            raise ValueError("a second answer")
        self.fields = []

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note a field of the header, or of the trailer, which is of no use to us."""
        if not self._headed:
            self.fields.append((name, value))

    def on_headers_complete(self) -> None:
        """Note how the answer begins and how its end is told (RFC 9112 §6.3)."""
        self.status = self._parser.get_status_code()
        if self.status >= 200:
            self._headed = True
            told = {name.lower(): value.lower() for name, value in self.fields}
            chunked = told.get(b"transfer-encoding", b"").endswith(b"chunked")
            self._until_closed = not chunked and b"content-length" not in told

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body until it is read."""
        self._chunks.append(body)
        self._held_bytes += len(body)

    def on_message_complete(self) -> None:
        """Note the end of the answer; interim answers are passed over (RFC 9110 §15.2)."""
        if self._headed:
            self._complete = True
            self._kept = self._parser.should_keep_alive()
