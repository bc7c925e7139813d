"""Pixelfed: pictures with places, stories behind capabilities, strict about what is embedded."""

from collections.abc import Callable

import pytest
from neighbour import Neighbour
from world import World

from storage.actors import ActorRow

pytestmark = pytest.mark.anyio


@pytest.fixture
def pixelfed(neighbour: Callable[[str], Neighbour]) -> Neighbour:
    return neighbour("pixelfed")


async def test_its_pictures_are_kept(world: World, pixelfed: Neighbour, ada: ActorRow) -> None:
    """AP-807: Image and Document side by side, capabilities, comments, and a place with a country."""
    sent = await pixelfed.send("create", ada)
    shown = await world.shown(sent["object"]["id"])
    assert [one["type"] for one in shown["attachment"]] == ["Image", "Document"]
    for term in ("commentsEnabled", "capabilities", "location"):
        assert shown[term] == sent["object"][term]


async def test_a_story_is_kept_and_not_fetched(world: World, pixelfed: Neighbour, ada: ActorRow) -> None:
    """AP-807, IQ-736: its address carries a capability that is not ours to use."""
    sent = await pixelfed.send("story", ada)
    assert not any(asked.startswith("bear:") for asked in world.others.asked)
    shown = await world.shown(sent["id"], ada)
    assert shown["object"]["object"].startswith("bear:?t=")


async def test_our_answers_embed_what_they_answer(world: World, pixelfed: Neighbour, ada: ActorRow) -> None:
    """IQ-736, AP-291: Accept with type, actor and object of the Follow; Undo with those of ours."""
    sent = await pixelfed.send("follow", ada)
    _, accept = (await world.deliveries())[-1]
    assert {term: accept["object"][term] for term in ("id", "type", "actor", "object")} == {
        term: sent[term] for term in ("id", "type", "actor", "object")
    }
    bob = await pixelfed.actor()
    follow = await world.say(ada, type="Follow", object=bob.iri)
    await world.say(ada, type="Undo", object=follow.id)
    _, undo = (await world.deliveries())[-1]
    assert undo["object"] == {"id": follow.id, "type": "Follow", "actor": ada.iri, "object": bob.iri} | {
        term: undo["object"][term] for term in undo["object"].keys() - {"id", "type", "actor", "object"}
    }


async def test_an_answer_proves_nothing(world: World, pixelfed: Neighbour, ada: ActorRow) -> None:
    """IQ-735: a follow stands when its Accept comes, whatever an inbox answered."""
    bob = await pixelfed.actor()
    await world.say(ada, type="Follow", object=bob.iri)
    assert await world.listed(ada.iri, "following") == []
    assert len(await world.listed(ada.iri, "pendingFollowing")) == 1
