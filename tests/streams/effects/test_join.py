"""Join and Leave: who takes part in what is ours."""

import pytest
from world import PUBLIC, World

from storage.actors import ActorRow
from streams.errors import NotAllowed, NotFound, Redundant

pytestmark = pytest.mark.anyio


async def event(world: World, host: ActorRow, **members: object) -> str:
    made = await world.say(host, type="Event", name="Tea", to=PUBLIC, **members)
    return made.ids("object")[0]


async def test_joining_an_event_is_accepted_at_once(world: World) -> None:
    """AP-272: the Join is among the participants until the actor leaves; the answer goes to who asked."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    party = await event(world, ada)
    await world.hear(bob, ada, id=f"{bob.iri}/j", type="Join", object=party)
    assert await world.listed(party, "participants") == [f"{bob.iri}/j"]
    [(inbox, answer)] = await world.deliveries()
    assert (inbox, answer["type"], answer["object"]["id"]) == (bob.inbox, "Accept", f"{bob.iri}/j")
    await world.hear(bob, ada, id=f"{bob.iri}/l", type="Leave", object=party)
    assert await world.listed(party, "participants") == []


async def test_joining_waits_for_the_owner_when_asked_to(world: World) -> None:
    """AP-272: with joinMode restricted, until the owner's Accept; a Reject ends it again."""
    ada, eve = await world.local("ada"), await world.local("eve")
    party = await event(world, ada, joinMode="restricted")
    join = await world.say(eve, type="Join", object=party)
    assert join.ids("to") == (ada.iri,)
    assert join.id in await world.listed(ada.iri, "inbox")
    assert await world.listed(party, "participants") == []
    await world.say(ada, type="Accept", object=join.id)
    assert await world.listed(party, "participants") == [join.id]
    reject = await world.say(ada, type="Reject", object=join.id)
    assert await world.listed(party, "participants") == []
    assert reject.id in await world.listed(eve.iri, "inbox")


async def test_only_the_owner_answers_and_nobody_joins_twice(world: World) -> None:
    """AP-272, SEC-025."""
    ada, eve = await world.local("ada"), await world.local("eve")
    party = await event(world, ada, joinMode="restricted")
    join = await world.say(eve, type="Join", object=party)
    with pytest.raises(NotAllowed):
        await world.say(eve, type="Accept", object=join.id)
    with pytest.raises(Redundant):
        await world.say(eve, type="Join", object=party)
    await world.say(eve, type="Undo", object=join.id)
    await world.say(ada, type="Accept", object=join.id)
    assert await world.listed(party, "participants") == []


async def test_what_is_hidden_cannot_be_joined(world: World) -> None:
    """AP-272, SEC-034."""
    ada, eve = await world.local("ada"), await world.local("eve")
    party = (await world.say(ada, type="Event", name="Tea")).ids("object")[0]
    with pytest.raises(NotFound):
        await world.say(eve, type="Join", object=party)


async def test_a_group_is_joined(world: World) -> None:
    """AP-272: like an event of its own."""
    tea, bob = await world.local("tea", type="Group"), await world.remote("bob")
    await world.hear(bob, tea, id=f"{bob.iri}/j", type="Join", object=tea.iri)
    assert await world.listed(tea.iri, "participants") == [f"{bob.iri}/j"]


async def test_joining_elsewhere_is_only_delivered(world: World) -> None:
    """AP-270, AP-384: to whom it is addressed; an answer from there is listed."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    join = await world.say(ada, type="Join", object="https://there.example/party", to=bob.iri)
    assert [inbox for inbox, _ in await world.deliveries()] == [bob.inbox]
    await world.hear(bob, ada, id=f"{bob.iri}/yes", type="Accept", object=join.id)
    assert (await world.listed(ada.iri, "inbox"))[0] == f"{bob.iri}/yes"
