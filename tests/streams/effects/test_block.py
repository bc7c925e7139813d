"""Block: known to nobody but the one who blocks."""

import contextlib

import pytest
from world import PUBLIC, World

from storage.entries import Viewer
from streams import read
from streams.errors import NotFound

pytestmark = pytest.mark.anyio


async def test_follows_end_both_ways_and_nobody_is_told(world: World) -> None:
    """AP-255: relations and pending ones are gone; no delivery, no inbox, not in the public outbox."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    await world.say(ada, type="Follow", object=bob.iri)
    sent = len(await world.deliveries())
    block = await world.say(ada, type="Block", object=bob.iri, to=PUBLIC)
    assert await world.listed(ada.iri, "followers") == []
    assert await world.listed(ada.iri, "pendingFollowing") == []
    assert await world.listed(ada.iri, "blocked") == [bob.iri]
    assert len(await world.deliveries()) == sent
    with pytest.raises(NotFound):
        await world.shown(block.id or "")


async def test_the_blocked_read_nothing_when_known(world: World) -> None:
    """AP-256, SEC-012: not even what is public."""
    ada, eve = await world.local("ada"), await world.local("eve")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    await world.say(ada, type="Block", object=eve.iri)
    with pytest.raises(NotFound):
        await world.shown(note, eve)
    with pytest.raises(NotFound):
        await world.store.read(read.actor, ada.iri, Viewer(eve.id, eve.iri))


async def test_a_block_from_elsewhere_ends_the_relation(world: World) -> None:
    """AP-374: both ways, and our later posts are not sent there."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    await world.hear(bob, ada, id=f"{bob.iri}/b", type="Block", object=ada.iri)
    assert await world.listed(ada.iri, "followers") == []


async def test_undo_lifts_it(world: World) -> None:
    """AP-258."""
    ada, eve = await world.local("ada"), await world.local("eve")
    block = await world.say(ada, type="Block", object=eve.iri)
    await world.say(ada, type="Undo", object=block.id)
    assert await world.listed(ada.iri, "blocked") == []
    await world.say(eve, type="Follow", object=ada.iri)
    assert await world.listed(ada.iri, "followers") == [eve.iri]


async def test_a_whole_server_is_blocked_by_its_address(world: World) -> None:
    """AP-641: everyone on it, those one follows and is followed by included; lifted by Undo."""
    ada, bob, joe = (
        await world.local("ada"),
        await world.remote("bob"),
        await world.remote("joe", "far.example"),
    )
    for follower in (bob, joe):
        await world.hear(follower, ada, id=f"{follower.iri}/f", type="Follow", object=ada.iri)
    block = await world.say(ada, type="Block", object="https://there.example/", to=PUBLIC)
    assert await world.listed(ada.iri, "followers") == [joe.iri]
    assert await world.listed(ada.iri, "blocked") == ["https://there.example/"]
    told = await world.listed(ada.iri, "inbox")
    await world.hear(bob, ada, id=f"{bob.iri}/l", type="Listen", to=ada.iri)
    await world.hear(bob, ada, id=f"{bob.iri}/f2", type="Follow", object=ada.iri)
    assert await world.listed(ada.iri, "inbox") == told
    assert await world.listed(ada.iri, "followers") == [joe.iri]
    await world.say(ada, type="Undo", object=block.id)
    assert await world.listed(ada.iri, "blocked") == []
    await world.hear(bob, ada, id=f"{bob.iri}/f3", type="Follow", object=ada.iri)
    assert await world.listed(ada.iri, "followers") == [bob.iri, joe.iri]


@pytest.mark.parametrize("type", ["Like", "Dislike", "EmojiReact", "Announce", "Follow", "Create", "Listen"])
@pytest.mark.parametrize("near", [True, False])
async def test_the_blocked_can_do_nothing(world: World, type: str, near: bool) -> None:
    """AP-256: not follow, reply, like, share or reach the one who blocked them, from here or from elsewhere."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    if near:
        bob = await world.local("rob")
    post = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    await world.say(ada, type="Block", object=bob.iri)
    reply = {"type": "Note", "content": "r", "inReplyTo": post, "to": [PUBLIC, ada.iri]}
    about = {"Create": reply, "Follow": ada.iri}.get(type, post)
    if near:
        with contextlib.suppress(NotFound):
            await world.say(bob, type=type, object=about, to=[PUBLIC, ada.iri])
    else:
        if isinstance(about, dict):
            about |= {"id": f"{bob.iri}/n", "attributedTo": bob.iri}
        await world.hear(bob, ada, id=f"{bob.iri}/a", type=type, object=about, to=[PUBLIC, ada.iri])
    for owner, kind in [(ada.iri, "inbox"), (ada.iri, "followers"), (ada.iri, "pendingFollowers")]:
        assert await world.listed(owner, kind) == []
    for kind in ("likes", "dislikes", "reactions", "shares", "replies"):
        assert await world.listed(post, kind) == []
