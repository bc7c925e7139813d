"""Accounts and feeds: what Ada says is in ``user:ada``, as far as whoever reads that may know it."""

from collections.abc import AsyncIterator

import pytest
from plaza import BASE, Plaza
from world import PUBLIC, Others, World

from storage import Transaction, entries, open_store
from storage.actors import ActorRow
from storage.placements import Shown
from streams import farewell, linked
from streams.errors import Refused
from streams.feeds import presence
from vocab.dialects.getstream import FeedId, ids, times

pytestmark = pytest.mark.anyio

PRESS = {"public": True}


@pytest.fixture
async def world(ready_url: str) -> AsyncIterator[World]:
    """A server, and others around it."""
    async with open_store(ready_url, base_url=BASE) as store:
        yield World(store, Others(store))


@pytest.fixture
async def plaza(world: World) -> Plaza:
    """The feeds of the default tenant."""
    return await Plaza.made(world.store, press=PRESS)


@pytest.fixture
async def ada(world: World, plaza: Plaza) -> ActorRow:
    """An account, whose feed nobody has used yet."""
    return await world.local("ada")


async def note(world: World, ada: ActorRow, text: str, *, to: str = PUBLIC) -> str:
    """Let Ada write something, and return the id of the activity."""
    return (await world.say(ada, type="Note", content=text, to=to)).id or ""


async def work(world: World, plaza: Plaza) -> int:
    """Do what waits, once both clocks show the same time."""
    plaza.now[0] = max(plaza.now[0], world.now)
    return await plaza.work()


async def test_what_an_account_says_is_in_its_feed(world: World, plaza: Plaza, ada: ActorRow) -> None:
    """One core: from the first look at the feed on, what was said before and what is said after."""
    first = await note(world, ada, "one")
    assert [one["foreign_id"] for one in await plaza.read("user:ada")] == [first]
    second = await note(world, ada, "two")
    newest, oldest = await plaza.read("user:ada")
    assert (newest["foreign_id"], oldest["foreign_id"]) == (second, first)
    assert (newest["actor"], newest["verb"], newest["origin"]) == ("SU:ada", "create", None)
    assert newest["object"].startswith(f"{BASE}/objects/")
    assert newest["as2"]["object"]["content"] == "two"


async def test_its_id_follows_from_its_date_and_iri(world: World, plaza: Plaza, ada: ActorRow) -> None:
    """Feeds §3.2: clients may work it out."""
    await note(world, ada, "one")
    [shown] = await plaza.read("user:ada")
    time = times.parse(shown["time"])
    assert time is not None
    assert shown["id"] == str(ids.of_foreign_id(time, shown["foreign_id"]))


async def test_nobody_pays_who_has_no_feed(world: World, plaza: Plaza, ada: ActorRow) -> None:
    await note(world, ada, "one")
    assert await world.store.read(_known) == 0
    bert = await world.local("bert.b")
    await note(world, bert, "a name that no feed can have")
    assert await work(world, plaza) == 0


async def _known(tx: Transaction) -> int:
    row = await tx.one("SELECT count(*) FROM feed_activities")
    return 0 if row is None else int(str(row[0]))


