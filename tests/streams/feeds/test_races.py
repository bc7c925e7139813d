"""What two processes do to the same feeds at the same time, where the database lets them: on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast

import pytest
from plaza import BASE, Plaza

from storage import Store, Transaction, jobs, open_store
from streams.feeds import Limits, fanout
from streams.feeds.placing import QUEUE

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("ready_url", ["postgres"], indirect=True)]

A_WHILE = 0.3
NAMED = {"foreign_id": "f", "time": "2026-01-01T00:00:00"}


class Slow:
    """A store whose units of work are finished, and committed only when they are let go."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.finished = asyncio.Event()
        self.let_go = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def write(self, work: Callable[..., Awaitable[Any]], *args: Any, **named: Any) -> Any:
        async def slowly(tx: Transaction) -> Any:
            result = await work(tx, *args, **named)
            self.finished.set()
            await self.let_go.wait()
            return result

        return await self._store.write(slowly)


@pytest.fixture
async def plaza(ready_url: str) -> AsyncIterator[Plaza]:
    """Feeds where three followers are many, and their copies come by jobs."""
    async with open_store(ready_url, base_url=BASE) as store:
        yield await Plaza.made(store, limits=Limits(inline=2, popular=100, chunk=5), telling_time=True)


@asynccontextmanager
async def meanwhile(plaza: Plaza, slow: Callable[[Plaza], Awaitable[Any]]) -> AsyncIterator[None]:
    """Begin something that is not committed before what is inside has begun, and perhaps waits for it."""
    store = Slow(plaza.store)
    held = replace(plaza, store=cast(Store, store), parts=replace(plaza.parts, store=cast(Store, store)))
    task = asyncio.create_task(cast("Any", slow(held)))
    await asyncio.wait_for(store.finished.wait(), 5)
    try:
        yield
    finally:
        store.let_go.set()
        await task


async def begun(doing: Awaitable[Any]) -> "asyncio.Task[Any]":
    """Do something as far as it comes by itself."""
    task = asyncio.ensure_future(doing)
    await asyncio.wait((task,), timeout=A_WHILE)
    return cast("asyncio.Task[Any]", task)


async def copies(plaza: Plaza) -> int:
    """How many copies there are in all feeds."""
    [(found,)] = await plaza.store.read(lambda tx: tx.all("SELECT count(*) FROM placements WHERE way = 2"))
    return cast(int, found)


async def test_who_follows_while_something_is_added_has_it(plaza: Plaza) -> None:
    """Feeds §5.2, §5.3: either the follow brings it, or the adding gives it."""
    await plaza.add("user:x", {"object": "first"})
    async with meanwhile(plaza, lambda slow: slow.add("user:x", {"object": "second"})):
        follow = await begun(plaza.follow(("timeline:1", "user:x")))
    await follow
    assert await plaza.objects("timeline:1") == ["second", "first"]


async def test_who_unfollows_while_copies_are_made_has_none(plaza: Plaza) -> None:
    """Feeds §5.3: what came by the follow goes with it, also what comes at that moment."""
    await plaza.follow(("timeline:1", "user:x"), ("timeline:2", "user:x"))
    async with meanwhile(plaza, lambda slow: slow.add("user:x")):
        unfollow = await begun(plaza.unfollow("timeline:1", "user:x"))
    await unfollow
    assert await plaza.read("timeline:1") == []
    assert len(await plaza.read("timeline:2")) == 1


async def test_what_is_removed_while_copies_are_made_is_nowhere(plaza: Plaza) -> None:
    """Feeds §5.2: a job that copies at that moment leaves no copy behind."""
    await plaza.follow(*((f"timeline:{n}", "user:x") for n in range(4)))
    [made] = await plaza.add(["user:x", "user:y"])

    [job] = await plaza.store.write(
        jobs.claim, QUEUE, owner="me", now=plaza.parts.clock(), lease_us=60_000_000, limit=1
    )
    async with meanwhile(plaza, lambda slow: fanout.work(slow.parts, job, owner="me")):
        remove = await begun(plaza.remove("user:x", made.id))
    await remove
    await plaza.work()
    assert [len(await plaza.read(f"timeline:{n}")) for n in range(4)] == [0] * 4
    assert len(await plaza.read("user:y")) == 1


async def test_what_is_removed_while_somebody_follows_is_nowhere(plaza: Plaza) -> None:
    """Feeds §5.2, §5.3: what a follow brings at that moment goes too, in flat feeds and in others."""
    for follower in ("timeline:1", "aggregated:1"):
        [made] = await plaza.add(["user:x", "user:y"], NAMED)
        async with meanwhile(plaza, lambda slow, follower=follower: slow.follow((follower, "user:x"))):
            remove = await begun(plaza.remove("user:x", made.id))
        await remove
        assert await copies(plaza) == 0
        await plaza.unfollow(follower, "user:x")


async def test_what_is_removed_while_somebody_follows_again_is_nowhere(plaza: Plaza) -> None:
    """Feeds §5.3: a follow that is there brings what is newest once more."""
    [made] = await plaza.add(["user:x", "user:y"])
    await plaza.follow(("timeline:1", "user:x"), copies=0)
    async with meanwhile(plaza, lambda slow: slow.follow(("timeline:1", "user:x"))):
        remove = await begun(plaza.remove("user:x", made.id))
    await remove
    assert await copies(plaza) == 0


async def test_two_changes_of_one_activity_are_both_made(plaza: Plaza) -> None:
    """Feeds §6.7: two who set different fields at the same time lose nothing."""
    [made] = await plaza.add("user:x")
    async with meanwhile(plaza, lambda slow: slow.change({"id": str(made.id), "set": {"one": 1}})):
        other = await begun(plaza.change({"id": str(made.id), "set": {"two": 2}}))
    await other
    [shown] = await plaza.read("user:x")
    assert (shown["one"], shown["two"]) == (1, 2)


async def test_two_changes_of_where_one_is_sent_are_both_made(plaza: Plaza) -> None:
    """Feeds §6.8: `to` names every feed that it is in."""
    await plaza.add("user:x", NAMED)
    async with meanwhile(plaza, lambda slow: slow.retarget({**NAMED, "added_targets": ["user:a"]})):
        other = await begun(plaza.retarget({**NAMED, "added_targets": ["user:b"]}))
    await other
    [shown] = await plaza.read("user:x")
    assert sorted(shown["to"]) == ["user:a", "user:b"]


async def test_what_is_removed_while_it_changes_is_gone(plaza: Plaza) -> None:
    """Feeds §6.2: and what is added again while it is removed is there."""
    [made] = await plaza.add("user:x", NAMED)
    async with meanwhile(plaza, lambda slow: slow.remove("user:x", made.id)):
        again = await begun(plaza.add("user:x", {**NAMED, "object": "again"}))
    await again
    assert await plaza.objects("user:x") == ["again"]
