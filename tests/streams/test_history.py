"""Earlier versions: kept, bounded, and shown to those who may read them."""

from typing import Any

import pytest
from world import PUBLIC, World

from storage import versions
from storage.actors import ActorRow
from storage.entries import Viewer
from streams import history
from streams.errors import Gone, NotFound
from vocab import stored

pytestmark = pytest.mark.anyio


async def contents(world: World, iri: str, viewer: ActorRow | None = None) -> list[Any]:
    who = None if viewer is None else Viewer(viewer.id, viewer.iri)
    _, texts = await world.store.read(history.earlier, iri, who)
    return [stored(*text).get("content") for text in texts]


async def posted(world: World, author: ActorRow, **members: Any) -> str:
    return (await world.say(author, type="Note", content="0", **{"to": PUBLIC, **members})).ids("object")[0]


async def test_each_edit_keeps_what_was_said(world: World) -> None:
    """IQ-716, AP-227: the last version first, a bounded number; the post says where they are."""
    ada = await world.local("ada")
    note = await posted(world, ada)
    for number in range(1, versions.VERSIONS_MAX + 3):
        await world.say(ada, type="Update", object={"id": note, "content": str(number)})
    kept = await contents(world, note)
    assert (len(kept), kept[0], kept[-1]) == (versions.VERSIONS_MAX, str(versions.VERSIONS_MAX + 1), "2")
    told = (await world.shown(note))["formerRepresentations"]
    assert told == {"id": f"{note}/history", "type": "OrderedCollection", "totalItems": versions.VERSIONS_MAX}


async def test_content_warnings_are_untouched(world: World) -> None:
    """AP-644: summary and sensitive stay as they were, in the new version and in the old one."""
    ada = await world.local("ada")
    note = await posted(world, ada, summary="food", sensitive=True)
    await world.say(ada, type="Update", object={"id": note, "content": "1"})
    _, (old,) = await world.store.read(history.earlier, note, None)
    for said in (await world.shown(note), stored(*old).data):
        assert (said["summary"], said["sensitive"]) == ("food", True)


async def test_edits_of_others_are_kept_counts_are_not(world: World) -> None:
    """IQ-702: what another server edits has a version more; a poll's new count, without updated, has none."""
    bob = await world.remote("bob")
    note = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "to": PUBLIC}
    await world.hear(bob, None, id=f"{bob.iri}/c", type="Create", object={**note, "content": "0"}, to=PUBLIC)
    await world.hear(
        bob, None, id=f"{bob.iri}/u1", type="Update", object={**note, "content": "0!"}, to=PUBLIC
    )
    assert await contents(world, note["id"]) == []
    edited = {**note, "content": "1", "updated": "2026-11-20T12:00:09Z"}
    await world.hear(bob, None, id=f"{bob.iri}/u2", type="Update", object=edited, to=PUBLIC)
    assert await contents(world, note["id"]) == ["0!"]


async def test_who_may_not_read_it_may_not_read_what_it_was(world: World) -> None:
    """SEC-032, SEC-033: neither of a hidden post, nor the private past of a public one; its author sees all."""
    ada, eve = await world.local("ada"), await world.local("eve")
    note = await posted(world, ada, to=[eve.iri])
    await world.say(ada, type="Update", object={"id": note, "content": "1"})
    assert await contents(world, note, eve) == ["0"]
    with pytest.raises(NotFound):
        await contents(world, note)
    await world.say(ada, type="Update", object={"id": note, "content": "2", "to": [PUBLIC]})
    assert (await contents(world, note), await contents(world, note, ada)) == ([], ["1", "0"])


async def test_nothing_is_left_of_what_was_deleted(world: World) -> None:
    """AP-068, AP-230."""
    ada = await world.local("ada")
    note = await posted(world, ada)
    await world.say(ada, type="Update", object={"id": note, "content": "1"})
    await world.say(ada, type="Delete", object=note)
    with pytest.raises(Gone):
        await contents(world, note, ada)
    row = await world.store.read(lambda tx: tx.one("SELECT count(*) FROM versions"))
    assert row == (0,)
