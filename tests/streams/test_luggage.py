"""Luggage on both engines: each piece once, in its place, in silence."""

from typing import Any

import luggage_of
import pytest
from luggage_of import ADA, FILE, PUBLIC
from world import BASE, World

from storage import Transaction, entries, former, jobs, media, objects
from storage.actors import ActorRow
from storage.entries import OLDEST
from storage.files import File
from streams import luggage, moving, read
from streams.errors import NotAllowed, NotFound, Redundant, Refused
from streams.luggage import Traveller
from vocab import Activity, from_json
from vocab.dialects.mastodon import Removal

pytestmark = pytest.mark.anyio


def traveller(actor: ActorRow) -> Traveller:
    return Traveller(actor, Removal(ADA, f"{ADA}/followers", actor.iri, actor.followers or ""), BASE)


async def bring(world: World, actor: ActorRow, item: dict[str, Any], *files: File) -> bool:
    activity = Activity(from_json(item).data)
    if item["type"] == "Announce":
        return await world.store.write(luggage.share, traveller(actor), activity, now=world.now)
    paths = dict.fromkeys([FILE], *files) if files else {}
    return await world.store.write(luggage.post, traveller(actor), activity, paths, now=world.now)


async def now_at(world: World, actor: ActorRow, old: str) -> str:
    async def find(tx: Transaction) -> str:
        row = await former.find(tx, actor.id, old)
        assert row is not None
        return await objects.iri_of(tx, row)

    return await world.store.read(find)


async def test_posts_take_their_place_in_silence(world: World) -> None:
    """AP-756, AP-151, AP-199: below what was said since, in the order they were said; nobody hears of them."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    await world.say(eve, type="Follow", object=ada.iri, to=ada.iri)
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    said = await world.say(ada, type="Note", content="new", to=[PUBLIC, ada.followers])
    heard, sent = await world.listed(eve.iri, "inbox"), await world.deliveries()
    for number in (5, 2, 8):
        item = luggage_of.create(
            number, tag=[{"type": "Mention", "href": eve.iri}], cc=[f"{ADA}/followers", eve.iri]
        )
        assert await bring(world, ada, item)
        assert not await bring(world, ada, item)
    said_by_ada = [await world.shown(iri, ada) for iri in await world.listed(ada.iri, "outbox")]
    posts = [item for item in said_by_ada if item["type"] == "Create"]
    assert posts[0]["id"] == said.id
    assert [item["published"][-3:-1] for item in posts[1:]] == ["08", "05", "02"]
    assert await world.listed(eve.iri, "inbox") == heard
    assert await world.deliveries() == sent


async def test_pages_stay_whole_while_history_comes_in(world: World) -> None:
    """AP-155, AP-156: who walks the outbox meanwhile meets everything that was there exactly once."""
    ada = await world.local("ada")
    there = [(await world.say(ada, type="Note", content=f"{n}", to=PUBLIC)).id for n in range(7)]
    for number in (10, 20, 30):
        await bring(world, ada, luggage_of.create(number))

    async def walked(tx: Transaction, bounds: read.Bounds) -> read.Page:
        row = await objects.by_iri(tx, ada.iri)
        assert row is not None
        return await read.page(tx, await read.open_stream(tx, row, "outbox", None), bounds, limit=3)

    seen: list[str] = []
    bounds: read.Bounds | None = read.Bounds()
    number = 31
    while bounds is not None:
        page = await world.store.read(walked, bounds)
        seen += [entry.iri for entry in page.entries]
        bounds = page.older
        await bring(world, ada, luggage_of.create(number))
        await bring(world, ada, luggage_of.create(number - 30))
        number += 1
    assert [iri for iri in seen if iri in there] == there[::-1]
    assert len(seen) == len(set(seen))
    assert bounds is None
    assert OLDEST == 0


async def test_a_poll_comes_with_its_result(world: World) -> None:
    """AP-266, AP-756: the counts stay, nobody can vote any more, and nobody is told of its end."""
    ada, eve = await world.local("ada"), await world.local("eve")
    options = [
        {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": 3}} for name in "ab"
    ]
    for number, end in ((1, "2019-05-02T00:00:00Z"), (2, "2099-01-01T00:00:00Z")):
        await bring(
            world, ada, luggage_of.create(number, type="Question", oneOf=options, endTime=end, votersCount=6)
        )
        poll = await now_at(world, ada, f"{ADA}/statuses/{number}")
        assert [one["replies"]["totalItems"] for one in (await world.shown(poll))["oneOf"]] == [3, 3]
        with pytest.raises(Refused):
            await world.say(eve, type="Note", name="a", inReplyTo=poll, to=ada.iri)
    world.now += 400 * 86_400 * 1_000_000
    assert await world.deliveries() == []

    async def chores(tx: Transaction) -> list[Any]:
        return list(await jobs.waiting(tx, "chores"))

    assert await world.store.read(chores) == []


async def test_own_replies_are_joined_whatever_comes_first(world: World) -> None:
    """AP-756: a reply finds its parent, sooner or later; one to somebody else keeps the address it had."""
    ada = await world.local("ada")
    await bring(world, ada, luggage_of.create(3, inReplyTo=f"{ADA}/statuses/1"))
    await bring(world, ada, luggage_of.create(1))
    await bring(world, ada, luggage_of.create(2, inReplyTo=f"{ADA}/statuses/1"))
    await bring(world, ada, luggage_of.create(4, inReplyTo="https://old.example/users/eve/statuses/9"))
    first, second, third, fourth = [await now_at(world, ada, f"{ADA}/statuses/{n}") for n in (1, 2, 3, 4)]
    assert {(await world.shown(iri))["inReplyTo"] for iri in (second, third)} == {first}
    assert set(await world.listed(first, "replies")) == {second, third}
    assert (await world.shown(fourth))["inReplyTo"] == "https://old.example/users/eve/statuses/9"


async def test_private_posts_stay_private(world: World) -> None:
    """SEC-032, AP-070: for followers means the followers here; for one person, that person; blind ones are gone."""
    ada, eve, odd = await world.local("ada"), await world.local("eve"), await world.local("odd")
    await world.say(eve, type="Follow", object=ada.iri, to=ada.iri)
    await bring(world, ada, luggage_of.create(1, to=[f"{ADA}/followers"], cc=[]))
    await bring(world, ada, luggage_of.create(2, to=[odd.iri], cc=[]))
    followers_only, direct = [await now_at(world, ada, f"{ADA}/statuses/{n}") for n in (1, 2)]
    assert (await world.shown(followers_only, eve))["content"] == "<p>Post 1</p>"
    assert (await world.shown(direct, odd))["content"] == "<p>Post 2</p>"
    for iri, viewer in ((followers_only, odd), (followers_only, None), (direct, eve), (direct, None)):
        with pytest.raises(LookupError):
            await must_show(world, iri, viewer)


async def must_show(world: World, iri: str, viewer: ActorRow | None) -> None:
    try:
        await world.shown(iri, viewer)
    except NotFound:
        raise LookupError(iri) from None


async def test_files_are_seen_by_those_who_see_the_post(world: World) -> None:
    """AP-580, SEC-098: a picture belongs to the actor and to the post that shows it."""
    ada = await world.local("ada")
    picture = {"type": "Document", "mediaType": "image/png", "url": f"/{FILE}", "name": "a dot"}
    await bring(world, ada, luggage_of.create(1, attachment=[picture]), File("d" * 64, "image/png", 9, 1, 1))
    shown = await world.shown(await now_at(world, ada, f"{ADA}/statuses/1"))
    attached = shown["attachment"][0] if isinstance(shown["attachment"], list) else shown["attachment"]
    found = await world.store.read(media.find, attached["url"].rpartition("/")[2])
    assert found is not None
    assert found.owner == ada.id
    assert await world.store.read(media.shown_by, found.id) != []


async def test_shares_and_likes_are_references(world: World) -> None:
    """AP-756: of one's own posts under their new names, of others' under theirs; counted once, told to nobody."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await bring(world, ada, luggage_of.create(1))
    mine = await now_at(world, ada, f"{ADA}/statuses/1")
    for number, about in ((2, f"{ADA}/statuses/1"), (3, f"{bob.iri}/n/1")):
        assert await bring(world, ada, luggage_of.announce(number, about))
        assert not await bring(world, ada, luggage_of.announce(number, about))
    assert len(await world.listed(mine, "shares")) == 1
    for about in (f"{ADA}/statuses/1", f"{bob.iri}/n/2"):
        assert await world.store.write(luggage.like, traveller(ada), about, now=world.now)
        assert not await world.store.write(luggage.like, traveller(ada), about, now=world.now)
    assert set(await world.listed(ada.iri, "liked")) == {mine, f"{bob.iri}/n/2"}
    assert len(await world.listed(ada.iri, "outbox")) == 3
    assert await world.deliveries() == []
    await world.say(ada, type="Like", object=f"{bob.iri}/n/7", to=bob.iri)
    with pytest.raises(Redundant):
        await world.store.write(luggage.like, traveller(ada), f"{bob.iri}/n/7", now=world.now)


