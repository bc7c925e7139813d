"""What we know of hosts."""

import pytest

from federation import Hosts
from federation.errors import Blocked, Refused
from storage import policies

pytestmark = pytest.mark.anyio


async def test_suspended(world):
    """AP-640, SEC-012: suspended with its sub-domains, at once; silenced is not suspended."""
    await world.hosts.permit("a.example")
    await world.store.write(policies.put, "a.example", "suspend", now=world.now)
    with pytest.raises(Blocked):
        await world.hosts.check(["a.example"])
    world.later(1)
    await world.store.write(policies.put, "c.example", "silence", now=world.now)
    for host in ("a.example", "x.a.example"):
        with pytest.raises(Refused):
            await world.hosts.permit(host)
        with pytest.raises(Blocked):
            await world.hosts.check(["c.example", host])
    await world.hosts.permit("c.example")
    await world.store.write(policies.remove, "a.example")
    await world.hosts.permit("a.example")


async def test_only_those_on_the_list(world):
    """AP-640: with an allow-list everyone else is out; who is on it may have subdomains."""
    await world.store.write(policies.configure, ["a.example"], now=world.now)
    await world.hosts.permit("a.example")
    await world.hosts.permit("x.a.example")
    with pytest.raises(Refused):
        await world.hosts.permit("c.example")
    await world.store.write(policies.configure, [], now=world.now)
    await world.hosts.permit("c.example")


async def test_forms_are_learned(world):
    """AP-455, AP-290: what a host took is remembered, the form for thirty days."""
    assert await world.hosts.form("a.example") == "cavage"
    await world.hosts.learn_form("a.example", "rfc9421")
    await world.hosts.learn_media_type("a.example", "application/activity+json")
    assert await world.hosts.form("a.example") == "rfc9421"
    assert (await world.hosts.state("a.example")).media_type == "application/activity+json"
    world.later(31 * 86_400)
    assert await world.hosts.form("a.example") == "cavage"


async def test_others_learn_too(world):
    """What another process learned is seen within a minute."""
    other = Hosts(world.store, clock=world.clock)
    assert await other.form("a.example") == "cavage"
    await world.hosts.learn_form("a.example", "rfc9421")
    assert await other.form("a.example") == "cavage"
    world.later(61)
    assert await other.form("a.example") == "rfc9421"
