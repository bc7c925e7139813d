"""A front to put an application behind, and a way to knock at it."""

from typing import Any

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from server.config import Config, load
from server.front import Front


def configured(**settings: str) -> Config:
    """A configuration in production mode, with settings as in the environment: ``limits_body_bytes_max``."""
    given = {f"HEADWATER_{name.upper()}": value for name, value in settings.items()}
    return load(None, {"HEADWATER_SERVER_BASE_URL": "https://a.example", **given})


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """The smallest application."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"hi"})


async def knock(
    method: str,
    path: str,
    *,
    app: ASGIApp = hello,
    settings: dict[str, str] | None = None,
    front: Front | None = None,
    client: str = "203.0.113.7",
    **request: Any,
) -> httpx.Response:
    """Send one request through a front."""
    front = front or Front(app, configured(**(settings or {})))
    transport = httpx.ASGITransport(front, client=(client, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="https://a.example") as browser:
        return await browser.request(method, path, **request)
