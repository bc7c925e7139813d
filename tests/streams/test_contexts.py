"""Conversations: what a reply inherits, and what ours list."""

from typing import Any

import pytest
from world import BASE, PUBLIC, World

from storage import Transaction
from storage.actors import ActorRow
from storage.entries import Viewer
from streams import contexts, read
from streams.errors import NotFound

pytestmark = pytest.mark.anyio


async def conversation(world: World, iri: str, viewer: ActorRow | None = None) -> list[str]:
    """Return what a reader meets in a conversation, first page first."""
    who = None if viewer is None else Viewer(viewer.id, viewer.iri)

    async def walk(tx: Transaction) -> list[str]:
        said = await contexts.open_for(tx, iri, who, BASE)
        if said.alone:
            return list(said.alone)
        bounds = (await read.summary(tx, said.reading, limit=2)).first
        found: list[str] = []
        while bounds is not None:
            page = await read.page(tx, said.reading, bounds, limit=2)
            found += [entry.iri for entry in page.entries]
            bounds = page.newer
        return found

    return await world.store.read(walk)


async def said(world: World, actor: ActorRow, **note: Any) -> dict[str, Any]:
    made = await world.say(actor, type="Note", content="x", **{"to": PUBLIC, **note})
    return made.embedded("object")[0].data


async def heard(world: World, actor: ActorRow, number: int, parent: str, **note: Any) -> str:
    thing = {"id": f"{actor.iri}/n/{number}", "type": "Note", "attributedTo": actor.iri, "content": "r"}
    note = {"to": PUBLIC, "inReplyTo": parent, **thing, **note}
    await world.hear(actor, None, id=f"{actor.iri}/c/{number}", type="Create", object=note, to=note["to"])
    return str(thing["id"])


async def test_a_post_begins_a_conversation_and_replies_stay_in_it(world: World) -> None:
    """AP-220, AP-741: ours has a context at our origin; replies, ours and theirs, are listed oldest first."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    root = await said(world, ada)
    assert root["context"].startswith(f"{BASE}/contexts/")
    assert await conversation(world, root["context"]) == [root["id"]]
    reply = await said(world, eve, inReplyTo=root["id"])
    assert reply["context"] == root["context"]
    theirs = await heard(world, bob, 1, reply["id"])
    deeper = await said(world, ada, inReplyTo=theirs)
    assert "context" in deeper
    assert await conversation(world, root["context"]) == [root["id"], reply["id"], theirs, deeper["id"]]


async def test_what_a_reader_may_not_see_is_not_in_it(world: World) -> None:
    """AP-741, SEC-032: filtered per reader; a conversation of which nothing may be seen is not there (SEC-033)."""
    ada, eve = await world.local("ada"), await world.local("eve")
    root = await said(world, ada)
    secret = await said(world, eve, inReplyTo=root["id"], to=[ada.iri])
    assert await conversation(world, root["context"]) == [root["id"]]
    assert await conversation(world, root["context"], ada) == [root["id"], secret["id"]]
    private = await said(world, ada, to=[ada.followers])
    for iri in (private["context"], f"{BASE}/contexts/none", f"{BASE}/objects/none"):
        with pytest.raises(NotFound):
            await conversation(world, iri)


async def test_later_finds_lie_where_they_were_said(world: World) -> None:
    """AP-741: a reply that arrives late is listed by its date."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    world.now -= 3_600_000_000
    root = await said(world, ada)
    world.now += 1_800_000_000
    late = await heard(world, bob, 1, root["id"], published="2026-11-20T11:20:00Z")
    await heard(world, bob, 2, root["id"], published="2026-11-20T11:10:00Z")
    assert (await conversation(world, root["context"]))[-1] == late


async def test_others_conversations_are_inherited_and_never_fetched(world: World) -> None:
    """AP-741, IQ-708, IQ-714: a reply takes the parent's context, or else its conversation, as a mere name."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    origin = f"{bob.iri}/origin"
    one = await heard(
        world, bob, 1, origin, context="https://there.example/contexts/7", contextHistory="urn:h"
    )
    two = await heard(world, bob, 2, origin, conversation="tag:there.example,2026:x")
    asked = list(world.others.asked)
    first, second = await said(world, ada, inReplyTo=one), await said(world, ada, inReplyTo=two)
    assert (first["context"], first["contextHistory"]) == ("https://there.example/contexts/7", "urn:h")
    assert second["context"] == "tag:there.example,2026:x"
    assert world.others.asked == asked


async def test_a_clients_own_context_stays(world: World) -> None:
    """AP-220: inherited only if the client gave none."""
    ada = await world.local("ada")
    root = await said(world, ada)
    assert (await said(world, ada, inReplyTo=root["id"], context="urn:x"))["context"] == "urn:x"


async def test_what_was_deleted_leaves_the_conversation(world: World) -> None:
    """AP-230, AP-741: the others stay."""
    ada, eve = await world.local("ada"), await world.local("eve")
    root = await said(world, ada)
    reply = await said(world, eve, inReplyTo=root["id"])
    await world.say(ada, type="Delete", object=root["id"])
    assert await conversation(world, root["context"]) == [reply["id"]]
