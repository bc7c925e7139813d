"""Profiles complete themselves: a new follow brings the newest posts, in silence and with their own dates."""

from typing import Any

import pytest
from world import PUBLIC, World

from storage import actors, objects
from storage.actors import ActorRow, State
from streams.instants import DAY_US, SECOND_US
from streams.ports import Manners

pytestmark = pytest.mark.anyio

SOON_US = 30 * SECOND_US


def said(author: ActorRow, number: int, **note: Any) -> dict[str, Any]:
    """Return a Create of a public note as an outbox embeds it; the number is its day."""
    id, day = f"{author.iri}/n/{number}", f"2026-03-{number:02}T10:00:00Z"
    thing = {"id": id, "type": "Note", "attributedTo": author.iri, "to": PUBLIC, "published": day, **note}
    return {
        "id": f"{author.iri}/a/{number}", "type": "Create", "actor": author.iri, "published": day,
        "to": thing["to"], "object": thing,
    }  # fmt: skip


async def follow(world: World, follower: ActorRow, followed: ActorRow) -> None:
    asked = await world.say(follower, type="Follow", object=followed.iri, to=followed.iri)
    await world.hear(followed, follower, id=f"{followed.iri}/ok", type="Accept", object=asked.id)


def serve(world: World, author: ActorRow, *items: Any) -> None:
    """Serve an outbox, newest first."""
    outbox = f"{author.iri}/outbox"
    world.others.documents[outbox] = {"id": outbox, "type": "OrderedCollection", "orderedItems": list(items)}


async def test_a_new_follow_brings_the_newest_posts(world: World) -> None:
    """AP-742, AP-199, AP-151: in chronological order below what comes live, dates original, nobody told."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    serve(world, bob, said(bob, 3), said(bob, 2), said(bob, 1))
    await follow(world, ada, bob)
    await world.hear(bob, None, **said(bob, 9))
    told, asked = await world.listed(ada.iri, "inbox"), await world.deliveries()
    await world.errands(SOON_US)
    assert await world.listed(bob.iri, "outbox") == [f"{bob.iri}/a/{number}" for number in (9, 3, 2, 1)]
    assert (await world.shown(f"{bob.iri}/a/1"))["object"]["published"] == "2026-03-01T10:00:00Z"
    assert await world.listed(ada.iri, "inbox") == told
    assert await world.deliveries() == asked


async def test_as_many_as_the_operator_allows(world: World) -> None:
    """AP-742: the newest, up to ``threads.newest_posts``."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    world.manners = Manners(newest_posts=2)
    serve(world, bob, said(bob, 3), said(bob, 2), said(bob, 1))
    await follow(world, ada, bob)
    await world.errands(SOON_US)
    assert await world.listed(bob.iri, "outbox") == [f"{bob.iri}/a/3", f"{bob.iri}/a/2"]


async def test_only_what_the_actor_said_in_public(world: World) -> None:
    """SEC-017, SEC-032: private, borrowed and forged items of an outbox are left out; named ones are fetched."""
    ada, bob, eve = (
        await world.local("ada"),
        await world.remote("bob"),
        await world.remote("eve", "far.example"),
    )
    named, forged = said(bob, 4), said(eve, 5)
    world.others.documents[named["id"]] = {**named, "object": named["object"]["id"]}
    world.others.documents[named["object"]["id"]] = named["object"]
    serve(
        world, bob, named["id"], forged, {**said(bob, 6), "object": said(eve, 6)["object"]},
        said(bob, 7, to=[ada.iri]), {"type": "Create", "actor": bob.iri},
    )  # fmt: skip
    await follow(world, ada, bob)
    await world.errands(SOON_US)
    assert await world.listed(bob.iri, "outbox") == [named["id"]]
    held = await world.store.read(objects.by_iri, forged["object"]["id"])
    assert held is None or held.document is None


async def test_shares_bring_what_they_share(world: World) -> None:
    """AP-742, AP-367: a share in an outbox has the shared post read from its origin."""
    ada, bob, eve = (
        await world.local("ada"),
        await world.remote("bob"),
        await world.remote("eve", "far.example"),
    )
    shared = said(eve, 1, content="hi")["object"]
    world.others.documents[shared["id"]] = shared
    share = {"id": f"{bob.iri}/s", "type": "Announce", "actor": bob.iri, "to": PUBLIC, "object": shared["id"]}
    lost = {**share, "id": f"{bob.iri}/lost", "object": f"{eve.iri}/n/404"}
    serve(world, bob, lost, share)
    await follow(world, ada, bob)
    await world.errands(SOON_US)
    assert await world.listed(bob.iri, "outbox") == [share["id"]]
    assert (await world.shown(share["id"]))["object"]["content"] == "hi"


async def test_not_again_within_an_hour_and_not_for_nobody(world: World) -> None:
    """AP-742: a second follow costs nothing, and one that has ended until then neither."""
    ada, odd, bob = await world.local("ada"), await world.local("odd"), await world.remote("bob")
    eve = await world.remote("eve", "far.example")
    serve(world, bob, said(bob, 1))
    await follow(world, ada, bob)
    await world.errands(SOON_US)
    await follow(world, odd, bob)
    await world.errands(SOON_US)
    assert world.others.asked.count(f"{bob.iri}/outbox") == 1
    await follow(world, ada, eve)
    await world.hear(eve, ada, id=f"{eve.iri}/no", type="Reject", object={
        "type": "Follow", "actor": ada.iri, "object": eve.iri})  # fmt: skip
    await world.errands(DAY_US)
    assert f"{eve.iri}/outbox" not in world.others.asked


async def test_nothing_is_recalled_of_the_suspended(world: World) -> None:
    """AP-640: whoever was suspended after the follow was accepted has nothing more to say here."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    serve(world, bob, said(bob, 1))
    await follow(world, ada, bob)
    await world.store.write(actors.set_state, bob.id, State.SUSPENDED)
    await world.errands(SOON_US)
    assert f"{bob.iri}/outbox" in world.others.asked
    assert await world.listed(bob.iri, "outbox") == []
