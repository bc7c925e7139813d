"""Fan-out that is too much for one transaction, and feeds too popular for copies."""

from uuid import UUID

import pytest
from plaza import Plaza

from storage import feedfollows, feeds
from storage.placements import Bounds
from streams.feeds import Limits, keys

pytestmark = pytest.mark.anyio

MANY = [f"timeline:{n}" for n in range(4)]
CROWD = [f"timeline:{n}" for n in range(7)]


async def copies(plaza: Plaza, names: list[str]) -> int:
    return sum([len(await plaza.read(name)) for name in names])


async def test_many_copies_come_later_and_all_of_them(crowded: Plaza) -> None:
    """Issue: adding answers without waiting for the copies; chunk by chunk they complete."""
    await crowded.follow(*((name, "user:x") for name in MANY), ("aggregated:1", "user:x"))
    await crowded.add("user:x")
    assert await copies(crowded, MANY) == 0
    assert await crowded.work() == 3
    assert await copies(crowded, MANY) == 4
    assert len(await crowded.read("aggregated:1")) == 1


async def test_what_is_removed_meanwhile_reaches_nobody(crowded: Plaza) -> None:
    """The jobs of one activity run one after the other, and look whether it is still there."""
    await crowded.follow(*((name, "user:x") for name in MANY))
    (made,) = await crowded.add("user:x")
    await crowded.remove("user:x", made.id)
    await crowded.work()
    assert await copies(crowded, MANY) == 0


async def test_many_copies_are_taken_later(crowded: Plaza) -> None:
    """Removal in chunks."""
    await crowded.follow(*((name, "user:x") for name in MANY), ("aggregated:1", "user:x"))
    (made,) = await crowded.add("user:x")
    await crowded.work()
    await crowded.remove("user:x", made.id)
    await crowded.work()
    assert await copies(crowded, [*MANY, "aggregated:1"]) == 0


async def test_a_popular_feed_is_read_by_its_followers(crowded: Plaza) -> None:
    """Merge on read: nothing is copied any more, everybody sees it, in the order of ids and with its origin."""
    await crowded.follow(*((name, "user:x") for name in CROWD), ("aggregated:1", "user:x"))
    await crowded.add("timeline:0", {"object": "own"})
    await crowded.add("user:x", {"object": "one"}, {"object": "two"})
    await crowded.work()
    held = await crowded.store.read(lambda tx: tx.all("SELECT count(*) FROM placements WHERE way = 2"))
    assert held == [(2,)], "only the aggregated feed has copies"
    for name in CROWD:
        shown = [(one["object"], one["origin"]) for one in await crowded.read(name)]
        assert shown == [
            ("two", "user:x"),
            ("one", "user:x"),
            *([("own", None)] if name == "timeline:0" else []),
        ]
    assert len(await crowded.read("aggregated:1")) == 2


async def test_pages_of_what_is_merged_fit_together(crowded: Plaza) -> None:
    """Every page size, by cursor and by offset, gives the same list."""
    await crowded.follow(*((name, "user:x") for name in CROWD), ("timeline:0", "user:y"))
    for n in range(4):
        await crowded.add("user:x", {"object": f"x:{n}"})
        await crowded.add("user:y", {"object": f"y:{n}"})
        await crowded.add("timeline:0", {"object": f"t:{n}"})
    await crowded.work()
    whole = await crowded.objects("timeline:0")
    assert len(whole) == 12
    for size in (1, 3, 5):
        by_offset = [
            one["object"] for start in range(0, 12, size)
            for one in await crowded.read("timeline:0", limit=size, offset=start)
        ]  # fmt: skip
        assert by_offset == whole
        found, bounds = [], Bounds()
        while page := await crowded.read("timeline:0", bounds, limit=size):
            found += [one["object"] for one in page]
            bounds = Bounds().narrowed("lt", keys.key_of(UUID(page[-1]["id"])))
        assert found == whole


async def test_who_unfollows_a_popular_feed_reads_nothing_of_it(crowded: Plaza) -> None:
    await crowded.follow(*((name, "user:x") for name in CROWD))
    await crowded.add("user:x")
    await crowded.unfollow("timeline:0", "user:x")
    assert await crowded.read("timeline:0") == []
    assert len(await crowded.read("timeline:1")) == 1


