"""Reject: ends a follow, waiting or accepted."""

import pytest
from world import World

pytestmark = pytest.mark.anyio


async def test_reject_of_ours(world: World) -> None:
    """AP-360: out of pending, or out of following when it had been accepted."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    follow = await world.say(ada, type="Follow", object=bob.iri)
    await world.hear(bob, ada, id=f"{bob.iri}/ok", type="Accept", object=follow.id)
    await world.hear(bob, ada, id=f"{bob.iri}/no", type="Reject", object=follow.id)
    assert await world.listed(ada.iri, "following") == []
    assert await world.listed(ada.iri, "pendingFollowing") == []


async def test_reject_by_ours_reaches_the_follower(world: World) -> None:
    """AP-240: delivered to the follower even if the client forgot to address it."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    await world.say(ada, type="Reject", object=f"{bob.iri}/f")
    assert await world.listed(ada.iri, "followers") == []
    inbox, body = (await world.deliveries())[-1]
    assert (inbox, body["type"], body["object"]["id"]) == (bob.inbox, "Reject", f"{bob.iri}/f")
