"""A client of Bayeux by long-polling, in this process, without a socket."""

import itertools
import json
from typing import Any

import httpx
from feedsapi import BASE_URL, Api
from feedtokens import token
from starlette.types import ASGIApp

KINDS = ["in-process", "websocket", "long-polling"]


class Talker:
    """Speaks with one app; ``id`` is its name once it has shaken hands."""

    def __init__(self, api: Api, app: ASGIApp | None = None) -> None:
        self.api, self.app = api, app or api.app
        self.id = ""
        self._numbers = itertools.count(1)

    async def send(self, content: Any, path: str = "/faye", **headers: str) -> httpx.Response:
        """Post something: bytes, or what is written as JSON."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, timeout=60) as browser:
            return await browser.post(
                path, content=body, headers={"content-type": "application/json", **headers}
            )

    async def say(self, *messages: dict[str, Any]) -> list[dict[str, Any]]:
        """Send messages and return the replies, among them what is told."""
        numbered = [{"id": str(next(self._numbers)), **message} for message in messages]
        answer = await self.send(numbered)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        found: list[dict[str, Any]] = answer.json()
        return found

    async def shake_hands(self) -> "Talker":
        message = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": KINDS}
        [reply] = await self.say(message)
        assert reply["successful"], reply
        self.id = reply["clientId"]
        return self

    def connecting(self, timeout: float | None = 0, **members: Any) -> dict[str, Any]:
        advice = {} if timeout is None else {"advice": {"timeout": timeout}}
        return {
            "channel": "/meta/connect", "clientId": self.id, "connectionType": "long-polling", **advice, **members,
        }  # fmt: skip

    def subscribing(self, feed: str, signed: str, *, key: str = "", app: int = 0) -> dict[str, Any]:
        known = self.api.credentials
        return {
            "channel": "/meta/subscribe",
            "clientId": self.id,
            "subscription": channel(app or known.app_id, feed),
            "ext": {"user_id": "x", "api_key": key or known.api_key, "signature": signed},
        }

    async def subscribe(self, feed: str, claims: Any, **how: Any) -> dict[str, Any]:
        """Subscribe with a token of these claims; return the reply."""
        [reply] = await self.say(self.subscribing(feed, self.signed(claims), **how))
        return reply

    def signed(self, claims: Any) -> str:
        return token(claims, secret=self.api.credentials.api_secret)

    async def hear(self, patience: float = 10_000, **members: Any) -> list[dict[str, Any]]:
        """Poll, for so many milliseconds at most; return what was told first, together."""
        reply, *told = await self.say(self.connecting(patience, **members))
        assert reply["successful"], reply
        assert reply["advice"] == {"reconnect": "retry", "interval": 0, "timeout": 45000}
        return told


def channel(app_id: int, feed: str) -> str:
    """Return the name of the channel of a feed, as the SDK makes it (Feeds §11.1)."""
    return f"/site-{app_id}-feed-{feed.replace(':', '')}"


def of_feed(feed: str, action: str = "*") -> dict[str, str]:
    """Return the claims of a token that a server makes for one feed (Feeds §2.2)."""
    return {"resource": "*", "action": action, "feed_id": feed.replace(":", "")}
