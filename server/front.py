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
from functools import partial
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from server import cors, errors, metrics, pages
from server.config import Config
from server.errors import ProblemError
from server.limits import Callers, RateLimit, caller_key
from server.logs import request_id
from server.negotiate import wants_html
from server.screen import ANY_HOST, CLOSE, Screen
from server.territory import Territory
from server.traffic import Traffic
from vocab import iri as iris

log = logging.getLogger(__name__)

HTML_HEADERS = [
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; "
        b"img-src 'self' https:; media-src 'self' https:; frame-ancestors 'none'; form-action 'self'",
    ),
    (b"referrer-policy", b"same-origin"),
]
"""What pages carry besides, unless they bring their own (SEC-063, SEC-066).

Pictures may come from elsewhere, over https, and nothing else may.
"""

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")

UPLOADS = "/media"
"""Where bodies may be as long as a file and the form around it."""
FORM_BYTES_MAX = 1024 * 1024

SHARING = b"access-control-"

Header = tuple[bytes, bytes]


class Front:
    """Wraps the application. ``clock`` gives monotonic seconds.

    A scope gets three members: ``caller`` is what limits are counted by; ``waits`` is to be called when a request is
    held until something happens, so that it counts no more as one in progress; and ``confine`` when a cookie was
    believed, so that the answer is not for other sites (SEC-064).
    """

    def __init__(
        self,
        app: ASGIApp,
        config: Config,
        *,
        traffic: Traffic | None = None,
        territories: Iterable[Territory] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app = app
        self._clock = clock
        self._host = iris.host(config.server.base_url)
        self._screen = Screen(config)
        self._territories = tuple(territories)
        self._prefixes = tuple(prefix for territory in self._territories for prefix in territory.prefixes)
        self._callers = Callers(config.server.trusted_proxies)
        self._rate = RateLimit(config.requests_per_minute)
        self._at_once_max = config.limits.requests_at_once_max
        self._at_once_per_client_max = config.requests_at_once_per_client_max
        self._body_bytes_max = config.limits.body_bytes_max
        uploads = {UPLOADS, *(path for territory in self._territories for path in territory.uploads)}
        self._body_bytes_max_at = dict.fromkeys(
            {path + end for path in uploads for end in ("", "/")}, config.media.bytes_max + FORM_BYTES_MAX
        )
        self._access_log = config.server.access_log
        self._always = _always(config.server.hsts_seconds)
        self._policy = (b"ratelimit-policy", b'"default";q=%d;w=60' % config.requests_per_minute)
        self._ids = map(f"{os.urandom(5).hex()}-%x".__mod__, itertools.count(1))
        self._traffic = traffic or Traffic()
        self._running_by_client: dict[str, int] = {}
        self._templates = dict(_templates(getattr(app, "routes", ()), ""))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            await self._upgrade(scope, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = self._clock()
        fields: dict[bytes, bytes] = dict(scope["headers"])
        client = caller_key(self._address(scope))
        name = self._name(fields.get(b"x-request-id"))
        territory = self._territory(scope["path"])
        done = partial(self._done, scope, client, territory, started)
        answer = Answer(send, scope["method"] == "HEAD", name, self._always, done)
        self._traffic.running += 1
        self._traffic.last = started
        self._running_by_client[client] = self._running_by_client.get(client, 0) + 1
        scope["caller"], scope["waits"], scope["confine"] = client, answer.wait, answer.confine
        try:
            await self._admit(scope, receive, fields, client, answer, territory)
        except ClientDisconnect:
            log.debug("the client went away")
        except Exception as error:
            refusal = (
                territory.refusal(error, self._clock() - started)
                if territory
                else self._refusal(error, scope)
            )
            await self._refuse(answer, error, refusal, scope, receive)
        finally:
            answer.settle()

    async def _upgrade(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a WebSocket be opened unless its client does so too often; it counts as one request."""
        name = self._name(None)
        client = scope["caller"] = caller_key(self._address(scope))
        if self._rate.per_minute and self._rate.take(client, self._clock()) < 0:
            refusal = errors.response(_too_many("too many connections", 1))
            refusal.headers["x-request-id"] = name.decode()
            await WebSocket(scope, receive, send).send_denial_response(refusal)
            return
        await self.app(scope, receive, send)

    def _name(self, given: bytes | None) -> bytes:
        """Take over the caller's request id when it is sane, else make one; log lines carry it from here."""
        known = given is not None and REQUEST_ID.fullmatch(given)
        name = known[0].decode() if known else next(self._ids)
        request_id.set(name)
        return name.encode()

    def _address(self, scope: Scope) -> str:
        peer = scope["client"]
        return self._callers.address(peer[0] if peer else "", scope["headers"])

    def _territory(self, path: str) -> Territory | None:
        """Return the territory that a path lies in, if any."""
        if not path.startswith(self._prefixes):
            return None
        return next(one for one in self._territories if path.startswith(one.prefixes))

    async def _admit(
        self,
        scope: Scope,
        receive: Receive,
        fields: dict[bytes, bytes],
        client: str,
        answer: "Answer",
        territory: Territory | None,
    ) -> None:
        """Run a request through the checks, then hand it to the application."""
        path: str = scope["path"]
        sharing = territory.sharing if territory else cors.sharing(path)
        if sharing:
            answer.add(sharing.headers)
        self._screen.check(scope, fields, any_host=territory is not None and territory.any_host)
        if path not in ANY_HOST:
            self._limit(client, answer, later=territory is not None and territory.counts)
        if sharing and scope["method"] == "OPTIONS":
            await answer({"type": "http.response.start", "status": 204, "headers": sharing.preflight})
            await answer({"type": "http.response.body"})
            return
        if b"content-length" in fields or b"transfer-encoding" in fields:
            receive = self._counted(receive, fields, self._body_bytes_max_at.get(path, self._body_bytes_max))
        await self.app(scope, receive, answer)

    def _limit(self, client: str, answer: "Answer", *, later: bool) -> None:
        """Refuse what is too much at once (503, 429) or too often (429), always saying when to come again.

        What is counted ``later``, when it is known who asked, is refused once nothing is left.
        """
        if self._traffic.running > self._at_once_max:
            raise ProblemError(503, "too many requests are in progress", headers={"Retry-After": "1"})
        at_once_max = self._at_once_per_client_max
        if at_once_max and self._running_by_client[client] > at_once_max:
            raise _too_many(f"more than {at_once_max} requests in progress", 1)
        if self._rate.per_minute:
            now = self._clock()
            left = self._rate.left(client, now) - 1 if later else self._rate.take(client, now)
            wait = self._rate.wait_seconds(left) if left < 0 else 0
            answer.add([self._policy, (b"ratelimit", b'"default";r=%d;t=%d' % (max(left, 0), wait))])
            if wait:
                raise _too_many(f"more than {self._rate.per_minute} requests a minute", wait)

    def _counted(self, receive: Receive, fields: dict[bytes, bytes], limit: int) -> Receive:
        """Hold a body to the limit by what it declares and by what it is (SEC-049)."""
        if fields.get(b"content-encoding", b"identity").lower() != b"identity":
            raise ProblemError(
                415,
                "compressed bodies are not read",
                field="content-encoding",
                headers={"Accept-Encoding": "identity"},
            )
        declared = fields.get(b"content-length", b"0")
        if not declared.isdigit():
            raise ProblemError(400, "must be a number", field="content-length", headers=CLOSE)
        if int(declared) > limit:
            raise _too_large(limit)
        return Body(receive, limit)

    def _refusal(self, error: Exception, scope: Scope) -> Response:
        """Answer what went wrong where no territory is: a page for people, a problem document for programs."""
        meant = errors.problem(error)
        page = scope["method"] in ("GET", "HEAD") and wants_html(Request(scope))
        return pages.error(meant, self._host) if page else errors.response(meant)

    async def _refuse(
        self, answer: "Answer", error: Exception, refusal: Response, scope: Scope, receive: Receive
    ) -> None:
        """Send a refusal, and log a mistake of ours; an answer that is half way out can only be cut off."""
        ours = not isinstance(error, ProblemError)
        if ours and answer.status and not answer.finished:
            raise error
        if ours and refusal.status_code == 500:
            log.error("%s %s failed", scope["method"], scope["path"], exc_info=error)
        if answer.status == 0:
            await refusal(scope, receive, answer)

    def _done(
        self, scope: Scope, client: str, territory: Territory | None, started: float, status: int
    ) -> None:
        """Count a request no more as one in progress; and as one of its client's, where that was left for later."""
        if territory and territory.counts and self._rate.per_minute and "counted" not in scope:
            self._rate.take(client, self._clock())
        self._traffic.running -= 1
        self._leave(client)
        self._account(scope, status, self._clock() - started)

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
    """Sends an answer, adding what every answer carries; drops the body for HEAD (AP-066).

    ``done`` is told the status once: at the end, or when an answer begins that has none, an event stream.
    """

    __slots__ = ("_done", "_extra", "_head", "_send", "finished", "status")

    def __init__(
        self, send: Send, head: bool, name: bytes, always: list[Header], done: Callable[[int], None]
    ) -> None:
        self._done: Callable[[int], None] | None = done
        self._send = send
        self._head = head
        self._extra = [(b"x-request-id", name), *always]
        self.status = 0
        self.finished = False

    def add(self, headers: list[Header]) -> None:
        """Add header fields to the answer that is still to come."""
        self._extra += headers

    def confine(self) -> None:
        """Let no script of another site read the answer."""
        self._extra = [(name, value) for name, value in self._extra if not name.startswith(SHARING)]

    def settle(self) -> None:
        """Let the request count as answered."""
        if self._done is not None:
            done, self._done = self._done, None
            done(self.status)

    def wait(self) -> None:
        """Count the request as answered: it waits for something to happen, perhaps for long (REL-023)."""
        if self._done is not None:
            done, self._done = self._done, None
            done(self.status or 200)

    async def __call__(self, message: Message) -> None:
        """Send one ASGI message."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            await self._send({**message, "headers": self._finished(message.get("headers", ()))})
            return
        if not message.get("more_body", False):
            self.finished = True
        await self._send({**message, "body": b""} if self._head else message)

    def _finished(self, headers: Iterable[Header]) -> list[Header]:
        """Return the header fields with those that this kind of answer carries besides."""
        every = [*headers, *self._extra]
        given = dict(every)
        kind = given.get(b"content-type", b"")
        if kind.startswith(b"text/event-stream"):
            self.settle()
        elif kind.startswith(b"text/html"):
            every += [header for header in HTML_HEADERS if header[0] not in given]
        return every


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
