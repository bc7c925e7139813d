"""Delete: a Tombstone everywhere, and everyone who knew is told."""

import pytest
from world import PUBLIC, World

from streams.errors import Gone, NotAllowed

pytestmark = pytest.mark.anyio


async def test_nothing_of_the_content_is_left(world: World) -> None:
    """AP-068, AP-230: in the object, in the activity that made it, in lists."""
    ada, eve = await world.local("ada"), await world.local("eve")
    parent = (await world.say(eve, type="Note", content="p", to=PUBLIC)).ids("object")[0]
    made = await world.say(ada, type="Note", content="secret", to=PUBLIC, inReplyTo=parent)
    note = made.ids("object")[0]
    await world.say(eve, type="Like", object=note)
    await world.say(ada, type="Delete", object=note)
    with pytest.raises(Gone) as gone:
        await world.shown(note)
    assert "secret" not in (gone.value.tombstone or "")
    assert (await world.shown(made.id or ""))["object"]["type"] == "Tombstone"
    assert await world.listed(parent, "replies") == []
    assert await world.listed(eve.iri, "liked") == []


async def test_everyone_who_knew_is_told(world: World) -> None:
    """AP-231: addressees, and those who liked or shared it."""
    ada, bob, fan = await world.local("ada"), await world.remote("bob"), await world.remote("fan")
    note = (await world.say(ada, type="Note", content="x", to=[PUBLIC, bob.iri])).ids("object")[0]
    await world.hear(fan, ada, id=f"{fan.iri}/l", type="Like", object=note)
    await world.say(ada, type="Delete", object=note)
    deletes = [(inbox, body) for inbox, body in await world.deliveries() if body["type"] == "Delete"]
    assert {inbox for inbox, _ in deletes} == {bob.inbox, fan.inbox}
    assert all(body["object"]["type"] == "Tombstone" for _, body in deletes)


async def test_only_once_and_only_by_the_owner(world: World) -> None:
    """AP-230, SEC-023."""
    ada, eve = await world.local("ada"), await world.local("eve")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    with pytest.raises(NotAllowed):
        await world.say(eve, type="Delete", object=note)
    await world.say(ada, type="Delete", object=note)
    with pytest.raises(Gone):
        await world.say(ada, type="Delete", object=note)


async def test_an_actor_that_leaves_takes_all_with_it(world: World) -> None:
    """AP-350: follows, likes and objects."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    mine = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    theirs = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "content": "b", "to": PUBLIC}
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    await world.hear(bob, ada, id=f"{bob.iri}/l", type="Like", object=mine)
    await world.hear(bob, ada, id=f"{bob.iri}/c", type="Create", object=theirs, to=PUBLIC)
    await world.hear(bob, ada, id=f"{bob.iri}/d", type="Delete", object=bob.iri)
    assert await world.listed(ada.iri, "followers") == []
    assert await world.listed(mine, "likes") == []
    with pytest.raises(Gone):
        await world.shown(f"{bob.iri}/n")


async def test_several_at_once(world: World) -> None:
    """AP-204, AP-291: each becomes a Tombstone, and all of them are told."""
    ada = await world.local("ada")
    notes = [(await world.say(ada, type="Note", content="a", to=PUBLIC)).ids("object")[0] for _ in range(2)]
    activity = await world.say(ada, type="Delete", object=notes)
    assert [grave.id for grave in activity.embedded("object") if grave.is_a("Tombstone")] == notes


async def test_what_waits_is_not_said_any_more(world: World) -> None:
    """AP-300: the Delete takes the place of a Create and an Update on their way; others' words stay."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    note = (await world.say(ada, type="Note", content="x", to=[PUBLIC, bob.iri])).ids("object")[0]
    kept = await world.say(ada, type="Note", content="y", to=[PUBLIC, bob.iri])
    await world.say(ada, type="Update", object={"id": note, "content": "z"}, to=[PUBLIC, bob.iri])
    liked = await world.say(eve, type="Like", object=note, to=bob.iri)
    deleted = await world.say(ada, type="Delete", object=note)
    assert [body["id"] for _, body in await world.deliveries()] == [kept.id, liked.id, deleted.id]


async def test_all_who_had_to_do_with_it_are_told_and_lists_forget_it(world: World) -> None:
    """AP-230, AP-231: sharers and repliers too; pinned no more, out of collections, the parent counts one less."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    parent = (await world.say(eve, type="Note", content="p", to=PUBLIC)).ids("object")[0]
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC, inReplyTo=parent)).ids("object")[0]
    await world.say(ada, type="Add", object=note, target=f"{ada.iri}/featured")
    reply = {
        "id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "content": "b", "to": PUBLIC,
        "inReplyTo": note,
    }  # fmt: skip
    await world.hear(bob, ada, id=f"{bob.iri}/c", type="Create", object=reply, to=PUBLIC)
    share = await world.say(eve, type="Announce", object=note, to=PUBLIC)
    delete = await world.say(ada, type="Delete", object=note)
    assert (bob.inbox, delete.id) in [(inbox, body["id"]) for inbox, body in await world.deliveries()]
    assert (await world.listed(eve.iri, "inbox"))[0] == delete.id
    assert await world.listed(ada.iri, "featured") == await world.listed(parent, "replies") == []
    assert (await world.shown(share.id or ""))["object"]["type"] == "Tombstone"
