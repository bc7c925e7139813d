"""One who listens to server-sent events of a server in this process."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from starlette.types import ASGIApp

SECONDS = 10


@dataclass
class Ear:
    """What was heard: the status and fields of the answer, and events with their members and data read.

    ``beats`` counts the comments between them.
    """

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    text: str = ""
    beats: int = 0
    ended: bool = False
    heard: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def send(self, message: Any) -> None:
        """Take a part of the answer."""
        async with self.heard:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            else:
                self.text += message.get("body", b"").decode()
                self.ended = not message.get("more_body", False)
            while "\n\n" in self.text and self.headers.get("content-type", "").startswith(
                "text/event-stream"
            ):
                block, _, self.text = self.text.partition("\n\n")
                self.beats += block.startswith(":")
                members = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
                if "data" in members:
                    self.events.append({**members, "data": json.loads(members["data"])})
            self.heard.notify_all()

    async def until(self, condition: Callable[["Ear"], bool]) -> None:
        """Wait until what was heard is as it should be."""
        async with asyncio.timeout(SECONDS), self.heard:
            await self.heard.wait_for(lambda: condition(self))

    async def until_told(self, say: Callable[[], Awaitable[Any]]) -> None:
        """Say something new again and again, until the first of it is heard: then one listens."""
        while not self.events:
            await say()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.2), self.heard:
                    await self.heard.wait_for(lambda: bool(self.events))


@contextlib.asynccontextmanager
async def listening(app: ASGIApp, path: str, headers: dict[str, str], **query: str) -> AsyncIterator[Ear]:
    """Listen at an address until the block ends."""
    ear, away = Ear(), asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not asked:
            asked.append(True)
            return {"type": "http.request", "body": b"", "more_body": False}
        await away.wait()
        return {"type": "http.disconnect"}

    asked: list[bool] = []
    fields = {"host": "127.0.0.1:8000", **headers}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": quote(path).encode(), "query_string": urlencode(query).encode(), "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in fields.items()],
        "client": ("127.0.0.1", 40_000), "server": ("127.0.0.1", 8_000), "state": {},
    }  # fmt: skip
    answering = asyncio.create_task(app(scope, receive, ear.send))  # type: ignore[arg-type]
    try:
        yield ear
    finally:
        away.set()
        await asyncio.wait_for(answering, SECONDS)


class Refused(Exception):
    """A WebSocket was not opened; the argument is the status."""


@contextlib.asynccontextmanager
async def socket(app: ASGIApp, path: str, **query: str) -> AsyncIterator[asyncio.Queue[dict[str, Any]]]:
    """Open a WebSocket until the block ends, and put what is sent through it into a queue. Raises Refused."""
    away, opened, sent = (
        asyncio.Event(),
        asyncio.get_running_loop().create_future(),
        asyncio.Queue[dict[str, Any]](),
    )
    asked: list[bool] = []

    async def receive() -> dict[str, Any]:
        if not asked:
            asked.append(True)
            return {"type": "websocket.connect"}
        await away.wait()
        return {"type": "websocket.disconnect", "code": 1000}

    async def send(message: Any) -> None:
        if message["type"] == "websocket.accept":
            opened.set_result(None)
        elif message["type"] == "websocket.http.response.start":
            opened.set_exception(Refused(message["status"]))
        elif message["type"] == "websocket.send":
            sent.put_nowait(json.loads(message["text"]))

    scope = {
        "type": "websocket", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "ws", "path": path,
        "raw_path": quote(path).encode(), "query_string": urlencode(query).encode(), "root_path": "",
        "headers": [(b"host", b"127.0.0.1:8000")], "client": ("127.0.0.1", 40_000), "server": ("127.0.0.1", 8_000),
        "subprotocols": [], "state": {}, "extensions": {"websocket.http.response": {}},
    }  # fmt: skip
    answering = asyncio.create_task(app(scope, receive, send))  # type: ignore[arg-type]
    try:
        await asyncio.wait_for(opened, SECONDS)
        yield sent
    finally:
        away.set()
        await asyncio.wait_for(answering, SECONDS)
