"""Objects, actors and collections of other servers."""

import copy

import pytest

from federation import Budget, Fetcher
from federation.errors import BadAnswer, BudgetSpent, Disbelieved, Gone, Unreachable
from storage import actors, keys
from vocab import Object

pytestmark = pytest.mark.anyio

ADA = "https://a.example/u/ada"
BOX = "https://a.example/box"
DAY_SECONDS = 86_400


@pytest.fixture
def ada(vectors):
    return copy.deepcopy(vectors.actor)


async def test_a_node_of_a_document(world, net):
    """AP-062: an id with a fragment is a node of the document without it."""
    net.show(
        BOX,
        {
            "id": BOX,
            "type": "Note",
            "tag": [{"id": f"{BOX}#1", "type": "Tag"}, {"id": f"{BOX}#2", "name": "two"}],
        },
    )
    assert (await world.fetcher.object(f"{BOX}#2")).text("name") == "two"
    with pytest.raises(Disbelieved):
        await world.fetcher.object(f"{BOX}#3")
    assert net.asked == [BOX, BOX]


async def test_actor_is_kept(world, net, ada):
    """AP-105: read once, then from storage, then again after a day."""
    net.show(ADA, ada)
    assert (await world.fetcher.actor(ADA)).get("preferredUsername") == "ada"
    kept = await world.fetcher.actor(ADA)
    assert kept.get("inbox") == ada["inbox"]
    assert net.asked == [ADA]
    row = await world.store.read(actors.find, ADA)
    assert (row.inbox, row.host) == (ada["inbox"], "a.example")
    world.later(DAY_SECONDS + 1)
    await world.fetcher.actor(ADA)
    assert net.asked == [ADA, ADA]


async def test_refresh(world, net, ada):
    """AP-345: on request it is read again, and only the origin's copy counts."""
    net.show(ADA, ada)
    await world.fetcher.actor(ADA)
    net.show(ADA, ada | {"name": "Ada L."})
    assert (await world.fetcher.actor(ADA, refresh=True)).text("name") == "Ada L."
    assert (await world.fetcher.actor(ADA)).text("name") == "Ada L."


async def test_old_copy_while_the_host_is_away(world, net, ada):
    """AP-105: a refresh that fails temporarily keeps the old copy; asked for expressly, it fails."""
    net.show(ADA, ada)
    await world.fetcher.actor(ADA)
    net.silence(ADA)
    world.later(DAY_SECONDS + 1)
    assert (await world.fetcher.actor(ADA)).id == ADA
    with pytest.raises(Unreachable):
        await world.fetcher.actor(ADA, refresh=True)
    net.fail(ADA, 410)
    with pytest.raises(Gone):
        await world.fetcher.actor(ADA)


async def test_known_to_be_gone(world, net, ada):
    """AP-105: who was deleted is not asked for again."""
    row = await world.store.write(actors.keep, Object(ada), now=world.now)
    await world.store.write(actors.set_state, row.id, actors.State.GONE)
    world.later(DAY_SECONDS + 1)
    with pytest.raises(Gone):
        await world.fetcher.actor(ADA)
    assert net.requests == []


@pytest.mark.parametrize(
    "change",
    [
        {"inbox": None},
        {"inbox": "https://b.example/users/me/inbox"},
        {"inbox": "https://evil.example/inbox"},
        {"inbox": "ftp://a.example/inbox"},
        {"inbox": 7},
    ],
)
async def test_no_actor(world, net, ada, change):
    """AP-104, SEC-026: without an inbox of its own origin it is none, and is not kept."""
    net.show(ADA, {name: value for name, value in (ada | change).items() if value is not None})
    with pytest.raises(Disbelieved):
        await world.fetcher.actor(ADA)
    assert await world.store.read(actors.find, ADA) is None


async def test_actor_with_nothing_but_an_inbox(world, net):
    """AP-103: some servers show no outbox, no followers, no name."""
    net.show(ADA, {"id": ADA, "type": "Person", "inbox": f"{ADA}/inbox"})
    assert (await world.fetcher.actor(ADA)).id == ADA
    assert (await world.store.read(actors.find, ADA)).name == "a.example"


async def test_keys_go_with_the_actor(world, net, ada):
    """SEC-011: reading an actor drops keys it lists no more."""
    await world.store.write(
        keys.put, id=f"{ADA}#old", actor=ADA, algorithm="rsa", public=ada["publicKey"]["publicKeyPem"], now=0
    )
    net.show(ADA, ada)
    await world.fetcher.actor(ADA)
    assert await world.store.read(keys.by_id, f"{ADA}#old") is None


def page(id, items=(), **members):
    return {"id": id, "type": "OrderedCollectionPage", "orderedItems": list(items), **members}


