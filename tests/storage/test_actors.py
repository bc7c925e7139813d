"""Actors as rows: found many at a time, and by their wish to be found."""

from collections.abc import AsyncIterator

import pytest

from storage import Store, actors, objects, open_store

pytestmark = pytest.mark.anyio
BASE = "https://here.example"


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    async with open_store(url, base_url=BASE) as store:
        yield store


async def add(store: Store, name: str, document: str = "{}") -> int:
    iri = f"{BASE}/users/{name}"
    id = await store.write(
        actors.add_local, iri, "Person", document, name=name, handle=name, host="here.example", inbox=f"{iri}/inbox",
        shared_inbox=f"{BASE}/inbox", followers=f"{iri}/followers", approves=False, now=1,
    )  # fmt: skip
    assert id is not None
    return id


async def test_many_are_found_at_once(store: Store) -> None:
    ada, bob = await add(store, "ada"), await add(store, "bob")
    thing = await store.write(objects.name, "https://there.example/1", now=1)
    found = await store.read(actors.of_ids, [bob, ada, ada, thing])
    assert {id: actor.name for id, actor in found.items()} == {ada: "ada", bob: "bob"}
    assert await store.read(actors.of_ids, []) == {}


async def test_only_those_who_wish_it_are_discoverable(store: Store) -> None:
    """FEP-5feb: a wish written in a text is none; the suspended are not shown."""
    wish = '{"name":"x","discoverable":true}'
    await add(store, "silent")
    await add(store, "not", '{"discoverable":false}')
    await add(store, "quoted", '{"summary":"\\"discoverable\\":true"}')
    first, second, away = [await add(store, name, wish) for name in ("first", "second", "away")]
    await store.write(actors.set_state, away, actors.State.SUSPENDED)
    assert [one.id for one in await store.read(actors.discoverable, limit=10)] == [second, first]
    assert [one.id for one in await store.read(actors.discoverable, limit=1)] == [second]
