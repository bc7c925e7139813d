"""Public feeds: actors that tell other servers what is in them, and nothing of anything else."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from plaza import BASE, Plaza
from world import PUBLIC, Others, World

from storage import Transaction, actors, open_store
from storage.actors import ActorRow, State
from streams import entities
from streams.errors import Gone, NotFound
from streams.events.documents import Asking
from streams.feeds import adding, presence
from streams.feeds import reactions as reacting
from streams.feeds.presence import Sought
from vocab import jsonld
from vocab.dialects.getstream import FeedId, reactions

pytestmark = pytest.mark.anyio

NEWS = {"public": True, "template": "{{ actor }} pinned {{ object }}: {{ message }}"}
PRESS = {"public": True}
ADA = f"{BASE}/entities/User/ada"


@pytest.fixture
async def world(ready_url: str) -> AsyncIterator[World]:
    """A server, and others around it."""
    async with open_store(ready_url, base_url=BASE) as store:
        yield World(store, Others(store))


@pytest.fixture
async def plaza(world: World) -> Plaza:
    """Feeds of which those of the groups ``news`` and ``press`` are public."""
    return await Plaza.made(world.store, news=NEWS, press=PRESS)


async def sought(plaza: Plaza, slug: str, id: str) -> Sought | None:
    return await presence.seek(plaza.parts, plaza.tenant.label, FeedId(slug, id))


async def actor_of(plaza: Plaza, slug: str, id: str) -> ActorRow:
    found = await sought(plaza, slug, id)
    assert found is not None
    return found.actor


async def followed(world: World, plaza: Plaza, slug: str = "news", id: str = "tea") -> ActorRow:
    """The actor of a feed in which there is something, with a follower on another server."""
    await plaza.add(f"{slug}:{id}", {"foreign_id": "first"})
    actor, bob = await actor_of(plaza, slug, id), await world.remote("bob")
    await world.hear(bob, actor, id=f"{bob.iri}/f/{slug}/{id}", type="Follow", object=actor.iri)
    return actor


async def said_by_ada(world: World) -> list[str]:
    """What anyone may see of what Ada did, newest first."""
    try:
        reading = await world.store.read(entities.outbox, ADA, Asking())
    except NotFound:
        return []
    assert reading.stream.public_total <= reading.stream.total
    return (await world.listed(ADA, "outbox"))[: reading.stream.public_total]


async def test_each_activity_in_a_public_feed_is_told_by_a_note(world: World, plaza: Plaza) -> None:
    """Feeds §5.2: what enters a public feed goes to its followers elsewhere, as a post that anyone can read."""
    tea = await followed(world, plaza)
    [made] = await plaza.add("news:tea", {"object": "Place:42", "message": "come & <b>see</b>"})
    [create] = await world.sent()
    note = create["object"]
    assert (create["type"], create["actor"], note["type"]) == ("Create", tea.iri, "Note")
    assert (note["attributedTo"], note["to"], note["cc"]) == (tea.iri, PUBLIC, tea.followers)
    assert note["content"] == "<p>ada pinned Place:42: come &amp; &lt;b&gt;see&lt;/b&gt;</p>"
    [attached] = note["attachment"]
    assert attached == {
        "id": f"{BASE}/activities/{made.id}", "type": "Activity", "actor": ADA, "to": PUBLIC,
        "object": f"{BASE}/entities/Place/42", "published": attached["published"],
        "hw:verb": "pin", "hw:custom": {"message": "come & <b>see</b>"},
    }  # fmt: skip


async def test_the_activity_is_linked_data(world: World, plaza: Plaza) -> None:
    """What leaves is Activity Streams that a processor of JSON-LD understands without asking anybody."""
    [made] = await plaza.add("news:tea", {"foreign_id": "f", "deep": {"@id": "no", "a": [1]}})
    shown = await world.shown(f"{BASE}/activities/{made.id}")
    [expanded] = jsonld.expand(shown)
    assert expanded["@type"] == ["https://www.w3.org/ns/activitystreams#Activity"]
    assert expanded["https://w3id.org/headwater/ns#verb"] == [{"@value": "pin"}]
    assert expanded["https://w3id.org/headwater/ns#custom"][0]["@type"] == "@json"


async def test_a_feed_is_called_by_its_parts(plaza: Plaza) -> None:
    ids = ("tea", "Tea", "-x-", "y" * 200)
    await plaza.add([f"news:{id}" for id in ids])
    names = [(await actor_of(plaza, "news", id)).name for id in ids]
    assert names[0] == "news.tea"
    assert len(set(names)) == len(ids)
    assert all(name.startswith("news.") and len(name) <= 64 for name in names)
    assert [presence.called(name) for name in names[:1]] == [("default", FeedId("news", "tea"))]


async def test_an_account_keeps_its_name(world: World, plaza: Plaza) -> None:
    """A feed whose handle is an account's goes by another one."""
    account = await world.local("news.tea")
    await plaza.add("news:tea")
    assert (await actor_of(plaza, "news", "tea")).name.startswith("default.news.tea.")
    assert (await world.find(account.iri)).name == "news.tea"


