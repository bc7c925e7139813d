"""Reactions: made, changed, hidden, restored and deleted; and what they tell in feeds (Feeds §7.3)."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from plaza import Plaza

from storage import Store, Transaction, entries, feedcounts, feedreactions, objects, webhooks
from storage.feedreactions import Below, Cut, FeedReaction
from streams.errors import NameTaken, NotFound
from streams.feeds import UnknownGroup, erasing, reactions, reading
from vocab import BadFields, jsontext
from vocab.dialects.getstream import ids
from vocab.dialects.getstream import reactions as dialect

pytestmark = pytest.mark.anyio

ROOT = UUID("24f9d500-bb87-11e5-8080-80012ce3cc51")


def anyone(_: FeedReaction) -> None:
    """Forbid nothing."""


async def react(plaza: Plaza, kind: str = "like", user: str = "bob", **members: Any) -> FeedReaction:
    about = {} if "parent" in members else {"activity_id": str(ROOT)}
    new = dialect.posted({"kind": kind, **about, **members})
    return await reactions.add(plaza.parts, await plaza.refresh(), new, user, author="")


async def change(plaza: Plaza, name: str, **members: Any) -> FeedReaction:
    wanted = dialect.changed(members)
    return await reactions.change(plaza.parts, await plaza.refresh(), name, wanted, anyone, author="")


async def do(plaza: Plaza, verb: Any, row: FeedReaction) -> None:
    await verb(plaza.parts, await plaza.refresh(), row.name, anyone, author="")


async def found(plaza: Plaza, name: str) -> FeedReaction | None:
    return await plaza.store.peek(feedreactions.find, plaza.tenant.id, name)


async def counted(plaza: Plaza, subject: int) -> dict[str, int]:
    return (await plaza.store.peek(feedcounts.of, [subject])).get(subject, {})


async def listed(store: Store, subject: int, **cut: Any) -> list[str]:
    rows = await store.peek(feedreactions.page, Below(subject), "", Cut(**cut))
    return [row.name for row in rows]


async def test_a_reaction_is_kept(plaza: Plaza) -> None:
    """Feeds §7.3: the activity need not exist."""
    made = await react(plaza, "comment", data={"text": "Hi", "at": 1.50})
    kept = reactions.read(made)
    assert (kept.kind, kept.user_id, kept.activity_id, kept.parent) == ("comment", "bob", ROOT, "")
    assert kept.data == {"text": "Hi", "at": 1.5}
    assert kept.created_at == kept.updated_at
    assert UUID(kept.id).version == 1
    again = await found(plaza, made.name)
    assert again is not None
    assert reactions.read(again) == kept
    assert await counted(plaza, made.subject) == {"comment": 1}


async def test_a_reaction_is_an_activity_of_its_user(plaza: Plaza) -> None:
    """References meet: a like is a private Like by the entity, in its stream, about the activity."""
    made = await react(plaza, "like", id="mine", data={"x": 1})

    async def look(tx: Transaction) -> tuple[dict[str, Any], int, list[str]]:
        row = await objects.by_id(tx, made.item)
        assert row is not None
        assert row.document is not None
        assert row.owner is not None
        document = jsontext.loads(row.document)
        assert isinstance(document, dict)
        stream = await entries.find(tx, row.owner, "outbox")
        assert stream is not None
        page = await entries.page(tx, stream.id, viewer=None, whole=True)
        assert row.object == made.subject
        return document, row.public, [entry.iri for entry in page]

    document, public, outbox = await plaza.store.read(look)
    base = "https://here.example"
    assert document.pop("published").endswith("Z")
    assert document == {
        "id": f"{base}/entities/Reaction/mine", "type": "Like", "actor": f"{base}/entities/User/bob",
        "object": f"{base}/activities/{ROOT}", "hw:verb": "like", "hw:custom": {"x": 1},
    }  # fmt: skip
    assert public == 0
    assert outbox == [f"{base}/entities/Reaction/mine"]


async def test_an_activity_that_comes_later_has_its_reactions(plaza: Plaza) -> None:
    """Feeds §7.3: reactions to what is not there yet are accepted."""
    made, *_ = await plaza.add("user:ada", {"foreign_id": "a:1", "time": "2021-02-24T00:12:01"})
    await plaza.remove("user:ada", made.id)
    early = await react(plaza, activity_id=str(made.id))
    await plaza.add("user:ada", {"foreign_id": "a:1", "time": "2021-02-24T00:12:01"})
    late = await react(plaza, activity_id=str(made.id))
    assert early.subject == late.subject
    assert await counted(plaza, late.subject) == {"like": 2}
    time = datetime(2022, 2, 24, tzinfo=UTC)
    foretold = await react(plaza, activity_id=str(ids.of_foreign_id(time, "b:1")))
    await plaza.add("user:ada", {"foreign_id": "b:1", "time": "2022-02-24T00:00:00"})
    after = await react(plaza, activity_id=str(ids.of_foreign_id(time, "b:1")))
    assert foretold.subject == after.subject != late.subject
    never = uuid4()
    one = await react(plaza, activity_id=str(never))
    assert (await react(plaza, activity_id=str(never))).subject == one.subject != late.subject


async def test_replies_are_nested_three_deep(plaza: Plaza) -> None:
    """Feeds §7.3: a fourth level is refused, and so is a parent that is not there."""
    first = await react(plaza, "comment")
    second = await react(plaza, "comment", parent=first.name)
    third = await react(plaza, parent=second.name)
    assert (second.activity, third.activity) == (str(ROOT), str(ROOT))
    assert (second.subject, third.subject, third.level) == (first.item, second.item, 3)
    for parent in (third.name, "nobody"):
        with pytest.raises(BadFields) as caught:
            await react(plaza, parent=parent)
        assert set(caught.value.fields) == {"parent"}
    await do(plaza, reactions.hide, first)
    with pytest.raises(BadFields):
        await react(plaza, parent=first.name)


async def test_an_id_is_taken_once(plaza: Plaza) -> None:
    """Feeds §4: 409; nothing is left of the second one. Deleted for good, its id is free."""
    made = await react(plaza, id="mine", data={"x": 1})
    with pytest.raises(NameTaken):
        await react(plaza, "comment", "carl", id="mine")
    assert await counted(plaza, made.subject) == {"like": 1}
    await do(plaza, reactions.hide, made)
    with pytest.raises(NameTaken):
        await react(plaza, id="mine")
    await do(plaza, erasing.remove, made)
    again = await react(plaza, "comment", "carl", id="mine", data={"y": 2})
    assert again.item == made.item
    kept = reactions.read(again)
    assert (kept.user_id, kept.data, kept.updated_at) == ("carl", {"y": 2}, kept.created_at)
    stored = await found(plaza, "mine")
    assert stored is not None
    assert reactions.read(stored) == kept


async def test_tenants_do_not_meet(plaza: Plaza) -> None:
    await react(plaza, id="mine")
    other = await Plaza.made(plaza.store, "north")
    theirs = await react(other, "clap", id="mine")
    assert await counted(plaza, theirs.subject) == {"clap": 1}
    await do(other, erasing.remove, theirs)
    assert await found(plaza, "mine") is not None


async def test_a_change_replaces_the_data(plaza: Plaza) -> None:
    """Feeds §7.3: a new ``updated_at``; what is null or absent stays."""
    made = await react(plaza, data={"x": 1})
    changed = reactions.read(await change(plaza, made.name, data={"y": 2}))
    assert changed.data == {"y": 2}
    assert changed.updated_at > changed.created_at == reactions.read(made).created_at
    same = await change(plaza, made.name, data=None)
    assert reactions.read(same).data == {"y": 2}
    stored = await found(plaza, made.name)
    assert stored is not None
    assert reactions.read(stored) == reactions.read(same)
    assert reactions.read(same).updated_at > changed.updated_at


async def test_hidden_and_restored(plaza: Plaza) -> None:
    """Feeds §7.3: soft deletion; counts keep their kinds, restoring what is not hidden finds nothing."""
    made = await react(plaza)
    with pytest.raises(NotFound):
        await do(plaza, reactions.restore, made)
    for _ in range(2):
        await do(plaza, reactions.hide, made)
        assert await counted(plaza, made.subject) == {"like": 0}
    assert await listed(plaza.store, made.subject) == []
    hidden = await found(plaza, made.name)
    assert hidden is not None
    assert reactions.read(hidden).deleted_at is not None
    with pytest.raises(NotFound):
        await change(plaza, made.name, data={})
    await do(plaza, reactions.restore, made)
    assert await counted(plaza, made.subject) == {"like": 1}
    assert await listed(plaza.store, made.subject) == [made.name]
    with pytest.raises(NotFound):
        await do(plaza, reactions.restore, made)


async def test_deleted_with_all_below(plaza: Plaza, monkeypatch: pytest.MonkeyPatch) -> None:
    """Feeds §7.3: descendants go too, hidden ones as well; many of them by jobs, and nothing is left of any."""
    monkeypatch.setattr(erasing, "AT_ONCE", 5)
    top = await react(plaza, "comment")
    below = [await react(plaza, "comment", parent=top.name) for _ in range(4)]
    deepest = [await react(plaza, "like", "carl", parent=one.name) for one in below for _ in range(3)]
    await do(plaza, reactions.hide, below[0])
    await do(plaza, reactions.hide, deepest[-1])
    beside = await react(plaza, "comment")
    await do(plaza, erasing.remove, top)
    assert await found(plaza, top.name) is None
    assert await plaza.work() > 1
    for row in (*below, *deepest):
        assert await found(plaza, row.name) is None
        named = await plaza.store.peek(objects.by_id, row.item)
        assert named is not None
        assert (named.kind, named.document) == (0, None)
    assert await counted(plaza, top.subject) == {"comment": 1}
    assert await counted(plaza, below[0].item) == {}
    assert await listed(plaza.store, top.subject) == [beside.name]


async def test_a_hidden_one_is_not_counted_down_twice(plaza: Plaza) -> None:
    made = await react(plaza)
    await react(plaza)
    await do(plaza, reactions.hide, made)
    await do(plaza, erasing.remove, made)
    assert await counted(plaza, made.subject) == {"like": 1}
    with pytest.raises(NotFound):
        await do(plaza, erasing.remove, made)


async def test_many_at_once(plaza: Plaza) -> None:
    """Whatever meets at one reaction, one of them does it and the others find it done."""
    made, stays = await react(plaza), await react(plaza)
    tenant = await plaza.refresh()

    async def at_once(verb: Any, row: FeedReaction) -> list[Any]:
        each = (verb(plaza.parts, tenant, row.name, anyone, author="") for _ in range(8))
        return await asyncio.gather(*each, return_exceptions=True)

    def missed(found: list[Any]) -> int:
        assert all(one is None or isinstance(one, NotFound) for one in found), found
        return sum(one is not None for one in found)

    assert missed(await at_once(reactions.hide, made)) == 0
    assert await counted(plaza, made.subject) == {"like": 1}
    assert missed(await at_once(reactions.restore, made)) == 7
    assert await counted(plaza, made.subject) == {"like": 2}
    mixed = await asyncio.gather(at_once(erasing.remove, made), at_once(reactions.hide, made))
    assert missed(mixed[0]) == 7
    missed(mixed[1])
    assert await counted(plaza, made.subject) == {"like": 1}
    replies = (react(plaza, parent=stays.name) for _ in range(8))
    removed, *_ = await asyncio.gather(at_once(erasing.remove, stays), *replies, return_exceptions=True)
    assert isinstance(removed, list)
    assert missed(removed) == 7
    await plaza.work()
    assert await plaza.store.read(feedreactions.of_author, tenant.id, "bob") == []
    taken = await asyncio.gather(*(react(plaza, id="mine") for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(one, NameTaken) for one in taken) == 7
    assert await counted(plaza, made.subject) == {"like": 1}


async def test_whoever_may_not_changes_nothing(plaza: Plaza) -> None:
    """Feeds §2.5: whether it exists is told before whether it is allowed."""
    made = await react(plaza, data={"x": 1})
    asked: list[str] = []

    def forbid(row: FeedReaction) -> None:
        asked.append(row.author)
        raise PermissionError

    tenant = await plaza.refresh()
    for verb in (reactions.hide, erasing.remove):
        with pytest.raises(PermissionError):
            await verb(plaza.parts, tenant, made.name, forbid, author="")
        with pytest.raises(NotFound):
            await verb(plaza.parts, tenant, "nobody", forbid, author="")
    with pytest.raises(PermissionError):
        await reactions.change(
            plaza.parts, tenant, made.name, dialect.changed({"data": {}}), forbid, author=""
        )
    with pytest.raises(NotFound):
        await reactions.restore(plaza.parts, tenant, made.name, forbid, author="")
    assert asked == ["bob"] * 3
    assert await found(plaza, made.name) == made
    assert await counted(plaza, made.subject) == {"like": 1}


async def test_feeds_are_told(plaza: Plaza) -> None:
    """Feeds §7.3: one activity for all target feeds, fanned out as usual."""
    await plaza.follow(("timeline:eve", "user:bob"))
    made = await react(
        plaza, "comment", target_feeds=["user:bob", "notification:ada"], target_feeds_extra_data={"text": "Hi"}
    )  # fmt: skip
    told = (await plaza.read("user:bob"))[0]
    kept = reactions.read(made)
    assert told | {"id": ""} == {
        "id": "", "actor": "SU:bob", "verb": "comment", "object": f"SA:{ROOT}", "target": "", "origin": None,
        "foreign_id": f"reaction:{made.name}", "reaction": f"SR:{made.name}", "text": "Hi",
        "time": kept.created_at.replace(tzinfo=None).isoformat(timespec="microseconds"),
    }  # fmt: skip
    assert [one["id"] for one in await plaza.read("notification:ada")] == [told["id"]]
    assert [one["origin"] for one in await plaza.read("timeline:eve")] == ["user:bob"]
    reply = await react(plaza, parent=made.name, target_feeds=["user:bob"])
    assert (await plaza.objects("user:bob"))[0] == f"SR:{made.name}"
    assert [str(feed) for feed in reactions.read(reply).target_feeds] == ["user:bob"]


async def test_a_group_that_is_not_there(plaza: Plaza) -> None:
    with pytest.raises(UnknownGroup):
        await react(plaza, id="mine", target_feeds=["nothing:1"])
    assert await found(plaza, "mine") is None


async def test_other_feeds_are_told(plaza: Plaza) -> None:
    """Feeds §7.3: a list on PUT is the new complete set; absent or null leaves it alone."""
    made = await react(plaza, target_feeds=["user:bob", "user:carl"], target_feeds_extra_data={"a": 1})
    before = (await plaza.read("user:bob"))[0]
    await change(plaza, made.name, data={"x": 1})
    assert await plaza.read("user:bob") == [before]
    changed = await change(
        plaza, made.name, target_feeds=["user:bob", "user:dave"], target_feeds_extra_data={"b": 2}
    )
    assert reactions.read(changed).data == {"x": 1}
    after = {name: value for name, value in before.items() if name != "a"} | {"b": 2}
    assert await plaza.read("user:bob") == await plaza.read("user:dave") == [after]
    assert await plaza.read("user:carl") == []
    await change(plaza, made.name, target_feeds=[])
    assert await plaza.read("user:bob") == []
    stored = await found(plaza, made.name)
    assert stored is not None
    assert reactions.read(stored).target_feeds == ()
    await change(plaza, made.name, target_feeds=["user:carl"])
    assert [one["id"] for one in await plaza.read("user:carl")] == [before["id"]]


async def test_what_was_told_comes_and_goes_with_the_reaction(plaza: Plaza) -> None:
    """Feeds §7.3: hidden with it, back with it, deleted with it, at followers too."""
    await plaza.follow(("timeline:eve", "user:bob"))
    feeds = ("user:bob", "notification:ada", "timeline:eve")
    made = await react(plaza, target_feeds=list(feeds[:2]), target_feeds_extra_data={"text": "Hi"})
    before = [await plaza.read(name) for name in feeds]
    told = UUID(before[0][0]["id"])
    assert await reading.some(plaza.parts, plaza.tenant, [told])
    await do(plaza, reactions.hide, made)
    assert [await plaza.read(name) for name in feeds] == [[], [], []]
    assert await reading.some(plaza.parts, plaza.tenant, [told]) == []
    await do(plaza, reactions.restore, made)
    assert [await plaza.read(name) for name in feeds] == before
    await do(plaza, erasing.remove, made)
    assert [await plaza.read(name) for name in feeds] == [[], [], []]
    reply_to = await react(plaza)
    await react(plaza, parent=reply_to.name, target_feeds=["user:bob"])
    await do(plaza, erasing.remove, reply_to)
    assert await plaza.read("user:bob") == []


async def test_web_hooks_hear_of_reactions(plaza: Plaza) -> None:
    """Feeds §11.3: what is new, updated or deleted, and nothing when nobody listens."""
    await react(plaza)
    hooked = await Plaza.made(plaza.store, "north", user={"webhook": "https://app.example/hook"})
    made = await react(hooked, data={"x": 1})
    await change(hooked, made.name, data={"x": 2})
    await do(hooked, reactions.hide, made)
    await do(hooked, erasing.remove, made)
    noted = await hooked.store.read(webhooks.oldest, hooked.tenant.id, limit=10)
    told = [one.event for one in noted]
    assert [one["type"] for one in told] == ["reaction.new", "reaction.updated", "reaction.deleted"]
    assert [one["generic"]["data"] for one in told] == [{"x": 1}, {"x": 2}, {"x": 2}]
    assert {one["generic"]["id"] for one in told} == {made.name}
    assert await plaza.store.read(webhooks.oldest, plaza.tenant.id, limit=10) == []
