"""The Atom door in this process, without a socket: a server, its members, and how they ask."""

import base64
import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import eventsapi
import feedsapi
import httpx
from starlette.types import ASGIApp

from server import keypairs
from server.auth import passwords
from server.house import House
from server.tenancy import Credentials
from storage import Transaction, consents, members, sessions, tenants, tokens
from storage.actors import ActorRow
from streams import actors, system_clock

BASE_URL = feedsapi.BASE_URL
PASSWORD = "correct horse battery"
OUTSIDE = "/rest/activities/1.0/"
VENDOR = "application/vnd.atl.streams.thirdparty+json"

RUN: dict[str, Any] = {
    "generator": {"id": "https://ci.example/", "displayName": "Orchard CI"},
    "id": "https://ci.example/run/512", "verb": "fail", "title": "<b>Orchard CI</b> run 512 failed",
    "object": {"id": "https://ci.example/run/512", "objectType": "job", "displayName": "run 512"},
    "target": {"url": "ORCHARD-7"}, "icon": {"url": "https://ci.example/f.png", "width": "16", "height": "16"},
}  # fmt: skip
"""The activity of Atom §6.3."""


@dataclass
class Caller:
    """Somebody who asks, with the headers that say who they are."""

    app: ASGIApp
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Return the answer, whatever it is."""
        headers = {**self.headers, **options.pop("headers", {})}
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, cookies=self.cookies) as client:
            return await client.request(method, path, headers=headers, **options)

    async def post(self, body: Any, type: str = VENDOR, **headers: str) -> httpx.Response:
        """Post an outside activity."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.ask("POST", OUTSIDE, content=content, headers={"content-type": type, **named})

    async def posted(self, body: Any = None, **members: Any) -> dict[str, Any]:
        """Post an outside activity that is stored, and return the answer's body."""
        answer = await self.post({**(body or RUN), **members})
        assert answer.status_code == 201, answer.text
        stored: dict[str, Any] = answer.json()
        return stored

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Read an address."""
        return await self.ask("GET", path, **options)


class Hall:
    """A running server, and its default tenant at the other APIs."""

    def __init__(self, app: ASGIApp, house: House, credentials: Credentials) -> None:
        self.app = app
        self.house = house
        self.feeds = feedsapi.Api(app, house, tenants.DEFAULT, credentials)
        self.events = eventsapi.Api(app, house, tenants.DEFAULT, credentials)

    @property
    def anybody(self) -> Caller:
        """Nobody in particular."""
        return Caller(self.app)

    async def member(self, name: str, *, admin: bool = False, **options: Any) -> ActorRow:
        """Make a member with a password."""

        async def make(tx: Transaction) -> ActorRow:
            now = system_clock()
            made = await actors.create(
                tx, base_url=BASE_URL, name=name, key_pairs=keypairs.fresh(), now=now, **options
            )
            await members.put(tx, made.id, password=passwords.hashed(PASSWORD), admin=admin, now=now)
            return made

        return await self.house.store.write(make)

    async def bearer(self, actor: ActorRow, scope: str = "read write") -> Caller:
        """Return a program that acts for a member."""
        token = secrets.token_urlsafe(32)

        async def keep(tx: Transaction) -> None:
            now = system_clock()
            consent = await consents.add(tx, actor.id, "", "test", scope, now=now)
            await tokens.issue(tx, token, actor.id, scope, now=now, consent=consent)

        await self.house.store.write(keep)
        return Caller(self.app, {"authorization": f"Bearer {token}"})

    def basic(self, name: str, password: str = PASSWORD) -> Caller:
        """Return somebody who brings a name and a password."""
        encoded = base64.b64encode(f"{name}:{password}".encode()).decode()
        return Caller(self.app, {"authorization": f"Basic {encoded}"})

    async def browser(self, actor: ActorRow) -> Caller:
        """Return the browser of a member who is signed in."""
        cookie = secrets.token_urlsafe(32)
        now = system_clock()
        await self.house.store.write(sessions.add, cookie, actor.id, now=now, expires=now + 3_600_000_000)
        return Caller(
            self.app,
            {"accept": "text/html", "origin": BASE_URL},
            {"headwater": cookie, "__Host-headwater": cookie},
        )


@contextlib.asynccontextmanager
async def opened(url: str, **settings: str) -> AsyncIterator[Hall]:
    """Run a server on a database."""
    async with feedsapi.opened(url, **settings) as api:
        yield Hall(api.app, api.house, api.credentials)
