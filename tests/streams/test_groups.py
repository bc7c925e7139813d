"""Groups of ours: what they announce, to whom, and what they refuse."""

from typing import Any

import pytest
from world import BASE, PUBLIC, World

from storage import actors
from storage.actors import ActorRow, State
from streams import actors as making

pytestmark = pytest.mark.anyio


async def group(world: World, *members: ActorRow, **profile: Any) -> ActorRow:
    tea = await world.local("tea", type="Group")
    for one in members:
        await world.hear(one, tea, id=f"{one.iri}/follow", type="Follow", object=tea.iri)
    if profile:
        await world.say(tea, type="Update", object={"id": tea.iri, **profile})
    return tea


def post(author: ActorRow, number: int, tea: ActorRow, **members: Any) -> dict[str, Any]:
    page = {
        "id": f"{author.iri}/p/{number}",
        "type": "Page",
        "attributedTo": author.iri,
        "name": "First flush",
    }
    page |= {"to": [tea.iri, PUBLIC], "audience": tea.iri, **members}
    create = {"id": f"{author.iri}/c/{number}", "type": "Create", "object": page, "audience": tea.iri}
    return {**create, "to": page["to"], "proof": {"type": "DataIntegrityProof", "proofValue": "z1"}}


async def announced(world: World, tea: ActorRow) -> list[dict[str, Any]]:
    """Return what the group has sent to Bob's server, oldest first."""
    sent = [body for inbox, body in await world.deliveries() if inbox == "https://there.example/u/bob/inbox"]
    return [body for body in sent if body["type"] == "Announce" and body["actor"] == tea.iri]


async def test_what_is_posted_to_a_group_is_announced_unchanged(world: World) -> None:
    """AP-725, AP-805: the activity as it came, its proof inside; a new thread once more by itself."""
    bob, kim = await world.remote("bob"), await world.remote("kim", "far.example")
    tea = await group(world, bob)
    create = post(kim, 1, tea)
    await world.hear(kim, tea, **create)
    whole, alone = await announced(world, tea)
    assert {term: whole["object"][term] for term in create} == create
    assert (whole["to"], whole["cc"]) == (PUBLIC, [tea.followers, kim.iri])
    assert alone["object"] == create["object"]["id"]
    assert await world.listed(tea.iri, "posts") == [create["object"]["id"]]
    await world.hear(kim, None, **create)
    assert len(await announced(world, tea)) == 2


async def test_what_is_said_about_a_post_is_announced(world: World) -> None:
    """AP-725: replies, likes, edits, deletions, also those that do not name the group; not what is elsewhere."""
    bob, kim = await world.remote("bob"), await world.remote("kim", "far.example")
    tea, ada = await group(world, bob), await world.local("ada")
    create = post(kim, 1, tea)
    page = create["object"]["id"]
    await world.hear(kim, tea, **create)
    reply = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "inReplyTo": page, "to": PUBLIC}
    await world.hear(bob, None, id=f"{bob.iri}/r", type="Create", object=reply, to=PUBLIC)
    await world.say(ada, type="Like", object=page)
    await world.hear(bob, None, id=f"{bob.iri}/l", type="Like", object=page)
    await world.hear(bob, None, id=f"{bob.iri}/ul", type="Undo", object=f"{bob.iri}/l")
    edited = {**create["object"], "name": "Second flush", "updated": "2026-11-20T12:30:00Z"}
    await world.hear(kim, None, id=f"{kim.iri}/u", type="Update", object=edited, to=PUBLIC)
    await world.hear(kim, None, id=f"{kim.iri}/d", type="Delete", object=page, to=PUBLIC)
    inner = [
        body["object"]["type"] for body in await announced(world, tea) if isinstance(body["object"], dict)
    ]
    assert inner == ["Create", "Create", "Like", "Like", "Undo", "Update", "Delete"]
    elsewhere = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    await world.hear(bob, tea, id=f"{bob.iri}/l2", type="Like", object=elsewhere)
    assert len(await announced(world, tea)) == 8


