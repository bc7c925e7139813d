"""Block: known to nobody but the one who blocks."""

import pytest
from world import PUBLIC, World

from storage.entries import Viewer
from streams import read
from streams.errors import NotFound

pytestmark = pytest.mark.anyio


async def test_follows_end_both_ways_and_nobody_is_told(world: World) -> None:
    """AP-255: relations and pending ones are gone; no delivery, no inbox, not in the public outbox."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    await world.say(ada, type="Follow", object=bob.iri)
    sent = len(await world.deliveries())
    block = await world.say(ada, type="Block", object=bob.iri, to=PUBLIC)
    assert await world.listed(ada.iri, "followers") == []
    assert await world.listed(ada.iri, "pendingFollowing") == []
    assert await world.listed(ada.iri, "blocked") == [bob.iri]
    assert len(await world.deliveries()) == sent
    with pytest.raises(NotFound):
        await world.shown(block.id or "")


async def test_the_blocked_read_nothing_when_known(world: World) -> None:
    """AP-256, SEC-012: not even what is public."""
    ada, eve = await world.local("ada"), await world.local("eve")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    await world.say(ada, type="Block", object=eve.iri)
    with pytest.raises(NotFound):
        await world.shown(note, eve)
    with pytest.raises(NotFound):
        await world.store.read(read.actor, ada.iri, Viewer(eve.id, eve.iri))


async def test_a_block_from_elsewhere_ends_the_relation(world: World) -> None:
    """AP-374: both ways, and our later posts are not sent there."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    await world.hear(bob, ada, id=f"{bob.iri}/b", type="Block", object=ada.iri)
    assert await world.listed(ada.iri, "followers") == []


async def test_undo_lifts_it(world: World) -> None:
    """AP-258."""
    ada, eve = await world.local("ada"), await world.local("eve")
    block = await world.say(ada, type="Block", object=eve.iri)
    await world.say(ada, type="Undo", object=block.id)
    assert await world.listed(ada.iri, "blocked") == []
    await world.say(eve, type="Follow", object=ada.iri)
    assert await world.listed(ada.iri, "followers") == [eve.iri]
