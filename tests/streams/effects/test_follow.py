"""Follow: asked, answered, and never doubled."""

import pytest
from world import World

from streams.errors import NotAnActor, NotFound, Refused

pytestmark = pytest.mark.anyio


async def test_a_remote_follower_is_accepted_at_once(world: World) -> None:
    """AP-355: the follower is listed and an Accept with the Follow as it came is on its way."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    assert await world.listed(ada.iri, "followers") == [bob.iri]
    [(inbox, accept)] = await world.deliveries()
    assert inbox == bob.inbox
    assert accept["type"] == "Accept"
    assert accept["object"]["id"] == f"{bob.iri}/f"


async def test_a_repeated_follow_is_answered_again(world: World) -> None:
    """AP-355: peers resend when they lost our answer; there is still one relation."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    for number in range(2):
        await world.hear(bob, ada, id=f"{bob.iri}/f{number}", type="Follow", object=ada.iri)
    assert await world.listed(ada.iri, "followers") == [bob.iri]
    assert [body["object"]["id"] for _, body in await world.deliveries()] == [
        f"{bob.iri}/f0",
        f"{bob.iri}/f1",
    ]


async def test_a_careful_actor_is_asked_first(world: World) -> None:
    """AP-096, AP-355: pending until its owner says so, and seen by nobody else."""
    ada, bob = await world.local("ada", approves=True), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    assert await world.listed(ada.iri, "followers") == []
    assert await world.listed(ada.iri, "pendingFollowers") == [f"{bob.iri}/f"]
    await world.say(ada, type="Accept", object=f"{bob.iri}/f")
    assert await world.listed(ada.iri, "followers") == [bob.iri]
    assert await world.listed(ada.iri, "pendingFollowers") == []


async def test_our_follow_waits_for_their_answer(world: World) -> None:
    """AP-235, AP-358: pendingFollowing until the Accept, then following."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    follow = await world.say(ada, type="Follow", object=bob.iri)
    assert await world.listed(ada.iri, "following") == []
    assert await world.listed(ada.iri, "pendingFollowing") == [follow.id]
    await world.hear(bob, ada, id=f"{bob.iri}/ok", type="Accept", object=follow.id)
    assert await world.listed(ada.iri, "following") == [bob.iri]
    assert await world.listed(ada.iri, "pendingFollowing") == []


async def test_no_following_oneself_or_the_server(world: World) -> None:
    """AP-101, AP-235."""
    ada = await world.local("ada")
    with pytest.raises(Refused):
        await world.say(ada, type="Follow", object=ada.iri)


async def test_the_blocked_cannot_follow(world: World) -> None:
    """AP-256."""
    ada, eve = await world.local("ada"), await world.local("eve")
    await world.say(ada, type="Block", object=eve.iri)
    with pytest.raises(NotFound):
        await world.say(eve, type="Follow", object=ada.iri)


async def test_a_follower_may_read_from_the_accept_on(world: World) -> None:
    """AP-356: what was said to followers before is not pushed, only the answer is."""
    ada, bob = await world.local("ada", approves=True), await world.remote("bob")
    note = (await world.say(ada, type="Note", content="x", to=ada.followers)).ids("object")[0]
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    with pytest.raises(NotFound):
        await world.shown(note, bob)
    await world.say(ada, type="Accept", object=f"{bob.iri}/f")
    assert (await world.shown(note, bob))["content"] == "x"
    assert [body["type"] for _, body in await world.deliveries()] == ["Accept"]


async def test_only_actors_are_followed(world: World) -> None:
    """AP-235, AP-605: something that is there and no actor is told from what is not there, or not for the asker."""
    ada, eve = await world.local("ada"), await world.local("eve")
    note = (await world.say(ada, type="Note", content="x")).ids("object")[0]
    with pytest.raises(NotAnActor):
        await world.say(ada, type="Follow", object=note)
    with pytest.raises(NotFound):
        await world.say(eve, type="Follow", object=note)
    assert await world.listed(ada.iri, "pendingFollowing") == []
