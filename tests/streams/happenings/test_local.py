"""What happened here, as its providers tell it (Atom §4, §8.5, §12.3)."""

import pytest
from square import Square, tell
from world import BASE, PUBLIC

from streams.happenings import local
from streams.providers import Onlooker
from streams.providers.onlooker import ANYBODY
from vocab import instants

pytestmark = pytest.mark.anyio


async def test_a_post_is_one_entry_with_its_author_and_text(square: Square) -> None:
    """Atom §12.3: a Create is told with who said what."""
    ada = await square.world.local("ada")
    said = await square.world.say(ada, type="Note", content="<p>Frost tonight</p>", to=PUBLIC)
    (entry,) = await square.read()
    assert entry.id == said.id
    assert entry.provider == "social"
    assert entry.verb == ("http://activitystrea.ms/schema/1.0/post",)
    actor, thing = entry.activity.embedded("actor")[0], entry.activity.embedded("object")[0]
    assert (actor.id, actor.text("preferredUsername")) == (ada.iri, "ada")
    assert thing.text("content") == "<p>Frost tonight</p>"
    assert await square.ids(key="applications") == []


async def test_who_is_followed_is_told_as_somebody(square: Square) -> None:
    """Atom §3.6: an actor that something is about has its id, name and page."""
    ada, bob = await square.world.local("ada"), await square.world.local("bob")
    await square.world.say(ada, type="Follow", object=bob.iri, to=PUBLIC)
    (entry,) = await square.read()
    (followed,) = entry.activity.embedded("object")
    assert (followed.id, followed.type, followed.ids("url")) == (bob.iri, "Person", (f"{BASE}/@bob",))
    assert entry.application == "org.w3id.headwater"


async def test_each_door_has_its_provider(square: Square) -> None:
    """Atom §8.5: an activity is told by one provider, whichever door it came in by."""
    admin = Onlooker(admin=True)
    ada = await square.world.local("ada")
    post = await square.world.say(ada, type="Note", content="Hi", to=PUBLIC)
    (pinned,) = await square.plaza.add("user:ada", {"verb": "pin", "object": "Place:7"})
    washed = await square.log.event(involves=[{"ACTOR": "Employee/Ada"}, {"AFFECTS": "Vehicle:Van/7"}])
    await square.log.comment("Well done", str(washed.stream_id))
    told = await tell(square, ada, provider="git", to=(PUBLIC,))
    assert await square.ids(by=admin) == [post.id]
    (pin,) = await square.read(key="applications", by=admin)
    assert pin.id == f"{BASE}/tenants/shop/activities/{pinned.id}"
    assert pin.verb == ("http://activitystrea.ms/schema/1.0/pin",)
    assert [entry.verb[-1].rpartition("/")[2] for entry in await square.read(key="events", by=admin)] == [
        "post", "as.fleet.van.washed",
    ]  # fmt: skip
    (closed,) = await square.read(key="git")
    assert closed.id == told.id
    assert closed.verb[-1] == "https://git.example/verbs/close"


async def test_what_happened_elsewhere_is_told_as_it_came(square: Square) -> None:
    """Atom §6.2, §12.1: by whom it was done there, about the thing itself."""
    ci = await square.world.local("ci", type="Service")
    await tell(square, ci, provider="git", to=(PUBLIC,))
    (entry,) = await square.read(key="git")
    assert entry.activity.type == "Update"
    assert entry.activity.embedded("actor")[0].text("name") == "Tavo"
    assert entry.activity.ids("object") == ("https://git.example/orchard/issues/7",)
    assert (entry.keys, entry.issue_keys) == (("orchard",), ("ORCHARD-7",))
    assert entry.title_html.startswith("<a href=")
    assert "hw:verb" not in entry.activity.data
    assert await square.ids("user IS tavo", key="git") == [entry.id]
    assert await square.ids("user IS ci", key="git") == []
    assert await square.ids("activity IS issue:close", key="git") == [entry.id]


@pytest.mark.parametrize(
    "named", ["ada", "@ada", "ADA", "ada@here.example", "@ada@here.example", f"{BASE}/users/ada"]
)
async def test_users_are_found_by_all_they_are_called(square: Square, named: str) -> None:
    """Atom §4.3 7."""
    ada, bo = await square.world.local("ada"), await square.world.local("bo")
    hers = await square.world.say(ada, type="Note", content="Hers", to=PUBLIC)
    his = await square.world.say(bo, type="Note", content="His", to=PUBLIC)
    assert await square.ids(f"user IS {named}") == [hers.id]
    assert await square.ids(f"account-id IS {named}") == [hers.id]
    assert await square.ids(f"user NOT {named}") == [his.id]
    assert await square.ids(f"user IS {named} bo", "user NOT bo") == [hers.id]


async def test_keys_of_what_an_activity_is_about(square: Square) -> None:
    """Atom §4.4: entities of ours have keys, whichever door names them, in any case."""
    admin = Onlooker(admin=True)
    await square.plaza.add("user:ada", {"object": "Ticket:ORCHARD-7"}, {"object": "Ticket:GROVE-1"})
    await square.plaza.add("user:bo", {"object": "Place:1", "target": "Project:GROVE"})
    by_key = await square.read("key IS orchard", key="applications", by=admin)
    assert [entry.issue_keys for entry in by_key] == [("ORCHARD-7",)]
    assert len(await square.ids("issue-key IS orchard-7", key="applications", by=admin)) == 1
    assert len(await square.ids("key IS GROVE", key="applications", by=admin)) == 2
    assert len(await square.ids("key NOT Grove", key="applications", by=admin)) == 1
    assert len(await square.ids("key IS user:bo", key="applications", by=admin)) == 1
    assert len(await square.ids("activity IS ticket:pin", key="applications", by=admin)) == 2


