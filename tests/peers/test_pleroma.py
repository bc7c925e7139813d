"""Pleroma and Akkoma: contexts by path, empty members, messages that are notes."""

from collections.abc import Callable

import pytest
from neighbour import Neighbour
from world import PUBLIC, World

from storage.actors import ActorRow
from streams.errors import NotFound

pytestmark = pytest.mark.anyio


@pytest.fixture
def pleroma(neighbour: Callable[[str], Neighbour]) -> Neighbour:
    return neighbour("pleroma")


async def test_its_actor_is_usable(pleroma: Neighbour) -> None:
    """AP-803, IQ-711: its context lies on its own host, is known by its path and never fetched."""
    bob = await pleroma.actor()
    assert (bob.name, bob.shared_inbox) == ("bob", "https://pleroma.example/inbox")
    assert not any("schemas" in asked for asked in pleroma.world.others.asked)


async def test_a_direct_post_with_empty_members(world: World, pleroma: Neighbour, ada: ActorRow) -> None:
    """AP-803, IQ-712: nulls and empty members are absent, a source in text is one, ``actor`` on a note is harmless."""
    sent = await pleroma.send("create", ada)
    shown = await world.shown(sent["object"]["id"], ada)
    assert not {"sensitive", "cc", "bcc"} & shown.keys()
    assert shown["source"] == {"content": "tea :firefox:"}
    assert shown["attributedTo"] == sent["actor"]
    assert shown["attachment"][0]["url"]["href"] == "https://pleroma.example/media/1.png"


async def test_its_emoji_have_no_id(world: World, pleroma: Neighbour, ada: ActorRow) -> None:
    """IQ-713: an Emoji whose id is null is kept with its name and picture."""
    sent = await pleroma.send("create", ada)
    (emoji,) = (await world.shown(sent["object"]["id"], ada))["tag"]
    assert (emoji["name"], emoji["icon"]["url"]) == (":firefox:", "https://pleroma.example/emoji/firefox.png")
    assert "id" not in emoji


async def test_its_contexts_are_names(world: World, pleroma: Neighbour, ada: ActorRow) -> None:
    """IQ-714: a conversation that is no document groups, and is never asked for."""
    sent = await pleroma.send("create", ada)
    bob = await pleroma.actor()
    reply = await world.say(ada, type="Note", content="yes", to=bob.iri, inReplyTo=sent["object"]["id"])
    assert reply.embedded("object")[0].get("context") == sent["object"]["context"]
    assert sent["object"]["context"] not in world.others.asked


async def test_its_reactions_count(world: World, pleroma: Neighbour, ada: ActorRow) -> None:
    """IQ-715, AP-365: EmojiReact is counted by itself and tells the author."""
    note = (await world.say(ada, type="Note", content="tea", to=PUBLIC)).ids("object")[0]
    sent = await pleroma.send("emoji_react", note=note)
    assert await world.listed(note, "reactions") == [sent["id"]]
    assert await world.listed(note, "likes") == []
    assert sent["id"] in await world.listed(ada.iri, "inbox")


async def test_a_chat_message_is_a_direct_post(world: World, pleroma: Neighbour, ada: ActorRow) -> None:
    """IQ-715: it is kept for the one it names, and seen by nobody else."""
    sent = await pleroma.send("chat_message", ada)
    assert (await world.shown(sent["object"]["id"], ada))["content"] == "hi"
    for reader in (None, await world.local("eve")):
        with pytest.raises(NotFound):
            await world.shown(sent["object"]["id"], reader)


async def test_what_is_listened_to_is_listed(world: World, pleroma: Neighbour, ada: ActorRow) -> None:
    """AP-803, AP-384: Listen has no effect and breaks nothing."""
    sent = await pleroma.send("listen", ada)
    assert await world.listed(ada.iri, "inbox") == [sent["id"]]


async def test_an_edit_of_what_we_never_saw(world: World, pleroma: Neighbour, ada: ActorRow) -> None:
    """IQ-716: the new version is taken, with the former ones it carries."""
    sent = await pleroma.send("update_unknown", ada)
    shown = await world.shown(sent["object"]["id"])
    assert shown["content"] == "now"
    assert shown["formerRepresentations"]["orderedItems"][0]["content"] == "then"
