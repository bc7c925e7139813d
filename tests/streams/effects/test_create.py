"""Create: replies find their parents, from clients and servers alike."""

from typing import Any

import pytest
from world import PUBLIC, World

from storage.actors import ActorRow
from streams.errors import NotAllowed

pytestmark = pytest.mark.anyio


def reply(author: ActorRow, parent: str) -> dict[str, Any]:
    note = {"id": f"{author.iri}/n", "type": "Note", "attributedTo": author.iri, "content": "r"}
    return {**note, "to": PUBLIC, "inReplyTo": parent}


async def test_replies_are_attached(world: World) -> None:
    """AP-220, AP-340."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    parent = (await world.say(ada, type="Note", content="p", to=PUBLIC)).ids("object")[0]
    ours = (await world.say(eve, type="Note", content="r", to=PUBLIC, inReplyTo=parent)).ids("object")[0]
    await world.hear(bob, ada, id=f"{bob.iri}/c", type="Create", object=reply(bob, parent), to=PUBLIC)
    assert await world.listed(parent, "replies") == [f"{bob.iri}/n", ours]


async def test_replies_of_the_blocked_are_not(world: World) -> None:
    """AP-256: the reply exists, and is not attached."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    parent = (await world.say(ada, type="Note", content="p", to=PUBLIC)).ids("object")[0]
    await world.say(ada, type="Block", object=bob.iri)
    await world.hear(bob, ada, id=f"{bob.iri}/c", type="Create", object=reply(bob, parent), to=PUBLIC)
    assert await world.listed(parent, "replies") == []


async def test_several_objects_each_get_an_id(world: World) -> None:
    """AP-204."""
    ada = await world.local("ada")
    notes = [{"type": "Note", "content": str(n)} for n in range(2)]
    activity = await world.say(ada, type="Create", object=notes, to=PUBLIC)
    made = activity.ids("object")
    assert len(set(made)) == 2
    assert [(await world.shown(iri))["content"] for iri in made] == ["0", "1"]


async def test_nobody_creates_in_anothers_name(world: World) -> None:
    """AP-221."""
    ada, eve = await world.local("ada"), await world.local("eve")
    with pytest.raises(NotAllowed):
        await world.say(ada, type="Create", object={"type": "Note", "attributedTo": eve.iri, "content": "x"})
