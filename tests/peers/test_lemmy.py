"""Lemmy, Mbin, PieFed: a group passes on what its members do."""

from collections.abc import Callable

import pytest
from neighbour import Neighbour
from world import PUBLIC, World

from storage.actors import ActorRow
from streams.errors import Gone, NotFound

pytestmark = pytest.mark.anyio


@pytest.fixture
def lemmy(neighbour: Callable[[str], Neighbour]) -> Neighbour:
    made = neighbour("lemmy")
    made.serve("page", "moderators")
    return made


@pytest.fixture
async def group(world: World, lemmy: Neighbour, ada: ActorRow) -> ActorRow:
    """A group that Ada follows."""
    group = await lemmy.actor("group")
    follow = await world.say(ada, type="Follow", object=group.iri)
    await world.hear(group, ada, id=f"{group.iri}/ok", type="Accept", object=follow.id)
    return group


async def test_its_actors_are_usable(lemmy: Neighbour) -> None:
    """AP-805: a group whose authors are a collection, a site at the bare root, languages as nodes."""
    assert (await lemmy.actor("group")).shared_inbox == "https://lemmy.example/inbox"
    assert (await lemmy.actor("site")).iri == "https://lemmy.example/"
    assert "matrixUserId" in (await lemmy.actor()).document


async def test_a_page_announced_by_its_id(
    world: World, lemmy: Neighbour, ada: ActorRow, group: ActorRow
) -> None:
    """IQ-724, AP-367: the post is read from its origin, and the members' readers see the Announce."""
    sent = await lemmy.send("announce_page")
    assert sent["id"] in await world.listed(ada.iri, "inbox")
    assert (await world.shown(sent["object"]))["name"] == "First flush"


async def test_a_group_is_the_author_of_nothing(world: World, lemmy: Neighbour, group: ActorRow) -> None:
    """IQ-725: its ``attributedTo`` names moderators; it stays what it is, an actor of its own."""
    again = await world.find(group.iri)
    assert (again.type, again.name) == ("Group", "tea")


async def test_dislikes_count_by_themselves(world: World, lemmy: Neighbour, ada: ActorRow) -> None:
    """IQ-726, AP-365: a Dislike is no Like."""
    note = (await world.say(ada, type="Note", content="tea", to=PUBLIC)).ids("object")[0]
    sent = await lemmy.send("dislike", ada, note=note)
    assert await world.listed(note, "dislikes") == [sent["id"]]
    assert await world.listed(note, "likes") == []


@pytest.mark.parametrize("name", ["lock", "block"])
async def test_moderation_breaks_nothing(
    world: World, lemmy: Neighbour, ada: ActorRow, group: ActorRow, name: str
) -> None:
    """IQ-726: Lock, and a Block in a group's name with a reason and an end, are kept; no relation to us ends."""
    sent = await lemmy.send(name, ada)
    assert sent["actor"] != group.iri
    assert await world.listed(ada.iri, "following") == [group.iri]


@pytest.mark.parametrize("name", ["message", "message_note"])
async def test_private_messages_are_direct(world: World, lemmy: Neighbour, ada: ActorRow, name: str) -> None:
    """IQ-728: of either type, for the one they name."""
    sent = await lemmy.send(name, ada)
    assert (await world.shown(sent["object"]["id"], ada))["content"] == "<p>psst</p>"
    with pytest.raises(NotFound):
        await world.shown(sent["object"]["id"])


async def test_what_was_deleted_can_be_restored(world: World, lemmy: Neighbour, ada: ActorRow) -> None:
    """IQ-729: Undo of a Delete by the same actor brings back what its origin serves again."""
    sent = await lemmy.send("create", ada)
    await lemmy.send("delete", ada)
    with pytest.raises(Gone):
        await world.shown(sent["object"]["id"])
    await lemmy.send("undo_delete", ada)
    assert (await world.shown(sent["object"]["id"]))["name"] == "First flush"


async def test_what_the_group_announces_is_heard(
    world: World, lemmy: Neighbour, ada: ActorRow, group: ActorRow
) -> None:
    """AP-805, IQ-724, IQ-727: an announced Create brings the post, with link, thumbnail and language."""
    sent = await lemmy.send("announce_create")
    page = sent["object"]["object"]
    shown = await world.shown(page["id"])
    for term in ("name", "content", "language", "attachment", "image", "source", "audience", "attributedTo"):
        assert shown[term] == page[term]
