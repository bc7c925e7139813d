"""What happened before takes its place, once and silently, on each engine."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from plaza import BASE, START, Plaza, feed

from storage import entries, feedcollections, feedreactions, feeds, feedusers, objects, open_store, webhooks
from storage.feedusers import FeedUser
from streams.feeds import Space, bulk, recalling
from streams.feeds.bulk import Addition
from vocab import BadFields
from vocab.dialects.getstream import imports
from vocab.dialects.getstream.imports import Instruction

pytestmark = pytest.mark.anyio
LEAST = {"actor": "SU:ada", "verb": "pin", "object": "Place:1"}


async def past(plaza: Plaza) -> Space:
    return replace(await plaza.parts.space(await plaza.refresh()), past=True)


async def activity(plaza: Plaza, home: str, **members: Any) -> bool:
    return await activities(plaza, (home, members)) == 1


async def activities(plaza: Plaza, *wanted: tuple[str, dict[str, Any]]) -> int:
    made = [Addition(feed(home), imports.activity({**LEAST, **members})) for home, members in wanted]
    return await plaza.store.write(recalling.activities, await past(plaza), made, now=plaza.parts.clock())


async def follow(plaza: Plaza, follower: str, followed: Any, **line: Any) -> bool:
    one = imports.follow(followed, Instruction("follow", feed(follower), **line))
    return await plaza.store.write(recalling.follow, await past(plaza), one, now=plaza.parts.clock())


async def react(plaza: Plaza, **members: Any) -> bool:
    one = imports.reaction(members)
    return await plaza.store.write(recalling.reaction, await past(plaza), one, now=plaza.parts.clock())


async def test_an_activity_takes_its_place_by_its_time(plaza: Plaza) -> None:
    """Feeds §5.2: below what was added since, with followers and targets as if it had been added then."""
    await plaza.follow(("timeline:1", "user:1"))
    await plaza.add("user:1", {"object": "new"})
    assert await activity(plaza, "user:1", object="old", time="2019-01-01T00:00:00", to=["flat:9"])
    for name in ("user:1", "timeline:1"):
        assert await plaza.objects(name) == ["new", "old"]
    assert await plaza.objects("flat:9") == ["old"]
    assert (await plaza.read("timeline:1"))[1]["origin"] == "user:1"


async def test_twice_is_once(plaza: Plaza) -> None:
    """It stays as it is here; in another feed it is new."""
    again = {"foreign_id": "a:1", "time": "2019-01-01T00:00:00"}
    assert await activity(plaza, "user:1", **again)
    assert not await activity(plaza, "user:1", **again, colour="red")
    assert "colour" not in (await plaza.read("user:1"))[0]
    assert await activity(plaza, "flat:1", **again)
    assert len(await plaza.read("flat:1")) == 1


@pytest.mark.parametrize("together", [True, False])
async def test_many_at_once_come_to_what_they_would_one_by_one(
    plaza: Plaza, monkeypatch: pytest.MonkeyPatch, together: bool
) -> None:
    """Feeds §5.2, §8.1: in their feeds, with targets and all kinds of followers, whatever else is among them."""

    async def one_by_one(tx: Any, space: Space, wanted: list[Addition], *, now: int) -> list[Addition]:
        return list(wanted)

    if not together:
        monkeypatch.setattr(bulk, "add", one_by_one)
    await plaza.follow(("timeline:1", "user:1"), ("timeline:2", "user:2"), ("aggregated:2", "user:2"))
    await plaza.add("user:1", {"foreign_id": "here", "time": "2019-01-05T00:00:00"})
    await react(plaza, id="r1", kind="like", user_id="bob", activity_id=str(_id("named", 4)))
    day = {name: {"foreign_id": name, "object": name, "time": f"2019-01-0{n}T00:00:00"} for n, name in
           enumerate(("one", "two", "three", "named", "here"), 1)}  # fmt: skip
    taken = await activities(
        plaza, ("user:1", day["one"]), ("user:2", {**day["two"], "actor": "SU:bob"}), ("user:1", day["here"]),
        ("user:1", {**day["three"], "to": ["flat:9", "aggregated:9"]}), ("user:2", day["one"]),
        ("user:1", day["named"]), ("user:1", day["one"]),
    )  # fmt: skip
    assert taken == 5
    assert await plaza.objects("user:1") == ["Place:1", "named", "three", "one"]
    assert await plaza.objects("timeline:1") == ["Place:1", "named", "three", "one"]
    assert [one["origin"] for one in await plaza.read("timeline:1")] == ["user:1"] * 4
    assert await plaza.objects("user:2") == await plaza.objects("timeline:2") == ["two", "one"]
    assert await plaza.objects("aggregated:2") == ["two", "one"]
    assert await plaza.objects("flat:9") == await plaza.objects("aggregated:9") == ["three"]
    assert len(await plaza.store.read(_bundles)) == 3
    assert [one["to"] for one in await plaza.read("flat:9")] == [["flat:9", "aggregated:9"]]
    entities = plaza.parts.base_url + "/entities/User"
    for name, count in (("ada", 4), ("bob", 2)):  # his reaction too
        listed = await plaza.store.read(_outbox, f"{entities}/{name}")
        assert len(listed) == count
        assert listed == sorted(listed)


def _id(foreign_id: str, day: int) -> UUID:
    return imports.activity({**LEAST, "foreign_id": foreign_id, "time": f"2019-01-0{day}T00:00:00"}).id


async def _bundles(tx: Any) -> Any:
    return await tx.all("SELECT id FROM bundles")


async def _outbox(tx: Any, actor: str) -> list[str]:
    """Return when the activities of an actor were published, in the order in which they are listed."""
    rows = await tx.all(
        "SELECT o.published FROM entries e JOIN streams s ON s.id = e.stream AND s.kind = 'outbox'"
        " JOIN objects a ON a.id = s.owner JOIN objects o ON o.id = e.item WHERE a.iri = :actor"
        " ORDER BY e.position",
        actor=actor,
    )
    return [row[0] for row in rows]


async def test_what_was_deleted_here_stays_deleted(plaza: Plaza) -> None:
    again = {"foreign_id": "a:1", "time": "2019-01-01T00:00:00"}
    await activity(plaza, "user:1", **again)
    await plaza.remove("user:1", "a:1")
    assert not await activity(plaza, "user:1", **again)
    assert await plaza.read("user:1") == []


async def test_it_is_listed_with_its_actor_at_its_own_date(plaza: Plaza) -> None:
    """An imported history does not hide the present (an exception to AP-151)."""
    await plaza.add("user:1", {"object": "new"})
    await activity(plaza, "user:1", object="old", time="2019-01-01T00:00:00")

    async def listed(tx: Any) -> list[int]:
        owner = await objects.id_of(tx, f"{BASE}/entities/User/ada")
        stream = await entries.ensure(tx, owner, "outbox")
        return [row[0] for row in await tx.all(
            "SELECT a.position FROM entries e JOIN feed_activities a ON a.item = e.item"
            " WHERE e.stream = :stream ORDER BY e.position DESC", stream=stream)]  # fmt: skip

    found = await plaza.store.read(listed)
    assert len(found) == 2
    assert found[0] > found[1]


async def test_nobody_is_told(crowded: Plaza) -> None:
    """Feeds §11: neither at once nor by the jobs that give it to many followers."""
    await crowded.follow(*((f"timeline:{n}", "user:1") for n in range(5)))
    await crowded.store.write(webhooks.set_url, crowded.tenant.id, "https://hook.example", now=START)
    await activity(crowded, "user:1", time="2019-01-01T00:00:00")
    assert await crowded.work() > 1
    assert await crowded.objects("timeline:4") == ["Place:1"]
    assert await crowded.store.read(webhooks.waiting) == []
    await crowded.add("user:1", {})
    assert await crowded.store.read(webhooks.waiting) == [crowded.tenant.id]


async def test_a_follow_brings_what_is_newest(plaza: Plaza) -> None:
    """Feeds §5.3: as many as the line says, since when it says; a second time it changes nothing."""
    for day in range(1, 6):
        await activity(plaza, "user:1", object=f"day {day}", time=f"2019-01-0{day}")
    listed = {"target_id": "user:1", "created_at": "2019-02-01T00:00:00Z"}
    assert await follow(plaza, "timeline:1", listed, copies=2)
    assert not await follow(plaza, "timeline:1", "user:1", copies=5)
    assert await plaza.objects("timeline:1") == ["day 5", "day 4"]


async def test_a_follow_that_ended(plaza: Plaza) -> None:
    await activity(plaza, "user:1", time="2019-01-01")
    await follow(plaza, "timeline:1", "user:1")
    gone = imports.unfollow("user:1", Instruction("unfollow", feed("timeline:1")))
    space = await past(plaza)
    assert await plaza.store.write(recalling.unfollow, space, gone, now=START)
    assert await plaza.read("timeline:1") == []
    assert not await plaza.store.write(recalling.unfollow, space, gone, now=START)


async def test_reactions_keep_ids_and_times(plaza: Plaza) -> None:
    """Feeds §7.3: an answer finds what it answers to, and both stay where they were in time."""
    (made,) = await plaza.add("user:1")
    comment = {
        "id": "c1", "kind": "comment", "user_id": "bob", "activity_id": str(made.id), "data": {"text": "hm"},
        "created_at": "2019-01-01T10:00:00.123456Z", "target_feeds": ["notification:ada"],
    }  # fmt: skip
    reply = {
        "id": "c2",
        "kind": "like",
        "user_id": "eve",
        "parent": "c1",
        "created_at": "2019-01-02T10:00:00Z",
    }
    with pytest.raises(BadFields):
        await react(plaza, **reply)
    assert await react(plaza, **comment)
    assert await react(plaza, **reply)
    assert not await react(plaza, **comment)
    found = await plaza.store.read(feedreactions.named, plaza.tenant.id, ["c1", "c2"])
    assert found["c1"].created == 1_546_336_800_123_456
    assert found["c2"].parent == "c1"
    assert found["c2"].level == 2
    (told,) = await plaza.read("notification:ada")
    assert (told["foreign_id"], told["time"]) == ("reaction:c1", "2019-01-01T10:00:00.123456")


async def test_users_and_entries_keep_their_times(plaza: Plaza) -> None:
    """Feeds §7.1, §7.2: those that are here stay as they are."""
    space = await past(plaza)
    times = {"created_at": "2019-01-01T00:00:00Z", "updated_at": "2019-06-01T00:00:00Z"}
    bob = imports.user({"id": "bob", "data": {"name": "Bob"}, **times})
    line = Instruction("collections", feed("a:b"))
    cake = imports.entry({"foreign_id": "food:1", "data": {"name": "cake"}, "user_id": "bob", **times}, line)
    assert await plaza.store.write(recalling.user, space, bob, now=START)
    assert not await plaza.store.write(recalling.user, space, bob, now=START)
    assert await plaza.store.write(recalling.entry, space, cake, now=START)
    assert not await plaza.store.write(recalling.entry, space, cake, now=START)
    user = await plaza.store.read(feedusers.find, plaza.tenant.id, "bob")
    entry = await plaza.store.read(feedcollections.find, plaza.tenant.id, "food", "1")
    assert user == FeedUser("bob", '{"name":"Bob"}', 1_546_300_800_000_000, 1_559_347_200_000_000)
    assert entry is not None
    assert (entry.author, entry.created, entry.updated) == ("bob", user.created, user.updated)


async def test_nothing_of_it_is_posted(ready_url: str) -> None:
    """Feeds of public groups: what happened before may be read by everyone and is told to nobody."""
    async with open_store(ready_url, base_url=BASE) as store:
        plaza = await Plaza.made(store, news={"public": True})
        await activity(plaza, "news:1", time="2019-01-01T00:00:00", to=["news:2"])
        assert await plaza.store.read(_posts) == 0
        assert await plaza.work() == 0
        await plaza.add("news:1", {"object": "new"})
        assert await plaza.store.read(_posts) == 1
        assert await plaza.objects("news:1") == ["new", "Place:1"]


async def _posts(tx: Any) -> int:
    row = await tx.one("SELECT count(*) FROM objects WHERE type = 'Note'")
    return int(row[0])


async def test_feeds_of_a_group_are_listed_by_name(plaza: Plaza) -> None:
    """The explorer goes through them page by page, whatever other groups there are."""
    await plaza.add([f"user:{n}" for n in ("a", "B", "a-1", "_", "z")] + ["timeline:a", "flat:z"])
    tenant = await plaza.refresh()
    found, after = list[str](), "user:"
    while page := await plaza.store.read(feeds.of_group, tenant.object, "user", after=after, limit=2):
        found, after = [*found, *page], page[-1]
    assert sorted(found) == sorted(["user:a", "user:B", "user:a-1", "user:_", "user:z"])
    assert len(found) == len(set(found))
