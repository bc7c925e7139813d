"""The Feeds API in this process, without a socket: a server, its app, and callers of several kinds."""

import contextlib
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest import mock

import httpx
from feedtokens import SERVER, token
from starlette.types import ASGIApp, Receive, Scope, Send

from federation import KeyPair
from server import keypairs, tenancy
from server.app import create_app
from server.config import load
from server.front import Front
from server.house import House
from server.tenancy import Credentials
from storage import tenants
from streams import system_clock

BASE_URL = "http://127.0.0.1:8000"
DURATION = re.compile(r"\d+\.\d\dms")
ERROR_MEMBERS = {"code", "detail", "duration", "exception", "more_info", "status_code"}


@dataclass(frozen=True)
class Failure:
    """What a refusal said; its shape has been checked against Feeds §4."""

    status: int
    code: int
    exception: str
    detail: str
    fields: Any
    """``exception_fields``, None when there are none."""
    headers: httpx.Headers

    @property
    def meaning(self) -> tuple[int, int, str]:
        return self.status, self.code, self.exception


class Caller:
    """Calls with one token. Paths are below ``/api/v1.0/`` unless they begin with a slash.

    Parameters of the query are keywords, beside those in the path; a list repeats its name. A body is JSON unless it
    is bytes.
    """

    def __init__(
        self, app: ASGIApp, key: str, token: str | None, headers: dict[str, str] | None = None
    ) -> None:
        self._app = app
        self._key = key
        self._headers = dict(headers or {})
        if token is not None:
            self._headers |= {"authorization": token, "stream-auth-type": "jwt"}

    async def __call__(self, method: str, path: str, body: Any = None, /, **query: Any) -> httpx.Response:
        """Return the answer, whatever it is."""
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        return await self.send(method, path, content, "application/json", **query)

    async def send(
        self, method: str, path: str, content: bytes | None, type: str, /, **query: Any
    ) -> httpx.Response:
        """Return the answer to a body of some media type."""
        headers = self._headers | ({} if content is None else {"content-type": type})
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as browser:
            url = httpx.URL(path if path.startswith("/") else f"/api/v1.0/{path}")
            url = url.copy_merge_params({"api_key": self._key, **query})
            return await browser.request(method, url, headers=headers, content=content)

    async def does(self, method: str, path: str, body: Any = None, /, **query: Any) -> dict[str, Any]:
        """Return what a call that succeeds answers, without its duration (Feeds §1.2, §3)."""
        answer = await self(method, path, body, **query)
        assert answer.status_code == (201 if method in ("POST", "PUT") else 200), answer.text
        assert answer.headers["content-type"] == "application/json"
        found: dict[str, Any] = answer.json()
        assert DURATION.fullmatch(found.pop("duration"))
        assert "exception" not in found
        return found

    async def fails(self, method: str, path: str, body: Any = None, /, **query: Any) -> Failure:
        """Return what a call that is refused answers (Feeds §4)."""
        return failure(await self(method, path, body, **query))


def failure(answer: httpx.Response) -> Failure:
    """Read a refusal; fail when it has not the shape of one (Feeds §4)."""
    assert answer.status_code >= 400, answer.text
    assert answer.headers["content-type"] == "application/json", answer.text
    body = answer.json()
    assert ERROR_MEMBERS <= set(body) <= ERROR_MEMBERS | {"exception_fields"}, body
    assert body["status_code"] == answer.status_code
    assert body["detail"]
    assert DURATION.fullmatch(body["duration"])
    return Failure(
        answer.status_code, body["code"], body["exception"], body["detail"], body.get("exception_fields"),
        answer.headers,
    )  # fmt: skip


class Api:
    """A tenant of a running server."""

    def __init__(self, app: ASGIApp, house: House, label: str, credentials: Credentials) -> None:
        self.app = app
        self.house = house
        self.label = label
        self.credentials = credentials

    @property
    def server(self) -> Caller:
        """The application's own server, which may do everything."""
        return self.bearing(SERVER)

    def user(self, id: str, **claims: Any) -> Caller:
        """A user, in a browser of theirs."""
        return self.bearing({"user_id": id, **claims})

    def bearing(self, claims: Any, *, secret: str | None = None, **how: Any) -> Caller:
        """Whoever has a token of these claims; ``how`` as ``feedtokens.token`` takes it."""
        signed = token(claims, secret=secret or self.credentials.api_secret, **how)
        return Caller(self.app, self.credentials.api_key, signed)

    def presenting(self, token: str | None, **headers: str) -> Caller:
        """Whoever presents a text as their token, or none."""
        return Caller(self.app, self.credentials.api_key, token, headers)

    async def tenant(self, label: str) -> "Api":
        """Another tenant of the same server, made for the occasion."""
        fresh = Credentials.fresh()
        await self.house.store.write(tenancy.found, label, fresh, now=system_clock())
        return Api(self.app, self.house, label, fresh)


@cache
def _pairs() -> list[KeyPair]:
    """Keys for all servers of a process: making some takes longer than most tests."""
    return keypairs.fresh()


@contextlib.asynccontextmanager
async def opened(url: str, *, work: bool = False, **settings: str) -> AsyncIterator[Api]:
    """Run a server on a database; settings as in the environment: ``limits_body_bytes_max``."""
    settings = {"storage_durability": "normal"} | settings  # no machine fails in between
    given = {f"HEADWATER_{name.upper()}": value for name, value in settings.items()}
    config = load(None, {"HEADWATER_SERVER_BASE_URL": BASE_URL, "HEADWATER_STORAGE_URL": url, **given})
    front = create_app(config, work=work)
    assert isinstance(front, Front)
    inner: Any = front.app
    pairs = _pairs()
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(mock.patch.object(keypairs, "fresh", return_value=pairs))
        state = await stack.enter_async_context(inner.router.lifespan_context(inner))

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await front({**scope, "state": dict(state)}, receive, send)

        house: House = state["house"]
        found = await house.store.read(tenancy.credentials_of, tenants.DEFAULT, now=system_clock())
        assert found is not None
        yield Api(app, house, tenants.DEFAULT, found)