async def test_other_tenants_have_feeds_of_their_own(world: World, plaza: Plaza) -> None:
    other = await Plaza.made(world.store, "acme", news=NEWS)
    await other.add("news:tea")
    assert await sought(plaza, "news", "tea") is None
    actor = await actor_of(other, "news", "tea")
    assert (actor.iri, actor.name) == (f"{BASE}/tenants/acme/feeds/news/tea", "acme.news.tea")


async def test_feeds_are_no_accounts(world: World, plaza: Plaza) -> None:
    await world.local("ada")
    await plaza.add("news:tea")
    assert [actor.name for actor in await world.store.read(actors.local)] == ["ada"]
    assert await world.store.read(actors.count_local) == 1


async def test_a_change_changes_the_post(world: World, plaza: Plaza) -> None:
    """Feeds §6.6, §6.7: by a full or a partial update, and not by one that changes nothing."""
    await followed(world, plaza)
    [made] = await plaza.add("news:tea", {"foreign_id": "a", "message": "one"})
    await plaza.change({"id": str(made.id), "set": {"message": "two"}})
    again = {"foreign_id": "a", "time": made.time.isoformat(), "message": "three"}
    await plaza.replace(again)
    await plaza.add("news:tea", again)
    create, *updates = await world.sent()
    assert [one["type"] for one in updates] == ["Update", "Update"]
    assert {one["object"]["id"] for one in updates} == {create["object"]["id"]}
    told = [one["object"]["content"].removeprefix("<p>ada pinned Place:1: ") for one in updates]
    assert told == ["two</p>", "three</p>"]
    assert updates[-1]["object"]["attachment"][0]["hw:custom"] == {"message": "three"}


async def test_what_leaves_a_feed_is_deleted_there(world: World, plaza: Plaza) -> None:
    """Feeds §6.2: in the one feed that it left, and everywhere when it is deleted."""
    await followed(world, plaza)
    await followed(world, plaza, "press")
    [made] = await plaza.add(["news:tea", "press:tea"])
    notes = {body["actor"]: body["object"]["id"] for body in await world.sent()}
    await plaza.remove("press:tea", made.id)
    [deleted] = [body for body in await world.sent() if body["type"] == "Delete"]
    assert deleted["object"]["id"] == notes[f"{BASE}/feeds/press/tea"]
    assert (await world.shown(f"{BASE}/activities/{made.id}"))["type"] == "Activity"
    await plaza.remove("news:tea", made.id)
    deletes = [body["object"]["id"] for body in await world.sent() if body["type"] == "Delete"]
    assert sorted(deletes) == sorted(notes.values())
    with pytest.raises(Gone):
        await world.shown(f"{BASE}/activities/{made.id}")


async def test_copies_are_not_told(world: World, plaza: Plaza) -> None:
    """Feeds §5.2: what comes through a follow is told where it was added, not again where it is copied."""
    await followed(world, plaza, "press", "all")
    await plaza.follow(("press:all", "news:tea"))
    await plaza.add("news:tea")
    assert await world.sent() == []
    assert len(await plaza.read("press:all")) == 2