async def test_a_long_history_comes_in_by_and_by(
    world: World, plaza: Plaza, ada: ActorRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest at once, so that a first page is whole; the others by jobs, as many as can be read."""
    monkeypatch.setattr(linked, "AT_ONCE", 3)
    said = [await note(world, ada, str(n)) for n in range(8)]
    assert [one["foreign_id"] for one in await plaza.read("user:ada")] == said[:-4:-1]
    said.append(await note(world, ada, "meanwhile"))
    await work(world, plaza)
    assert [one["foreign_id"] for one in await plaza.read("user:ada")] == said[::-1]


async def test_what_is_not_for_everyone_is_for_servers_and_the_user(
    world: World, plaza: Plaza, ada: ActorRow
) -> None:
    """Visibility: no reader of the feed, no follower of it and no public feed is shown what Ada told her followers."""
    await plaza.follow(("timeline:bob", "user:ada"))
    await note(world, ada, "hush", to=ada.followers or "")
    await work(world, plaza)
    assert await plaza.read("user:ada") == []
    [shown] = await plaza.read("user:ada", shown=Shown.OWNER)
    assert await plaza.read("timeline:bob", shown=Shown.NOBODY) == []
    await plaza.retarget({"id": shown["id"], "added_targets": ["press:all", "timeline:eve"]})
    assert await plaza.read("timeline:eve") == []
    assert await plaza.read("press:all") == []
    actor = await presence.seek(plaza.parts, "default", FeedId("press", "all"))
    assert actor is not None
    assert await world.listed(actor.actor.iri, "outbox") == []


async def test_followers_are_given_what_is_said(world: World, plaza: Plaza, ada: ActorRow) -> None:
    """Feeds §5.2, §5.3: by a follow what was said before, by a job what is said after."""
    first = await note(world, ada, "one")
    await plaza.follow(("timeline:bob", "user:ada"), ("notification:bob", "user:ada"))
    second = await note(world, ada, "two")
    await work(world, plaza)
    assert [one["foreign_id"] for one in await plaza.read("timeline:bob")] == [second, first]
    assert {one["origin"] for one in await plaza.read("timeline:bob")} == {"user:ada"}


async def test_edits_and_deletions_show_at_once(world: World, plaza: Plaza, ada: ActorRow) -> None:
    await plaza.follow(("timeline:bob", "user:ada"))
    await note(world, ada, "one")
    await work(world, plaza)
    [shown] = await plaza.read("timeline:bob")
    iri = shown["object"]
    await world.say(ada, type="Update", object={"id": iri, "content": "two"})
    for feed in ("user:ada", "timeline:bob"):
        assert [one["as2"]["object"]["content"] for one in await plaza.read(feed)] == ["two"]
    await world.say(ada, type="Delete", object=iri)
    for feed in ("user:ada", "timeline:bob"):
        assert await plaza.read(feed) == []
    await work(world, plaza)
    assert await world.store.read(_known) == 0


async def test_what_is_taken_back_is_gone(world: World, plaza: Plaza, ada: ActorRow) -> None:
    """An Undo takes what it undoes out of the feed; one before the first look keeps it from coming in."""
    await plaza.follow(("timeline:bob", "user:ada"))
    post = await note(world, ada, "one")
    share = await world.say(ada, type="Like", object=(await plaza.read("user:ada"))[0]["object"], to=PUBLIC)
    await work(world, plaza)
    assert [one["verb"] for one in await plaza.read("timeline:bob")] == ["like", "create"]
    await world.say(ada, type="Undo", object=share.id)
    assert [one["foreign_id"] for one in await plaza.read("user:ada")] == [post]
    await work(world, plaza)
    assert [one["foreign_id"] for one in await plaza.read("timeline:bob")] == [post]


async def test_history_leaves_out_what_was_taken_back(world: World, plaza: Plaza, ada: ActorRow) -> None:
    """And what tells nothing, or was made in feeds."""
    bob = await world.local("bob")
    await plaza.add("timeline:ada", {"actor": "SU:ada"})
    post = await note(world, ada, "one")
    gone = await world.say(ada, type="Note", content="two", to=PUBLIC)
    await world.say(ada, type="Delete", object=gone.one_id("object"))
    follow = await world.say(ada, type="Follow", object=bob.iri, to=bob.iri)
    await world.say(ada, type="Undo", object=follow.id)
    assert [one["foreign_id"] for one in await plaza.read("user:ada", shown=Shown.OWNER)] == [post]


async def test_feeds_cannot_change_or_delete_it(world: World, plaza: Plaza, ada: ActorRow) -> None:
    """Feeds §6.2, §6.6, §6.7: an application may remove a post from the feed; the post stays its author's."""
    iri = await note(world, ada, "one")
    [shown] = await plaza.read("user:ada")
    with pytest.raises(Refused):
        await plaza.change({"id": shown["id"], "set": {"as2": 1}})
    forged = {"foreign_id": iri, "time": shown["time"], "object": "Place:forged"}
    with pytest.raises(Refused):
        await plaza.replace(forged)
    await plaza.add("flat:other", forged)
    assert await plaza.objects("flat:other") == [shown["object"]]
    await plaza.retarget({"id": shown["id"], "added_targets": ["timeline:eve"]})
    [sent_on] = await plaza.read("timeline:eve")
    assert (sent_on["to"], sent_on["as2"]["object"]["content"]) == (["timeline:eve"], "one")
    for feed in ("user:ada", "flat:other"):
        await plaza.remove(feed, iri)
    assert await plaza.read("timeline:eve") == []
    assert (await world.shown(iri))["object"]["content"] == "one"
    assert iri in await world.listed(ada.iri, "outbox")


async def test_what_feeds_tell_of_an_account_is_in_its_outbox(
    world: World, plaza: Plaza, ada: ActorRow
) -> None:
    """One core: an activity added by the SDK stands in the account's outbox, for the account alone."""
    [made] = await plaza.add("user:ada")
    iri = f"{BASE}/activities/{made.id}"
    assert await world.listed(ada.iri, "outbox") == [iri]
    outbox = await world.store.read(entries.find, ada.id, "outbox")
    assert outbox is not None
    assert (outbox.total, outbox.public_total) == (1, 0)
    assert (await world.shown(iri, ada))["actor"] == ada.iri


async def test_a_public_feed_announces_what_its_account_says(
    world: World, plaza: Plaza, ada: ActorRow
) -> None:
    """Whoever follows the feed of an account from elsewhere is shown its posts, by an Announce that ends with them."""
    public = plaza.regrouped(user=PRESS)
    await public.read("user:ada")
    found = await presence.seek(public.parts, "default", FeedId("user", "ada"))
    bob = await world.remote("bob")
    assert found is not None
    await world.hear(bob, found.actor, id=f"{bob.iri}/f", type="Follow", object=found.actor.iri)
    await note(world, ada, "one")
    await note(world, ada, "hush", to=ada.followers or "")
    await work(world, public)
    [announce] = await world.sent()
    assert (announce["type"], announce["actor"]) == ("Announce", found.actor.iri)
    [shown] = await public.read("user:ada")
    assert announce["object"] == shown["object"]
    await world.say(ada, type="Delete", object=shown["object"])
    await work(world, public)
    assert [body["type"] for body in await world.sent() if body["actor"] == found.actor.iri][-1] == "Undo"


async def test_a_feed_that_groups_has_it_in_groups(world: World, plaza: Plaza, ada: ActorRow) -> None:
    grouped = plaza.regrouped(user={"type": "aggregated", "aggregation": "{{ verb }}"})
    await grouped.add("user:ada", {"verb": "pin"})
    await note(world, ada, "one")
    await work(world, grouped)
    assert await world.store.read(_bundles) == ["create", "pin"]


async def _bundles(tx: Transaction) -> list[str]:
    rows = await tx.all("SELECT name FROM bundles ORDER BY name")
    return [str(row[0]) for row in rows]


async def test_a_closed_account_leaves_its_feed_empty(world: World, plaza: Plaza, ada: ActorRow) -> None:
    await note(world, ada, "one")
    assert len(await plaza.read("user:ada")) == 1
    await world.store.write(farewell.close, ada, base_url=BASE, now=world.now)
    while await world.chores(later=10_000_000):
        pass
    assert await plaza.read("user:ada") == []


async def test_who_names_what_was_not_said_to_them_is_not_told_it(
    world: World, plaza: Plaza, ada: ActorRow
) -> None:
    """Feeds §3.3: to add what has that foreign id and time shows what is stored, to those who may read it."""
    await plaza.read("user:ada")
    iri = await note(world, ada, "hush", to=ada.followers or "")
    [shown] = await plaza.read("user:ada", shown=Shown.OWNER)
    named = {"foreign_id": iri, "time": shown["time"]}
    with pytest.raises(Refused):
        await plaza.add("user:eve", named, upsert=False, reader="eve")
    assert await plaza.read("user:eve", shown=Shown.OWNER) == []
    for reader in ("ada", None):
        [told] = await plaza.add("flat:ada", named, upsert=False, reader=reader)
        assert (told.foreign_id, told.actor, told.custom["as2"]["to"]) == (iri, "SU:ada", ada.followers)
