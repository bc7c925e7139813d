"""NodeBB, Discourse, Mbin, PieFed: a category announces the post and the activity that brought it."""

from collections.abc import Callable

import pytest
from neighbour import Neighbour
from world import World

from storage.actors import ActorRow

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "order", [("announce_create", "announce_post"), ("announce_post", "announce_create")]
)
async def test_both_ways_make_one_post(
    world: World, neighbour: Callable[[str], Neighbour], ada: ActorRow, order: tuple[str, str]
) -> None:
    """IQ-747, IQ-757: announced as a post and as an activity, and sent by its author too, it is there once."""
    nodebb = neighbour("nodebb")
    nodebb.serve("post", "create")
    category = await nodebb.actor("group")
    follow = await world.say(ada, type="Follow", object=category.iri)
    await world.hear(category, ada, id=f"{category.iri}/ok", type="Accept", object=follow.id)
    for name in order:
        await nodebb.send(name)
    await nodebb.send("create", ada)
    post = nodebb.document("post")
    shown = await world.shown(post["id"])
    assert (shown["name"], shown["attributedTo"]) == (post["name"], post["attributedTo"])
    heard = await world.listed(ada.iri, "inbox")
    assert len(heard) == len(set(heard))