async def test_it_is_public_for_as_long_as_it_is_in_a_public_feed(world: World, plaza: Plaza) -> None:
    """Feeds §6.8: sent to a public feed and taken from there again, an activity is private as it was before."""
    await followed(world, plaza)
    [made] = await plaza.add("user:ada", {"foreign_id": "p"})
    iri = f"{BASE}/activities/{made.id}"
    with pytest.raises(NotFound):
        await world.shown(iri)
    before = await said_by_ada(world)
    await plaza.retarget({"id": str(made.id), "added_targets": ["news:tea"]})
    assert [body["type"] for body in await world.sent()] == ["Create"]
    assert (await world.shown(iri))["to"] == PUBLIC
    assert len(await said_by_ada(world)) == len(before) + 1
    await plaza.retarget({"id": str(made.id), "removed_targets": ["news:tea"]})
    assert [body["type"] for body in await world.sent()] == ["Delete"]
    with pytest.raises(NotFound):
        await world.shown(iri)
    assert len(await said_by_ada(world)) == len(before)
    assert await plaza.objects("user:ada") == ["Place:1"]


async def test_deleted_in_public_it_comes_back_private(world: World, plaza: Plaza) -> None:
    again = {"foreign_id": "a", "time": "2026-01-01T00:00:00"}
    [made] = await plaza.add("news:tea", again)
    await plaza.remove("news:tea", made.id)
    await plaza.add("user:ada", again)
    assert await plaza.objects("user:ada") == ["Place:1"]
    with pytest.raises(NotFound):
        await world.shown(f"{BASE}/activities/{made.id}")
    assert await said_by_ada(world) == []


async def test_private_feeds_say_nothing(world: World, plaza: Plaza) -> None:
    """Nothing of a feed that is not public leaves, is listed, or can be found."""
    [made] = await plaza.add("user:ada", {"to": ["timeline:bob"]})
    assert await sought(plaza, "user", "ada") is None
    assert await world.deliveries() == []
    assert await said_by_ada(world) == []
    assert await world.store.read(_count_actors) == 0
    with pytest.raises(NotFound):
        await world.shown(f"{BASE}/activities/{made.id}")


async def _count_actors(tx: Transaction) -> int:
    row = await tx.one("SELECT count(*) FROM actors")
    return 0 if row is None else int(str(row[0]))


async def test_the_names_of_private_feeds_do_not_leave(world: World, plaza: Plaza) -> None:
    await followed(world, plaza)
    await plaza.add("news:tea", {"to": ["timeline:secret"]})
    [create] = await world.sent()
    assert "secret" not in str(create)


async def test_made_public_later_it_tells_what_is_new(world: World, plaza: Plaza) -> None:
    """A feed that becomes public is an actor once somebody looks for it, and tells what comes from then on."""
    private = plaza.regrouped(news={})
    await private.add("news:tea", {"object": "Place:1"})
    assert await sought(private, "news", "tea") is None
    actor = await actor_of(plaza, "news", "tea")
    assert await world.listed(actor.iri, "outbox") == []
    await plaza.add("news:tea", {"object": "Place:2"})
    assert len(await world.listed(actor.iri, "outbox")) == 1


async def test_made_private_again_it_changes_and_deletes_what_it_told(world: World, plaza: Plaza) -> None:
    """What was told stays told; it follows what becomes of the activity, and nothing new is told."""
    await followed(world, plaza)
    [made] = await plaza.add("news:tea", {"foreign_id": "a"})
    private = plaza.regrouped(news={})
    await private.add("news:tea", {"object": "Place:2"})
    await private.change({"id": str(made.id), "set": {"message": "two"}})
    assert [body["type"] for body in await world.sent()] == ["Create", "Update"]
    await private.remove("news:tea", made.id)
    assert [body["type"] for body in await world.sent()] == ["Delete"]


async def test_a_suspended_feed_goes_on_in_silence(world: World, plaza: Plaza) -> None:
    """Who moderates may silence a feed elsewhere; applications notice nothing."""
    actor = await followed(world, plaza)
    await world.store.write(actors.set_state, actor.id, State.SUSPENDED)
    [made] = await plaza.add("news:tea", {"object": "Place:2", "foreign_id": "a"})
    await plaza.change({"id": str(made.id), "set": {"message": "two"}})
    await plaza.remove("news:tea", made.id)
    assert await world.sent() == []
    assert await plaza.objects("news:tea") == ["Place:1"]


