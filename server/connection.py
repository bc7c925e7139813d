"""One client's connection: what must hold before there is a request that middleware could see.

Uvicorn waits for ever for the rest of a header or a body. Here every stage has its time, the header has
its size before it is complete, and one address has so many connections (SEC-058 to SEC-060, REL-023).
"""

import asyncio
import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from uvicorn._types import HTTPScope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from server.config.models import LimitsSection
from server.errors import MEDIA_TYPE, ProblemError, document
from server.exchange import Exchange
from server.limits import Callers, caller_key


@dataclass(frozen=True, slots=True)
class ConnectionPolicy:
    """What a connection is held to; ``open_by_client`` counts the connections there are."""

    limits: LimitsSection
    callers: Callers
    per_client_max: int
    open_by_client: Counter[str] = field(default_factory=Counter)

    def arrived(self, key: str) -> bool:
        """Count a connection of a client; tell whether it may have it."""
        self.open_by_client[key] += 1
        return not key or not self.per_client_max or self.open_by_client[key] <= self.per_client_max

    def left(self, key: str) -> None:
        """Count a connection no more."""
        self.open_by_client[key] -= 1
        if not self.open_by_client[key]:
            del self.open_by_client[key]

    @property
    def header_bytes_max(self) -> int:
        """The most that may arrive before a header is complete."""
        return self.limits.request_line_bytes_max + self.limits.header_bytes_max


class Connection(HttpToolsProtocol):
    """Uvicorn's HTTP protocol with limits. ``enforce`` is to be called about once a second."""

    def __init__(self, *args: Any, policy: ConnectionPolicy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._policy = policy
        self._in_head = False
        self._head_bytes = 0
        self._stage_since = self._heard = self.loop.time()
        self.client_key = ""

    def connection_made(self, transport: Any) -> None:
        """Take a connection, unless its address has enough of them."""
        super().connection_made(transport)
        policy = self._policy
        address = self.client[0] if self.client else ""
        self.client_key = "" if policy.callers.is_trusted(address) else caller_key(address)
        if not policy.arrived(self.client_key):
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        super().connection_lost(exc)
        self._policy.left(self.client_key)

    def data_received(self, data: bytes) -> None:
        """Parse what arrived; a header that never ends is refused when it has grown too long."""
        self._heard = self.loop.time()
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self._policy.header_bytes_max:
                self._hang_up(431, "the header is too long")

    def on_message_begin(self) -> None:
        """Note when a header begins."""
        super().on_message_begin()
        self._in_head = True
        self._head_bytes = 0
        self._stage_since = self._heard

    def on_headers_complete(self) -> None:
        """Note when a header ends, and begin to answer, unless an earlier request has not been answered yet."""
        self._in_head = False
        self._stage_since = self._heard
        target = self._target()
        scope, version = self.scope, self.parser.get_http_version()
        scope["method"], scope["http_version"] = self.parser.get_method().decode("ascii"), version
        if self.parser.should_upgrade() and self._should_upgrade():
            return
        raw_path, _, scope["query_string"] = target.partition(b"#")[0].partition(b"?")
        path = raw_path.decode("ascii")
        scope["path"], scope["raw_path"] = unquote(path) if "%" in path else path, raw_path
        earlier, self.cycle = self.cycle, self._exchange(scope, kept=version != "1.0")
        if earlier is None or earlier.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def _target(self) -> bytes:
        """Return path and query; an absolute target must name the host of the Host header (SEC-059)."""
        if self.url.startswith(b"/"):
            return self.url
        parts = urlsplit(self.url)
        if [parts.netloc.lower()] != [value.lower() for name, value in self.headers if name == b"host"]:
            raise ValueError("the target names another host")
        return urlunsplit((b"", b"", parts.path or b"/", parts.query, b""))

    def _exchange(self, scope: HTTPScope, *, kept: bool) -> Exchange:
        return Exchange(
            scope=scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=kept and self.parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )

    def on_response_complete(self) -> None:
        """Note when the connection falls idle, or go on to the next request; ``enforce`` ends it when none comes."""
        self.server_state.total_requests += 1
        self._stage_since = self._heard = self.loop.time()
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())

    def enforce(self, now: float) -> None:
        """Close a connection on which a header or body takes too long to arrive."""
        limits = self._policy.limits
        stage, silence = now - self._stage_since, now - self._heard
        if self._in_head:
            if stage > limits.header_seconds_max:
                self._hang_up(408, "the header took too long")
        elif self.cycle is None or self.cycle.response_complete:
            if stage > (limits.header_seconds_max if self.cycle is None else limits.keep_alive_seconds):
                self.transport.close()
        elif not self.cycle.more_body or self.flow.read_paused:
            return  # it is we who keep the other side waiting
        elif silence > limits.body_idle_seconds_max or stage > limits.body_seconds_max:
            self._hang_up(408, "the body took too long")

    def cut(self) -> None:
        """End the connection even in the middle of an answer; the handler sees that the client is gone."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP as we accept it; uvicorn calls this by name."""
        self._hang_up(400, "not a valid HTTP request")

    def _hang_up(self, status: int, detail: str) -> None:
        """Answer with a problem document if no answer has begun, and close."""
        self._in_head = False
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(_problem(status, detail))
        self.cut()


def _problem(status: int, detail: str) -> bytes:
    body = document(ProblemError(status, detail))
    headers = (
        f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\n"
        f"x-request-id: {secrets.token_hex(8)}\r\nconnection: close\r\n\r\n"
    )
    return STATUS_LINE[status] + headers.encode() + body
