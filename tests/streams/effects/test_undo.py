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


async def test_several_at_once(world: World) -> None:
    """AP-204, AP-291: each is reversed, and each is embedded in what is delivered."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    note = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "content": "b", "to": PUBLIC}
    world.others.documents[f"{bob.iri}/n"] = note
    done = [
        await world.say(ada, type=type, object=f"{bob.iri}/n", to=PUBLIC) for type in ("Like", "Announce")
    ]
    await world.say(ada, type="Undo", object=[activity.id for activity in done])
    assert await world.listed(ada.iri, "liked") == []
    _, body = (await world.deliveries())[-1]
    assert [(one["id"], one["type"], one["object"]) for one in body["object"]] == [
        (done[0].id, "Like", f"{bob.iri}/n"), (done[1].id, "Announce", f"{bob.iri}/n")
    ]  # fmt: skip


async def test_none_of_several_when_one_is_not_ones_own(world: World) -> None:
    """AP-204, AP-207, SEC-025: what is refused leaves no trace."""
    ada, eve = await world.local("ada"), await world.local("eve")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    likes = [(await world.say(one, type="Like", object=note, to=PUBLIC)).id for one in (ada, eve)]
    with pytest.raises(NotAllowed):
        await world.say(ada, type="Undo", object=likes)
    assert set(await world.listed(note, "likes")) == set(likes)


async def test_an_accept_and_an_add_can_be_undone(world: World) -> None:
    """AP-258: the follower is out of the list, the pinned post too."""
    ada, bob = await world.local("ada", approves=True), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    accept = await world.say(ada, type="Accept", object=f"{bob.iri}/f")
    await world.say(ada, type="Undo", object=accept.id)
    assert await world.listed(ada.iri, "followers") == []
    assert (await world.deliveries())[-1][0] == bob.inbox
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    add = await world.say(ada, type="Add", object=note, target=f"{ada.iri}/featured")
    await world.say(ada, type="Undo", object=add.id)
    assert await world.listed(ada.iri, "featured") == []


async def test_nobody_is_told_of_a_block_that_is_lifted(world: World) -> None:
    """AP-255: not even when the client asks for it."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    block = await world.say(ada, type="Block", object=bob.iri, to=bob.iri)
    await world.say(ada, type="Undo", object=block.id, to=[PUBLIC, bob.iri])
    assert await world.deliveries() == []
    assert await world.listed(ada.iri, "blocked") == []