async def test_words_are_looked_for_in_what_is_said(square: Square) -> None:
    """Atom §4.3 3: any of the words, in any case, without markup; several parameters are and-ed."""
    ada = await square.world.local("ada")
    frost = await square.world.say(ada, type="Note", content="<p>Frost <b>to</b>night</p>", to=PUBLIC)
    rain = await square.world.say(ada, type="Note", content="<p>Rain tomorrow</p>", to=PUBLIC)
    assert await square.ids("text CONTAINS TONIGHT") == [frost.id]
    assert await square.ids("text CONTAINS tonight rain") == [rain.id, frost.id]
    assert await square.ids("text CONTAINS frost", "text CONTAINS rain") == []
    assert await square.ids("text DOES_NOT_CONTAIN frost") == [rain.id]
    assert await square.ids("text CONTAINS <b>") == []


async def test_all_bounds_of_dates_are_exclusive(square: Square) -> None:
    """Atom §4.3 4."""
    ada = await square.world.local("ada")
    said = [await square.world.say(ada, type="Note", content=str(n), to=PUBLIC) for n in range(3)]
    newest = [entry.published for entry in await square.read()]
    first, second, third = (int(at.timestamp()) * 1000 for at in reversed(newest))
    assert await square.ids(f"update-date AFTER {first}") == [said[2].id, said[1].id]
    assert await square.ids(f"update-date BEFORE {third}") == [said[1].id, said[0].id]
    assert await square.ids(f"update-date BETWEEN {first} {third}") == [said[1].id]
    assert await square.ids(f"update-date AFTER {first}", f"update-date BEFORE {third}") == [said[1].id]
    assert await square.ids(f"update-date BETWEEN {third} {first}") == []
    assert await square.ids(f"update-date BETWEEN {first - 1} {second} {second} {third + 1}") == [
        said[2].id,
        said[0].id,
    ]


async def test_what_is_unknown_is_ignored_and_what_never_occurs_selects_nothing(square: Square) -> None:
    """Atom §4.3 8, §4.5."""
    ada = await square.world.local("ada")
    said = await square.world.say(ada, type="Note", content="Hi", to=PUBLIC)
    assert await square.ids("weather IS fine", "user CONTAINS zoe", "text IS no") == [said.id]
    assert await square.ids("user IS zoe") == []
    assert await square.ids("activity IS NOT *") == []
    assert await square.ids("activity NOT *") == [said.id]


async def test_pages_have_each_entry_once_while_others_arrive(square: Square) -> None:
    """Atom §15: a walk by cursor visits every entry exactly once."""
    ada = await square.world.local("ada")
    said = [await square.world.say(ada, type="Note", content=str(n), to=PUBLIC) for n in range(7)]
    walked: list[str] = []
    page = await square.read(max_results=2)
    while page:
        walked += [entry.id for entry in page]
        await square.world.say(ada, type="Note", content="late", to=PUBLIC)
        cut = (instants.microseconds(page[-1].published), page[-1].item or 0)
        page = await square.read(max_results=2, before=cut)
    assert walked == [one.id for one in reversed(said)]


async def test_an_edit_is_found_by_what_it_says_now(square: Square) -> None:
    """Atom §4.3 3: the index follows what a post says, and what was said before is found no more."""
    ada = await square.world.local("ada")
    said = await square.world.say(ada, type="Note", content="Frost", to=PUBLIC)
    assert await square.ids("text CONTAINS frost") == [said.id]
    note = said.ids("object")[0]
    update = await square.world.say(
        ada, type="Update", object={"id": note, "type": "Note", "content": "Thaw"}, to=PUBLIC
    )
    assert await square.ids("text CONTAINS frost") == []
    assert await square.ids("text CONTAINS thaw") == [update.id, said.id]


async def test_what_is_deleted_disappears(square: Square) -> None:
    """Atom §12.3."""
    ada = await square.world.local("ada")
    said = await square.world.say(ada, type="Note", content="Frost", to=PUBLIC)
    assert await square.ids() == [said.id]
    await square.world.say(ada, type="Delete", object=said.ids("object")[0], to=PUBLIC)
    assert await square.ids() == []
    assert await local.find(square.store, BASE, said.id or "", ANYBODY) is None


async def test_one_entry_is_found_by_the_activity_or_what_it_made(square: Square) -> None:
    """Inline actions name objects, permalinks activities."""
    ada, eve = await square.world.local("ada"), await square.world.local("eve")
    said = await square.world.say(ada, type="Note", content="Hi", to=ada.followers)
    note = said.ids("object")[0]
    for iri in (said.id or "", note):
        found = await local.find(square.store, BASE, iri, square.member(ada))
        assert found is not None
        assert found.id == said.id
        for stranger in (ANYBODY, square.member(eve)):
            assert await local.find(square.store, BASE, iri, stranger) is None
    assert await local.find(square.store, BASE, f"{BASE}/nothing", ANYBODY) is None


async def test_a_long_page_is_told_in_parts(square: Square, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else waits while many entries are told; none is missing where two parts meet."""
    monkeypatch.setattr(local, "AT_ONCE", 2)
    ada = await square.world.local("ada")
    said = [await square.world.say(ada, type="Note", content=str(n), to=PUBLIC) for n in range(7)]
    newest = [one.id for one in reversed(said)]
    assert await square.ids() == newest
    assert await square.ids(max_results=5) == newest[:5]
    assert await square.ids("text DOES_NOT_CONTAIN 5 4", max_results=3) == [newest[0], *newest[3:5]]