async def test_who_follows_later_has_what_was_copied_and_what_comes(crowded: Plaza) -> None:
    """Feeds §5.3 for a feed that became popular before: the newest are copied, later ones are read there."""
    await crowded.follow(*((name, "user:x") for name in CROWD))
    await crowded.add("user:x", {"object": "before:1"}, {"object": "before:2"})
    await crowded.follow(("timeline:late", "user:x"), copies=1)
    await crowded.add("user:x", {"object": "after"})
    await crowded.work()
    assert await crowded.objects("timeline:late") == ["after", "before:2"]


async def test_followers_are_counted(crowded: Plaza) -> None:
    """The number on the stream is that of the follows."""
    await crowded.follow(*((name, "user:x") for name in MANY))
    await crowded.follow(*((name, "user:x") for name in MANY))
    await crowded.unfollow(MANY[0], "user:x")
    await crowded.unfollow(MANY[0], "user:x")
    tenant = await crowded.refresh()
    stream = await crowded.store.read(feeds.find, tenant.object, "user:x")
    assert stream is not None
    assert await crowded.store.write(feedfollows.hold, stream) == 3


async def test_what_waited_when_a_feed_became_popular_is_copied_to_all(crowded: Plaza) -> None:
    """Feeds §5.2: its followers read what is new there from then on, so nothing else gives them what was there."""
    await crowded.follow(*((name, "user:x") for name in MANY))
    await crowded.add("user:x")
    await crowded.follow(*((f"timeline:late{n}", "user:x") for n in range(3)), copies=0)
    await crowded.work()
    assert await copies(crowded, MANY) == 4


async def test_who_unfollows_a_popular_feed_may_keep_what_they_read_there(crowded: Plaza) -> None:
    """Feeds §5.3: ``keep_history``, and nothing that came before they followed."""
    await crowded.add("user:x", {"object": "before"})
    await crowded.follow(*((name, "user:x") for name in CROWD), copies=0)
    await crowded.add("user:x", {"object": "one"}, {"object": "two"})
    await crowded.work()
    await crowded.unfollow("timeline:0", "user:x", keep=True)
    await crowded.add("user:x", {"object": "after"})
    assert await crowded.objects("timeline:0") == ["two", "one"]


async def test_copies_through_other_feeds_are_taken_later_too(crowded: Plaza) -> None:
    """Feeds §5.2: deleted at home, it is gone from all who had it by any way, many as they are."""
    await crowded.follow(*((name, "user:y") for name in MANY), ("timeline:0", "user:x"))
    (made,) = await crowded.add("user:x", {"to": ["user:y"]})
    await crowded.work()
    await crowded.remove("user:y", made.id)
    await crowded.remove("user:x", made.id)
    await crowded.work()
    assert await crowded.store.read(lambda tx: tx.all("SELECT item FROM placements")) == []


async def test_what_is_added_together_shares_what_is_copied_at_once(crowded: Plaza) -> None:
    """Issue: fan-out is bounded, also that of many activities, or to many feeds, in one call."""
    few = crowded.limited(Limits(inline=2, together=4))
    await few.follow(*((name, "user:x") for name in MANY[:2]), (MANY[0], "user:y"))
    await few.add("user:x", {}, {})
    assert await copies(few, MANY) == 4
    await few.add(["user:x", "user:y", "user:z"])
    assert [len(await few.read(name)) for name in MANY[:2]] == [3, 2]
    await few.work()
    assert [len(await few.read(name)) for name in MANY[:2]] == [3, 3]


async def test_what_is_added_again_before_all_was_taken_away_keeps_its_copies(crowded: Plaza) -> None:
    """Feeds §5.2: a job that takes copies away does not take those of what is there again."""
    once = {"foreign_id": "f", "time": "2026-01-01T00:00:00"}
    await crowded.follow(("timeline:1", "user:x"), ("timeline:2", "user:x"), ("timeline:3", "user:y"))
    for homes in (["user:x"], ["user:x", "user:y"]):
        [made] = await crowded.add(homes, once)
        await crowded.work()
        await crowded.remove("user:x", made.id)
        await crowded.remove("user:y", made.id)
        await crowded.add("user:x", once)
        await crowded.work()
        assert [len(await crowded.read(f"timeline:{n}")) for n in (1, 2, 3)] == [1, 1, 0], homes
        await crowded.remove("user:x", made.id)
        await crowded.work()
