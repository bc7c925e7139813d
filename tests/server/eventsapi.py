"""The Events API in this process, without a socket: a server, its tenants, and callers of several kinds."""

import asyncio
import contextlib
import json
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import feedsapi
import httpx
from starlette.types import ASGIApp

from server import tenancy
from server.eventscollector import QUEUE, Collector
from server.house import House
from server.queueworker import QueueWorker
from server.tenancy import Credentials
from server.workers import IN_ORDER
from storage import eventskeys, jobs, privileges, tenants
from storage.eventskeys import BASIC
from storage.jobs import Report
from storage.tenants import Tenant
from streams import system_clock

BASE_URL = feedsapi.BASE_URL
EVENT = {
    "type": "as.fleet.cargo.loaded",
    "origin": "depot.north",
    "occurred_at": "2031-03-04T05:06:07.089+02:00",
    "involves": [
        {"role": "ACTOR:OPERATOR", "entity_ref": "Employee/Ada"},
        {"AFFECTS": "Vessel/Kestrel-9"},
        {"REFERENCES": "Manifest/77", "external_id": "m1"},
    ],
}
"""Event A of Events §2.2."""
EVENT_ID = "f48383f0-fc0f-317c-90df-5d7a76e1eb17"


@dataclass(frozen=True)
class Failure:
    """What a refusal said; its shape has been checked against Events §1.4."""

    status: int
    code: str
    message: str
    headers: httpx.Headers

    @property
    def meaning(self) -> tuple[int, str]:
        return self.status, self.code


class Caller:
    """Calls with one key. Paths are below ``/api/v1/as/`` unless they begin with a slash.

    Parameters of the query are keywords, beside those in the path. A body is JSON unless it is bytes.
    """

    def __init__(self, app: ASGIApp, key: str | None, headers: dict[str, str] | None = None) -> None:
        self._app = app
        self.key = key
        self._headers = dict(headers or {})

    async def __call__(self, method: str, path: str, body: Any = None, /, **query: Any) -> httpx.Response:
        """Return the answer, whatever it is."""
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"content-type": "application/json"} if content is not None else {}
        if self.key is not None:
            headers["x-api-key"] = self.key
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as browser:
            url = httpx.URL(path if path.startswith("/") else f"/api/v1/as/{path}").copy_merge_params(query)
            return await browser.request(method, url, headers=headers | self._headers, content=content)

    async def does(self, method: str, path: str, body: Any = None, /, **query: Any) -> Any:
        """Return what a call that succeeds answers; None for an answer without a body."""
        answer = await self(method, path, body, **query)
        assert answer.is_success, answer.text
        assert answer.headers["content-type"] == "application/json"
        return answer.json() if answer.content else None

    async def fails(self, method: str, path: str, body: Any = None, /, **query: Any) -> Failure:
        """Return what a call that is refused answers (Events §1.4)."""
        return failure(await self(method, path, body, **query))

    def sending(self, **headers: str) -> "Caller":
        """The same caller, with more header fields: underscores stand for hyphens."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return Caller(self._app, self.key, self._headers | given)


def failure(answer: httpx.Response) -> Failure:
    """Read a refusal; fail when it has not the shape of one (Events §1.4)."""
    assert answer.status_code >= 400, answer.text
    assert answer.headers["content-type"] == "application/json", answer.text
    body = answer.json()
    assert set(body) == {"error"}, body
    assert set(body["error"]) == {"code", "message"}, body
    assert body["error"]["message"]
    return Failure(answer.status_code, body["error"]["code"], body["error"]["message"], answer.headers)


def remarks(body: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Return what is said of a message: how bad it is, of which kind, and where (Events §1.4)."""
    return {(one["severity"], one["code"], one["field"]) for one in body["_errors"]}


class Api:
    """A tenant of a running server."""

    def __init__(self, app: ASGIApp, house: House, label: str, credentials: Credentials) -> None:
        self.app = app
        self.house = house
        self.label = label
        self.credentials = credentials

    @property
    def admin(self) -> Caller:
        """The tenant's administrator."""
        return Caller(self.app, self.credentials.events_key)

    @property
    def nobody(self) -> Caller:
        """Someone without a key."""
        return Caller(self.app, None)

    @property
    def tenant_id(self) -> int:
        """The number of the tenant."""
        return self.credentials.app_id

    async def tenant_row(self) -> Tenant:
        """The tenant as it is stored."""
        found = await self.house.store.read(tenants.by_label, self.label)
        assert found is not None
        return found

    async def caller(
        self, username: str | None = None, *, role: str | None = "USER", type: str = BASIC, label: str = ""
    ) -> Caller:
        """A user with a role, or a program that acts as nobody, with a fresh key of a type."""
        key, now, write = secrets.token_hex(16), system_clock(), self.house.store.write
        if username is not None and role is not None:
            await write(privileges.grant, self.tenant_id, username, role, now=now)
        await write(eventskeys.add, self.tenant_id, key, type=type, username=username, label=label, now=now)
        return Caller(self.app, key)

    async def tenant(self, label: str) -> "Api":
        """Another tenant of the same server, made for the occasion."""
        fresh = Credentials.fresh()
        await self.house.store.write(tenancy.found, label, fresh, now=system_clock())
        return Api(self.app, self.house, label, fresh)


@contextlib.asynccontextmanager
async def opened(url: str, *, work: bool = False, **settings: str) -> AsyncIterator[Api]:
    """Run a server on a database; settings as in the environment: ``limits_body_bytes_max``."""
    async with feedsapi.opened(url, work=work, **settings) as feeds:
        yield Api(feeds.app, feeds.house, feeds.label, feeds.credentials)


async def worked_off(api: Api) -> None:
    """Do what was left to the collector, until nothing of it waits."""
    worker = QueueWorker(
        api.house.store,
        QUEUE,
        Collector(api.house.events, api.house.received).do,
        clock=api.house.ports.clock,
        policy=IN_ORDER,
    )
    task = asyncio.create_task(worker.run())
    deadline = time.monotonic() + 20
    while any(report.state != jobs.State.DEAD for report in await left(api)):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)
    worker.stop()
    await task


async def left(api: Api) -> list[Report]:
    """Return what was left to the collector and is not done, what was given up included."""
    waiting = await api.house.store.read(jobs.waiting, QUEUE, limit=10_000)
    return [*waiting, *await api.house.store.read(jobs.dead, QUEUE, limit=10_000)]
