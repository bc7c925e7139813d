"""Who follows a channel, at whichever door (Events §11, §23.5)."""

import pytest
from pier import IRI, OPS, VAN, Pier

from streams.events import Reader, channels
from vocab.dialects.events import Ref

pytestmark = pytest.mark.anyio

BO = "ASUser/bo"


async def members(pier: Pier, *parties: str, limit: int = 10, offset: int = 0) -> tuple[list[str], int]:
    reader = Reader(pier.log.tenant.id, frozenset(parties))
    found = await pier.log.store.read(
        channels.members, pier.log.space, reader, Ref.parse(OPS), limit=limit, offset=offset
    )
    return [one.follower_ref for one in found.follows], found.total


async def test_actors_that_follow_a_channel_are_among_its_members(pier: Pier) -> None:
    """Events §23.5: accounts as the entities that they are, those of other servers by their address, users first."""
    await pier.channel()
    channel = await pier.followed()
    ada, bob = await pier.world.local("ada"), await pier.world.remote("bob")
    follow = await pier.world.say(ada, type="Follow", object=IRI, to=IRI)
    await pier.audience.follow(BO, OPS)
    everyone = [BO, f"ASRemoteActor/{bob.iri}", "User/ada"]
    assert await members(pier) == (everyone, 3)
    for offset in range(4):
        assert await members(pier, limit=1, offset=offset) == (everyone[offset : offset + 1], 3)
    await pier.log.entity(BO, acl=[{"READ": BO}])
    assert await members(pier) == (everyone[1:], 2)
    assert await members(pier, "asuser/bo") == (everyone, 3)
    assert await members(pier, offset=2) == ([], 2)
    await pier.world.say(ada, type="Undo", object=follow.id)
    await pier.world.hear(bob, channel, id=f"{bob.iri}/undo", type="Undo", object=f"{bob.iri}/f/night-ops")
    assert await members(pier, "asuser/bo") == ([BO], 1)
    assert VAN


async def test_whose_channel_it_is_is_told_who_follows_it(pier: Pier) -> None:
    """Events §13, §23.5: once, as of a user who does so."""
    await pier.channel()
    channel = await pier.followed()
    bob = await pier.world.remote("bob")
    for _ in range(2):
        await pier.world.hear(bob, channel, id=f"{bob.iri}/again", type="Follow", object=channel.iri)
        await pier.work()
    rows = await pier.log.rows(
        "SELECT n.type, o.key, n.body FROM event_notices n JOIN event_entities o ON o.id = n.owner"
    )
    [(type, owner, body)] = rows
    assert (type, owner) == ("FOLLOWS", "asuser/bo")
    assert f"{bob.iri} follows night-ops" in body
