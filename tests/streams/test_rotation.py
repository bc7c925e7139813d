"""New keys for an actor, and who is told."""

from dataclasses import dataclass

import pytest
from world import BASE, World

from storage import actors, keys
from storage.actors import State
from streams import rotation
from streams.errors import Gone
from vocab import Activity

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Pair:
    algorithm: str
    public: str
    private: str = "SECRET"


def pairs(word: str) -> list[Pair]:
    spki = "MCowBQYDK2VwAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
    return [
        Pair("rsa", word),
        Pair("ed25519", f"-----BEGIN PUBLIC KEY-----\n{spki}\n-----END PUBLIC KEY-----"),
    ]


async def rotate(world: World, name: str, word: str) -> Activity:
    ada = await world.local(name) if word == "first" else await world.store.read(actors.by_handle, name)
    world.now += 1
    return await world.store.write(rotation.rotate, ada, pairs(word), base_url=BASE, now=world.now)


async def test_old_keys_retire(world: World) -> None:
    """AP-436, SEC-016: new ids, the old private halves are destroyed, and only the new ones are shown."""
    await rotate(world, "ada", "first")
    update = await rotate(world, "ada", "second")
    iri = f"{BASE}/users/ada"
    held = await world.store.read(keys.of_actor, iri)
    assert [(key.id, key.private is None, key.retired is None) for key in held] == [
        (f"{iri}#ed25519-key-1", True, False), (f"{iri}#main-key-1", True, False),
        (f"{iri}#ed25519-key-2", False, True), (f"{iri}#main-key-2", False, True),
    ]  # fmt: skip
    (shown,) = update.embedded("object")
    assert shown.get("publicKey")["id"] == f"{iri}#main-key-2"
    assert [key["id"] for key in shown.get("assertionMethod")] == [f"{iri}#ed25519-key-2"]
    assert [key.id for key in await world.store.read(keys.of_actor, iri, private=True)] == [
        f"{iri}#ed25519-key-2", f"{iri}#main-key-2",
    ]  # fmt: skip


async def test_who_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """AP-436: followers and every server we know, each host once, blocked ones not."""
    ada = await world.local("ada")
    bob = await world.remote("bob", "b.example", endpoints={"sharedInbox": "https://b.example/inbox"})
    await world.remote("ben", "b.example")
    cy = await world.remote("cy", "c.example")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    before = len(await world.deliveries())
    update = await world.store.write(rotation.rotate, ada, pairs("x"), base_url=BASE, now=world.now)
    monkeypatch.setattr(rotation, "HOSTS_AT_ONCE", 1)
    after = await world.store.write(rotation.tell, ada, update, now=world.now)
    assert after == "b.example"
    after = await world.store.write(rotation.tell, ada, update, after=after, now=world.now)
    assert await world.store.write(rotation.tell, ada, update, after=after, now=world.now) == ""
    told = (await world.deliveries())[before:]
    assert [inbox for inbox, _ in told] == ["https://b.example/inbox", f"{cy.iri}/inbox"]
    assert {body["id"] for _, body in told} == {update.id}


async def test_who_has_left_stays_silent(world: World) -> None:
    """AP-436: no keys for an account that is closed; nothing is changed."""
    ada = await world.local("ada")
    await world.store.write(actors.set_state, ada.id, State.GONE)
    gone = await world.store.read(actors.by_id, ada.id)
    with pytest.raises(Gone):
        await world.store.write(rotation.rotate, gone, pairs("x"), base_url=BASE, now=world.now)
    assert await world.store.read(keys.of_actor, ada.iri) == []
