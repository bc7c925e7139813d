"""What happened elsewhere, as one of ours tells it (Atom §1, §11)."""

from dataclasses import replace
from typing import Any

import pytest
from world import BASE, PUBLIC, World

from storage.actors import State
from streams import outside
from streams.errors import Hidden, NotAllowed, NotFound
from vocab import Activity
from vocab.entry import Entry

pytestmark = pytest.mark.anyio

EVENT: dict[str, Any] = {
    "id": "https://git.example/orchard/issues/7#closed",
    "type": "Update",
    "actor": {"type": "Person", "name": "Tavo", "preferredUsername": "tavo", "url": "https://git.example/tavo"},
    "object": {"id": "https://git.example/orchard/issues/7", "type": "Object", "name": "#7", "hw:objectType": "issue"},
    "published": "2026-11-20T10:00:00Z",
    "verb": ["http://activitystrea.ms/schema/1.0/update", "https://git.example/verbs/close"],
    "application": "git.example",
    "titleHtml": '<a href="https://git.example/tavo">Tavo</a> closed <b>#7</b><script>alert(1)</script>',
    "key": ["orchard"],
    "issueKey": ["orchard#7"],
}  # fmt: skip


async def told(world: World, *to: str, name: str = "ci", **changed: Any) -> Activity:
    speaker = await world.local(name, type="Service")
    entry = Entry.of({**EVENT, **changed}, provider="git")
    return await world.store.write(outside.tell, speaker, entry, to=to, base_url=BASE, now=world.now)


async def test_it_is_an_activity_of_the_speaker_and_loses_nothing(world: World) -> None:
    """Atom §12: what the application called things stands under terms of ours."""
    ada = await world.local("ada")
    said = await told(world, ada.iri)
    shown = await world.shown(said.id or "", ada)
    assert shown["type"] == "Update"
    assert shown["actor"] == f"{BASE}/users/ci"
    assert shown["hw:author"] == [EVENT["actor"]]
    assert shown["hw:verb"] == EVENT["verb"]
    assert shown["hw:provider"] == "git"
    assert shown["hw:sourceId"] == EVENT["id"]
    assert shown["hw:issueKey"] == ["orchard#7"]
    assert shown["object"] == EVENT["object"]
    assert shown["summary"].startswith("Tavo closed #7")
    assert await world.listed(ada.iri, "inbox") == [said.id]


async def test_nobody_else_may_read_it(world: World) -> None:
    """Private is the default."""
    said = await told(world)
    eve = await world.local("eve")
    for viewer in (None, eve):
        with pytest.raises((NotFound, Hidden)):
            await world.shown(said.id or "", viewer)


async def test_everybody_hears_of_it_in_a_note_with_what_it_is_about(world: World) -> None:
    """What leaves makes sense to a reader elsewhere; markup that runs does not leave."""
    said = await told(world, PUBLIC)
    shown = await world.shown(said.id or "")
    note = shown["object"]
    assert (shown["type"], note["type"]) == ("Create", "Note")
    assert "Tavo</a> closed <b>#7</b>" in note["content"]
    assert "alert" not in note["content"]
    assert note["attachment"] == [EVENT["object"]] or note["attachment"] == EVENT["object"]
    assert shown["hw:verb"] == EVENT["verb"]


async def test_nothing_takes_effect_here_that_did_so_elsewhere(world: World) -> None:
    """A deletion over there deletes nothing here, not even what is called the same."""
    ada = await world.local("ada")
    note = (await world.say(ada, type="Create", to=PUBLIC, object={"type": "Note", "content": "mine"})).object
    await told(world, type="Delete", object=note)
    assert (await world.shown(note or ""))["content"] == "mine"


async def test_who_has_gone_tells_nothing(world: World) -> None:
    speaker = replace(await world.local("ci"), state=State.SUSPENDED)
    with pytest.raises(NotAllowed):
        await world.store.write(outside.tell, speaker, Entry.of(EVENT), base_url=BASE, now=world.now)
