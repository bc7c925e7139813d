"""What a hub has promised, and when to ask it again (WebSub §5; Atom §16). Units of work, and what they decide by."""

import hmac
import secrets
from typing import Final, NamedTuple

from storage import Transaction, departures, jobs, subscriptions
from storage.subscriptions import Subscription
from streams.instants import DAY_US, SECOND_US
from vocab import iri as iris

LEASE_SECONDS: Final = 10 * 86_400
LEASE_SECONDS_MIN: Final = 60
LEASE_SECONDS_MAX: Final = 366 * 86_400
RENEWED_AT: Final = 0.8
"""A lease is renewed when so much of it has passed."""
SECRET_BYTES: Final = 24
LEAVES: Final = "leaves"
"""The member of a job that asks a hub to tell no more."""
METHODS: Final = frozenset({"sha1", "sha256", "sha384", "sha512"})


class Asking(NamedTuple):
    """What a hub is asked: to tell at a callback, whose last part is ``callback_secret``, what is new of a topic."""

    hub: str
    topic: str
    callback_secret: str
    secret: str


def renewal(one: Subscription) -> int | None:
    """Return when a promise is to be renewed; None when there is none."""
    if one.hub_until is None or one.hub_asked is None:
        return None
    return one.hub_asked + int((one.hub_until - one.hub_asked) * RENEWED_AT)


async def ask(tx: Transaction, id: int, hub: str, topic: str, *, now: int) -> Asking | None:
    """Note that a hub is asked, unless it has been and its promise is fresh. A unit of work.

    A hub that did not answer is asked again after a day. The address that it calls nobody can guess.
    """
    one = await subscriptions.held(tx, id)
    if one is None or one.stopped:
        return None
    same = one.hub == hub and one.topic == topic
    due = renewal(one) or (one.hub_asked or 0) + DAY_US
    if same and one.hub_asked is not None and now < due:
        return None
    callback = one.callback_secret or secrets.token_urlsafe(SECRET_BYTES)
    secret = one.hub_secret or secrets.token_urlsafe(SECRET_BYTES)
    await subscriptions.change(
        tx, id, hub=hub, topic=topic, callback_secret=callback, hub_secret=secret, hub_wanted="subscribe",
        hub_asked=now, hub_until=one.hub_until if same else None,
    )  # fmt: skip
    return Asking(hub, topic, callback, secret)


async def leave(tx: Transaction, one: Subscription, *, now: int) -> None:
    """Leave a job that asks a hub to tell no more, when it tells or was asked to. A unit of work."""
    told = one.hub_wanted is not None or (one.hub_until is not None and one.hub_until > now)
    if not (told and one.hub and one.topic and one.callback_secret):
        return
    await departures.add(tx, one.callback_secret, one.topic, until=now + DAY_US)
    work = {LEAVES: {"hub": one.hub, "topic": one.topic, "callback_secret": one.callback_secret}}
    await jobs.add(tx, subscriptions.QUEUE, work, now=now, lane=iris.host(one.hub))


async def verify(
    tx: Transaction, callback_secret: str, *, mode: str, topic: str, lease_seconds: int | None, now: int
) -> bool:
    """Tell whether we asked a hub for what it asks back about, and note its promise. A unit of work."""
    if mode == "unsubscribe":
        return await departures.is_noted(tx, callback_secret, topic, now=now)
    one = await subscriptions.by_callback(tx, callback_secret)
    if one is None or one.topic != topic:
        return False
    if mode == "denied":
        problem = "its hub does not want to tell us"
        await subscriptions.change(tx, one.id, hub_wanted=None, hub_until=None, problem=problem)
        return True
    if mode != "subscribe" or one.hub_wanted != mode or one.stopped:
        return False
    lease = min(max(lease_seconds or LEASE_SECONDS, LEASE_SECONDS_MIN), LEASE_SECONDS_MAX)
    await subscriptions.change(tx, one.id, hub_wanted=None, hub_until=now + lease * SECOND_US)
    return True


async def deliver(
    tx: Transaction, callback_secret: str, text: str, type: str, *, signed: bool, now: int
) -> bool:
    """Leave what a hub delivers to be taken; False when nobody waits for it. A unit of work.

    What is not signed as it should be is dropped silently (Atom §16).
    """
    one = await subscriptions.by_callback(tx, callback_secret)
    if one is None or one.stopped:
        return False
    if signed:
        await subscriptions.leave(tx, one, text, type, now=now)
    return True


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Tell whether a body carries the right signature, by any of the methods of WebSub §7.1."""
    method, _, given = signature.partition("=")
    if method.lower() not in METHODS or not given.isascii():
        return False
    return hmac.compare_digest(
        hmac.digest(secret.encode(), body, method.lower()).hex(), given.strip().lower()
    )
