"""Undo: one's own, what can be undone, and once."""

import pytest
from world import PUBLIC, World

from streams.errors import NotAllowed, Redundant, Refused

pytestmark = pytest.mark.anyio


async def test_twice_is_redundant(world: World) -> None:
    """AP-258."""
    ada, eve = await world.local("ada"), await world.local("eve")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    like = await world.say(eve, type="Like", object=note)
    await world.say(eve, type="Undo", object=like.id)
    assert await world.listed(note, "likes") == []
    with pytest.raises(Redundant):
        await world.say(eve, type="Undo", object=like.id)


async def test_only_ones_own(world: World) -> None:
    """SEC-025."""
    ada, eve = await world.local("ada"), await world.local("eve")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    like = await world.say(eve, type="Like", object=note, to=ada.iri)
    with pytest.raises(NotAllowed):
        await world.say(ada, type="Undo", object=like.id)


async def test_what_was_created_is_deleted_not_undone(world: World) -> None:
    """AP-258: Undo of a Create is refused."""
    ada = await world.local("ada")
    activity = await world.say(ada, type="Note", content="x", to=PUBLIC)
    with pytest.raises(Refused):
        await world.say(ada, type="Undo", object=activity.id)


async def test_peers_leave_the_id_out(world: World) -> None:
    """AP-802: an embedded Like, Announce or Follow without an id is matched by actor and object."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    done = {"Like": note, "Announce": note, "Follow": ada.iri}
    for type, thing in done.items():
        await world.hear(bob, ada, id=f"{bob.iri}/{type}", type=type, object=thing)
    for type, thing in done.items():
        undone = {"type": type, "actor": bob.iri, "object": thing}
        await world.hear(bob, ada, id=f"{bob.iri}/undo{type}", type="Undo", object=undone)
    assert await world.listed(note, "likes") == []
    assert await world.listed(note, "shares") == []
    assert await world.listed(ada.iri, "followers") == []
