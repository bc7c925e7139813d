"""onepage.pub and other servers made for clients: nothing can be guessed, everything is embedded."""

from collections.abc import Callable

import pytest
from neighbour import Neighbour
from world import World

from federation import keydocument
from storage.actors import ActorRow
from vocab import Object, from_json

pytestmark = pytest.mark.anyio


@pytest.fixture
def onepage(neighbour: Callable[[str], Neighbour]) -> Neighbour:
    return neighbour("onepage")


async def test_its_addresses_are_found_in_its_documents(onepage: Neighbour) -> None:
    """AP-813: inbox and followers on paths that say nothing."""
    bob = await onepage.actor()
    assert bob.inbox == "https://onepage.example/orderedcollection/Zk1"
    assert bob.followers == "https://onepage.example/orderedcollection/Zk3"


async def test_its_key_is_a_document(onepage: Neighbour) -> None:
    """AP-813, AP-430: the actor names its key, which is served by itself and names its owner."""
    served = {onepage.document(name)["id"]: onepage.document(name) for name in ("actor", "key")}

    async def get(address: str) -> Object:
        return from_json(served[address])

    found = await keydocument.resolve("https://onepage.example/cryptographickey/k7", get)
    assert found.owner == onepage.document("actor")["id"]


async def test_embedded_people_are_people(world: World, onepage: Neighbour, ada: ActorRow) -> None:
    """AP-813, AP-020: actor, author and recipients as objects instead of ids."""
    sent = await onepage.send("create", ada)
    assert await world.listed(ada.iri, "inbox") == [sent["id"]]
    assert (await world.shown(sent["object"]["id"]))["content"] == "tea"


async def test_its_first_pages_are_embedded(onepage: Neighbour) -> None:
    """AP-813, AP-167: the first page inside its collection, with ``items`` although it is ordered."""
    (first,) = from_json(onepage.document("followers")).embedded("first")
    assert first.ids("items") == ("https://here.example/users/ada",)