async def test_collection_walk(world, net):
    """AP-167: linked and embedded pages, items of both names, members as ids or objects, loops."""
    net.show(BOX, {"id": BOX, "type": "OrderedCollection", "totalItems": "7", "first": f"{BOX}?page=1"})
    first = page(
        f"{BOX}?page=1", ["https://a.example/1", {"id": "https://a.example/2"}], next=f"{BOX}?page=2"
    )
    net.show(f"{BOX}?page=1", first)
    second = {"type": "CollectionPage", "id": f"{BOX}?page=2", "items": ["https://a.example/3"]}
    embedded = {"type": "OrderedCollectionPage", "items": "https://a.example/4", "next": f"{BOX}?page=1"}
    net.show(f"{BOX}?page=2", second | {"next": embedded})
    members = await world.fetcher.collection(BOX)
    assert members == [f"https://a.example/{number}" for number in (1, 2, 3, 4)]
    assert len(net.requests) == 3


async def test_items_in_the_collection(world, net):
    """AP-167: small collections need no pages."""
    net.show(BOX, {"id": BOX, "type": "Collection", "items": ["https://a.example/1"]})
    assert await world.fetcher.collection(BOX) == ["https://a.example/1"]


async def test_endless_collection(world, net):
    """SEC §2, SEC-046: ten pages, five hundred items, then stop."""
    net.show(BOX, {"id": BOX, "type": "OrderedCollection", "first": f"{BOX}?0"})
    for number in range(30):
        items = [f"https://a.example/{number}/{item}" for item in range(20)]
        net.show(f"{BOX}?{number}", page(f"{BOX}?{number}", items, next=f"{BOX}?{number + 1}"))
    assert len(await world.fetcher.collection(BOX)) == 9 * 20
    assert len(net.requests) == 10
    huge = [f"https://a.example/{item}" for item in range(2000)]
    net.show(BOX, {"id": BOX, "type": "OrderedCollection", "orderedItems": huge})
    assert len(await world.fetcher.collection(BOX)) == 500


async def test_pages_elsewhere(world, net):
    """SEC-046: a collection does not send us to other hosts."""
    net.show(
        BOX,
        {
            "id": BOX,
            "type": "OrderedCollection",
            "first": "https://victim.example/",
            "orderedItems": ["https://a.example/1"],
        },
    )
    assert await world.fetcher.collection(BOX) == ["https://a.example/1"]
    assert net.asked == [BOX]


async def test_no_collection(world, net):
    """AP-167: something else than a collection has no members."""
    net.show(BOX, {"id": BOX, "type": "Note"})
    with pytest.raises(Disbelieved):
        await world.fetcher.collection(BOX)


async def test_budget_is_shared(world, net):
    """SEC-046: one purse for everything one request causes."""
    budget = Budget(requests=2)
    for number in range(3):
        net.show(f"{BOX}/{number}", {"id": f"{BOX}/{number}", "type": "Note"})
    await world.fetcher.object(f"{BOX}/0", budget=budget)
    await world.fetcher.object(f"{BOX}/1", budget=budget)
    with pytest.raises(BudgetSpent):
        await world.fetcher.object(f"{BOX}/2", budget=budget)


async def test_not_there(world, net):
    """AP-316: a failed fetch says so."""
    with pytest.raises(BadAnswer):
        await world.fetcher.object(BOX)


async def test_items_of_a_collection(world, net):
    """AP-167: what is embedded comes as it stands, what is named by its id, in order and each once."""
    first, second = "https://far.example/c", "https://far.example/c?page=2"
    note = {"id": "https://far.example/n/1", "type": "Note", "content": "hi"}
    embedded = {
        "type": "OrderedCollectionPage",
        "orderedItems": [note, "https://far.example/n/2"],
        "next": second,
    }
    net.show(first, {"id": first, "type": "OrderedCollection", "first": embedded})
    page = ["https://far.example/n/2", {"type": "Link", "href": "https://far.example/n/3"}, 7]
    net.show(second, {"id": second, "type": "OrderedCollectionPage", "orderedItems": page})
    items = await world.fetcher.items(first)
    assert [item.id for item in items] == [f"https://far.example/n/{number}" for number in (1, 2, 3)]
    assert items[0].get("content") == "hi"
    assert len(await world.fetcher.items(first, limit=1)) == 1


async def test_gone_twice(world, net, ada):
    """AP-105: a second 410, an hour after the first, is believed; one in between that it is there begins anew."""
    gone = []

    async def note(actor):
        gone.append(actor)

    fetcher = Fetcher(world.store, world.keyring, clock=world.clock, on_gone=note)
    net.show(ADA, ada)
    await fetcher.actor(ADA)

    async def missed(seconds):
        world.later(seconds)
        net.fail(ADA, 410)
        with pytest.raises(Gone):
            await fetcher.actor(ADA, refresh=True)

    await missed(0)
    await missed(3599)
    net.show(ADA, ada)
    await fetcher.actor(ADA, refresh=True)
    await missed(10)
    assert gone == []
    await missed(3600)
    assert gone == [ADA]
    net.fail("https://a.example/u/stranger", 410)
    with pytest.raises(Gone):
        await fetcher.actor("https://a.example/u/stranger")
    assert gone == [ADA]
