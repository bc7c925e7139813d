"""Feeds of one tenant on a real database, told in their own words: ``user:1`` adds, ``timeline:2`` follows."""

import json
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from storage import Store, jobs, tenants
from storage.feedpages import Part
from storage.placements import Bounds, Shown
from storage.tenants import Tenant
from streams import system_clock
from streams.feeds import (
    Feeds,
    Groups,
    Limits,
    Moments,
    Space,
    adding,
    changing,
    fanout,
    flat,
    following,
    removing,
)
from streams.feeds.placing import QUEUE
from vocab.dialects.getstream import FeedActivity, FeedId, activities, changes, follows, targets

BASE = "https://here.example"
START = 1_795_176_000_000_000


def feed(name: str) -> FeedId:
    found = FeedId.parse(name)
    assert found is not None
    return found


@dataclass
class Plaza:
    """What happens in the feeds of a tenant; every verb takes names and members as clients write them."""

    store: Store
    parts: Feeds
    tenant: Tenant
    now: list[int] = field(default_factory=lambda: [START])

    @classmethod
    async def made(
        cls,
        store: Store,
        label: str = "default",
        *,
        limits: Limits | None = None,
        telling_time: bool = False,
        **groups: Any,
    ) -> "Plaza":
        now = [START]

        def tick() -> int:
            now[0] += 1
            return now[0]

        clock = system_clock if telling_time else tick

        await store.write(tenants.add, len(label), label, now=START)
        parts = Feeds(
            store, BASE, clock, Groups(store, groups), Moments(clock), limits=limits or Limits()
        )  # fmt: skip
        tenant = await store.read(tenants.by_label, label)
        assert tenant is not None
        return cls(store, parts, tenant, now)

    def regrouped(self, **groups: Any) -> "Plaza":
        """The same feeds where the groups have other settings."""
        return replace(self, parts=replace(self.parts, groups=Groups(self.store, groups)))

    def limited(self, limits: Limits) -> "Plaza":
        """The same feeds where other numbers of followers are many."""
        return replace(self, parts=replace(self.parts, limits=limits))

    async def refresh(self) -> Tenant:
        found = await self.store.read(tenants.by_label, self.tenant.label)
        assert found is not None
        self.tenant = found
        return found

    async def add(
        self, home: str | list[str], *members: dict[str, Any], upsert: bool = True, reader: str | None = None
    ) -> list[FeedActivity]:
        homes = [feed(name) for name in ([home] if isinstance(home, str) else home)]
        usual = {"actor": "SU:ada", "verb": "pin", "object": "Place:1"}
        drafts = [activities.draft({**usual, **one}) for one in members or ({},)]
        return await adding.add(self.parts, await self.refresh(), homes, drafts, upsert=upsert, reader=reader)

    async def remove(self, home: str, which: UUID | str) -> None:
        await removing.remove(self.parts, await self.refresh(), feed(home), which)

    async def follow(self, *pairs: tuple[str, str], copies: int = 100) -> None:
        wanted = [follows.NewFollow(feed(follower), feed(followed), copies) for follower, followed in pairs]
        await following.follow(self.parts, await self.refresh(), wanted)

    async def unfollow(self, follower: str, followed: str, *, keep: bool = False) -> None:
        wanted = [follows.Unfollow(feed(follower), feed(followed), keep)]
        await following.unfollow(self.parts, await self.refresh(), wanted)

    async def change(self, body: Any) -> list[FeedActivity]:
        wanted, _ = changes.read(body)
        return await changing.change(self.parts, await self.refresh(), wanted)

    async def retarget(self, body: Any) -> list[Any]:
        wanted = targets.read(body)
        return await changing.retarget(self.parts, await self.refresh(), wanted)

    async def replace(self, *members: dict[str, Any]) -> None:
        usual = {"actor": "SU:ada", "verb": "pin", "object": "Place:1"}
        drafts = activities.revisions({"activities": [{**usual, **one} for one in members]})
        await changing.replace_all(self.parts, await self.refresh(), drafts)

    async def read(
        self,
        name: str,
        bounds: Bounds | None = None,
        *,
        shown: Shown = Shown.READERS,
        limit: int = 100,
        offset: int = 0,
    ) -> list[dict[str, Any]]:
        space = await self.space()
        part = Part(bounds or Bounds(), shown=shown, limit=limit, offset=offset)
        found = await flat.written(self.parts, space, feed(name), part)
        return [json.loads(line.text) for line in found]

    async def space(self) -> Space:
        return await self.parts.space(await self.refresh())

    async def objects(self, name: str) -> list[str]:
        """What the activities in a feed are about, newest first."""
        return [one["object"] for one in await self.read(name)]

    async def work(self) -> int:
        """Do all jobs that wait; return how many there were."""
        done = 0
        while found := await self.store.write(
            jobs.claim, QUEUE, owner="me", now=self.parts.clock(), lease_us=60_000_000, limit=10
        ):
            for job in found:
                await fanout.work(self.parts, job, owner="me")
                done += 1
        return done
