"""Takahe and microblog.pub: names by their exact text, and databases that insist on members."""

from collections.abc import Callable

import pytest
from neighbour import Neighbour
from world import PUBLIC, World

from storage.actors import ActorRow
from streams import actors as making
from vocab import Object

pytestmark = pytest.mark.anyio


@pytest.fixture
def takahe(neighbour: Callable[[str], Neighbour]) -> Neighbour:
    return neighbour("takahe")


async def test_a_final_slash_makes_another_name(world: World, takahe: Neighbour, ada: ActorRow) -> None:
    """IQ-750, AP-800: ids with and without a slash behind are two things; ``@`` and fragments stay."""
    for name in ("create", "other_create"):
        await takahe.send(name, ada)
    post = takahe.document("create")["object"]["id"]
    assert (await world.shown(post))["content"] == "tea"
    assert (await world.shown(post.removesuffix("/")))["content"] == "no slash"
    assert len(await world.listed(ada.iri, "inbox")) == 2


async def test_our_notes_have_what_its_database_wants(world: World, takahe: Neighbour, ada: ActorRow) -> None:
    """AP-810, AP-292: every note says when it was published, by whom, to whom and where it is to be seen."""
    bob = await takahe.actor()
    await world.say(ada, type="Note", content="tea", to=[PUBLIC], cc=[bob.iri])
    _, body = (await world.deliveries())[-1]
    assert {"published", "content", "attributedTo", "to", "cc", "url", "id"} <= body["object"].keys()


async def test_our_key_is_found_at_its_id(world: World, ada: ActorRow) -> None:
    """AP-810: what is at the key's address, without its fragment, is an object with ``publicKey``."""
    document: Object = await world.store.read(making.describe, ada, "https://here.example")
    key = document.get("publicKey")
    assert key is None or key["id"].partition("#")[0] == document.id
