"""The front of the house: what holds for every request, whichever door it goes to.

One ASGI middleware does it all because it is paid on every request. It names the request, screens its
head, holds it to its limits, and finishes the answer with the headers that all answers carry. What an
activity is, it does not know.
"""

import itertools
import logging
import os
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server import cors, errors, metrics
from server.config import Config
from server.errors import ProblemError
from server.limits import Callers, RateLimit, caller_key
from server.logs import request_id
from server.screen import ANY_HOST, CLOSE, Screen
from server.traffic import Traffic

log = logging.getLogger(__name__)

HTML_HEADERS = [
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; "
        b"frame-ancestors 'none'; form-action 'self'",
    ),
    (b"referrer-policy", b"same-origin"),
]
"""What pages carry besides (SEC-063, SEC-066)."""

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")

Header = tuple[bytes, bytes]


class Front:
    """Wraps the application. ``clock`` gives monotonic seconds."""

    def __init__(
        self,
        app: ASGIApp,
        config: Config,
        *,
        traffic: Traffic | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app = app
        self._clock = clock
        self._screen = Screen(config)
        self._callers = Callers(config.server.trusted_proxies)
        self._rate = RateLimit(config.requests_per_minute)
        self._at_once_max = config.limits.requests_at_once_max
        self._at_once_per_client_max = config.requests_at_once_per_client_max
        self._body_bytes_max = config.limits.body_bytes_max
        self._access_log = config.server.access_log
        self._always = _always(config.server.hsts_seconds)
        self._policy = (b"ratelimit-policy", b'"default";q=%d;w=60' % config.requests_per_minute)
        self._ids = map(f"{os.urandom(5).hex()}-%x".__mod__, itertools.count(1))
        self._traffic = traffic or Traffic()
        self._running_by_client: dict[str, int] = {}
        self._templates = dict(_templates(getattr(app, "routes", ()), ""))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = self._clock()
        fields: dict[bytes, bytes] = dict(scope["headers"])
        answer = Answer(
            send, scope["method"] == "HEAD", self._name(fields.get(b"x-request-id")), self._always
        )
        client = caller_key(self._address(scope))
        self._traffic.running += 1
        self._traffic.last = started
        self._running_by_client[client] = self._running_by_client.get(client, 0) + 1
        try:
            await self._admit(scope, receive, fields, client, answer)
        except ClientDisconnect:
            log.debug("the client went away")
        except ProblemError as refusal:
            await self._refuse(answer, refusal, scope, receive)
        except Exception as error:
            await self._confess(answer, error, scope, receive)
        finally:
            self._traffic.running -= 1
            self._leave(client)
            self._account(scope, answer.status, self._clock() - started)

    def _name(self, given: bytes | None) -> bytes:
        """Take over the caller's request id when it is sane, else make one; log lines carry it from here."""
        known = given is not None and REQUEST_ID.fullmatch(given)
        name = known[0].decode() if known else next(self._ids)
        request_id.set(name)
        return name.encode()

    def _address(self, scope: Scope) -> str:
        peer = scope["client"]
        return self._callers.address(peer[0] if peer else "", scope["headers"])

    async def _admit(
        self, scope: Scope, receive: Receive, fields: dict[bytes, bytes], client: str, answer: "Answer"
    ) -> None:
        """Run a request through the checks, then hand it to the application."""
        path: str = scope["path"]
        is_open = cors.is_open(path)
        if is_open:
            answer.add(cors.HEADERS)
        self._screen.check(scope, fields)
        if path not in ANY_HOST:
            self._limit(client, answer)
        if is_open and scope["method"] == "OPTIONS":
            await answer({"type": "http.response.start", "status": 204, "headers": cors.PREFLIGHT[1:]})
            await answer({"type": "http.response.body"})
            return
        if b"content-length" in fields or b"transfer-encoding" in fields:
            receive = self._counted(receive, fields)
        await self.app(scope, receive, answer)

    def _limit(self, client: str, answer: "Answer") -> None:
        """Refuse what is too much at once (503, 429) or too often (429), always saying when to come again."""
        if self._traffic.running > self._at_once_max:
            raise ProblemError(503, "too many requests are in progress", headers={"Retry-After": "1"})
        at_once_max = self._at_once_per_client_max
        if at_once_max and self._running_by_client[client] > at_once_max:
            raise _too_many(f"more than {at_once_max} requests in progress", 1)
        if self._rate.per_minute:
            left = self._rate.take(client, self._clock())
            wait = self._rate.wait_seconds(left) if left < 0 else 0
            answer.add([self._policy, (b"ratelimit", b'"default";r=%d;t=%d' % (max(left, 0), wait))])
            if wait:
                raise _too_many(f"more than {self._rate.per_minute} requests a minute", wait)

    def _counted(self, receive: Receive, fields: dict[bytes, bytes]) -> Receive:
        """Hold a body to the limit by what it declares and by what it is (SEC-049)."""
        if fields.get(b"content-encoding", b"identity").lower() != b"identity":
            raise ProblemError(
                415,
                "compressed bodies are not read",
                field="content-encoding",
                headers={"Accept-Encoding": "identity"},
            )
        limit = self._body_bytes_max
        declared = fields.get(b"content-length", b"0")
        if not declared.isdigit():
            raise ProblemError(400, "must be a number", field="content-length", headers=CLOSE)
        if int(declared) > limit:
            raise _too_large(limit)
        return Body(receive, limit)

    async def _refuse(self, answer: "Answer", refusal: ProblemError, scope: Scope, receive: Receive) -> None:
        if answer.status == 0:
            await errors.response(refusal)(scope, receive, answer)

    async def _confess(self, answer: "Answer", error: Exception, scope: Scope, receive: Receive) -> None:
        """Log a mistake of ours and answer 500; an answer that is half way out can only be cut off."""
        if answer.status and not answer.finished:
            raise error
        meant = errors.problem(error)
        if meant.status == 500:
            log.error("%s %s failed", scope["method"], scope["path"], exc_info=error)
        await self._refuse(answer, meant, scope, receive)

    def _leave(self, client: str) -> None:
        left = self._running_by_client[client] - 1
        if left:
            self._running_by_client[client] = left
        else:
            del self._running_by_client[client]

    def _account(self, scope: Scope, status: int, seconds: float) -> None:
        route = self._templates.get(scope.get("endpoint"), "none")
        metrics.request_done(scope["method"], route, status, seconds)
        if self._access_log:
            log.info(
                "%s %s %d", scope["method"], scope["path"], status,
                extra={"milliseconds": round(seconds * 1000, 1), "client": self._address(scope)},
            )  # fmt: skip


class Answer:
    """Sends an answer, adding what every answer carries; drops the body for HEAD (AP-066)."""

    __slots__ = ("_extra", "_head", "_send", "finished", "status")

    def __init__(self, send: Send, head: bool, name: bytes, always: list[Header]) -> None:
        self._send = send
        self._head = head
        self._extra = [(b"x-request-id", name), *always]
        self.status = 0
        self.finished = False

    def add(self, headers: list[Header]) -> None:
        """Add header fields to the answer that is still to come."""
        self._extra += headers

    async def __call__(self, message: Message) -> None:
        """Send one ASGI message."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers: list[Header] = [*message.get("headers", ()), *self._extra]
            if any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers):
                headers += HTML_HEADERS
            message = {**message, "headers": headers}
        elif not message.get("more_body", False):
            self.finished = True
        if self._head and "body" in message:
            message = {**message, "body": b""}
        await self._send(message)


class Body:
    """Receives a request's body and stops at the limit."""

    __slots__ = ("_left", "_limit", "_receive")

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._left = limit

    async def __call__(self) -> Message:
        """Receive one ASGI message; raise the 413 that answers more than is allowed."""
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise _too_large(self._limit)
        return message


def _too_large(limit: int) -> ProblemError:
    return ProblemError(413, f"the body is longer than {limit} bytes", type="media-too-large", headers=CLOSE)


def _too_many(detail: str, wait_seconds: int) -> ProblemError:
    return ProblemError(429, detail, type="rate-limit-exceeded", headers={"Retry-After": str(wait_seconds)})


def _always(hsts_seconds: int) -> list[Header]:
    hsts = [(b"strict-transport-security", b"max-age=%d" % hsts_seconds)] if hsts_seconds else []
    return [(b"x-content-type-options", b"nosniff"), *hsts]


def _templates(routes: Iterable[Any], prefix: str) -> Iterable[tuple[Any, str]]:
    """Pair each endpoint with its path template, so that metrics do not count single addresses."""
    for route in routes:
        path = prefix + getattr(route, "path", "")
        if hasattr(route, "endpoint"):
            yield route.endpoint, path
        yield from _templates(getattr(route, "routes", None) or (), path)
