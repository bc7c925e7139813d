"""Collections of other servers that a client addresses."""

from typing import Any

import pytest
from world import PUBLIC, World

from storage import Transaction, jobs
from storage.jobs import Job
from streams import fanout

pytestmark = pytest.mark.anyio

LIST = "https://there.example/lists/1"


async def _resolve_all(world: World) -> None:
    """Do what the background work would, until nothing is left."""
    for _ in range(20):
        claimed: list[Job] = await world.store.write(
            jobs.claim, "resolve", now=world.now, owner="test", lease_us=10_000_000, limit=50, per_lane=50,
            circuits=False,
        )  # fmt: skip
        if not claimed:
            return
        for job in claimed:
            await fanout.resolve(world.ports, job, owner="test")


def _collection(iri: str, *members: str) -> dict[str, Any]:
    return {"id": iri, "type": "Collection", "items": list(members)}


async def test_members_get_it_and_are_asked_for_with_the_authors_signature(world: World) -> None:
    """AP-283: known and unknown members, each once; nobody is asked in the server's own name."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    zoe = "https://far.example/u/zoe"
    world.others.documents[zoe] = {"id": zoe, "type": "Person", "inbox": f"{zoe}/inbox"}
    world.others.documents[LIST] = _collection(LIST, bob.iri, zoe, ada.iri, "https://gone.example/u/x")
    await world.say(ada, type="Note", content="hi", to=LIST)
    await _resolve_all(world)
    assert sorted(inbox for inbox, _ in await world.deliveries()) == sorted([bob.inbox, f"{zoe}/inbox"])
    assert world.others.signed[0] == ada.iri


async def test_two_levels_and_no_more(world: World) -> None:
    """AP-284: a collection in a collection is expanded, one inside that is not; loops end."""
    ada, bob, eve = await world.local("ada"), await world.remote("bob"), await world.remote("eve")
    second, third = f"{LIST}/2", f"{LIST}/3"
    world.others.documents |= {
        LIST: _collection(LIST, second, LIST),
        second: _collection(second, bob.iri, third),
        third: _collection(third, eve.iri),
    }
    await world.say(ada, type="Note", content="hi", to=LIST)
    await _resolve_all(world)
    assert [inbox for inbox, _ in await world.deliveries()] == [bob.inbox]
    assert world.others.asked.count(LIST) <= 4


async def test_a_thousand_members_and_no_more(world: World) -> None:
    """AP-283: the rest of a larger collection is left out, nested ones have what is left."""
    ada = await world.local("ada")
    world.others.documents[LIST] = _collection(LIST, *(f"https://h{n}.example/u" for n in range(1_200)))
    await world.say(ada, type="Note", content="hi", to=LIST)
    [job] = await world.store.write(
        jobs.claim,
        "resolve",
        now=world.now,
        owner="test",
        lease_us=10_000_000,
        limit=50,
        per_lane=50,
        circuits=False,
    )
    await fanout.resolve(world.ports, job, owner="test")

    async def waiting(tx: Transaction) -> int:
        row = await tx.one("SELECT count(*) FROM jobs WHERE queue = 'resolve'")
        return int(str(row[0])) if row else 0

    assert await world.store.read(waiting) == 1_000


async def test_members_who_live_here_are_told_and_may_read_it(world: World) -> None:
    """AP-283, AP-287: no HTTP for them; whoever blocks the author is left alone."""
    ada, eve, max_ = await world.local("ada"), await world.local("eve"), await world.local("max")
    await world.say(max_, type="Block", object=ada.iri)
    world.others.documents[LIST] = _collection(LIST, eve.iri, max_.iri)
    said = await world.say(ada, type="Note", content="hi", to=LIST)
    await _resolve_all(world)
    assert await world.listed(eve.iri, "inbox") == [said.id]
    assert await world.listed(max_.iri, "inbox") == []
    shown = await world.shown(said.id or "", eve)
    assert shown["object"]["content"] == "hi"


async def test_what_is_neither_actor_nor_collection_gets_nothing(world: World) -> None:
    ada = await world.local("ada")
    await world.say(ada, type="Note", content="hi", to=["https://there.example/nothing", PUBLIC])
    await _resolve_all(world)
    assert await world.deliveries() == []
