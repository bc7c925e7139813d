"""One request and its answer, as bytes: uvicorn's cycle, with an answer written in one go.

Uvicorn looks at each header field of an answer by itself and writes head and body one after the other, each a
system call that wakes the client. Here a head whose body is known to follow leaves together with it, and is
looked at once, whole: nothing in it may end a line but ourselves (SEC-057).
"""

from collections.abc import Mapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

CONTROLS = bytes(code for code in (*range(32), 127) if chr(code) != "\t")
"""Characters that no field of a header may hold, those that end a line among them."""
BODILESS = frozenset({204, 304})


class Exchange(RequestResponseCycle):
    """Sends one answer. Names of header fields are given in lower case, as ASGI has them."""

    _head = b""
    """The head of the answer, until it leaves with what follows."""
    _until_closed = False
    """Whether the body ends with the connection: who speaks HTTP/1.0 knows no chunks (RFC 9112 §6.1)."""

    async def send(self, message: Mapping[str, Any]) -> None:
        """Send one ASGI message; raise RuntimeError for one that does not fit the answer so far."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        if message["type"] == "http.response.start" and not self.response_started:
            self._begin(message["status"], [*self.default_headers, *message.get("headers", ())])
        elif message["type"] == "http.response.body" and self.response_started and not self.response_complete:
            self._go_on(message.get("body", b""), last=not message.get("more_body", False))
        else:
            raise RuntimeError(f"{message['type']} cannot be sent now")

    def _begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Write the head; it is kept back for the body unless that may take its time to begin."""
        fields = dict(headers)
        length = fields.get(b"content-length")
        if b"close" in fields.get(b"connection", b"").lower():
            self.keep_alive = False
        elif not self.keep_alive:
            headers.append((b"connection", b"close"))
        open_end = length is None and status not in BODILESS and self.scope["method"] != "HEAD"
        self.chunked_encoding = open_end and self.scope.get("http_version") != "1.0"
        self._until_closed = open_end and not self.chunked_encoding
        if self.chunked_encoding and b"transfer-encoding" not in fields:
            headers.append((b"transfer-encoding", b"chunked"))
        self.expected_content_length = 0 if length is None else int(length)
        self._head = _written(status, headers)
        self.response_started = True
        self.waiting_for_100_continue = False
        if open_end:
            self._write(b"")

    def _go_on(self, body: bytes, *, last: bool) -> None:
        """Write a piece of the body; the last one completes the answer."""
        if self.scope["method"] == "HEAD":
            self.expected_content_length, body = 0, b""
        elif self.chunked_encoding:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + (b"0\r\n\r\n" if last else b"")
        elif not self._until_closed:
            self.expected_content_length -= len(body)
            if self.expected_content_length < 0 or (last and self.expected_content_length):
                raise RuntimeError("the body is not as long as its Content-Length")
        self._write(body)
        if last:
            self.response_complete = True
            self.message_event.set()
            if not self.keep_alive:
                self.transport.close()
            self.on_response()

    def _write(self, body: bytes) -> None:
        head, self._head = self._head, b""
        self.transport.write(head + body if head else body)


def _written(status: int, headers: list[tuple[bytes, bytes]]) -> bytes:
    """Write a head; RuntimeError when a field holds a control character."""
    head = STATUS_LINE[status] + b"".join([b"%b: %b\r\n" % field for field in headers]) + b"\r\n"
    if len(head.translate(None, CONTROLS)) != len(head) - 2 * (len(headers) + 2):
        raise RuntimeError("a header field of the answer holds a control character")
    return head