async def test_members_here_and_there_hear_a_local_post(world: World) -> None:
    """AP-725, IQ-724: a post of ours names the group as audience and mentions it; members find the Announce."""
    bob = await world.remote("bob")
    tea, ada, eve = await group(world, bob), await world.local("ada"), await world.local("eve")
    await world.say(eve, type="Follow", object=tea.iri)
    made = await world.say(ada, type="Note", content="hello", to=[PUBLIC, tea.iri])
    note = made.embedded("object")[0]
    assert (made.get("audience"), note.get("audience")) == ([tea.iri], [tea.iri])
    assert [tag["href"] for tag in note.values("tag")] == [tea.iri]
    whole, alone = await announced(world, tea)
    assert whole["object"]["object"]["content"] == "hello"
    heard = await world.listed(eve.iri, "inbox")
    assert {whole["id"], alone["id"]} <= set(heard)
    shown = await world.shown(whole["id"])
    assert shown["object"]["id"] == made.id


async def test_what_is_private_stays_between_two(world: World) -> None:
    """SEC-031: a message to a group is not passed on."""
    bob, kim = await world.remote("bob"), await world.remote("kim", "far.example")
    tea = await group(world, bob)
    await world.hear(kim, tea, **{**post(kim, 1, tea, to=[tea.iri]), "to": [tea.iri]})
    assert await announced(world, tea) == []


async def refused(world: World, tea: ActorRow) -> list[str]:
    sent = [body for _, body in await world.deliveries()]
    return [body["object"]["id"] for body in sent if body["type"] == "Reject" and body["actor"] == tea.iri]


async def test_a_closed_group_takes_posts_of_members(world: World) -> None:
    """AP-725: membership is an accepted Follow; others get a Reject."""
    bob, kim = await world.remote("bob"), await world.remote("kim", "far.example")
    tea = await group(world, bob, manuallyApprovesFollowers=True)
    tea = await world.find(tea.iri)
    await world.hear(kim, tea, **post(kim, 1, tea))
    assert (await announced(world, tea), await refused(world, tea)) == ([], [f"{kim.iri}/c/1"])
    await world.hear(bob, tea, **post(bob, 1, tea))
    assert len(await announced(world, tea)) == 2


async def test_a_restricted_group_takes_threads_of_moderators(world: World) -> None:
    """AP-725: postingRestrictedToMods; replies are for all. Moderators are a collection the group edits."""
    bob, kim = await world.remote("bob"), await world.remote("kim", "far.example")
    tea = await group(world, bob, postingRestrictedToMods=True)
    await world.say(tea, type="Add", object=kim.iri, target=f"{tea.iri}/moderators")
    await world.hear(bob, tea, **post(bob, 1, tea))
    assert (await announced(world, tea), await refused(world, tea)) == ([], [f"{bob.iri}/c/1"])
    await world.hear(kim, tea, **post(kim, 1, tea))
    await world.hear(bob, tea, **post(bob, 2, tea, type="Note", inReplyTo=f"{kim.iri}/p/1"))
    assert len(await announced(world, tea)) == 3


