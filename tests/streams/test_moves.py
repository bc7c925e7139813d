"""Moves: of ours to elsewhere, of others with the followers they have here."""

from typing import Any

import pytest
from world import BASE, World

from storage import Transaction, actors
from storage.actors import ActorRow, State
from streams.errors import NotAllowed, Refused
from streams.instants import DAY_US

pytestmark = pytest.mark.anyio


async def known_as(world: World, actor: ActorRow, *names: str) -> None:
    """Let one of ours say which other actors it is."""
    profile = {"id": actor.iri, "type": "Person", "alsoKnownAs": list(names)}
    await world.say(actor, type="Update", object=profile)


async def again(world: World, actor: ActorRow) -> ActorRow:
    async def find(tx: Transaction) -> ActorRow | None:
        return await actors.by_id(tx, actor.id)

    found = await world.store.read(find)
    assert found is not None
    return found


async def befriend(world: World, ada: ActorRow, bob: ActorRow) -> None:
    """Let Ada, who lives here, follow Bob."""
    follow = await world.say(ada, type="Follow", object=bob.iri)
    await world.hear(
        bob, ada, id=f"{follow.id}/ok".replace(BASE, "https://there.example"), type="Accept", object=follow.id
    )


async def test_one_of_ours_moves(world: World) -> None:
    """AP-098, AP-102, AP-262: shown, told to followers, and the outbox closes but for what tidies up."""
    ada, fan = await world.local("ada"), await world.remote("fan")
    there = await world.remote("ada", "new.example", alsoKnownAs=[ada.iri])
    await world.hear(fan, ada, id=f"{fan.iri}/f", type="Follow", object=ada.iri)
    note = await world.say(ada, type="Note", content="x")
    await world.say(ada, type="Move", object=ada.iri, target=there.iri)
    told = [(inbox, body["type"]) for inbox, body in await world.deliveries()][-2:]
    assert told == [(fan.inbox, "Move"), (fan.inbox, "Update")]
    assert (await world.deliveries())[-1][1]["object"]["movedTo"] == there.iri
    moved = await again(world, ada)
    assert moved.state == State.MOVED
    for act in ({"type": "Note", "content": "y"}, {"type": "Follow", "object": fan.iri}):
        with pytest.raises(NotAllowed):
            await world.say(moved, **act)
    await world.say(moved, type="Delete", object=note.ids("object")[0])
    await world.say(moved, type="Update", object={"id": ada.iri, "type": "Person", "name": "gone on"})
    assert (await world.deliveries())[-1][1]["object"]["type"] in ("Person", "Tombstone")
    eve = await world.local("eve")
    with pytest.raises(Refused):
        await world.say(eve, type="Follow", object=ada.iri)


@pytest.mark.parametrize(
    ("members", "field"),
    [({}, "target"), ({"alsoKnownAs": "https://a.example/x"}, "target"), ({"movedTo": BASE}, "target")],
)
async def test_only_to_an_actor_that_says_so(world: World, members: dict[str, Any], field: str) -> None:
    """AP-262, SEC-035: what it says now counts; one that has moved itself is no place to go to."""
    ada = await world.local("ada")
    there = await world.remote("ada", "new.example", alsoKnownAs=[ada.iri])
    names = [] if "movedTo" not in members else [ada.iri]
    world.others.documents[there.iri] |= {"alsoKnownAs": names, **members}
    with pytest.raises(Refused, match=field):
        await world.say(ada, type="Move", object=ada.iri, target=there.iri)
    assert (await again(world, ada)).state == State.ACTIVE


async def test_nobody_moves_to_themselves_or_moves_another(world: World) -> None:
    """AP-262, SEC-024, SEC-035."""
    ada, eve = await world.local("ada"), await world.local("eve")
    await known_as(world, ada, ada.iri, eve.iri)
    with pytest.raises(Refused):
        await world.say(ada, type="Move", object=ada.iri, target=ada.iri)
    with pytest.raises(NotAllowed):
        await world.say(ada, type="Move", object=eve.iri, target=ada.iri)
    with pytest.raises(Refused):
        await world.say(ada, type="Move", object=ada.iri, target="https://nobody.example/u")


