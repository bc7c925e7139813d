"""Removing: what goes with an activity, and what stays."""

import asyncio

import pytest
from plaza import Plaza

from storage import Transaction
from streams.feeds import removing

pytestmark = pytest.mark.anyio

DATED = {"foreign_id": "f", "time": "2026-01-01T00:00:00"}


async def test_removed_at_home_it_is_gone_everywhere(plaza: Plaza) -> None:
    """Feeds §5.2: from all targets and all followers."""
    await plaza.follow(("timeline:1", "user:x"), ("timeline:2", "user:y"), ("aggregated:1", "user:y"))
    (made,) = await plaza.add("user:x", {"to": ["user:y", "notification:z"]})
    await plaza.remove("user:x", made.id)
    for name in ("user:x", "user:y", "notification:z", "timeline:1", "timeline:2", "aggregated:1"):
        assert await plaza.read(name) == []
    assert await plaza.store.read(lambda tx: tx.all("SELECT id FROM bundles")) == []
    assert await plaza.store.read(lambda tx: tx.all("SELECT item FROM entries")) == []


@pytest.mark.parametrize("name", ["user:y", "timeline:1"])
async def test_removed_where_it_was_delivered_it_stays_elsewhere(plaza: Plaza, name: str) -> None:
    """Feeds §5.2: that copy only."""
    await plaza.follow(("timeline:1", "user:x"))
    (made,) = await plaza.add("user:x", {"to": ["user:y"]})
    await plaza.remove(name, made.id)
    others = {"user:x", "user:y", "timeline:1"} - {name}
    assert await plaza.read(name) == []
    assert [await plaza.objects(other) for other in others] == [["Place:1"], ["Place:1"]]


async def test_all_with_a_foreign_id_go(plaza: Plaza) -> None:
    """Feeds §6.2: whatever their times, in this feed."""
    await plaza.add("user:x", DATED, {**DATED, "time": "2026-01-02T00:00:00"}, {"foreign_id": "g"})
    await plaza.add("user:y", {**DATED, "time": "2026-01-03T00:00:00"})
    await plaza.remove("user:x", "f")
    assert [one["foreign_id"] for one in await plaza.read("user:x")] == ["g"]
    assert len(await plaza.read("user:y")) == 1


async def test_very_many_with_a_foreign_id_go_some_at_a_time(
    plaza: Plaza, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Feeds §6.2: all of them are gone when it is answered, and no transaction takes long."""
    monkeypatch.setattr(removing, "AT_ONCE", 2)
    await plaza.follow(("timeline:1", "user:x"))
    await plaza.add("user:x", *({**DATED, "time": f"2026-01-0{day}T00:00:00"} for day in range(1, 6)))
    before = await plaza.store.read(_audited)
    await plaza.remove("user:x", "f")
    assert await plaza.read("user:x") == await plaza.read("timeline:1") == []
    assert await plaza.store.read(_audited) - before == 5
    await plaza.remove("user:x", "f")


async def _audited(tx: Transaction) -> int:
    return len(await tx.all("SELECT id FROM feed_audit WHERE action = 'delete'"))


async def test_what_was_removed_can_be_added_again(plaza: Plaza) -> None:
    """Feeds §3.3: with the same id, and in its actor's stream again."""
    await plaza.follow(("timeline:1", "user:x"))
    (made,) = await plaza.add("user:x", DATED)
    await plaza.remove("user:x", made.id)
    (again,) = await plaza.add("user:x", {**DATED, "note": "back"}, upsert=False)
    assert again.id == made.id
    assert [one["note"] for one in await plaza.read("timeline:1")] == ["back"]
    assert len(await plaza.store.read(lambda tx: tx.all("SELECT item FROM entries"))) == 1


async def test_a_copy_that_was_added_as_well_outlives_its_origin(plaza: Plaza) -> None:
    """Feeds §5.2: one feed holds an activity once; what was added there stays when the other home loses it."""
    await plaza.follow(("user:y", "user:x"))
    (made,) = await plaza.add("user:x", DATED)
    await plaza.add("user:y", DATED)
    await plaza.remove("user:x", made.id)
    assert await plaza.objects("user:y") == ["Place:1"]


async def test_copies_go_with_an_activity_that_is_not_where_they_came_from_any_more(plaza: Plaza) -> None:
    """Feeds §5.2, §8.1: nothing of it is left, and no bundle counts it."""
    await plaza.follow(("aggregated:1", "user:y"), ("timeline:1", "user:y"))
    (made,) = await plaza.add("user:x", {"to": ["user:y"]})
    await plaza.remove("user:y", made.id)
    assert await plaza.objects("timeline:1") == ["Place:1"]
    await plaza.remove("user:x", made.id)
    assert await plaza.store.read(lambda tx: tx.all("SELECT id FROM bundles")) == []
    assert await plaza.store.read(lambda tx: tx.all("SELECT item FROM placements")) == []


async def test_what_is_added_again_while_it_is_removed_is_whole_or_gone(plaza: Plaza) -> None:
    """Feeds §3.3: it is in a feed exactly when it was not deleted."""
    deleted = "SELECT 1 FROM objects WHERE deleted IS NOT NULL AND document NOT LIKE '%Tombstone%'"
    placed = "SELECT 1 FROM placements p JOIN objects o ON o.id = p.item WHERE o.deleted IS NOT NULL"
    for _ in range(12):
        (made,) = await plaza.add("user:x", DATED)
        await asyncio.gather(plaza.remove("user:x", made.id), plaza.add("user:x", DATED))
        assert await plaza.store.read(lambda tx: tx.all(f"{deleted} UNION ALL {placed}")) == []
