"""What is kept for those who listen and who are told, and for how long (Events §13, §14)."""

import pytest

from storage import Store, Transaction, eventnews, prune, tenants
from storage.ids import at_instant
from storage.prune import DAY_US, EVENT_NEWS_US, NOTICE_DAYS

pytestmark = pytest.mark.anyio

NOW = 1_900_000_000_000_000


@pytest.fixture
async def tenant(store: Store) -> int:
    """A tenant where somebody listens."""
    await store.write(tenants.add, 7, "north", now=NOW)
    await store.write(eventnews.listen, 7, until=NOW)
    return 7


async def test_who_listens_is_known_until_they_are_due(store: Store, tenant: int) -> None:
    """Said again, the later instant holds; without anybody one look says so."""
    assert await store.read(eventnews.interest, tenant, now=NOW - 1) == (True, False)
    assert await store.read(eventnews.interest, tenant, now=NOW) == (False, False)
    await store.write(eventnews.listen, tenant, until=NOW - 5)
    assert (await store.read(eventnews.interest, tenant, now=NOW - 1)).listened
    await store.write(eventnews.listen, tenant, until=NOW + 5)
    assert (await store.read(eventnews.interest, tenant, now=NOW + 4)).listened
    assert await store.read(eventnews.interest, 8, now=NOW - 1) == (False, False)


async def test_news_are_found_behind_a_position(store: Store, tenant: int) -> None:
    """In the order in which they were noted, by position or by id."""
    for item, stream_id in ((1, "a"), (2, "b"), (3, "a")):
        await store.write(eventnews.note, tenant, eventnews.EVENT, item, stream_id)
    news = await store.read(eventnews.since, tenant, 0, limit=10)
    assert [one.item for one in news] == [1, 2, 3]
    assert [one.item for one in await store.read(eventnews.since, tenant, news[0].position, limit=1)] == [2]
    assert await store.read(eventnews.position_of, tenant, "a") == news[2].position
    assert await store.read(eventnews.position_of, tenant, "c") is None
    assert await store.read(eventnews.since, 8, 0, limit=10) == []


async def test_what_is_old_is_forgotten(store: Store, tenant: int) -> None:
    """News after minutes, who listened when they are due, notices after a year."""

    async def insert(tx: Transaction) -> None:
        await tx.run(
            "INSERT INTO objects (id, iri, kind, type, local, public, published)"
            " VALUES (5, 'https://x', 0, '', 0, 0, 1)"
        )
        await tx.run(
            "INSERT INTO event_entities (id, tenant, key, root, kind, type, name, stream_id, registered, updated)"
            " VALUES (5, 7, 'asuser/bo', 'asuser', 'asuser', 'ASUser', 'bo', 'x', 1, 1)"
        )
        for age in (EVENT_NEWS_US + 1, 1):
            await tx.run(
                "INSERT INTO event_news (tenant, position, kind, item, stream_id)"
                " VALUES (7, :position, 'event', 1, 'a')",
                position=at_instant(NOW - age),
            )
        for age in (NOTICE_DAYS * DAY_US + 1, 1):
            await tx.run(
                "INSERT INTO event_notices (id, owner, stream_id, type, cause, occurred, body)"
                " VALUES (:id, 5, :stream_id, 'BUMP', :stream_id, 1, '{}')",
                id=at_instant(NOW - age), stream_id=str(age),
            )  # fmt: skip

    await store.write(insert)
    removed = await prune.prune(store, now=NOW + 1)
    assert {name: count for name, count in removed.items() if name.startswith("event_")} == {
        "event_listeners": 1, "event_news": 1, "event_notices": 1,
    }  # fmt: skip
