"""A server whose tenant has recorded events, read by several at the addresses of Activity Streams."""

from dataclasses import dataclass
from typing import Any

import httpx
from eventsapi import Api, Caller
from logbook import Logbook

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
EVERYBODY = [{"READ": "Public"}]
AS2 = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
ADA = "/entities/Employee/Ada"
KESTREL = "/entities/Vessel/Kestrel-9"


@dataclass
class Archive:
    """What the tenant has recorded, and a program of it with a key that may only read."""

    api: Api
    log: Logbook
    program: Caller

    @classmethod
    async def of(cls, api: Api) -> "Archive":
        log = Logbook(api.house.store, api.house.events, await api.tenant_row())
        return cls(api, log, await api.caller(type="QUERY_ONLY"))

    async def load(self, minute: int = 0, **members: Any) -> str:
        """Let Ada load the Kestrel at a minute; return the path of the event."""
        made = await self.log.event(
            "as.fleet.cargo.loaded",
            **{
                "occurred_at": f"2031-03-04T05:{minute:02}:00Z",
                "involves": [{"ACTOR": "Employee/Ada"}, {"AFFECTS": "Vessel:Tug/Kestrel-9"}],
                **members,
            },
        )
        return f"/events/{made.stream_id}"

    async def get(self, path: str, by: Caller | None = None, **headers: str) -> httpx.Response:
        """Read as somebody, or as nobody."""
        caller = (by or self.api.nobody).sending(accept=AS2, **headers)
        return await caller("GET", path.removeprefix(self.api.house.base_url))

    async def reads(self, path: str, by: Caller | None = None) -> dict[str, Any]:
        """Return what is read."""
        answer = await self.get(path, by)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == AS2
        found: dict[str, Any] = answer.json()
        return found

    async def listed(self, path: str, by: Caller | None = None) -> list[str]:
        """Return the ids of all that a collection has, page by page."""
        found: list[str] = []
        page = (await self.reads(path, by)).get("first")
        while page:
            read = await self.reads(page, by)
            assert read["id"] == page
            found += [item["id"] for item in read.get("orderedItems", [])]
            page = read.get("next")
        return found