async def test_what_goes_into_many_public_feeds_is_told_in_portions(world: World, plaza: Plaza) -> None:
    """Feeds §6.4: some at once, the others by jobs, and each once."""
    names = [f"press:{n}" for n in range(2 * adding.TOLD_AT_ONCE + 1)]
    await plaza.add(names)
    last = await actor_of(plaza, "press", str(len(names) - 1))
    assert await world.listed(last.iri, "outbox") == []
    assert await plaza.work() == 2
    for name in names:
        actor = await actor_of(plaza, *name.split(":"))
        assert len(await world.listed(actor.iri, "outbox")) == 1


async def test_a_backdated_activity_is_told_with_its_date(world: World, plaza: Plaza) -> None:
    """And one of the future with today's: other servers refuse what has yet to happen."""
    await followed(world, plaza)
    await plaza.add("news:tea", {"time": "2019-05-01T10:00:00"}, {"time": "2126-05-01T10:00:00"})
    dates = [body["object"]["published"] for body in await world.sent()]
    assert dates[0] == "2019-05-01T10:00:00Z"
    assert dates[1] < "2027"


async def test_what_a_reaction_tells_is_told_for_as_long_as_it_shows(world: World, plaza: Plaza) -> None:
    """Feeds §7.3: by a Note that goes when the reaction is hidden, and a new one when it is restored."""
    await followed(world, plaza, "press")
    [made] = await plaza.add("user:ada")
    new = reactions.posted({"kind": "like", "activity_id": str(made.id), "target_feeds": ["press:tea"]})
    row = await reacting.add(plaza.parts, await plaza.refresh(), new, "bob", author="bob")
    [create] = await world.sent()
    assert create["object"]["content"] == "<p>bob liked an activity</p>"
    await reacting.hide(plaza.parts, plaza.tenant, row.name, lambda _: None, author="bob")
    assert [body["type"] for body in await world.sent()] == ["Delete"]
    await reacting.restore(plaza.parts, plaza.tenant, row.name, lambda _: None, author="bob")
    again = (await world.sent())[-1]
    assert (again["type"], again["object"]["content"]) == ("Create", create["object"]["content"])


async def test_a_feed_that_many_fill_at_once_becomes_one_actor(world: World, plaza: Plaza) -> None:
    """And so do the many that many look for."""
    await asyncio.gather(*(plaza.add("news:tea", {"foreign_id": str(n)}) for n in range(8)))
    actor = await actor_of(plaza, "news", "tea")
    assert len(await world.listed(actor.iri, "outbox")) == 8
    await plaza.regrouped(news={}).add("news:quiet")
    found = await asyncio.gather(*(actor_of(plaza, "news", "quiet") for _ in range(4)))
    assert len({one.id for one in found}) == 1


async def test_nobody_elsewhere_is_made_to_say_anything(world: World, plaza: Plaza) -> None:
    """What an application tells of an actor of another server is no word of theirs, nor theirs to read."""
    bob = await world.remote("bob")
    [made] = await plaza.add("user:ada", {"actor": bob.iri})
    await plaza.add("news:tea", {"actor": bob.iri})
    assert await world.listed(bob.iri, "outbox") == []
    with pytest.raises(NotFound):
        await world.shown(f"{BASE}/activities/{made.id}", bob)
    assert [one["actor"] for one in await plaza.read("user:ada")] == [bob.iri]


async def test_no_account_is_made_to_say_anything_by_another_tenant(world: World, plaza: Plaza) -> None:
    """An account acts in the feeds of the default tenant alone, whatever an actor of others is called."""
    ada = await world.local("ada")
    acme = await Plaza.made(world.store, "acme", news=NEWS)
    [made] = await acme.add("news:tea", {"actor": ada.iri})
    assert await world.listed(ada.iri, "outbox") == []
    shown = await world.shown(f"{BASE}/tenants/acme/activities/{made.id}")
    assert shown["actor"].startswith(f"{BASE}/tenants/acme/entities/https/")
    assert [one["actor"] for one in await acme.read("news:tea")] == [ada.iri]
    await plaza.add("news:tea", {"actor": ada.iri})
    assert len(await world.listed(ada.iri, "outbox")) == 1
