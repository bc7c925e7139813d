"""Deliveries too many for one transaction: jobs leave them some at a time, each inbox once and in order."""

import pytest
from world import World

from storage import jobs
from storage.actors import ActorRow
from streams import fanout, recipients

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two deliveries with each transaction, four followers with each look."""
    monkeypatch.setattr(recipients, "TOGETHER_MAX", 2)
    monkeypatch.setattr(recipients, "INLINE_MAX", 4)
    monkeypatch.setattr(fanout, "CHUNK", 4)


async def _follow(world: World, ada: ActorRow, name: str, host: str, **members: object) -> ActorRow:
    fan = await world.remote(name, host=host, **members)
    await world.hear(fan, ada, id=f"{fan.iri}/f", type="Follow", object=ada.iri)
    return fan


async def _work_off(world: World) -> int:
    """Do what there is to be fanned out; return with how many jobs."""
    done = 0
    while True:
        claimed = await world.store.write(
            jobs.claim, "fanout", now=world.now, owner="me", lease_us=1_000_000, limit=8
        )
        for job in claimed:
            await world.store.write(fanout.go_on, job, owner="me", now=world.now)
        done += len(claimed)
        if not claimed:
            return done


async def test_everyone_is_reached_once(world: World) -> None:
    """REL-008, REL-017: the first are delivered to with the post, jobs leave the rest, nobody twice."""
    ada = await world.local("ada")
    fans = [await _follow(world, ada, f"fan{n}", f"h{n}.example") for n in range(11)]
    before = len(await world.deliveries())
    post = await world.say(ada, type="Note", content="x", to=[ada.followers])
    assert len(await world.deliveries()) == before + 2
    assert await _work_off(world) > 3
    sent = [inbox for inbox, body in await world.deliveries() if body["id"] == post.id]
    assert sorted(sent) == sorted(str(fan.inbox) for fan in fans)
    counts = (await world.store.scan(jobs.counts))["fanout"]
    assert (counts.waiting, counts.leased, counts.dead) == (0, 0, 0)


async def test_a_shared_inbox_gets_one(world: World) -> None:
    """AP-285: followers who share an inbox are found together, though deliveries are left in parts."""
    ada = await world.local("ada")
    shared = {"endpoints": {"sharedInbox": "https://big.example/inbox"}}
    for n in range(4):
        await _follow(world, ada, f"fan{n}", "big.example", **shared)
    post = await world.say(ada, type="Note", content="x", to=[ada.followers])
    await _work_off(world)
    sent = [inbox for inbox, body in await world.deliveries() if body["id"] == post.id]
    assert sent == ["https://big.example/inbox"]


async def test_a_deletion_does_not_overtake(world: World) -> None:
    """AP-300, REL-017: what is about one thing is left for each inbox in the order it was said."""
    ada = await world.local("ada")
    fans = [(await _follow(world, ada, f"fan{n}", f"h{n}.example")).inbox for n in range(4)]
    post = await world.say(ada, type="Note", content="x", to=[ada.followers])
    await world.say(ada, type="Delete", object=post.ids("object")[0], to=[ada.followers])
    first = await world.store.write(
        jobs.claim, "fanout", now=world.now, owner="me", lease_us=1_000_000, limit=8
    )
    assert [job.payload["activity"] for job in first] == [post.id]
    await world.store.write(jobs.release, first, owner="me")
    await _work_off(world)
    last = {inbox: body["type"] for inbox, body in await world.deliveries() if body["type"] != "Accept"}
    assert last == dict.fromkeys(fans, "Delete")
