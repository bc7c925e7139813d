"""Activities inside the Announce of a group of another server: what is believed, and what takes effect."""

from typing import Any

import pytest
from world import PUBLIC, World

from storage import objects
from storage.actors import ActorRow
from streams import moderators

pytestmark = pytest.mark.anyio

TEA = "https://far.example/u/tea"
MODERATORS = f"{TEA}/moderators"


@pytest.fixture
async def tea(world: World) -> ActorRow:
    """A group elsewhere that Ada follows, with Kim as its moderator."""
    ada = await world.local("ada")
    group = await world.remote("tea", "far.example", type="Group", attributedTo=MODERATORS)
    follow = await world.say(ada, type="Follow", object=group.iri)
    await world.hear(group, ada, id=f"{TEA}/ok", type="Accept", object=follow.id)
    listed = {"id": MODERATORS, "type": "OrderedCollection", "orderedItems": ["https://far.example/u/kim"]}
    world.others.documents[MODERATORS] = listed
    return group


def create(author: ActorRow, number: int, **members: Any) -> dict[str, Any]:
    page = {"id": f"{author.iri}/p/{number}", "type": "Page", "attributedTo": author.iri, "name": "Tea"}
    page |= {"to": [TEA, PUBLIC], "audience": TEA, **members}
    said = {"id": f"{author.iri}/c/{number}", "type": "Create", "actor": author.iri, "to": page["to"]}
    return {**said, "audience": TEA, "object": page}


async def announce(world: World, group: ActorRow, inner: Any, number: int = 1) -> str:
    id = f"{group.iri}/a/{number}"
    said = {"id": id, "type": "Announce", "object": inner, "to": PUBLIC, "cc": group.followers}
    await world.hear(group, None, **said)
    return id


@pytest.mark.parametrize("embedded", [True, False])
async def test_it_takes_effect_as_if_received(world: World, tea: ActorRow, embedded: bool) -> None:
    """AP-367, AP-725: read at its origin, stored, in the group; members are shown the Announce, no share is counted."""
    bob = await world.remote("bob")
    said = create(bob, 1)
    world.others.documents[said["id"]] = said
    id = await announce(world, tea, {**said, "object": "altered"} if embedded else said["id"])
    page = said["object"]["id"]
    assert (await world.shown(page))["name"] == "Tea"
    ada = await world.find("https://here.example/users/ada")
    assert id in await world.listed(ada.iri, "inbox")
    assert await world.listed(TEA, "posts") == [page]
    assert (await world.shown(id))["object"]["id"] == said["id"]


async def test_lies_are_not_believed(world: World, tea: ActorRow) -> None:
    """SEC-017, AP-367: what its origin does not confirm has no effect and is not shown."""
    bob = await world.remote("bob")
    said = create(bob, 1, name="Never said")
    id = await announce(world, tea, said)
    assert (await world.shown(id)).get("object") == said["id"]
    forged = create(bob, 2)
    world.others.documents[forged["object"]["id"]] = {**forged["object"], "attributedTo": f"{bob.iri}2"}
    await announce(world, tea, forged, 2)
    stolen = {**create(bob, 3), "id": "https://far.example/act/3"}
    world.others.documents[stolen["id"]] = stolen
    await announce(world, tea, stolen, 3)
    assert await world.listed(TEA, "posts") == []


async def test_the_object_tells_when_the_activity_cannot_be_read(world: World, tea: ActorRow) -> None:
    """FEP-1b12: Create and Update by the object at its origin, Delete by its absence there."""
    bob = await world.remote("bob")
    said = create(bob, 1)
    page = said["object"]["id"]
    world.others.documents[page] = {**said["object"], "name": "As published"}
    await announce(world, tea, said)
    assert (await world.shown(page))["name"] == "As published"
    world.others.documents[page] |= {"name": "Edited", "updated": "2026-11-20T12:00:05Z"}
    await announce(world, tea, {"id": f"{bob.iri}/u", "type": "Update", "actor": bob.iri, "object": page}, 2)
    assert (await world.shown(page))["name"] == "Edited"
    deleted = {"id": f"{bob.iri}/d", "type": "Delete", "actor": bob.iri, "object": page}
    await announce(world, tea, deleted, 3)
    assert (await world.shown(page))["name"] == "Edited"
    world.others.documents[page] = {"id": page, "type": "Tombstone"}
    await announce(world, tea, {**deleted, "id": f"{bob.iri}/d2"}, 4)
    assert page not in await world.listed(TEA, "posts")


