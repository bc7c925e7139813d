"""Who gets what: one's own collections expand, others' do not; some are always left out."""

import pytest
from world import PUBLIC, World

from storage import Transaction, policies
from streams.errors import NotFound

pytestmark = pytest.mark.anyio


async def test_ones_own_followers_are_reached_and_nobody_elses(world: World) -> None:
    """AP-282, AP-287: members here find it in their inbox, members elsewhere are delivered to."""
    ada, eve, odd = [await world.local(name) for name in ("ada", "eve", "odd")]
    bob = await world.remote("bob")
    await world.say(eve, type="Follow", object=ada.iri)
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    waiting = len(await world.deliveries())
    post = await world.say(ada, type="Note", content="x", to=[ada.followers])
    assert post.id in await world.listed(eve.iri, "inbox")
    assert [inbox for inbox, _ in (await world.deliveries())[waiting:]] == [bob.inbox]
    waiting = len(await world.deliveries())
    other = await world.say(odd, type="Note", content="x", to=[ada.followers])
    assert other.id not in await world.listed(eve.iri, "inbox")
    assert len(await world.deliveries()) == waiting


async def test_some_are_left_out(world: World) -> None:
    """AP-286: oneself, whom one has blocked, and whoever is on a suspended host."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    mallory = await world.remote("mallory", host="bad.example")
    friend = await world.remote("friend", host="good.example")

    async def suspend(tx: Transaction) -> None:
        await policies.put(tx, "bad.example", "suspend", now=world.now)

    await world.store.write(suspend)
    await world.say(ada, type="Block", object=bob.iri)
    assert await world.deliveries() == []
    await world.say(ada, type="Note", content="x", to=[PUBLIC, ada.iri, bob.iri, mallory.iri, friend.iri])
    assert [inbox for inbox, _ in await world.deliveries()] == [friend.inbox]
    assert await world.listed(ada.iri, "inbox") == []


async def test_deliveries_are_there_when_publishing_returns(world: World) -> None:
    """AP-294, AP-202: nothing was sent yet, and nothing can be lost: the queue was committed with the post."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    post = await world.say(ada, type="Note", content="x", to=[bob.iri])
    ((inbox, body),) = await world.deliveries()
    assert (inbox, body["id"]) == (bob.inbox, post.id)


async def test_followers_see_from_their_acceptance_on(world: World) -> None:
    """AP-356: a pending follower reads nothing, an accepted one may; what is older is not pushed."""
    ada, bob = await world.local("ada", approves=True), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    note = (await world.say(ada, type="Note", content="x", to=[ada.followers])).ids("object")[0]
    with pytest.raises(NotFound):
        await world.shown(note, bob)
    await world.say(ada, type="Accept", object=f"{bob.iri}/f")
    assert (await world.shown(note, bob))["content"] == "x"
    assert [body["type"] for _, body in await world.deliveries()] == ["Accept"]
