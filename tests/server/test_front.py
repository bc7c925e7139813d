"""What holds for every request, whichever door it goes to."""

import asyncio
import logging
from typing import Any

import httpx
import pytest
from knocking import configured, hello, knock
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send
from town import Server

from server import metrics
from server.errors import ProblemError
from server.front import Front
from storage.errors import Busy

pytestmark = pytest.mark.anyio


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


def raising(error: Exception) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise error

    return app


class TestNames:
    async def test_every_answer_has_a_request_id(self) -> None:
        front = Front(hello, configured())
        first, second = [(await knock("GET", "/", front=front)).headers["x-request-id"] for _ in range(2)]
        assert first != second

    @pytest.mark.parametrize("sane", ["a", "5f0c.A_b-9", "a" * 64])
    async def test_a_sane_one_is_taken_over(self, sane: str) -> None:
        answer = await knock("GET", "/", headers={"X-Request-Id": sane})
        assert answer.headers["x-request-id"] == sane

    @pytest.mark.parametrize("odd", ["", "a" * 65, "a b", "a\x1b[2J"])
    async def test_another_is_replaced(self, odd: str) -> None:
        answer = await knock("GET", "/", headers={"X-Request-Id": odd})
        assert answer.headers["x-request-id"] not in ("", odd)

    async def test_refusals_have_one_too(self) -> None:
        answer = await knock("GET", "/", headers={"Host": "b.example", "X-Request-Id": "mine"})
        assert (answer.status_code, answer.headers["x-request-id"]) == (421, "mine")


class TestErrors:
    async def test_refusals_are_problem_documents(self) -> None:
        """AP-605, AP-715, RFC 9457."""
        app = raising(ProblemError(415, "not that", type="unsupported-media-type", field="content-type"))
        answer = await knock("GET", "/", app=app)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json() == {
            "type": "https://w3id.org/fep/c180#unsupported-media-type", "title": "Unsupported Media Type",
            "status": 415, "detail": "not that", "field": "content-type",
        }  # fmt: skip

    async def test_a_mistake_of_ours_says_nothing_of_itself(self, caplog: pytest.LogCaptureFixture) -> None:
        """Told to the log with its traceback, to the caller only as a request id."""
        answer = await knock("GET", "/", app=raising(RuntimeError("canary")))
        assert answer.status_code == 500
        assert "canary" not in answer.text
        assert "canary" in caplog.text

    async def test_a_busy_database_is_said_to_be_temporary(self, caplog: pytest.LogCaptureFixture) -> None:
        """REL-029: 503 with Retry-After, never 500."""
        answer = await knock("GET", "/", app=raising(Busy("/secret/path")))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert "secret" not in answer.text
        assert not caplog.records

    async def test_an_answer_that_breaks_off_is_cut(self) -> None:
        async def half(scope: Scope, receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            raise RuntimeError("half way")

        with pytest.raises(RuntimeError, match="half way"):
            await knock("GET", "/", app=half)


class TestBodies:
    async def test_a_body_at_the_limit_passes(self) -> None:
        answer = await knock("POST", "/", app=echo, settings={"limits_body_bytes_max": "5"}, content=b"12345")
        assert answer.text == "5"

    async def test_a_declared_body_beyond_it_is_refused_unread(self) -> None:
        """SEC-049."""
        answer = await knock(
            "POST", "/", app=hello, settings={"limits_body_bytes_max": "5"}, content=b"123456"
        )
        assert (answer.status_code, answer.headers["connection"]) == (413, "close")

    async def test_an_undeclared_body_is_counted(self) -> None:
        """SEC-049."""
        seen = 0

        async def endless() -> Any:
            nonlocal seen
            while True:
                seen += 1
                yield b"123"

        answer = await knock(
            "POST", "/", app=echo, settings={"limits_body_bytes_max": "5"}, content=endless()
        )
        assert answer.status_code == 413
        assert seen == 2

    @pytest.mark.parametrize("length", ["-1", "x", "1e3", "+1"])
    async def test_a_length_is_a_number(self, length: str) -> None:
        answer = await knock("POST", "/", app=echo, headers={"Content-Length": length})
        assert answer.status_code == 400

    async def test_compressed_bodies_are_not_read(self) -> None:
        """SEC-049."""
        answer = await knock("POST", "/", app=echo, content=b"x", headers={"Content-Encoding": "gzip"})
        assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "identity")


