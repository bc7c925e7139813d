"""Watching: entries as they are committed, in order, each once."""

import asyncio

import pytest
from world import PUBLIC, World

from storage import Transaction, objects
from storage.actors import ActorRow
from storage.entries import Entry, Viewer
from streams import read, watch
from streams.read import Reading

pytestmark = pytest.mark.anyio


async def _reading(tx: Transaction, actor: ActorRow, viewer: Viewer | None) -> Reading:
    owner = await objects.by_id(tx, actor.id)
    assert owner is not None
    return await read.open_stream(tx, owner, "outbox", viewer)


async def _take(world: World, reading: Reading, count: int, after: int = 0) -> list[Entry]:
    seen: list[Entry] = []
    async with asyncio.timeout(10):
        async for entry in watch(world.ports, reading, after=after):
            if entry is not None:
                seen.append(entry)
            if len(seen) == count:
                break
    return seen


async def test_what_is_there_and_what_comes(world: World) -> None:
    """Entries from before and after the watch began arrive in order, without a pause and without repeats."""
    ada = await world.local("ada")
    first = await world.say(ada, type="Note", content="1", to=PUBLIC)
    reading = await world.store.read(_reading, ada, None)
    watching = asyncio.create_task(_take(world, reading, 3))
    await asyncio.sleep(0.1)
    later = [await world.say(ada, type="Note", content=str(n), to=PUBLIC) for n in (2, 3)]
    assert [entry.iri for entry in await watching] == [first.id, *(activity.id for activity in later)]


async def test_it_can_be_resumed(world: World) -> None:
    """From a position on, only what came after it."""
    ada = await world.local("ada")
    for n in range(3):
        await world.say(ada, type="Note", content=str(n), to=PUBLIC)
    reading = await world.store.read(_reading, ada, None)
    seen = await _take(world, reading, 3)
    again = await _take(world, reading, 2, after=seen[0].position)
    assert [entry.iri for entry in again] == [entry.iri for entry in seen[1:]]


async def test_only_what_the_watcher_may_read(world: World) -> None:
    """SEC-032: the same condition as for reading."""
    ada, eve = await world.local("ada"), await world.local("eve")
    await world.say(ada, type="Note", content="secret")
    shown = await world.say(ada, type="Note", content="for eve", to=eve.iri)
    reading = await world.store.read(_reading, ada, Viewer(eve.id, eve.iri))
    assert [entry.iri for entry in await _take(world, reading, 1)] == [shown.id]
