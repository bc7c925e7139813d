"""Actors that are no longer there, and servers that are not to be spoken to."""

import pytest
from world import PUBLIC, World

from storage import Transaction, actors, jobs
from storage.actors import ActorRow, State
from streams import departures
from streams.errors import Gone

pytestmark = pytest.mark.anyio


async def befriend(world: World, ada: ActorRow, other: ActorRow) -> None:
    """Let two follow each other."""
    await world.hear(other, ada, id=f"{other.iri}/f", type="Follow", object=ada.iri)
    follow = await world.say(ada, type="Follow", object=other.iri)
    await world.hear(other, ada, id=f"{other.iri}/a", type="Accept", object=follow.id)


async def relations_of(world: World, ada: ActorRow) -> tuple[list[str], list[str]]:
    return await world.listed(ada.iri, "followers"), await world.listed(ada.iri, "following")


async def test_an_actor_whose_server_says_gone_is_let_go(world: World) -> None:
    """AP-297: out of followers and following, its words and its letters go, nothing more is sent to it."""
    ada, bob, eve = await world.local("ada"), await world.remote("bob"), await world.remote("eve")
    await befriend(world, ada, bob)
    await befriend(world, ada, eve)
    note = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "content": "b", "to": PUBLIC}
    await world.hear(bob, ada, id=f"{bob.iri}/c", type="Create", object=note, to=PUBLIC)
    await world.say(ada, type="Note", content="waiting", to=ada.followers)
    await world.store.write(departures.gone, bob.iri, now=world.now)
    assert await relations_of(world, ada) == ([eve.iri], [eve.iri])
    with pytest.raises(Gone):
        await world.shown(f"{bob.iri}/n")
    await world.say(ada, type="Note", content="later", to=[bob.iri, ada.followers or ""])
    assert {inbox for inbox, _ in await world.deliveries()} == {eve.inbox}
    counts = (await world.store.scan(jobs.counts))["deliver"]
    assert counts.enqueued == counts.discarded + counts.waiting


async def test_to_be_let_go_twice_or_from_here_changes_nothing(world: World) -> None:
    """AP-297: the answer of another server is never the end of one of ours."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await befriend(world, ada, bob)
    for iri in (ada.iri, "https://there.example/nobody", bob.iri, bob.iri):
        await world.store.write(departures.gone, iri, now=world.now)

    async def states(tx: Transaction) -> list[int]:
        return [found.state for iri in (ada.iri, bob.iri) if (found := await actors.find(tx, iri))]

    assert await world.store.read(states) == [State.ACTIVE, State.GONE]


async def test_all_relations_with_a_host_and_what_is_below_it_end(world: World) -> None:
    """AP-640: also those that wait for an answer; hosts whose names only look alike stay."""
    ada = await world.local("ada", approves=True)
    bob, sub = await world.remote("bob", "bad_host.example"), await world.remote("sub", "a.bad_host.example")
    alike = [await world.remote("fan", host) for host in ("badxhost.example", "notbad_host.example")]
    for other in (bob, sub, *alike):
        follow = await world.say(ada, type="Follow", object=other.iri)
        await world.hear(other, ada, id=f"{other.iri}/a", type="Accept", object=follow.id)
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    assert len(await world.listed(ada.iri, "pendingFollowers")) == 1
    done = [await world.store.write(departures.part_from_host, "bad_host.example", limit=1) for _ in range(3)]
    assert done == [1, 1, 0]
    assert await world.listed(ada.iri, "pendingFollowers") == []
    assert set(await world.listed(ada.iri, "following")) == {other.iri for other in alike}
