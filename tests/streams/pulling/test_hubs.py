"""What hubs have promised, and when they are asked again (Atom §16)."""

import hmac
from typing import Any

import pytest
from world import BASE, World

from storage import subscriptions
from storage.subscriptions import Subscription
from streams import pulling
from streams.instants import DAY_US
from streams.pulling import Options, hubs

pytestmark = pytest.mark.anyio
HUB, TOPIC = "https://hub.example/", "https://news.example/feed"


async def subscribed(world: World) -> Subscription:
    owner = await world.local("ada")
    return await world.store.write(
        pulling.subscribe, owner, TOPIC, Options(), base_url=BASE, pairs=[], now=world.now
    )


async def ask(world: World, one: Subscription, hub: str = HUB) -> Any:
    return await world.store.write(hubs.ask, one.id, hub, TOPIC, now=world.now)


async def promised(world: World, callback: str, **said: Any) -> bool:
    whole = {"mode": "subscribe", "topic": TOPIC, "lease_seconds": 864_000, **said}
    return await world.store.write(hubs.verify, callback, **whole, now=world.now)


async def test_a_promise_is_renewed_when_four_fifths_of_it_have_passed(world: World) -> None:
    one = await subscribed(world)
    first = await ask(world, one)
    assert await promised(world, first.callback_secret)
    world.now += 7 * DAY_US
    assert await ask(world, one) is None
    world.now += 1 * DAY_US
    again = await ask(world, one)
    assert (again.callback_secret, again.secret) == (first.callback_secret, first.secret)


async def test_a_hub_that_does_not_answer_is_asked_daily_and_another_one_at_once(world: World) -> None:
    one = await subscribed(world)
    assert await ask(world, one)
    world.now += DAY_US // 2
    assert await ask(world, one) is None
    assert await ask(world, one, "https://other.example/")
    world.now += DAY_US
    assert await ask(world, one, "https://other.example/")


async def test_a_refusal_is_told_to_the_owner(world: World) -> None:
    one = await subscribed(world)
    asked = await ask(world, one)
    assert await promised(world, asked.callback_secret)
    assert await promised(world, asked.callback_secret, mode="denied")
    found = await world.store.read(subscriptions.by_id, one.id)
    assert found is not None
    assert (found.hub_until, bool(found.problem)) == (None, True)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_signatures_of_all_methods_are_known(method: str) -> None:
    right = hmac.digest(b"secret", b"body", method).hex()
    assert hubs.is_signed(b"body", f"{method}={right}", "secret")
    assert hubs.is_signed(b"body", f"{method.upper()}={right.upper()}", "secret")
    assert not hubs.is_signed(b"body2", f"{method}={right}", "secret")
    for wrong in ("", "sha256", "md5=00", f"{method}=", f"{method}={right}ö", f"{method}={right}0"):
        assert not hubs.is_signed(b"body", wrong, "secret")
