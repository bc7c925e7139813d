"""Agreeing with another server on who here follows its actor."""

from typing import Any

import pytest
from world import BASE, World

from storage import actors, follows, jobs
from storage.actors import ActorRow
from streams import relations, synchronization
from streams.errors import Unreachable
from vocab import Object
from vocab.synchronization import Synchronization, digest

pytestmark = pytest.mark.anyio

BOB = "https://there.example/u/bob"
PART = f"{BOB}/followers_sync"


async def follow(world: World, follower: ActorRow, followed: ActorRow, *, accepted: bool = True) -> None:
    said = await world.say(follower, type="Follow", object=followed.iri)
    if accepted:
        await world.hear(followed, follower, id=f"{said.id}-yes", type="Accept", object=said.id)


async def tell(world: World, listed: list[str], *, claim: str | None = None, **changes: Any) -> None:
    """Let Bob's server tell who follows him, and look into it."""
    world.others.documents[PART] = {
        "id": PART, "type": "OrderedCollection", "orderedItems": listed, "totalItems": len(listed),
    }  # fmt: skip
    values = {"collection": f"{BOB}/followers", "url": PART, "digest": claim or digest(listed), **changes}
    await world.store.write(synchronization.remember, BOB, Synchronization(**values), now=world.now)
    claimed = await world.store.write(
        jobs.claim, synchronization.QUEUE, now=world.now, owner="me", lease_us=1_000_000, limit=5
    )
    for job in claimed:
        await synchronization.synchronize(world.ports, job, owner="me")


async def following(world: World, follower: ActorRow, followed: ActorRow) -> int | None:
    found = await world.store.read(relations.find, follower, followed)
    return None if found is None else found.state


async def test_who_is_not_listed_follows_no_more(world: World) -> None:
    """AP-709: the other server is right about its own actor; who is listed stays."""
    bob, ada, eve = await world.remote("bob"), await world.local("ada"), await world.local("eve")
    await follow(world, ada, bob)
    await follow(world, eve, bob)
    before = len(await world.deliveries())
    await tell(world, [ada.iri])
    assert await following(world, ada, bob) == follows.ACCEPTED
    assert await following(world, eve, bob) is None
    assert await world.listed(eve.iri, "following") == []
    assert len(await world.deliveries()) == before


async def test_who_does_not_follow_says_so(world: World) -> None:
    """AP-709: an Undo of a Follow by each of ours who is listed and does not follow; who asks to is left alone."""
    bob, ada, eve, cy = await world.remote("bob"), *[await world.local(name) for name in ("ada", "eve", "cy")]
    await follow(world, ada, bob)
    await follow(world, cy, bob, accepted=False)
    before = len(await world.deliveries())
    await tell(world, [ada.iri, eve.iri, cy.iri, f"{BASE}/users/nobody", "https://else.example/u/x"])
    (told,) = (await world.deliveries())[before:]
    assert told[0] == bob.inbox
    undo = told[1]
    assert (undo["type"], undo["actor"]) == ("Undo", eve.iri)
    assert (undo["object"]["type"], undo["object"]["actor"], undo["object"]["object"]) == (
        "Follow",
        eve.iri,
        BOB,
    )
    assert await following(world, cy, bob) == follows.WAITING


async def test_agreement_asks_for_nothing(world: World) -> None:
    """AP-709: equal digests are the end of it."""
    bob, ada = await world.remote("bob"), await world.local("ada")
    await follow(world, ada, bob)
    asked = len(world.others.asked)
    await tell(world, [ada.iri])
    assert world.others.asked[asked:] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"collection": f"{BOB}/fans"},
        {"url": "https://else.example/list"},
        {"claim": digest(["https://here.example/users/someone"])},
    ],
)
async def test_what_proves_nothing(world: World, changes: dict[str, Any]) -> None:
    """AP-709, SEC-026: another collection, another origin, a list without the digest that was told: no effect."""
    bob, ada = await world.remote("bob"), await world.local("ada")
    await follow(world, ada, bob)
    await tell(world, [], **changes)
    assert await following(world, ada, bob) == follows.ACCEPTED


async def test_a_server_that_is_away(world: World) -> None:
    """AP-709: tried again later; one that shows nothing is left alone."""
    bob, ada = await world.remote("bob"), await world.local("ada")
    await follow(world, ada, bob)
    world.others.down.add(PART)
    with pytest.raises(Unreachable):
        await tell(world, [])
    assert await world.store.read(actors.find, bob.iri) is not None
    assert await following(world, ada, bob) == follows.ACCEPTED


async def test_who_is_accepted_meanwhile_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """AP-709: a list that was read before someone's follow was accepted does not speak of it."""
    bob, ada, eve, cy = await world.remote("bob"), *[await world.local(name) for name in ("ada", "eve", "cy")]
    await follow(world, ada, bob)
    await follow(world, eve, bob)
    read = world.others.items

    async def accepting(iri: str, *, limit: int) -> list[Object]:
        listed = await read(iri, limit=limit)
        await follow(world, cy, bob)
        return listed

    monkeypatch.setattr(world.others, "items", accepting)
    await tell(world, [ada.iri])
    assert await following(world, eve, bob) is None
    assert await following(world, cy, bob) == follows.ACCEPTED
