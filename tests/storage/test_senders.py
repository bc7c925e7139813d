"""What is known of a sender and of the hosts involved, in one statement."""

import pytest

from storage import Store, actors, policies, senders
from storage.actors import State
from storage.senders import Standing
from vocab import from_json

pytestmark = pytest.mark.anyio

ADA = "https://a.example/ada"


async def _known(store: Store) -> int:
    document = {"id": ADA, "type": "Person", "inbox": f"{ADA}/inbox", "outbox": f"{ADA}/outbox"}
    return (await store.write(actors.keep, from_json(document), now=1)).id


async def test_an_actor_is_unknown_known_or_suspended(store: Store) -> None:
    """SEC-012: the state of whoever acts is read anew for each request."""
    assert await store.peek(senders.standing, ADA, ["a.example"]) == Standing(None, ())
    id = await _known(store)
    assert await store.peek(senders.standing, ADA, ["a.example"]) == Standing(State.ACTIVE, ())
    await store.write(actors.set_state, id, State.SUSPENDED)
    assert await store.peek(senders.standing, ADA, []) == Standing(State.SUSPENDED, ())


async def test_suspended_hosts_are_named(store: Store) -> None:
    """SEC-012: each host that an activity involves counts."""
    await _known(store)
    await store.write(policies.put, "bad.example", "suspend", now=1)
    await store.write(policies.put, "a.example", "silence", now=1)
    found = await store.peek(senders.standing, ADA, ["a.example", "deep.bad.example"])
    assert found == Standing(State.ACTIVE, ("deep.bad.example",))