class TestLimits:
    async def test_requests_a_minute(self) -> None:
        """AP-606, SEC-062."""
        now = 0.0
        front = Front(hello, configured(limits_requests_per_minute="2"), clock=lambda: now)
        answers = [await knock("GET", "/", front=front) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[0].headers["ratelimit-policy"] == '"default";q=2;w=60'
        assert answers[0].headers["ratelimit"] == '"default";r=1;t=0'
        assert answers[2].headers["ratelimit"].startswith('"default";r=0;t=3')
        assert 30 <= int(answers[2].headers["retry-after"]) <= 31
        assert answers[2].json()["type"].endswith("#rate-limit-exceeded")
        assert (await knock("GET", "/", front=front, client="203.0.113.8")).status_code == 200
        now = 31.0
        assert (await knock("GET", "/", front=front)).status_code == 200

    async def test_health_is_never_limited(self) -> None:
        front = Front(hello, configured(limits_requests_per_minute="1"))
        assert {(await knock("GET", "/health", front=front)).status_code for _ in range(3)} == {200}

    async def test_a_forged_address_does_not_escape(self) -> None:
        """SEC-061."""
        front = Front(hello, configured(limits_requests_per_minute="1"))
        statuses = [
            (await knock("GET", "/", front=front, headers={"X-Forwarded-For": f"198.51.100.{n}"})).status_code
            for n in range(2)
        ]
        assert statuses == [200, 429]

    @pytest.mark.parametrize(
        ("setting", "status"), [("requests_at_once_max", 503), ("requests_at_once_per_client_max", 429)]
    )
    async def test_requests_at_once(self, setting: str, status: int) -> None:
        go_on = asyncio.Event()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await go_on.wait()
            await hello(scope, receive, send)

        front = Front(slow, configured(**{f"limits_{setting}": "1"}))
        first = asyncio.create_task(knock("GET", "/", front=front))
        await asyncio.sleep(0.01)
        second = await knock("GET", "/", front=front)
        go_on.set()
        assert (second.status_code, "retry-after" in second.headers) == (status, True)
        assert (await first).status_code == 200
        assert (await knock("GET", "/", front=front)).status_code == 200


class TestHeaders:
    async def test_pages_say_what_they_may_load(self) -> None:
        """SEC-063, SEC-066."""
        headers = (await knock("GET", "/", app=HTMLResponse("<p>"))).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"

    async def test_everything_else_is_what_it_says(self) -> None:
        """SEC-063."""
        headers = (await knock("GET", "/")).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "content-security-policy" not in headers
        assert "strict-transport-security" not in headers

    async def test_transport_security_is_the_operators_choice(self) -> None:
        headers = (await knock("GET", "/", settings={"server_hsts_seconds": "60"})).headers
        assert headers["strict-transport-security"] == "max-age=60"

    async def test_head_is_get_without_a_body(self) -> None:
        """AP-066."""
        answer = await knock("HEAD", "/")
        assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "2", b"")


class TestCors:
    @pytest.mark.parametrize(
        "path",
        [
            "/users/ada",
            "/@ada",
            "/.well-known/webfinger",
            "/oauth/token",
            "/inbox",
            "/contexts/1",
            "/channels/1",
            "/events/1",
        ],
    )
    async def test_other_sites_may_read(self, path: str) -> None:
        """AP-600: on errors too, never with credentials."""
        for answer in (await knock("GET", path), await knock("GET", path, app=raising(ProblemError(404)))):
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "X-Request-Id" in answer.headers["access-control-expose-headers"]
            assert "access-control-allow-credentials" not in answer.headers

    @pytest.mark.parametrize("path", ["/.well-known/nodeinfo", "/actor", "/users/nobody"])
    async def test_and_are_told_so_once(self, live: Server, path: str) -> None:
        """AP-600: a browser takes two such fields for none."""
        async with httpx.AsyncClient() as browser:
            headers = (await browser.get(live.base_url + path)).headers
        assert headers.get_list("access-control-allow-origin") == ["*"]

    async def test_and_ask_before(self) -> None:
        """AP-600."""
        answer = await knock("OPTIONS", "/users/ada/outbox", app=raising(RuntimeError()))
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "POST" in answer.headers["access-control-allow-methods"]
        assert "Idempotency-Key" in answer.headers["access-control-allow-headers"]

    @pytest.mark.parametrize("path", ["/", "/oauth/authorize", "/admin", "/userscript"])
    async def test_nothing_else_is_open(self, path: str) -> None:
        """SEC-064."""
        assert "access-control-allow-origin" not in (await knock("GET", path)).headers


async def test_requests_are_counted_by_template() -> None:
    """REL-036: a thousand addresses are one series."""
    from starlette.applications import Starlette
    from starlette.routing import Mount, Route

    async def page(request: Request) -> Response:
        return PlainTextResponse("x")

    app = Starlette(routes=[Mount("/deep", routes=[Route("/{name}", page)])])
    front = Front(app, configured())
    for number in range(3):
        await knock("GET", f"/deep/{number}", front=front)
    assert (
        b'headwater_requests_total{method="GET",route="/deep/{name}",status="200"} 3.0'
        in metrics.exposition()
    )


async def test_the_access_log_names_the_request(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "server.front")
    await knock("GET", "/users/ada?secret=1", settings={"server_access_log": "true"})
    (line,) = caplog.messages
    assert line == "GET /users/ada 200"
