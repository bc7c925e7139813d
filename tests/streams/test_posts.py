"""Posts as pages and feeds gather them."""

import pytest
from world import PUBLIC, World

from storage import objects
from streams import posts
from streams.posts import Branch, Telling, Thread
from streams.read import Bounds

pytestmark = pytest.mark.anyio


async def note(world: World, author, text: str, **members) -> str:
    said = await world.say(author, type="Note", content=text, to=PUBLIC, **members)
    return said.embedded("object")[0].id or ""


async def thread(world: World, iri: str, **options) -> Thread:
    async def found(tx) -> Thread:
        row = await objects.by_iri(tx, iri)
        assert row is not None
        return await posts.thread(tx, row.id, **options)

    return await world.store.read(found)


def outline(branches: list[Branch]) -> list:
    return [(posts.read(one.post).text("content"), outline(one.branches)) for one in branches]


def contents(telling: Telling) -> list[str | None]:
    return [posts.read(one.post).text("content") for one in telling.told]


async def test_a_thread_has_what_is_above_and_below(world: World) -> None:
    ada, bob = await world.local("ada"), await world.local("bob")
    first = await note(world, ada, "1")
    second = await note(world, bob, "2", inReplyTo=first)
    third = await note(world, ada, "3", inReplyTo=second)
    await note(world, bob, "4a", inReplyTo=third)
    fourth = await note(world, ada, "4b", inReplyTo=third)
    await note(world, bob, "5", inReplyTo=fourth)
    found = await thread(world, third)
    assert [posts.read(one).text("content") for one in found.above] == ["1", "2"]
    assert outline(found.branches) == [("4a", []), ("4b", [("5", [])])]
    assert found.post.replies == 2
    assert (found.post.author_iri, found.post.author_handle) == (ada.iri, "ada")


async def test_a_thread_shows_what_everyone_may_read_and_nothing_else(world: World) -> None:
    """SEC-068, SEC-076."""
    ada, bob = await world.local("ada"), await world.local("bob")
    first = await note(world, ada, "1")
    secret = await world.say(bob, type="Note", content="between us", to=ada.iri, inReplyTo=first)
    hidden = secret.embedded("object")[0].id
    open_reply = await note(world, ada, "below the secret", inReplyTo=hidden)
    assert outline((await thread(world, first)).branches) == []
    assert (await thread(world, first)).post.replies == 0
    assert [one.iri for one in (await thread(world, open_reply)).above] == [first]


async def test_what_was_deleted_is_in_no_thread(world: World) -> None:
    ada = await world.local("ada")
    first = await note(world, ada, "1")
    second = await note(world, ada, "2", inReplyTo=first)
    third = await note(world, ada, "3", inReplyTo=second)
    await world.say(ada, type="Delete", object=second, to=PUBLIC)
    assert outline((await thread(world, first)).branches) == []
    assert (await thread(world, third)).above == []


async def test_a_large_thread_is_cut_and_goes_on(world: World) -> None:
    ada = await world.local("ada")
    first = await note(world, ada, "1")
    for number in range(23):
        last = await note(world, ada, f"r{number}", inReplyTo=first)
    for number in range(7):
        await note(world, ada, f"s{number}", inReplyTo=last)
    page = await thread(world, first)
    assert [text for text, _ in outline(page.branches)] == [f"r{number}" for number in range(20)]
    assert page.after is not None
    rest = await thread(world, first, after=page.after)
    assert [text for text, _ in outline(rest.branches)] == ["r20", "r21", "r22"]
    assert rest.after is None
    assert [text for text, _ in outline(rest.branches[2].branches)] == [f"s{number}" for number in range(5)]
    assert rest.branches[2].more == 2


