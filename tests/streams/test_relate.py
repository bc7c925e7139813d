"""Relations that were brought along as names: done once, one by one, in turns of hosts."""

import pytest
from world import World

from storage import Transaction, blocks, entries, follows, jobs
from storage.actors import ActorRow
from storage.jobs import Job
from streams import relate, relations
from streams.errors import Unreachable
from streams.instants import SECOND_US

pytestmark = pytest.mark.anyio


async def leave(world: World, actor: ActorRow, type: str, *names: str, target: str = "") -> int:
    return await world.store.write(relate.leave, actor, type, names, start=0, now=world.now, target=target)


async def due(world: World) -> list[Job]:
    return await world.store.write(
        jobs.claim, relate.QUEUE, now=world.now, owner="test", lease_us=60 * SECOND_US, limit=100
    )


async def settle(world: World) -> int:
    """Settle everything, however long it takes; return how much there was."""
    done = 0
    for _ in range(5):
        world.now += 10 * SECOND_US
        for job in await due(world):
            await relate.settle(world.ports, job, owner="test")
            done += 1
    return done


async def test_one_a_second(world: World) -> None:
    """AP-756, REL-018: bulk work goes out slowly, and the same name waits but once."""
    ada = await world.local("ada")
    names = [f"{n}@far.example" for n in range(5)]
    assert await leave(world, ada, "Follow", *names) == 5
    assert await leave(world, ada, "Follow", *names) == 0
    assert len(await due(world)) == 1
    world.now += 2 * SECOND_US
    assert len(await due(world)) == 2


async def test_names_become_relations(world: World) -> None:
    """AP-756: a Follow is sent, a block and a mute are known to nobody, a host is blocked by its address."""
    ada, bob, odd = await world.local("ada"), await world.remote("bob"), await world.remote("odd")
    await leave(world, ada, "Follow", "bob@there.example")
    await leave(world, ada, "Block", "odd@there.example", "https://bad.example")
    await leave(world, ada, "Ignore", bob.iri)
    assert await settle(world) == 4
    [(inbox, follow)] = await world.deliveries()
    assert (inbox, follow["type"], follow["object"]) == (bob.inbox, "Follow", bob.iri)

    async def look(tx: Transaction) -> tuple[object, ...]:
        follow = await relations.find(tx, ada, bob)
        return (
            follow.state if follow else None, await blocks.blocks(tx, ada.id, odd.iri, odd.host),
            await blocks.blocks(tx, ada.id, "https://bad.example/x", "bad.example"),
            await blocks.mutes(tx, ada.id, bob.iri),
        )  # fmt: skip

    assert await world.store.read(look) == (follows.WAITING, True, True, True)


async def test_what_is_so_already_is_not_done_again(world: World) -> None:
    """REL-012: a job that is done twice, or an import that is run again, sends nothing twice."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    for _ in range(2):
        await leave(world, ada, "Follow", "bob@there.example")
        await leave(world, ada, "Block", "odd@there.example")
        await world.remote("odd")
        await settle(world)
    assert len(await world.deliveries()) == 1
    assert len(await world.listed(ada.iri, "blocks")) == 1
    assert bob.inbox == (await world.deliveries())[0][0]


async def test_nobody_by_that_name(world: World) -> None:
    """REL-020: a name that cannot be found is reported, for the dead letters to show."""
    ada = await world.local("ada")
    await leave(world, ada, "Follow", "nobody@there.example")
    [job] = await due(world)
    with pytest.raises(Unreachable):
        await relate.settle(world.ports, job, owner="test")


async def test_lists_fill(world: World) -> None:
    """AP-756: members of a list are looked up and put into its collection, once."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    made = await world.say(ada, type="Create", object={"type": "OrderedCollection", "name": "friends"})
    friends = made.ids("object")[0]
    for _ in range(2):
        await leave(world, ada, "Add", "bob@there.example", target=friends)
        await settle(world)
    assert await world.listed(friends, "collection") == [bob.iri]
    assert await world.store.read(entries.by_iri, friends) is not None
