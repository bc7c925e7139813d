"""Following: copies that come and go."""

import asyncio

import pytest
from plaza import Plaza, feed

from streams.feeds import following
from streams.feeds.following import Counted
from vocab.errors import BadFields

pytestmark = pytest.mark.anyio


async def numbered(plaza: Plaza, name: str, count: int) -> None:
    await plaza.add(name, *[{"object": f"{name[-1]}:{n}"} for n in range(count)])


async def test_the_newest_are_copied(plaza: Plaza) -> None:
    """Feeds §5.3: as many as asked for, of those placed in the target itself."""
    await plaza.follow(("user:x", "user:y"))
    await numbered(plaza, "user:y", 1)
    await numbered(plaza, "user:x", 4)
    await plaza.follow(("timeline:1", "user:x"), copies=3)
    await plaza.follow(("timeline:2", "user:x"), copies=0)
    assert await plaza.objects("timeline:1") == ["x:3", "x:2", "x:1"]
    assert await plaza.objects("timeline:2") == []
    assert "y:0" in await plaza.objects("user:x")


async def test_following_again_brings_what_is_missing(plaza: Plaza) -> None:
    """Feeds §5.3: refreshed without duplicates."""
    await numbered(plaza, "user:x", 3)
    await plaza.follow(("timeline:1", "user:x"), copies=1)
    await plaza.follow(("timeline:1", "user:x"), copies=2)
    assert await plaza.objects("timeline:1") == ["x:2", "x:1"]
    assert await plaza.store.read(following._counts, plaza.tenant, Counted(feed("user:x"), ()), None) == (
        1,
        0,
    )


async def test_grouped_feeds_are_given_copies_too(plaza: Plaza) -> None:
    """Feeds §5: any type can follow a flat feed."""
    await numbered(plaza, "user:x", 3)
    await plaza.follow(("aggregated:1", "user:x"), ("notification:1", "user:x"), copies=2)
    await numbered(plaza, "user:x", 1)
    assert len(await plaza.read("aggregated:1")) == 3
    bundles = await plaza.store.read(lambda tx: tx.all("SELECT activities, actors FROM bundles"))
    assert bundles == [(3, 1), (3, 1)]


@pytest.mark.parametrize("keep", [False, True])
async def test_unfollowing_takes_the_copies_or_leaves_them(plaza: Plaza, keep: bool) -> None:
    """Feeds §5.3."""
    await plaza.follow(("timeline:1", "user:x"), ("aggregated:1", "user:x"))
    await numbered(plaza, "user:x", 2)
    await plaza.add("timeline:1", {"object": "own"})
    for name in ("timeline:1", "aggregated:1"):
        await plaza.unfollow(name, "user:x", keep=keep)
    await numbered(plaza, "user:x", 1)
    assert await plaza.objects("timeline:1") == ["own", *(["x:1", "x:0"] if keep else [])]
    assert await plaza.objects("aggregated:1") == (["x:1", "x:0"] if keep else [])
    if not keep:
        assert await plaza.store.read(lambda tx: tx.all("SELECT name FROM bundles")) == []


@pytest.mark.parametrize("target", ["notification:1", "aggregated:1"])
async def test_only_flat_feeds_are_followed(plaza: Plaza, target: str) -> None:
    """Feeds §5: all or nothing."""
    with pytest.raises(BadFields):
        await plaza.follow(("timeline:1", "user:x"), ("timeline:1", target))
    assert await plaza.store.read(lambda tx: tx.all("SELECT source FROM follows")) == []


async def test_lists_and_counts(plaza: Plaza) -> None:
    """Feeds §6.9, §6.12, §14.14: newest follow first; an offset applies after the filter; groups are told apart."""
    await plaza.follow(*((f"timeline:{n}", "user:x") for n in range(4)), ("timeline_aggregated:0", "user:x"))
    await plaza.follow(("timeline:0", "user:y"))
    listed = await following.followers(
        plaza.parts, await plaza.refresh(), feed("user:x"), names=None, limit=3, offset=0
    )
    assert [one.follower for one in listed] == ["timeline_aggregated:0", "timeline:3", "timeline:2"]
    some = await following.followers(
        plaza.parts, plaza.tenant, feed("user:x"), names=["timeline:1", "timeline:2"], limit=25, offset=1
    )
    assert [one.follower for one in some] == ["timeline:1"]
    followed = await following.following(
        plaza.parts, plaza.tenant, feed("timeline:0"), names=None, limit=25, offset=0
    )
    assert [one.followed for one in followed] == ["user:y", "user:x"]
    counted = await following.counts(
        plaza.parts,
        plaza.tenant,
        Counted(feed("user:x"), ("timeline",)),
        Counted(feed("timeline:0"), ("nobody",)),
    )
    assert counted == (4, 0)
    assert await following.counts(plaza.parts, plaza.tenant, Counted(feed("user:x"), ()), None) == (5, 0)


async def test_many_follows_are_made_now_and_their_copies_a_little_later(plaza: Plaza) -> None:
    """Feeds §6.10: the follows themselves are there at once."""
    await numbered(plaza, "user:x", 2)
    await plaza.follow(*((f"timeline:{n}", "user:x") for n in range(40)))
    assert await following.counts(plaza.parts, await plaza.refresh(), Counted(feed("user:x"), ()), None) == (
        40,
        0,
    )
    await plaza.work()
    for n in (0, 24, 25, 39):
        assert await plaza.objects(f"timeline:{n}") == ["x:1", "x:0"]


async def test_who_follows_while_something_is_added_has_it(plaza: Plaza) -> None:
    """Feeds §5.2, §5.3: by the one or by the other; and who unfollows meanwhile has nothing left."""
    for n in range(12):
        name = f"timeline:{n}"
        await asyncio.gather(plaza.add("user:x"), plaza.follow((name, "user:x")), plaza.add("user:x"))
        assert len(await plaza.read(name)) == 2 * n + 2
    for n in range(12):
        name = f"timeline:{n}"
        await asyncio.gather(plaza.add("user:x"), plaza.unfollow(name, "user:x"), plaza.add("user:x"))
        assert await plaza.read(name) == []


async def test_who_follows_while_something_is_removed_has_it_not(plaza: Plaza) -> None:
    """Feeds §5.2: removing takes the copies that a follow brings at the same time."""
    await plaza.follow(("timeline:first", "user:x"))
    for n in range(12):
        (made,) = await plaza.add(["user:x", "user:y"])
        await asyncio.gather(plaza.remove("user:x", made.id), plaza.follow((f"timeline:{n}", "user:x")))
        assert await plaza.read(f"timeline:{n}") == []