async def test_reactions_inside_count(world: World, tea: ActorRow) -> None:
    """AP-725, AP-805: a Like and its Undo; whom someone follows is not for a group to say."""
    bob, ada = await world.remote("bob"), await world.find("https://here.example/users/ada")
    note = (await world.say(ada, type="Note", content="x", to=[PUBLIC, TEA])).ids("object")[0]
    like = {"id": f"{bob.iri}/l", "type": "Like", "actor": bob.iri, "object": note, "audience": TEA}
    follow = {"id": f"{bob.iri}/f", "type": "Follow", "actor": bob.iri, "object": ada.iri}
    undo = {"id": f"{bob.iri}/ul", "type": "Undo", "actor": bob.iri, "object": like}
    for said in (like, follow, undo):
        world.others.documents[said["id"]] = said
    await announce(world, tea, like)
    assert await world.listed(note, "likes") == [like["id"]]
    await announce(world, tea, follow, 2)
    assert await world.listed(ada.iri, "followers") == []
    await announce(world, tea, undo, 3)
    assert await world.listed(note, "likes") == []


async def test_moderators_are_those_the_group_names(world: World, tea: ActorRow) -> None:
    """AP-725, AP-805, IQ-725: a moderator takes a post out of the group, nobody else does; it stays its author's."""
    bob, kim = await world.remote("bob"), await world.remote("kim", "far.example")
    joe = await world.remote("joe", "far.example")
    said = create(bob, 1)
    world.others.documents[said["id"]] = said
    await announce(world, tea, said)
    page = said["object"]["id"]
    for number, (actor, left) in enumerate([(joe, [page]), (kim, [])], 2):
        removal = {
            "id": f"{actor.iri}/d",
            "type": "Delete",
            "actor": actor.iri,
            "object": page,
            "audience": TEA,
        }
        world.others.documents[removal["id"]] = removal
        await announce(world, tea, removal, number)
        assert await world.listed(TEA, "posts") == left
    assert (await world.shown(page))["type"] == "Page"


async def test_groups_nobody_here_follows_are_not_worked_for(world: World, tea: ActorRow) -> None:
    """AP-367, SEC-046: a group that is no one's here cannot make us keep what it likes."""
    bob = await world.remote("bob")
    stranger = await world.remote("cups", "cups.example", type="Group")
    said = create(bob, 1)
    world.others.documents[said["object"]["id"]] = said["object"]
    await announce(world, stranger, said)
    assert await world.listed(stranger.iri, "posts") == []


async def test_what_was_heard_directly_is_not_done_twice(world: World, tea: ActorRow) -> None:
    """AP-314, AP-727, IQ-747: one object, whichever way it came."""
    bob = await world.remote("bob")
    said = create(bob, 1)
    world.others.documents[said["id"]] = said
    await world.hear(bob, None, **said)
    asked = list(world.others.asked)
    await announce(world, tea, said)
    await announce(world, tea, said["object"]["id"], 2)
    assert world.others.asked == asked
    assert await world.listed(TEA, "posts") == [said["object"]["id"]]


async def test_a_group_cannot_use_up_the_ids_of_others(world: World, tea: ActorRow) -> None:
    """AP-367, AP-314: what its author says under an id is done though a group had told of something else under it."""
    bob, ada = await world.remote("bob"), await world.find("https://here.example/users/ada")
    note = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "content": "oops", "to": PUBLIC}
    await world.hear(bob, ada, id=f"{bob.iri}/c", type="Create", object=note, to=PUBLIC)
    world.others.documents[note["id"]] = note
    delete = {"id": f"{note['id']}#delete", "type": "Delete", "object": note["id"], "to": PUBLIC}
    await announce(world, tea, {**delete, "type": "Update", "actor": bob.iri})
    await world.hear(bob, ada, **delete)
    held = await world.store.read(objects.by_iri, note["id"])
    assert held is not None
    assert held.deleted is not None


async def test_who_moderates_is_learnt_of_so_many(world: World, tea: ActorRow) -> None:
    """SEC-117: a group elsewhere cannot fill our tables by a long list."""
    kim, bob = await world.remote("kim", "far.example"), await world.remote("bob")
    said = create(bob, 1)
    removal = {"id": f"{kim.iri}/d", "type": "Delete", "actor": kim.iri, "object": said["object"]["id"]}
    world.others.documents |= {said["id"]: said, removal["id"]: {**removal, "audience": TEA}}
    await announce(world, tea, said)
    world.others.documents[MODERATORS]["orderedItems"] = [f"https://far.example/u/{n}" for n in range(300)]
    await announce(world, tea, removal["id"], 2)
    assert len(await world.listed(TEA, "moderators")) == moderators.LEARNED_MAX
