"""What those who listen are told of feeds, and that nothing is noted when nobody does (Feeds §11)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from storage import Store, Transaction, open_store, webhooks
from storage import news as noted
from streams.feeds import news
from streams.feeds.news import Gone

pytestmark = pytest.mark.anyio

TENANT, NOW, LATER = 7, 1_000, 2_000
USER, SPORTS, ITEM = 100, 101, 900
TIMELINES = range(200, 210)


@pytest.fixture
async def store(ready_url: str) -> AsyncIterator[Store]:
    """A tenant with two feeds, and timelines that follow both."""
    async with open_store(ready_url) as opened:
        await opened.write(_fill)
        yield opened


async def _fill(tx: Transaction) -> None:
    for id in (5, ITEM):
        await tx.run(
            "INSERT INTO objects (id, iri, kind, type, local, owner, public, published)"
            " VALUES (:id, :iri, 3, 'Service', 1, 5, 0, 1)",
            id=id, iri=f"https://here.example/{id}",
        )  # fmt: skip
    await tx.run("INSERT INTO tenants (id, label, created, object) VALUES (7, 'north', 1, 5)")
    await tx.run(
        "INSERT INTO feed_activities (item, tenant, position, tie, foreign_id) VALUES (900, 7, 1, 1, '')"
    )
    for id in (USER, SPORTS, *TIMELINES):
        await tx.run(
            "INSERT INTO streams (id, owner, kind, name) VALUES (:id, 5, 'feed', :name)",
            id=id,
            name=f"a:{id}",
        )
    for source in (USER, SPORTS):
        for target in TIMELINES:
            await tx.run(
                "INSERT INTO follows VALUES (:source, :target, 1, NULL, 1)", source=source, target=target
            )


async def _copy(tx: Transaction, source: int, *targets: int) -> None:
    for target in targets:
        await tx.run(
            "INSERT INTO placements (stream, position, tie, item, way, origin, shown, placed)"
            " VALUES (:target, 1, 1, 900, 2, :source, 2, 1) ON CONFLICT DO NOTHING",
            target=target, source=source,
        )  # fmt: skip


async def _told(store: Store) -> list[tuple[int, int, str | None]]:
    return [(one.stream, one.item, one.told) for one in await store.read(noted.since, 0, events=100)]


async def _waiting(store: Store) -> list[dict[str, Any]]:
    return [one.event for one in await store.read(webhooks.oldest, TENANT, limit=100)]


async def _everything(tx: Transaction, *, hooked: bool = False) -> bool:
    """Say everything that can happen."""
    ears = await news.listening(tx, TENANT, now=NOW, hooked=hooked)
    await news.placed(tx, ears, [(ITEM, USER), (ITEM, SPORTS)])
    await _copy(tx, USER, 201, 202)
    await news.copied(tx, ears, ITEM, USER, last=205)
    await news.followed(tx, ears, ITEM, SPORTS)
    await news.marked(tx, ears, 209, seen="all", read=["x.like"])
    await news.happened(tx, ears, "reaction.new", {"kind": "like"})
    return bool(ears)


async def test_nothing_is_noted_when_nobody_listens(store: Store) -> None:
    await store.write(noted.watch, TENANT, [USER], until=NOW)  # is over
    assert not await store.write(_everything)
    assert await _told(store) == []
    assert await _waiting(store) == []


async def test_those_who_listen_are_told_of_their_feeds_alone(store: Store) -> None:
    """Feeds §11.2: direct, by ``to``, and copies; once each, whichever way."""
    await store.write(noted.watch, TENANT, [USER, 201, 203, 209], until=LATER)
    with store.signals.listen(news.TOPIC) as bell:
        assert await store.write(_everything)
        assert bell.rang()
    assert await _told(store) == [
        (USER, ITEM, None),
        (201, ITEM, None),
        (203, ITEM, None),
        (209, 0, '{"mark_seen":"all","mark_read":["x.like"]}'),
        (209, ITEM, None),
    ]
    assert await _waiting(store) == []


async def test_no_one_is_woken_when_nothing_concerns_them(store: Store) -> None:
    async def add(tx: Transaction) -> None:
        await news.placed(tx, await news.listening(tx, TENANT, now=NOW), [(ITEM, USER)])

    await store.write(noted.watch, TENANT, [209], until=LATER)
    with store.signals.listen(news.TOPIC) as bell:
        await store.write(add)
        assert not bell.rang()


@pytest.mark.parametrize("most", [1, 1000])
async def test_copies_are_told_by_the_chunk_they_were_made_in(
    store: Store, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Whether the watched feeds are gone through, being few, or the copies."""
    monkeypatch.setattr(noted, "COUNTED_MAX", most)

    async def chunk(tx: Transaction, after: int, last: int) -> None:
        ears = await news.listening(tx, TENANT, now=NOW)
        await _copy(tx, SPORTS, 204)  # it came another way
        await _copy(tx, USER, *range(after + 1, last + 1))
        await news.copied(tx, ears, ITEM, USER, after=after, last=last)

    await store.write(noted.watch, TENANT, [202, 203, 204, 205, 206], until=LATER)
    await store.write(chunk, 199, 203)
    assert [stream for stream, _, _ in await _told(store)] == [202, 203]
    await store.write(chunk, 203, 205)
    assert [stream for stream, _, _ in await _told(store)] == [202, 203, 205]


