"""What is noted of feeds for those who listen."""

import pytest

from storage import Store, Transaction, news, prune
from storage.ids import at_instant
from storage.prune import NEWS_US

pytestmark = pytest.mark.anyio

NOW = 10_000_000_000


async def _feeds(tx: Transaction, *streams: int) -> None:
    """Make a tenant whose feeds have these row ids."""
    await tx.run("INSERT INTO tenants (id, label, created) VALUES (7, 'north', 1)")
    for stream in streams:
        await tx.run(
            "INSERT INTO streams (id, owner, kind, name) VALUES (:id, 5, 'feed', :name)",
            id=stream, name=f"user:{stream}",
        )  # fmt: skip


async def test_a_watch_ends_unless_it_is_said_again(store: Store, actor: int) -> None:
    await store.write(_feeds, 1, 2)
    await store.write(news.watch, 7, [1, 2, 1], until=NOW + 10)
    assert await store.read(news.listeners, 7, now=NOW) == (2, False)
    await store.write(news.watch, 7, [2], until=NOW + 20)
    await store.write(news.watch, 7, [2], until=NOW + 5)
    assert await store.read(news.listeners, 7, now=NOW + 10) == (1, False)
    assert await store.read(news.listeners, 7, now=NOW + 20) == (0, False)
    assert await store.read(news.listeners, 8, now=NOW) == (0, False)
    assert await store.write(news.placed, 7, 1, [(50, 1), (50, 2)], now=NOW + 15) == 1


async def test_all_of_an_event_is_read_together(store: Store, actor: int) -> None:
    await store.write(_feeds, 1, 2)
    await store.write(news.watch, 7, [1, 2], until=NOW + 1)
    await store.write(news.placed, 7, 100, [(50, 1), (51, 1), (50, 2)], now=NOW)
    await store.write(news.told, 7, 101, [2, 3], item=50, told='{"deleted":["x"]}', now=NOW)
    assert await store.read(news.since, 99, events=1) == [
        (100, 1, 50, None), (100, 1, 51, None), (100, 2, 50, None),
    ]  # fmt: skip
    assert await store.read(news.since, 100, events=5) == [(101, 2, 50, '{"deleted":["x"]}')]


async def test_what_was_told_long_ago_is_forgotten(store: Store, actor: int) -> None:
    await store.write(_feeds, 1)
    old, new = at_instant(NOW - NEWS_US - 1), at_instant(NOW - NEWS_US)
    await store.write(news.watch, 7, [1], until=NOW - 1)
    await store.write(news.placed, 7, old, [(50, 1)], now=NOW - 10)
    await store.write(news.placed, 7, new, [(50, 1)], now=NOW - 10)
    assert await prune.prune(store, now=NOW) == {"watched": 1, "news": 1}
    assert [one.event for one in await store.read(news.since, 0, events=5)] == [new]


@pytest.mark.parametrize("few", [True, False])
async def test_copies_are_found_one_by_one_whichever_way(store: Store, actor: int, few: bool) -> None:
    """Whatever is gone through, of the other table one row is looked up: not all that lie in the range."""
    if store.engine != "sqlite":
        pytest.skip("PostgreSQL goes by what is in the tables")

    async def plan(tx: Transaction) -> list[str]:
        sql = news._FROM_WATCHED if few else news._FROM_COPIES
        rows = await tx.all(
            f"EXPLAIN QUERY PLAN {sql}", tenant=1, event=1, item=1, source=1, after=0, last=9, now=1
        )
        return [str(row[3]) for row in rows]

    found = await store.read(plan)
    assert ("stream=? AND position=? AND tie=?" if few else "tenant=? AND stream=?") in found[-1], found
