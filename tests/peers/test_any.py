"""What any server may send: recipients in one of two places, odd dates, markup in names, no ids, three-state covers."""

from collections.abc import Callable

import pytest
from neighbour import Neighbour
from world import PUBLIC, World

from storage import objects
from storage.actors import ActorRow
from vocab import Object, telling

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyone(neighbour: Callable[[str], Neighbour]) -> Neighbour:
    return neighbour("any")


@pytest.mark.parametrize("name", ["addressed_activity", "addressed_object"])
async def test_recipients_on_one_of_the_two_are_enough(
    world: World, anyone: Neighbour, ada: ActorRow, name: str
) -> None:
    """IQ-752, AP-281: named on the activity or on its object alone, in a short spelling, beside nulls."""
    sent = await anyone.send(name)
    assert await world.listed(ada.iri, "inbox") == [sent["id"]]
    assert (await world.shown(sent["object"]["id"]))["content"] == "tea"


@pytest.mark.parametrize("name", ["odd_dates", "ancient"])
async def test_impossible_dates_do_not_sort(
    world: World, anyone: Neighbour, ada: ActorRow, name: str
) -> None:
    """IQ-754: kept as they were written, and never later than when they came."""
    sent = await anyone.send(name, ada)
    row = await world.store.read(objects.by_iri, sent["object"]["id"])
    assert row is not None
    assert row.published <= world.now
    assert (await world.shown(row.iri))["published"] == sent["object"]["published"]


async def test_markup_in_names_is_text(world: World, anyone: Neighbour, ada: ActorRow) -> None:
    """IQ-753: kept as it came; where a line of text is shown there are no tags, and entities are read once."""
    sent = await anyone.send("names", ada)
    shown = await world.shown(sent["object"]["id"])
    assert shown["name"] == "<b>Tea</b> &amp; milk"
    assert telling.title(Object(shown)) == "Tea & milk"


async def test_a_like_needs_no_id(world: World, anyone: Neighbour, ada: ActorRow) -> None:
    """AP-315, IQ-751: what nobody has to answer or undo by its name does without one."""
    note = (await world.say(ada, type="Note", content="tea", to=PUBLIC)).ids("object")[0]
    await anyone.send("like_without_id", ada, note=note)
    assert len(await world.listed(note, "likes")) == 1


@pytest.mark.parametrize(("name", "said"), [("cover_null", None), ("cover_false", False)])
async def test_covers_keep_their_state(
    world: World, anyone: Neighbour, ada: ActorRow, name: str, said: bool | None
) -> None:
    """AP-644: ``sensitive`` is true, false or unsaid, and a summary changes none of the three."""
    sent = await anyone.send(name, ada)
    shown = await world.shown(sent["object"]["id"])
    assert shown.get("sensitive") is said
    assert shown["summary"] == "food"
