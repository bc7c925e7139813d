"""Friendica, Hubzilla, streams: members of several networks, threads that are followed, wrapped activities."""

from collections.abc import Callable

import pytest
from neighbour import Neighbour
from world import PUBLIC, World

from storage.actors import ActorRow
from streams.errors import NotFound

pytestmark = pytest.mark.anyio


@pytest.fixture
def friendica(neighbour: Callable[[str], Neighbour]) -> Neighbour:
    return neighbour("friendica")


@pytest.fixture
def hubzilla(neighbour: Callable[[str], Neighbour]) -> Neighbour:
    return neighbour("hubzilla")


async def test_members_of_other_networks_survive(world: World, friendica: Neighbour, ada: ActorRow) -> None:
    """AP-811, IQ-745: an empty summary, another network's ids, BBCode beside HTML, an instrument."""
    sent = await friendica.send("create", ada)
    shown = await world.shown(sent["object"]["id"])
    assert shown["diaspora:guid"] == "7"
    assert shown["source"]["mediaType"] == "text/bbcode"
    assert not shown.get("summary")
    assert (await world.shown(sent["id"], ada))["instrument"]["name"] == "Friendica"


async def test_a_followed_post_is_no_follower(world: World, friendica: Neighbour, ada: ActorRow) -> None:
    """IQ-744: a Follow of a post is kept and answered by nothing."""
    note = (await world.say(ada, type="Note", content="tea", to=PUBLIC)).ids("object")[0]
    sent = await friendica.send("follow_post", ada, note=note)
    assert await world.listed(ada.iri, "followers") == []
    assert await world.deliveries() == []
    assert sent["id"] in await world.listed(ada.iri, "inbox")


async def test_dislike_and_tentative_accept(world: World, friendica: Neighbour, ada: ActorRow) -> None:
    """AP-811, AP-034: the one is counted, the other completes no Follow."""
    note = (await world.say(ada, type="Note", content="tea", to=PUBLIC)).ids("object")[0]
    sent = await friendica.send("dislike", ada, note=note)
    assert await world.listed(note, "dislikes") == [sent["id"]]
    bob = await friendica.actor()
    await world.say(ada, type="Follow", object=bob.iri)
    await friendica.send("tentative_accept", ada)
    assert await world.listed(ada.iri, "following") == []


async def test_a_wrapped_activity_is_kept_as_it_was(world: World, hubzilla: Neighbour, ada: ActorRow) -> None:
    """AP-811, IQ-746, AP-506: an Add of an activity to a conversation of theirs, its proof and shape unchanged."""
    sent = await hubzilla.send("add", ada)
    assert await world.listed(ada.iri, "inbox") == [sent["id"]]
    shown = await world.shown(sent["id"], ada)
    assert (shown["target"], shown["proof"]) == (sent["target"], sent["proof"])
    with pytest.raises(NotFound):
        await world.shown("https://hub.example/conversation/1")


async def test_one_person_has_several_names(hubzilla: Neighbour) -> None:
    """IQ-746: clones of a channel are other actors; the member that names them is kept."""
    assert "https://clone.example/channel/bob" in (await hubzilla.actor()).document
