"""Announce: public things only, once per actor."""

import pytest
from world import PUBLIC, World

from streams.errors import NotAllowed, Redundant, Refused

pytestmark = pytest.mark.anyio


async def test_shares_are_counted_once(world: World) -> None:
    """AP-253, AP-367."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    share = await world.say(eve, type="Announce", object=note, to=PUBLIC)
    with pytest.raises(Redundant):
        await world.say(eve, type="Announce", object=note, to=PUBLIC)
    await world.hear(bob, ada, id=f"{bob.iri}/s", type="Announce", object=note, to=PUBLIC)
    await world.hear(bob, ada, id=f"{bob.iri}/s2", type="Announce", object=note, to=PUBLIC)
    assert await world.listed(note, "shares") == [f"{bob.iri}/s", share.id]


async def test_what_is_said_with_a_share_is_kept(world: World) -> None:
    """AP-736: a quote spelt as an Announce with content keeps its words, stored and delivered."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    note = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "content": "x", "to": PUBLIC}
    world.others.documents[note["id"]] = note
    share = await world.say(ada, type="Announce", object=note["id"], content="so true", to=PUBLIC)
    assert (await world.shown(share.id or ""))["content"] == "so true"
    assert [body["content"] for _, body in await world.deliveries()] == ["so true"]
    await world.hear(
        bob, ada, id=f"{bob.iri}/s", type="Announce", object=note["id"], content="mine", to=PUBLIC
    )
    assert (await world.shown(f"{bob.iri}/s"))["content"] == "mine"


async def test_what_is_not_public_stays_where_it_is(world: World) -> None:
    """AP-253, SEC-031: a follower cannot pass on what was said to followers; the author can."""
    ada, eve = await world.local("ada"), await world.local("eve")
    await world.say(eve, type="Follow", object=ada.iri)
    note = (await world.say(ada, type="Note", content="x", to=ada.followers)).ids("object")[0]
    with pytest.raises(NotAllowed):
        await world.say(eve, type="Announce", object=note, to=PUBLIC)
    assert (await world.say(ada, type="Announce", object=note)).type == "Announce"


async def test_a_share_that_brings_its_proof(world: World) -> None:
    """AP-502, FEP-fe34: an embedded object with its author's proof is believed; one without is read at its origin."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    cy = await world.remote("cy", "cy.example")
    proven = {"id": f"{cy.iri}/1", "type": "Note", "attributedTo": cy.iri, "to": PUBLIC, "content": "true"}
    claimed = {**proven, "id": f"{cy.iri}/2"}
    world.others.proofs.add(proven["id"])
    world.others.documents[claimed["id"]] = {**claimed, "content": "read"}
    for n, thing in enumerate((proven, claimed)):
        brought = {**thing, "proof": {"type": "DataIntegrityProof"}}
        await world.hear(bob, ada, id=f"{bob.iri}/s{n}", type="Announce", object=brought, to=PUBLIC)
    assert proven["id"] not in world.others.asked
    assert (await world.shown(proven["id"]))["content"] == "true"
    assert (await world.shown(claimed["id"]))["content"] == "read"


async def test_a_share_of_a_share_is_refused(world: World) -> None:
    """SEC-031: what is passed on is the thing itself."""
    ada = await world.local("ada")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    share = await world.say(ada, type="Announce", object=note, to=PUBLIC)
    with pytest.raises(Refused):
        await world.say(ada, type="Announce", object=share.id, to=PUBLIC)
