"""Announce: public things only, once per actor."""

import pytest
from world import PUBLIC, World

from streams.errors import NotAllowed, Redundant

pytestmark = pytest.mark.anyio


async def test_shares_are_counted_once(world: World) -> None:
    """AP-253, AP-367."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    share = await world.say(eve, type="Announce", object=note, to=PUBLIC)
    with pytest.raises(Redundant):
        await world.say(eve, type="Announce", object=note, to=PUBLIC)
    await world.hear(bob, ada, id=f"{bob.iri}/s", type="Announce", object=note, to=PUBLIC)
    await world.hear(bob, ada, id=f"{bob.iri}/s2", type="Announce", object=note, to=PUBLIC)
    assert await world.listed(note, "shares") == [f"{bob.iri}/s", share.id]


async def test_what_is_not_public_stays_where_it_is(world: World) -> None:
    """AP-253, SEC-031: a follower cannot pass on what was said to followers; the author can."""
    ada, eve = await world.local("ada"), await world.local("eve")
    await world.say(eve, type="Follow", object=ada.iri)
    note = (await world.say(ada, type="Note", content="x", to=ada.followers)).ids("object")[0]
    with pytest.raises(NotAllowed):
        await world.say(eve, type="Announce", object=note, to=PUBLIC)
    assert (await world.say(ada, type="Announce", object=note)).type == "Announce"
