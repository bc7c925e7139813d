"""Ignore: a mute that only the one who mutes knows of."""

import pytest
from world import PUBLIC, World

from streams.errors import NotFound, Redundant

pytestmark = pytest.mark.anyio


async def test_the_muted_are_not_heard_though_followed(world: World) -> None:
    """AP-270, AP-641: neither what is addressed to one nor what one follows; nobody is told."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    await world.say(ada, type="Follow", object=eve.iri)
    told = await world.listed(ada.iri, "inbox")
    mute = await world.say(ada, type="Ignore", object=[eve.iri, bob.iri], to=[PUBLIC, eve.iri])
    await world.say(eve, type="Note", content="hello", to=[f"{eve.iri}/followers", ada.iri])
    await world.hear(bob, ada, id=f"{bob.iri}/l", type="Listen", to=ada.iri)
    assert await world.listed(ada.iri, "inbox") == told
    assert await world.listed(ada.iri, "muted") == [bob.iri, eve.iri]
    assert await world.listed(eve.iri, "followers") == [ada.iri]
    with pytest.raises(NotFound):
        await world.shown(mute.id or "", eve)


async def test_undo_hears_them_again(world: World) -> None:
    """AP-258: once; nobody is told of that either."""
    ada, eve = await world.local("ada"), await world.local("eve")
    mute = await world.say(ada, type="Ignore", object=eve.iri)
    await world.say(ada, type="Undo", object=mute.id, to=eve.iri)
    assert await world.listed(ada.iri, "muted") == []
    assert await world.listed(eve.iri, "inbox") == []
    said = await world.say(eve, type="Note", content="hello", to=ada.iri)
    assert await world.listed(ada.iri, "inbox") == [said.id]
    with pytest.raises(Redundant):
        await world.say(ada, type="Undo", object=mute.id)
