"""Hashtags: what is listed under them."""

import pytest
from world import BASE, PUBLIC, World

from storage import Transaction, policies
from streams import actors as making
from streams import read, tags
from streams.errors import NotFound

pytestmark = pytest.mark.anyio


@pytest.fixture
async def tagged(world: World) -> World:
    """A server with the actor that has the streams of hashtags."""
    await world.store.write(making.create_instance_actor, base_url=BASE, key_pairs=[], now=world.now)
    return world


async def under(world: World, name: str) -> list[str]:
    async def listed(tx: Transaction) -> list[str]:
        reading = await tags.open_tag(tx, name, BASE)
        return [entry.iri for entry in (await read.page(tx, reading, read.Bounds())).entries]

    return await world.store.read(listed)


async def test_public_posts_are_listed_whatever_the_case(tagged: World) -> None:
    """AP-747: ours by their text, others' by their tags; case folded, newest first."""
    ada, bob = await tagged.local("ada"), await tagged.remote("bob")
    ours = (await tagged.say(ada, type="Note", content="<p>more #Tea</p>", to=PUBLIC)).ids("object")[0]
    await tagged.say(ada, type="Note", content="#tea for two", to=[ada.followers])
    note = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "content": "x", "to": PUBLIC}
    note["tag"] = [{"type": "Hashtag", "name": "TEA", "href": "https://there.example/t/tea"}]
    await tagged.hear(bob, None, id=f"{bob.iri}/c", type="Create", object=note, to=PUBLIC)
    for name in ("tea", "#TEA", "ＴＥＡ"):
        assert await under(tagged, name) == [f"{bob.iri}/n", ours]
    with pytest.raises(NotFound):
        await under(tagged, "a b")


async def test_what_comes_late_is_listed_by_its_date(tagged: World) -> None:
    """AP-747: found later, said earlier; a date in the future counts as now."""
    bob = await tagged.remote("bob")
    dates = ["2026-11-20T11:00:00Z", "2026-11-20T09:00:00Z", "2099-01-01T00:00:00Z"]
    for number, date in enumerate(dates):
        note = {"id": f"{bob.iri}/n{number}", "type": "Note", "attributedTo": bob.iri, "to": PUBLIC}
        note |= {"published": date, "tag": {"type": "Hashtag", "name": "#tea"}}
        await tagged.hear(bob, None, id=f"{bob.iri}/c{number}", type="Create", object=note, to=PUBLIC)
    assert await under(tagged, "tea") == [f"{bob.iri}/n{number}" for number in (2, 0, 1)]


async def test_edits_and_deletions_are_followed(tagged: World) -> None:
    """AP-747: listed under what it is tagged with now."""
    ada = await tagged.local("ada")
    note = (await tagged.say(ada, type="Note", content="#tea", to=PUBLIC)).ids("object")[0]
    await tagged.say(ada, type="Update", object={"id": note, "content": "#mate", "tag": []})
    assert (await under(tagged, "tea"), await under(tagged, "mate")) == ([], [note])
    await tagged.say(ada, type="Delete", object=note)
    assert await under(tagged, "mate") == []


async def test_silenced_hosts_are_not_listed(tagged: World) -> None:
    """AP-747: strangers are not shown what the operator has silenced."""
    bob = await tagged.remote("bob")

    async def silence(tx: Transaction) -> None:
        await policies.put(tx, "there.example", "silence", now=tagged.now)

    await tagged.store.write(silence)
    tag = {"type": "Hashtag", "name": "#tea"}
    note = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "to": PUBLIC, "tag": tag}
    await tagged.hear(bob, None, id=f"{bob.iri}/c", type="Create", object=note, to=PUBLIC)
    assert await under(tagged, "tea") == []
