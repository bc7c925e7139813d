"""Mitra, tootik, streams: proofs on everything, and names that are no web addresses."""

from collections.abc import Callable

import pytest
from neighbour import Neighbour
from world import World

from federation.keydocument import listed
from storage.actors import ActorRow
from vocab import from_json

pytestmark = pytest.mark.anyio


@pytest.fixture
def mitra(neighbour: Callable[[str], Neighbour]) -> Neighbour:
    return neighbour("mitra")


async def test_its_actor_has_keys_of_both_kinds(mitra: Neighbour) -> None:
    """AP-814, AP-752: Multikey beside the RSA key; gateways and identity statements are kept."""
    document = mitra.document("actor")
    keys = listed(from_json(document))
    assert {f"{document['id']}#main-key", f"{document['id']}#ed25519-key"} <= keys.keys()
    bob = await mitra.actor()
    assert "gateways" in bob.document
    assert "VerifiableIdentityStatement" in bob.document


async def test_portable_names_are_opaque(world: World, mitra: Neighbour, ada: ActorRow) -> None:
    """AP-814, AP-752, AP-743: what it replies to and belongs to is named ``ap://…``: kept, and fetched by nobody."""
    sent = await mitra.send("create", ada)
    shown = await world.shown(sent["object"]["id"])
    for term in ("inReplyTo", "context", "contextHistory"):
        assert shown[term] == sent["object"][term]
    assert (await world.shown(sent["id"], ada))["proof"] == sent["proof"]
    assert not any(asked.startswith("ap:") for asked in world.others.asked)