async def test_only_what_the_actor_said(world: World) -> None:
    """SEC-099: what the archive says of others is not brought, nor what no client could write."""
    ada = await world.local("ada")
    eve = {**luggage_of.create(1), "actor": f"{ADA}x"}
    with pytest.raises(Refused):
        await bring(world, ada, eve)
    with pytest.raises(Refused):
        await bring(world, ada, {**luggage_of.announce(2, "https://far.example/n"), "actor": f"{ADA}x"})
    with pytest.raises((Refused, NotAllowed)):
        await bring(world, ada, luggage_of.create(3, type="Person"))
    with pytest.raises(Refused):
        await bring(world, ada, luggage_of.create(4, publicKeyPem="x"))


async def test_collections_are_private_and_filled_once(world: World) -> None:
    """AP-165, AP-756: bookmarks and lists become private collections of the actor."""
    ada, eve = await world.local("ada"), await world.local("eve")
    marks = await world.store.write(luggage.collection, traveller(ada), "Bookmarks", now=world.now)
    assert await world.store.write(luggage.collection, traveller(ada), "Bookmarks", now=world.now) == marks
    for new in (True, False):
        work = luggage.collect
        assert (
            await world.store.write(work, traveller(ada), marks, "https://far.example/n/1", now=world.now)
            is new
        )
    assert await world.listed(marks, "collection") == ["https://far.example/n/1"]
    with pytest.raises(LookupError):
        await must_show(world, marks, eve)
    assert await world.listed(ada.iri, "outbox") == []
    assert (await world.store.read(entries.by_iri, marks)) is not None


async def test_moving_in(world: World) -> None:
    """AP-098: the former account is an alias from now on, so that its followers can be moved here."""
    ada = await world.local("ada")
    archived = from_json(
        {"type": "Person", "id": ADA, "name": "Ada", "summary": "<p>hi</p><script>x</script>"}
    )
    taken = await world.store.write(moving.profile, traveller(ada), archived, {}, now=world.now)
    assert taken == ["alsoKnownAs", "name", "summary"]
    row = await world.store.read(objects.by_iri, ada.iri)
    assert row is not None
    assert ADA in (row.document or "")
    assert "script" not in (row.document or "")
    assert await world.store.write(moving.profile, traveller(ada), archived, {}, now=world.now) == []
    assert await world.deliveries() == []
