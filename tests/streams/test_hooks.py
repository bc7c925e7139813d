"""What other applications report, told once by one of ours (Atom §11)."""

import json
from typing import Any

import pytest
from world import BASE, World

from storage import hooks as kept
from storage import jobs
from storage.actors import ActorRow
from storage.hooks import Hook
from streams import hooks
from streams.hooks import Delivery

pytestmark = pytest.mark.anyio

MAPPING = {
    "id": "{id}", "verb": "{verb}", "actor.username": "{by}", "object.name": "{name}", "object.type": "{type}",
}  # fmt: skip


async def hooked(world: World, dialect: str = "json", **settings: Any) -> tuple[Hook, ActorRow]:
    ada, bot = await world.local("ada"), await world.local("bot", type="Service")
    hook = Hook(
        kept.new_id(), dialect, None, ada.id, bot.id, False, {"mapping": MAPPING, **settings}, world.now
    )
    await world.store.write(kept.add, hook, "secret")
    return hook, ada


async def report(world: World, hook: Hook, delivery: str, **payload: Any) -> bool:
    sent = Delivery("", delivery, json.dumps(payload))
    return await world.store.write(hooks.take, hook, sent, now=world.now)


async def tell(world: World) -> int:
    """Do what is waiting; return how much that was."""
    done = 0
    while claimed := await world.store.write(
        jobs.claim, kept.QUEUE, owner="me", now=world.now, limit=5, lease_us=10**7
    ):
        for job in claimed:
            await hooks.work(world.store, job, owner="me", base_url=BASE, now=world.now)
            done += 1
    return done


async def test_each_report_is_told_once_whatever_it_is_delivered_in(world: World) -> None:
    hook, ada = await hooked(world)
    assert await report(world, hook, "1", id="urn:x:1", name="run 1")
    assert not await report(world, hook, "1", id="urn:x:1", name="run 1")
    assert await report(world, hook, "2", id="urn:x:1", name="run 1 again")
    assert await report(world, hook, "3", id="urn:x:2", name="run 2")
    assert await tell(world) == 3
    assert len(await world.listed(ada.iri, "inbox")) == 2


async def test_a_name_over_there_is_somebody_here_only_where_that_was_said(world: World) -> None:
    """Atom §10.3: never impersonate somebody because names match."""
    hook, ada = await hooked(world, people={"octo": "ada"})
    await report(world, hook, "1", id="urn:x:1", name="a", by="octo")
    await report(world, hook, "2", id="urn:x:2", name="b", by="ada")
    await tell(world)
    second, first = [await world.shown(iri, ada) for iri in await world.listed(ada.iri, "inbox")]
    assert first["hw:author"] == [ada.iri]
    assert second["hw:author"][0]["preferredUsername"] == "ada"
    assert "id" not in second["hw:author"][0]


@pytest.mark.parametrize(("kind", "provider"), [("job", "ci"), ("issue", "issues"), ("changeset", "git")])
async def test_what_it_is_about_decides_where_it_is_shown(world: World, kind: str, provider: str) -> None:
    """Atom §8.5."""
    hook, ada = await hooked(world)
    type = f"http://streams.atlassian.com/syndication/types/{kind}"
    await report(world, hook, "1", id="urn:x:1", name="it", type=type)
    await tell(world)
    (iri,) = await world.listed(ada.iri, "inbox")
    assert (await world.shown(iri, ada))["hw:provider"] == provider


async def test_what_waits_when_its_hook_is_removed_is_told_to_nobody(world: World) -> None:
    hook, ada = await hooked(world)
    await report(world, hook, "1", id="urn:x:1", name="late")
    assert await world.store.write(kept.remove, hook.id)
    assert await tell(world) == 1
    assert await world.listed(ada.iri, "inbox") == []
