"""Threads and Bridgy Fed: large contexts, numbers for names, addresses inside addresses."""

from collections.abc import Callable

import pytest
from neighbour import Neighbour
from world import PUBLIC, World

from storage.actors import ActorRow
from vocab import from_json, quotes

pytestmark = pytest.mark.anyio


async def test_a_post_with_a_very_large_context(
    world: World, neighbour: Callable[[str], Neighbour], ada: ActorRow
) -> None:
    """AP-812, IQ-748: dozens of context entries, ids of digits, a date with a short offset, a quote."""
    threads = neighbour("threads")
    note = (await world.say(ada, type="Note", content="tea", to=PUBLIC)).ids("object")[0]
    sent = await threads.send("create", ada, note=note)
    shown = await world.shown(sent["object"]["id"])
    assert shown["content"] == "tea"
    assert quotes.quoted(from_json(shown)) == note
    assert (await threads.actor()).inbox == "https://threads.example/ap/users/17841400000000001/inbox/"


async def test_an_id_that_holds_another_address(
    world: World, neighbour: Callable[[str], Neighbour], ada: ActorRow
) -> None:
    """AP-812: ``…/convert/ap/at://did:…`` is a name like any other: kept, liked and deleted by that text."""
    bridge = neighbour("bridgy-fed")
    sent = await bridge.send("create", ada)
    post = sent["object"]["id"]
    assert (await world.shown(post))["url"] == sent["object"]["url"][0]
    await world.say(ada, type="Like", object=post)
    _, like = (await world.deliveries())[-1]
    assert like["object"] == post
    bob = await bridge.actor()
    await world.hear(bob, ada, id=f"{post}#delete", type="Delete", object=post)
    with pytest.raises(Exception, match="did:plc"):
        await world.shown(post)
