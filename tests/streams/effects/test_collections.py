"""Add and Remove: one's own collections, and nobody else's."""

from typing import Any

import pytest
from world import BASE, PUBLIC, World

from streams.errors import Gone, NotAllowed, NotFound, Refused

pytestmark = pytest.mark.anyio


async def test_add_and_remove_are_idempotent(world: World) -> None:
    """AP-165, AP-245: a member is there once; removing what is not there is no error."""
    ada = await world.local("ada")
    made = await world.say(ada, type="Collection", name="list", items=["https://a.example/1"])
    shelf = made.ids("object")[0]
    for _ in range(2):
        await world.say(ada, type="Add", object="https://a.example/2", target=shelf)
    assert await world.listed(shelf, "collection") == ["https://a.example/2", "https://a.example/1"]
    for _ in range(2):
        await world.say(ada, type="Remove", object="https://a.example/1", target=shelf)
    assert await world.listed(shelf, "collection") == ["https://a.example/2"]


async def test_pinned_posts(world: World) -> None:
    """AP-097, AP-245: featured is the owner's to edit."""
    ada = await world.local("ada")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    await world.say(ada, type="Add", object=note, target=f"{ada.iri}/featured")
    assert await world.listed(ada.iri, "featured") == [note]


@pytest.mark.parametrize("kind", ["followers", "outbox", "liked"])
async def test_what_the_server_keeps_is_not_edited(world: World, kind: str) -> None:
    """AP-245."""
    ada = await world.local("ada")
    with pytest.raises(NotAllowed):
        await world.say(ada, type="Add", object="https://a.example/1", target=f"{ada.iri}/{kind}")


async def test_nobody_edits_anothers_collection(world: World) -> None:
    """SEC-039: neither a neighbour here nor an actor elsewhere."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    with pytest.raises(NotAllowed):
        await world.say(eve, type="Add", object="https://a.example/1", target=f"{ada.iri}/featured")
    add = {
        "id": f"{bob.iri}/a",
        "type": "Add",
        "object": "https://a.example/1",
        "target": f"{ada.iri}/featured",
    }
    await world.hear(bob, ada, **add)
    assert await world.listed(ada.iri, "featured") == []


async def test_dropping_a_follower_tells_them(world: World) -> None:
    """AP-246: Remove from one's followers is followed by a Reject."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    await world.say(ada, type="Remove", object=bob.iri, target=ada.followers)
    assert await world.listed(ada.iri, "followers") == []
    assert (await world.deliveries())[-1][1]["type"] == "Reject"


async def test_only_what_one_can_see_is_added(world: World) -> None:
    """SEC-034, AP-165: neither the hidden, nor what never was, nor what has no id."""
    ada, eve = await world.local("ada"), await world.local("eve")
    shelf = (await world.say(ada, type="Collection", to=PUBLIC)).ids("object")[0]
    hidden = (await world.say(eve, type="Note", content="x")).ids("object")[0]
    for iri in (hidden, f"{BASE}/objects/none"):
        with pytest.raises(NotFound):
            await world.say(ada, type="Add", object=iri, target=shelf)
        with pytest.raises(NotFound):
            await world.say(ada, type="Collection", items=[iri])
    with pytest.raises(Refused, match=r"object\.id"):
        await world.say(ada, type="Add", object={"type": "Note"}, target=shelf)
    assert await world.listed(shelf, "collection") == []


async def test_nothing_is_added_to_what_is_gone(world: World) -> None:
    """AP-230, AP-245."""
    ada = await world.local("ada")
    shelf = (await world.say(ada, type="Collection", to=PUBLIC)).ids("object")[0]
    await world.say(ada, type="Delete", object=shelf)
    with pytest.raises(Gone):
        await world.say(ada, type="Add", object="https://a.example/1", target=shelf)


async def test_first_members_without_id_are_made_with_the_collection(world: World) -> None:
    """AP-165, AP-193, SEC-017: others are only named, whatever was said of them."""
    ada = await world.local("ada")
    members = [
        {"type": "Note", "content": "new"},
        {"id": "https://a.example/1", "type": "Note", "content": "altered"},
        "https://a.example/2",
    ]
    made = await world.say(ada, type="OrderedCollection", to=PUBLIC, orderedItems=members, totalItems=99)
    shelf = made.ids("object")[0]
    new, *named = await world.listed(shelf, "collection")
    assert named == ["https://a.example/1", "https://a.example/2"]
    note = await world.shown(new)
    assert (note["content"], note["attributedTo"], note["to"]) == ("new", ada.iri, PUBLIC)
    assert "totalItems" not in made.embedded("object")[0].data


@pytest.mark.parametrize(
    "member", [{"type": "Person"}, {"type": "Note", "attributedTo": "https://a.example"}]
)
async def test_members_are_made_by_the_rules_of_all_things(world: World, member: dict[str, Any]) -> None:
    """AP-195, AP-221."""
    ada = await world.local("ada")
    with pytest.raises((Refused, NotAllowed)):
        await world.say(ada, type="Collection", items=[member])


async def test_what_others_pin_is_copied(world: World) -> None:
    """AP-362: an Add to or Remove from the sender's own featured, and of nobody else's."""
    ada = await world.local("ada")
    bob = await world.remote("bob", featured="https://there.example/u/bob/pins")
    eve = await world.remote("eve")
    note = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "content": "b", "to": PUBLIC}
    world.others.documents[f"{bob.iri}/n"] = note
    pin = {"type": "Add", "object": f"{bob.iri}/n", "target": f"{bob.iri}/pins"}
    await world.hear(eve, ada, id=f"{eve.iri}/a", **pin)
    assert await world.listed(bob.iri, "featured") == []
    await world.hear(bob, ada, id=f"{bob.iri}/a", **pin)
    assert await world.listed(bob.iri, "featured") == [f"{bob.iri}/n"]
    assert (await world.shown(f"{bob.iri}/n"))["content"] == "b"
    await world.hear(bob, ada, id=f"{bob.iri}/r", **{**pin, "type": "Remove"})
    assert await world.listed(bob.iri, "featured") == []


async def test_an_add_to_something_we_do_not_hold_is_only_listed(world: World) -> None:
    """AP-362: no effect, and nothing is lost."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    added = {"type": "Add", "object": f"{bob.iri}/n", "target": f"{bob.iri}/some"}
    await world.hear(bob, ada, id=f"{bob.iri}/a", **added)
    assert await world.listed(ada.iri, "inbox") == [f"{bob.iri}/a"]