async def test_moderators_keep_order(world: World) -> None:
    """AP-725, AP-805, IQ-726: lock, remove, ban and undo, each announced; nothing of it by others."""
    bob, kim = await world.remote("bob"), await world.remote("kim", "far.example")
    joe = await world.remote("joe", "joe.example")
    tea = await group(world, bob)
    await world.say(tea, type="Add", object=kim.iri, target=f"{tea.iri}/moderators")
    await world.hear(bob, tea, **post(bob, 1, tea))
    page = f"{bob.iri}/p/1"
    order = {"object": page, "to": PUBLIC, "cc": tea.iri}
    await world.hear(joe, tea, id=f"{joe.iri}/lock", type="Lock", **order)
    await world.hear(joe, tea, **post(joe, 1, tea, type="Note", inReplyTo=page))
    assert len(await announced(world, tea)) == 3
    await world.hear(kim, tea, id=f"{kim.iri}/lock", type="Lock", **order)
    await world.hear(joe, tea, **post(joe, 2, tea, type="Note", inReplyTo=page))
    assert await refused(world, tea) == [f"{joe.iri}/c/2"]
    await world.hear(kim, tea, id=f"{kim.iri}/unlock", type="Undo", **{**order, "object": f"{kim.iri}/lock"})
    await world.hear(joe, tea, **post(joe, 3, tea, type="Note", inReplyTo=page))
    ban = {"object": joe.iri, "target": tea.iri, "to": PUBLIC, "cc": tea.iri}
    await world.hear(kim, tea, id=f"{kim.iri}/ban", type="Block", **ban)
    await world.hear(joe, tea, **post(joe, 4, tea))
    await world.hear(kim, tea, id=f"{kim.iri}/unban", type="Undo", object=f"{kim.iri}/ban", cc=tea.iri)
    await world.hear(joe, tea, **post(joe, 5, tea))
    await world.hear(kim, tea, id=f"{kim.iri}/del", type="Delete", **order)
    inner = [body["object"]["id"] for body in await announced(world, tea) if isinstance(body["object"], dict)]
    assert inner == [
        f"{bob.iri}/c/1", f"{joe.iri}/c/1", f"{kim.iri}/lock", f"{kim.iri}/unlock", f"{joe.iri}/c/3",
        f"{kim.iri}/ban", f"{joe.iri}/c/5", f"{kim.iri}/del",
    ]  # fmt: skip
    assert page not in await world.listed(tea.iri, "posts")
    assert (await world.shown(page))["type"] == "Page"


async def test_groups_do_not_echo_each_other(world: World) -> None:
    """AP-727: what another group announces is not announced again."""
    bob, far = await world.remote("bob"), await world.remote("cups", "far.example", type="Group")
    tea = await group(world, bob)
    note = {"id": f"{far.iri}/n", "type": "Note", "attributedTo": far.iri, "to": [PUBLIC, tea.iri]}
    world.others.documents[note["id"]] = note
    await world.hear(far, tea, id=f"{far.iri}/a", type="Announce", object=note["id"], to=[PUBLIC, tea.iri])
    assert await announced(world, tea) == []


async def test_a_group_names_its_moderators(world: World) -> None:
    """AP-725, AP-805: attributedTo of a Group is the collection of those who keep order."""
    tea = await group(world)
    described = await world.store.read(making.describe, tea, BASE)
    assert described.get("attributedTo") == f"{tea.iri}/moderators"
    assert described.get("postingRestrictedToMods") is False


async def test_a_group_that_says_nothing_keeps_nobody_from_speaking(world: World) -> None:
    """AP-725, AP-640: what is told to a suspended group and to others reaches the others."""
    ada, tea, bob = (
        await world.local("ada"),
        await world.local("tea", type="Group"),
        await world.remote("bob"),
    )
    await world.store.write(actors.set_state, tea.id, State.SUSPENDED)
    named = [PUBLIC, ada.iri, tea.iri]
    note = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "content": "x", "to": named}
    await world.hear(bob, None, id=f"{bob.iri}/c", type="Create", object=note, to=named)
    assert f"{bob.iri}/c" in await world.listed(ada.iri, "inbox")
    assert await world.listed(tea.iri, "outbox") == []


async def test_a_post_that_is_closed_to_others_is_announced_no_more(world: World) -> None:
    """AP-725, SEC-031: an Update that leaves out Public takes effect, and the group is silent about it."""
    tea, bob = await world.local("tea", type="Group"), await world.remote("bob")
    page = {
        "id": f"{bob.iri}/n",
        "type": "Page",
        "attributedTo": bob.iri,
        "name": "x",
        "to": [PUBLIC, tea.iri],
    }
    await world.hear(bob, tea, id=f"{bob.iri}/c", type="Create", object=page, to=page["to"])
    said = await world.listed(tea.iri, "outbox")
    closed = {**page, "name": "secret", "to": [tea.iri], "updated": "2026-11-20T12:00:05Z"}
    await world.hear(bob, tea, id=f"{bob.iri}/u", type="Update", object=closed, to=[tea.iri])
    assert (await world.shown(page["id"], bob))["name"] == "secret"
    assert await world.listed(tea.iri, "outbox") == said
