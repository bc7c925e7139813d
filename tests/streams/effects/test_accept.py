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
    with pytest.raises(Refused):
        await world.say(ada, type=type, object=["https://there.example/x", bob.iri])
