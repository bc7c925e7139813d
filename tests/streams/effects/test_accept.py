"""Accept: only from whom was asked, and only of what was asked."""

import pytest
from world import World

from streams.errors import NotFound, Refused

pytestmark = pytest.mark.anyio


async def test_matched_by_actors_when_the_id_is_altered(world: World) -> None:
    """AP-358, IQ-710: an embedded Follow without our id still completes ours."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.say(ada, type="Follow", object=bob.iri)
    embedded = {"type": "Follow", "actor": ada.iri, "object": bob.iri}
    await world.hear(bob, ada, id=f"{bob.iri}/ok", type="Accept", object=embedded)
    assert await world.listed(ada.iri, "following") == [bob.iri]


async def test_only_the_followed_may_accept(world: World) -> None:
    """SEC-025: an Accept by anyone else completes nothing."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    other = await world.remote("other")
    follow = await world.say(ada, type="Follow", object=bob.iri)
    for number, thing in enumerate([follow.id, {"type": "Follow", "actor": ada.iri, "object": other.iri}]):
        await world.hear(other, ada, id=f"{other.iri}/ok{number}", type="Accept", object=thing)
    assert await world.listed(ada.iri, "following") == []


async def test_a_tentative_accept_completes_nothing(world: World) -> None:
    """AP-034: sub-types inherit no effects."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    follow = await world.say(ada, type="Follow", object=bob.iri)
    await world.hear(bob, ada, id=f"{bob.iri}/maybe", type="TentativeAccept", object=follow.id)
    assert await world.listed(ada.iri, "following") == []


async def test_accepting_what_was_not_asked(world: World) -> None:
    """AP-241: a client's Accept of an unknown Follow is refused; of an accepted one it is harmless."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    with pytest.raises(NotFound):
        await world.say(ada, type="Accept", object=f"{bob.iri}/never")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    await world.say(ada, type="Accept", object=f"{bob.iri}/f")
    assert await world.listed(ada.iri, "followers") == [bob.iri]


@pytest.mark.parametrize("type", ["Accept", "Reject"])
async def test_answers_to_nothing_are_refused(world: World, type: str) -> None:
    """AP-241: also when the name was heard of before, or is an actor's."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.say(ada, type="View", object="https://there.example/x", to=bob.iri)
    await world.say(ada, type="Like", object="https://there.example/x")
    for iri in ("https://there.example/x", bob.iri, ada.iri, "urn:uuid:1"):
        with pytest.raises((NotFound, Refused)):
            await world.say(ada, type=type, object=iri)
    with pytest.raises((NotFound, Refused)):
        await world.say(ada, type=type, object=["https://there.example/x", bob.iri])


@pytest.mark.parametrize("type", ["Accept", "Reject"])
async def test_several_follows_at_once(world: World, type: str) -> None:
    """AP-204, AP-240, AP-291: each is answered, each follower is addressed, each Follow is embedded."""
    ada = await world.local("ada", approves=True)
    fans = [await world.remote("bob"), await world.remote("eve")]
    for fan in fans:
        await world.hear(fan, ada, id=f"{fan.iri}/f", type="Follow", object=ada.iri)
    answer = await world.say(ada, type=type, object=[f"{fan.iri}/f" for fan in fans])
    assert set(answer.ids("to")) == {fan.iri for fan in fans}
    assert sorted(await world.listed(ada.iri, "followers")) == [fan.iri for fan in fans if type == "Accept"]
    assert await world.listed(ada.iri, "pendingFollowers") == []
    inboxes = dict(await world.deliveries())
    assert set(inboxes) == {fan.inbox for fan in fans}
    for body in inboxes.values():
        assert [(follow["id"], follow["actor"]) for follow in body["object"]] == [
            (f"{fan.iri}/f", fan.iri) for fan in fans
        ]


@pytest.mark.parametrize("type", ["Invite", "Offer"])
async def test_an_offer_is_answered_to_who_made_it(world: World, type: str) -> None:
    """AP-272: Accept and Reject of what one was offered; what was said in private is not passed on whole."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    offer = {"id": f"{bob.iri}/o", "type": type, "object": "https://there.example/e", "summary": "psst"}
    await world.hear(bob, ada, **offer, to=ada.iri)
    answer = await world.say(ada, type="Accept", object=f"{bob.iri}/o")
    assert answer.ids("to") == (bob.iri,)
    [(inbox, body)] = await world.deliveries()
    assert inbox == bob.inbox
    assert body["object"] == {
        "id": f"{bob.iri}/o", "type": type, "actor": bob.iri, "object": "https://there.example/e"
    }  # fmt: skip


async def test_an_offer_to_someone_else_cannot_be_answered(world: World) -> None:
    """AP-272, SEC-034."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    offer = {"id": f"{bob.iri}/o", "type": "Offer", "object": "https://there.example/e"}
    await world.hear(bob, ada, **offer, to=ada.iri)
    with pytest.raises(NotFound):
        await world.say(eve, type="Accept", object=f"{bob.iri}/o")