async def test_what_leaves_feeds_is_told_with_the_ids_it_had(store: Store) -> None:
    """Feeds §11.2: ``deleted``, and ``deleted_foreign_ids`` when that is how it was removed."""

    async def remove(tx: Transaction) -> None:
        ears = await news.listening(tx, TENANT, now=NOW)
        await news.removed(tx, ears, Gone(ITEM, "uuid-1"), [USER, 201])
        await news.removed(tx, ears, Gone(901, "uuid-2", "pin:1", "2017-07-01T20:30:45.123000"), [USER])

    await store.write(noted.watch, TENANT, [USER, 202], until=LATER)
    await store.write(remove)
    pin = '{"deleted":["uuid-2"],"deleted_foreign_ids":[["pin:1","2017-07-01T20:30:45.123000"]]}'
    assert await _told(store) == [(USER, ITEM, '{"deleted":["uuid-1"]}'), (USER, 901, pin)]


@pytest.mark.parametrize("by_group", [True, False])
async def test_web_hooks_are_left_everything_in_its_order(store: Store, by_group: bool) -> None:
    """Feeds §11.3: the tenant's own, and those of groups."""
    if not by_group:
        await store.write(webhooks.set_url, TENANT, "https://app.example/", now=NOW)
    with store.signals.listen(webhooks.TOPIC) as bell:
        assert await store.write(_everything, hooked=by_group)
        assert bell.rang()
    assert await _told(store) == []
    assert await _waiting(store) == [
        {"placed": [[ITEM, USER], [ITEM, SPORTS]]},
        {"copied": ITEM, "source": USER, "after": 0, "last": 205},
        {"followed": ITEM, "source": SPORTS, "after": 0},
        {"told": {"mark_seen": "all", "mark_read": ["x.like"]}, "streams": [209]},
        {"type": "reaction.new", "generic": {"kind": "like"}},
    ]


async def test_many_feeds_are_left_to_web_hooks_some_at_a_time(store: Store) -> None:
    """What becomes of one row stays small."""

    async def add(tx: Transaction) -> None:
        ears = await news.listening(tx, TENANT, now=NOW, hooked=True)
        await news.placed(tx, ears, [(ITEM, stream) for stream in range(2 * news.TOGETHER + 1)])

    await store.write(add)
    assert [len(event["placed"]) for event in await _waiting(store)] == [news.TOGETHER, news.TOGETHER, 1]
