"""Like and its kin: once per actor, in the right counter."""

import pytest
from world import BASE, PUBLIC, World

from streams.errors import NotFound, Redundant, Refused

pytestmark = pytest.mark.anyio


async def test_one_per_actor_and_kind(world: World) -> None:
    """AP-250, SEC-122: a second like by the same actor is refused; a dislike is counted apart."""
    ada, eve = await world.local("ada"), await world.local("eve")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    like = await world.say(eve, type="Like", object=note)
    with pytest.raises(Redundant):
        await world.say(eve, type="Like", object=note)
    await world.say(eve, type="Dislike", object=note)
    assert await world.listed(note, "likes") == [like.id]
    assert len(await world.listed(note, "dislikes")) == 1
    assert await world.listed(eve.iri, "liked") == [note]


async def test_the_author_is_told(world: World) -> None:
    """AP-250: also when the client forgot to address the author."""
    ada, eve = await world.local("ada"), await world.local("eve")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    like = await world.say(eve, type="Like", object=note)
    assert (await world.listed(ada.iri, "inbox"))[0] == like.id


async def test_a_remote_note_is_looked_up_and_its_author_reached(world: World) -> None:
    """AP-205, AP-250."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    note = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "content": "b", "to": PUBLIC}
    world.others.documents[f"{bob.iri}/n"] = note
    await world.say(ada, type="Like", object=f"{bob.iri}/n")
    assert [inbox for inbox, _ in await world.deliveries()] == [bob.inbox]
    assert await world.listed(ada.iri, "liked") == [f"{bob.iri}/n"]


async def test_nothing_invisible_can_be_liked(world: World) -> None:
    """AP-365, SEC-034: neither from here nor from elsewhere."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    note = (await world.say(ada, type="Note", content="x")).ids("object")[0]
    with pytest.raises(NotFound):
        await world.say(eve, type="Like", object=note)
    await world.hear(bob, ada, id=f"{bob.iri}/l", type="Like", object=note)
    assert await world.listed(note, "likes") == []


async def test_what_is_hidden_and_what_never_was_are_refused_alike(world: World) -> None:
    """SEC-033, SEC-034: an IRI of ours under which nothing is gives nothing away about one that is hidden."""
    ada, eve = await world.local("ada"), await world.local("eve")
    hidden = (await world.say(ada, type="Note", content="x")).ids("object")[0]
    for iri in (hidden, f"{hidden[:-1]}~", f"{BASE}/users/nobody", f"{BASE}/activities/0"):
        for act in ({"type": "Like", "object": iri}, {"type": "Note", "inReplyTo": iri}):
            with pytest.raises(NotFound):
                await world.say(eve, **act)


async def test_a_thing_without_id_cannot_be_liked(world: World) -> None:
    """AP-201: there is nothing the Like could be counted for."""
    ada = await world.local("ada")
    with pytest.raises(Refused, match=r"object\.id"):
        await world.say(ada, type="Like", object={"type": "Note", "content": "x"})


async def test_each_of_several_types_counts(world: World) -> None:
    """AP-007: the effect of each known type applies once."""
    ada, eve = await world.local("ada"), await world.local("eve")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    both = await world.say(eve, type=["Like", "Dislike"], object=note)
    assert await world.listed(note, "likes") == await world.listed(note, "dislikes") == [both.id]


async def test_one_emoji_reaction_per_emoji(world: World) -> None:
    """AP-250, AP-365, IQ-717: several emojis of one actor count, each once; a Like with an emoji is one too."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    sent = [("EmojiReact", "🍵"), ("Like", "🍵"), ("EmojiReact", "❤️"), ("Like", None), ("Dislike", None)]
    for number, (type, content) in enumerate(sent):
        members = {"content": content} if content else {}
        await world.hear(bob, ada, id=f"{bob.iri}/{number}", type=type, object=note, **members)
    assert await world.listed(note, "reactions") == [f"{bob.iri}/2", f"{bob.iri}/0"]
    assert await world.listed(note, "likes") == [f"{bob.iri}/3"]
    assert await world.listed(note, "dislikes") == [f"{bob.iri}/4"]
    undone = {"type": "Like", "actor": bob.iri, "object": note, "content": "🍵"}
    await world.hear(bob, ada, id=f"{bob.iri}/u", type="Undo", object=undone)
    await world.hear(bob, ada, id=f"{bob.iri}/u4", type="Undo", object=f"{bob.iri}/4")
    assert await world.listed(note, "reactions") == [f"{bob.iri}/2"]
    assert await world.listed(note, "dislikes") == []


async def test_emoji_reactions_and_dislikes_of_ours(world: World) -> None:
    """AP-250: in their own counters, not among what one likes; the author is addressed and may read them."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    note = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "content": "b", "to": PUBLIC}
    world.others.documents[f"{bob.iri}/n"] = note
    for type in ("EmojiReact", "Dislike"):
        reaction = await world.say(ada, type=type, content="🍵", object=f"{bob.iri}/n")
        assert reaction.types == (type,)
        assert reaction.ids("to") == (bob.iri,)
        assert (await world.deliveries())[-1] == (bob.inbox, await world.shown(reaction.id or "", bob) | {
            "object": f"{bob.iri}/n"
        })  # fmt: skip
        await world.say(ada, type="Undo", object=reaction.id)
    assert await world.listed(ada.iri, "liked") == []


@pytest.mark.parametrize("type", ["Like", "Dislike", "EmojiReact", "Announce"])
async def test_a_reaction_to_nothing_is_refused(world: World, type: str) -> None:
    """AP-196, AP-201: an activity without what it is about is no new object."""
    ada = await world.local("ada")
    with pytest.raises(Refused, match="object"):
        await world.say(ada, type=type, content="🍵")
    assert await world.listed(ada.iri, "outbox") == []
