"""Suspending an actor or a host: nothing of it takes effect or is shown (SEC-012)."""

import pytest
from world import BASE, PUBLIC, World

from storage import actors, jobs, policies
from storage.actors import ActorRow
from streams import moderation, read
from streams.errors import NotAllowed, NotFound

pytestmark = pytest.mark.anyio


async def carry_out(world: World) -> None:
    """Do the jobs that a moderator's word has left."""
    for job in await world.store.write(
        jobs.claim, moderation.QUEUE, owner="me", limit=10, lease_us=10**9, now=world.now
    ):
        await moderation.work(world.store, job)
        await world.store.write(jobs.finish, job, owner="me")


async def suspend(world: World, actor: ActorRow) -> ActorRow:
    await world.store.write(moderation.suspend, actor, base_url=BASE, now=world.now)
    await carry_out(world)
    found = await world.store.read(actors.by_id, actor.id)
    assert found is not None
    return found


async def test_ours_is_hidden_and_silent_until_restored(world: World) -> None:
    """AP-102: its followers are told by an Update; what it said comes back with it."""
    ada, eve, bob = (
        await world.local("ada", display_name="Ada"),
        await world.local("eve"),
        await world.remote("bob"),
    )
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    post = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    gone = await suspend(world, ada)
    _, update = (await world.deliveries())[-1]
    assert (update["type"], update["object"]["id"], update["object"]["suspended"]) == (
        "Update",
        ada.iri,
        True,
    )
    assert "Ada" not in str(update)
    for viewer in (None, eve):
        with pytest.raises(NotFound):
            await world.shown(post, viewer)
    with pytest.raises(NotFound):
        await world.store.read(read.lister, ada.iri, None)
    with pytest.raises(NotAllowed):
        await world.say(gone, type="Note", content="y")
    with pytest.raises(NotFound):
        await world.say(eve, type="Like", object=post)
    assert await world.store.write(moderation.restore, gone, base_url=BASE, now=world.now)
    assert (await world.shown(post))["content"] == "x"
    _, update = (await world.deliveries())[-1]
    assert "suspended" not in update["object"]
    assert update["object"]["name"] == "Ada"
    assert not await world.store.write(moderation.restore, ada, base_url=BASE, now=world.now)


async def test_one_elsewhere_is_gone_from_every_list(world: World) -> None:
    """SEC-012: relations end, nothing is delivered to it, and no activity of it has an effect."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    post = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    note = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "inReplyTo": post, "to": PUBLIC}
    await world.hear(bob, ada, id=f"{bob.iri}/c", type="Create", object=note, to=PUBLIC)
    await world.hear(bob, ada, id=f"{bob.iri}/l", type="Like", object=post)
    bob = await suspend(world, bob)
    assert await world.listed(ada.iri, "followers") == []
    assert await world.listed(post, "replies") == await world.listed(post, "likes") == []
    before, sent = await world.listed(ada.iri, "inbox"), len(await world.deliveries())
    for type, object in [
        ("Like", post),
        ("Follow", ada.iri),
        ("Update", note),
        ("Announce", post),
        ("Flag", ada.iri),
    ]:
        await world.hear(bob, ada, id=f"{bob.iri}/{type}", type=type, object=object, to=[PUBLIC, ada.iri])
    await world.say(ada, type="Note", content="y", to=[bob.iri])
    assert await world.listed(ada.iri, "inbox") == before
    assert len(await world.deliveries()) == sent
    assert await world.listed(ada.iri, "followers") == []
    refreshed = await world.remote("bob")
    assert refreshed.state == actors.State.SUSPENDED


async def test_a_suspended_host_takes_its_actors_along(world: World) -> None:
    """AP-640: those below it too; others stay."""
    ada = await world.local("ada")
    hosts = ("bad.example", "x.bad.example", "notbad.example")
    bob, sub, far = [await world.remote(f"bob{n}", host) for n, host in enumerate(hosts)]
    post = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    for actor in (bob, sub, far):
        await world.hear(actor, ada, id=f"{actor.iri}/f", type="Follow", object=ada.iri)
        await world.hear(actor, ada, id=f"{actor.iri}/l", type="Like", object=post)
    await world.store.write(moderation.treat, "bad.example", policies.SUSPEND, now=world.now)
    await carry_out(world)
    assert await world.listed(ada.iri, "followers") == [far.iri]
    assert await world.listed(post, "likes") == [f"{far.iri}/l"]


async def test_the_silenced_have_to_ask(world: World) -> None:
    """AP-640: a follow from a silenced host waits for an answer; one that was accepted stays."""
    ada, bob, joe = await world.local("ada"), await world.remote("bob"), await world.remote("joe")
    await world.hear(joe, ada, id=f"{joe.iri}/f", type="Follow", object=ada.iri)
    await world.store.write(moderation.treat, "there.example", policies.SILENCE, now=world.now)
    follow = f"{bob.iri}/f"
    await world.hear(bob, ada, id=follow, type="Follow", object=ada.iri)
    assert await world.listed(ada.iri, "followers") == [joe.iri]
    assert await world.listed(ada.iri, "pendingFollowers") == [follow]
    await world.say(ada, type="Accept", object=follow)
    assert await world.listed(ada.iri, "followers") == [bob.iri, joe.iri]