async def test_depth_is_bounded(world: World) -> None:
    ada = await world.local("ada")
    first = above = await note(world, ada, "0")
    for number in range(1, 7):
        above = await note(world, ada, str(number), inReplyTo=above)
    found = await thread(world, first)
    assert outline(found.branches) == [("1", [("2", [("3", [("4", [])])])])]
    assert found.branches[0].branches[0].branches[0].branches[0].more == 1


async def test_a_profile_tells_what_was_written_and_shared(world: World) -> None:
    ada, bob = await world.local("ada"), await world.local("bob")
    theirs = await note(world, bob, "bob's")
    await note(world, ada, "one")
    await world.say(ada, type="Like", object=theirs, to=PUBLIC)
    await world.say(ada, type="Announce", object=theirs, to=PUBLIC)
    await world.say(ada, type="Note", content="private", to=bob.iri)
    gone = await note(world, ada, "gone")
    await world.say(ada, type="Delete", object=gone, to=PUBLIC)
    told = await world.store.read(posts.outbox, ada.id, Bounds())
    assert contents(told) == ["bob's", "one"]
    assert [one.shared for one in told.told] == [True, False]
    assert (told.newer, told.older) == (None, None)


async def test_an_activity_that_is_news_itself_is_told(world: World) -> None:
    """AP-025."""
    ada = await world.local("ada")
    said = await world.say(ada, type="Listen", object={"type": "Audio", "name": "Rain"}, to=PUBLIC)
    told = await world.store.read(posts.outbox, ada.id, Bounds())
    assert [one.post.iri for one in told.told] == [said.id]


async def test_walking_back_and_forth_meets_every_post_once(world: World) -> None:
    """AP-155."""
    ada = await world.local("ada")
    for number in range(5):
        await note(world, ada, str(number))
    first = await world.store.read(posts.outbox, ada.id, Bounds(), limit=2)
    assert (contents(first), first.newer) == (["4", "3"], None)
    second = await world.store.read(posts.outbox, ada.id, first.older, limit=2)
    third = await world.store.read(posts.outbox, ada.id, second.older, limit=2)
    assert (contents(second), contents(third), third.older) == (["2", "1"], ["0"], None)
    back = await world.store.read(posts.outbox, ada.id, third.newer, limit=2)
    assert contents(back) == contents(second)
    top = await world.store.read(posts.outbox, ada.id, back.newer, limit=2)
    assert (contents(top), top.newer) == (["4", "3"], None)
    above = await world.store.read(posts.outbox, ada.id, Bounds(after=(1 << 63) - 2), limit=2)
    assert (contents(above), above.newer) == ([], None)
    assert above.older is not None


async def test_pinned_posts_are_shown_once_they_are_public(world: World) -> None:
    """AP-097."""
    ada = await world.local("ada")
    public = await note(world, ada, "for all")
    secret = (await world.say(ada, type="Note", content="mine")).embedded("object")[0].id
    for iri in (public, secret):
        await world.say(ada, type="Add", object=iri, target=f"{ada.iri}/featured")
    assert [one.iri for one in await world.store.read(posts.pinned, ada.id)] == [public]


async def test_a_quote_is_shown_of_oneself_or_with_a_stamp(world: World) -> None:
    """AP-735."""
    ada, eve = await world.local("ada"), await world.local("eve")
    original = await note(world, ada, "original")
    own = await note(world, ada, "me again", quote=original)
    unstamped = await note(world, eve, "look", quoteUrl=original)
    stamp = {"type": "QuoteAuthorization", "interactionTarget": original, "to": PUBLIC}
    forged = await world.say(eve, type="Create", to=PUBLIC, object=stamp)
    stamped = await note(
        world, eve, "with my own stamp", quote=original, quoteAuthorization=forged.ids("object")[0]
    )

    async def shown(tx) -> set[str]:
        found = await posts.posts.of_iris(tx, [own, unstamped, stamped])
        around = await posts.around(tx, found.values())
        return {one.iri for one in found.values() if one.id in around.quoted}

    assert await world.store.read(shown) == {own}
