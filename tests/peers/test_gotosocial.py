"""GoToSocial: signed reading everywhere, keys beside the actor, single values, policies."""

from collections.abc import Callable

import pytest
from neighbour import Neighbour
from world import PUBLIC, World

from federation import keydocument
from federation.errors import Disbelieved
from storage.actors import ActorRow
from vocab import Object, from_json

pytestmark = pytest.mark.anyio


@pytest.fixture
def gotosocial(neighbour: Callable[[str], Neighbour]) -> Neighbour:
    return neighbour("gotosocial")


async def test_its_key_stands_beside_the_actor(gotosocial: Neighbour) -> None:
    """AP-806, IQ-731, AP-430: the key's address shows a stub of the actor; the actor itself has to list the key."""
    actor, stub = gotosocial.document("actor"), gotosocial.document("key_stub")
    served = {actor["id"]: actor, stub["publicKey"]["id"]: stub}

    async def get(address: str) -> Object:
        return from_json(served[served[address]["id"]])

    found = await keydocument.resolve(stub["publicKey"]["id"], get)
    assert (found.id, found.owner) == (stub["publicKey"]["id"], actor["id"])
    served[actor["id"]] = {**actor, "publicKey": {**actor["publicKey"], "id": f"{actor['id']}/other"}}
    with pytest.raises(Disbelieved):
        await keydocument.resolve(stub["publicKey"]["id"], get)


async def test_single_values_are_as_good_as_many(world: World, gotosocial: Neighbour, ada: ActorRow) -> None:
    """AP-806, IQ-732, IQ-733: one recipient, tag or attachment without an array; its policy is kept."""
    sent = await gotosocial.send("create", ada)
    shown = await world.shown(sent["object"]["id"])
    assert shown["tag"] == [sent["object"]["tag"]]
    assert shown["attachment"] == [sent["object"]["attachment"]]
    assert shown["interactionPolicy"]["canReply"]["manualApproval"] == PUBLIC
    assert shown["replies"]["first"]["next"] == sent["object"]["replies"]["first"]["next"]


async def test_its_actor_without_shared_inbox(gotosocial: Neighbour) -> None:
    """IQ-732, AP-289: everyone there is delivered to alone."""
    bob = await gotosocial.actor()
    assert bob.shared_inbox is None
    assert bob.approves


@pytest.mark.parametrize("name", ["followers", "hidden_followers"])
async def test_its_collections_may_show_a_number_only(gotosocial: Neighbour, name: str) -> None:
    """AP-806, AP-167: no items at the root, and no pages at all where members are hidden."""
    collection = from_json(gotosocial.document(name))
    assert collection.count("totalItems") == 12
    assert collection.ids("orderedItems") == ()


@pytest.mark.parametrize("name", ["accept_reply", "reject_reply"])
async def test_approval_of_a_reply_is_heard(
    world: World, gotosocial: Neighbour, ada: ActorRow, name: str
) -> None:
    """IQ-733: Accept and Reject of a post are no answers to a Follow; they are listed and change no relation."""
    bob = await gotosocial.actor()
    reply = (await world.say(ada, type="Note", content="yes", to=[PUBLIC, bob.iri])).ids("object")[0]
    sent = await gotosocial.send(name, ada, reply=reply)
    assert sent["id"] in await world.listed(ada.iri, "inbox")
    assert await world.listed(ada.iri, "following") == []
    assert (await world.shown(reply))["content"] == "yes"