async def test_not_again_within_a_month(world: World) -> None:
    """AP-262, SEC-035."""
    ada, eve, joe = [await world.local(name) for name in ("ada", "eve", "joe")]
    for other in (eve, joe):
        await known_as(world, other, ada.iri)
    await world.say(ada, type="Move", object=ada.iri, target=eve.iri)
    moved = await again(world, ada)
    with pytest.raises(Refused, match="30 days"):
        await world.say(moved, type="Move", object=ada.iri, target=joe.iri)
    world.now += 30 * DAY_US
    await world.say(moved, type="Move", object=ada.iri, target=joe.iri)


async def test_followers_here_go_along(world: World) -> None:
    """AP-376, AP-717: an Undo to the old, a Follow to the new; to one of ours the same without a delivery."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    new = await world.remote("bob", "new.example", alsoKnownAs=[bob.iri])
    for friend in (ada, eve):
        await befriend(world, friend, bob)
    world.others.documents[bob.iri]["movedTo"] = new.iri
    await world.hear(bob, ada, id=f"{bob.iri}/m", type="Move", object=bob.iri, target=new.iri)
    before = len(await world.deliveries())
    assert await world.chores() == 1
    sent = [(inbox, body["type"], body["actor"]) for inbox, body in (await world.deliveries())[before:]]
    assert sorted(sent) == sorted(
        [(bob.inbox, "Undo", one.iri) for one in (ada, eve)]
        + [(new.inbox, "Follow", one.iri) for one in (ada, eve)]
    )
    for friend in (ada, eve):
        assert await world.listed(friend.iri, "following") == []
        assert len(await world.listed(friend.iri, "pendingFollowing")) == 1
    assert (await again(world, bob)).state == State.MOVED


async def test_to_one_of_ours(world: World) -> None:
    """AP-376: who comes to live here keeps the followers that live here."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    await known_as(world, eve, bob.iri)
    await befriend(world, ada, bob)
    await befriend(world, eve, bob)
    await world.hear(bob, ada, id=f"{bob.iri}/m", type="Move", object=bob.iri, target=eve.iri)
    await world.chores()
    assert await world.listed(ada.iri, "following") == [eve.iri]
    assert await world.listed(eve.iri, "followers") == [ada.iri]
    assert await world.listed(eve.iri, "following") == []


@pytest.mark.parametrize("case", ["unnamed", "itself", "another", "chain"])
async def test_moves_that_are_not_believed(world: World, case: str) -> None:
    """AP-376, SEC-035: no alias, a move to itself, of somebody else, to one that has moved on."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await befriend(world, ada, bob)
    alias: dict[str, Any] = {} if case == "unnamed" else {"alsoKnownAs": [bob.iri]}
    new = await world.remote("bob", "new.example", **alias)
    if case == "chain":
        world.others.documents[new.iri]["movedTo"] = bob.iri
    moved = new if case == "another" else bob
    target = bob.iri if case == "itself" else new.iri
    await world.hear(bob, ada, id=f"{bob.iri}/m", type="Move", object=moved.iri, target=target)
    assert await world.chores() == 0
    assert await world.listed(ada.iri, "following") == [bob.iri]


async def test_followers_are_moved_once_a_month(world: World) -> None:
    """SEC-035: a second move within that time changes nothing."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    new = [await world.remote("bob", host, alsoKnownAs=[bob.iri]) for host in ("b.example", "c.example")]
    await befriend(world, ada, bob)
    await world.hear(bob, ada, id=f"{bob.iri}/m1", type="Move", object=bob.iri, target=new[0].iri)
    assert await world.chores() == 1
    await befriend(world, ada, bob)
    await world.hear(bob, ada, id=f"{bob.iri}/m2", type="Move", object=bob.iri, target=new[1].iri)
    assert await world.chores() == 0
    assert await world.listed(ada.iri, "following") == [bob.iri]


@pytest.mark.parametrize("blocked", ["https://new.example/u/bob", "https://new.example/"])
async def test_nobody_is_moved_to_whom_they_have_blocked(world: World, blocked: str) -> None:
    """AP-256, AP-376: the old follow ends, and no other is asked for."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    new = await world.remote("bob", "new.example", alsoKnownAs=[bob.iri])
    await befriend(world, ada, bob)
    await world.say(ada, type="Block", object=blocked)
    await world.hear(bob, ada, id=f"{bob.iri}/m", type="Move", object=bob.iri, target=new.iri)
    assert await world.chores() == 1
    assert await world.listed(ada.iri, "following") == []
    assert await world.listed(ada.iri, "pendingFollowing") == []
