"""Closing an account: told first, cleared away in small steps, the keys last."""

import pytest
from world import BASE, PUBLIC, World

from server import keypairs
from storage import Transaction, actors, jobs, keys
from storage.actors import State
from streams import farewell, read
from streams.errors import Gone, Refused

pytestmark = pytest.mark.anyio


async def clear(world: World) -> int:
    """Do the chores until nothing is due; return how many there were."""
    done = 0
    while number := await world.chores():
        done += number
    return done


async def signing_keys(world: World, iri: str) -> int:
    return len(await world.store.read(keys.of_actor, iri, private=True))


async def delivered(tx: Transaction) -> None:
    while await jobs.discard(tx, "deliver", waiting=True):
        pass


async def test_an_account_is_closed(world: World) -> None:
    """AP-068, AP-232: 410 at once; nothing of it is left in anyone's lists; every known server is told."""
    ada, eve = await world.local("ada"), await world.local("eve")
    bob, far = await world.remote("bob"), await world.remote("far", "far.example")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    await world.say(eve, type="Follow", object=ada.iri)
    hers = (await world.say(eve, type="Note", content="e", to=PUBLIC)).ids("object")[0]
    said = await world.say(
        ada, type="Note", content="secret", inReplyTo=hers, to=[PUBLIC, ada.followers or ""]
    )
    await world.say(ada, type="Like", object=hers)
    before = len(await world.deliveries())
    delete = await world.store.write(farewell.close, ada, base_url=BASE, now=world.now)
    with pytest.raises(Gone):
        await world.store.read(read.actor, ada.iri, None)
    await clear(world)
    told = (await world.deliveries())[before:]
    assert {inbox for inbox, _ in told} == {bob.inbox, far.inbox}
    assert {(body["id"], body["type"], body["object"]) for _, body in told} == {
        (delete.id, "Delete", ada.iri)
    }
    assert await world.listed(eve.iri, "following") == []
    assert await world.listed(hers, "likes") == await world.listed(hers, "replies") == []
    assert said.id not in await world.listed(eve.iri, "inbox")
    for iri in (said.id or "", said.ids("object")[0]):
        with pytest.raises(Gone) as gone:
            await world.shown(iri)
        assert "secret" not in (gone.value.tombstone or "")


async def test_the_keys_are_destroyed_when_all_were_told(world: World) -> None:
    """AP-232: not while a delivery is still to be signed."""
    await world.remote("bob")
    ada = await world.local("ada", key_pairs=keypairs.fresh())
    await world.store.write(farewell.close, ada, base_url=BASE, now=world.now)
    await clear(world)
    assert await signing_keys(world, ada.iri) == 2
    await world.store.write(delivered)
    assert await world.chores(later=farewell.LOOK_AGAIN_US) == 1
    assert await signing_keys(world, ada.iri) == 0
    assert await world.chores(later=farewell.LOOK_AGAIN_US) == 0


async def test_much_is_cleared_in_small_steps(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """AP-232: each chore does a little."""
    monkeypatch.setattr(farewell, "AT_ONCE", 2)
    ada = await world.local("ada")
    notes = [(await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0] for _ in range(5)]
    await world.store.write(farewell.close, ada, base_url=BASE, now=world.now)
    assert await clear(world) > 6
    for note in notes:
        with pytest.raises(Gone):
            await world.shown(note)


async def test_only_an_account_and_only_once(world: World) -> None:
    """AP-232."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    with pytest.raises(Refused):
        await world.store.write(farewell.close, bob, base_url=BASE, now=world.now)
    await world.store.write(farewell.close, ada, base_url=BASE, now=world.now)

    async def state(tx: Transaction) -> actors.ActorRow | None:
        return await actors.by_id(tx, ada.id)

    closed = await world.store.read(state)
    assert closed is not None
    assert closed.state == State.GONE
    with pytest.raises(Gone):
        await world.store.write(farewell.close, closed, base_url=BASE, now=world.now)
    with pytest.raises(Gone):
        await world.say(closed, type="Note", content="still here")
