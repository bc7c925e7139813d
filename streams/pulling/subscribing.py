"""Subscribing: a feed of others gets an actor of ours that tells what it brings (Atom §10.1, §10.3)."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from storage import Transaction, actors, subscriptions
from storage.actors import ActorRow
from storage.subscriptions import Subscription
from streams import actors as making
from streams.actors import KeyPair
from streams.errors import NotFound, Redundant, Refused
from streams.pulling import hubs
from streams.pulling.schedule import INTERVAL_SECONDS, INTERVAL_SECONDS_MAX, INTERVAL_SECONDS_MIN
from vocab import BadIri
from vocab import iri as iris
from vocab.dialects import streamquery

WAYS: Final = ("Create", "Announce")
NAME_CHARS: Final = 10
ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class Options:
    """How a feed is read and told.

    ``way`` is the type of what is published: ``Create`` or, of a copy, ``Announce``. ``filters`` are expressions of the
    stream's language: what does not satisfy all of them is not told. ``people`` says who names over there are here.
    ``walk`` is for servers without paging: their history is read by windows of time.
    """

    public: bool = False
    interval_seconds: int = INTERVAL_SECONDS
    way: str = "Create"
    filters: tuple[str, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    walk: bool = False

    def settings(self) -> dict[str, Any]:
        """Return what is kept besides, without what says nothing."""
        whole = {
            "way": self.way,
            "filters": list(self.filters),
            "people": dict(self.people),
            "walk": self.walk,
        }
        return {name: value for name, value in whole.items() if value and value != "Create"}


async def subscribe(
    tx: Transaction,
    owner: ActorRow,
    url: str,
    options: Options,
    *,
    base_url: str,
    pairs: Iterable[KeyPair],
    now: int,
) -> Subscription:
    """Have a feed read for one of our actors. A unit of work.

    The actor that tells it is made here; while it tells it to its owner alone, neither its name nor its profile says
    what it reads. Raises Refused naming what is wrong, Redundant for a feed that this owner has.
    """
    _check(url, options)
    for name in options.people.values():
        if await actors.by_handle(tx, name) is None:
            raise Refused("person", f"there is no actor called {name}")
    shown = iris.host(url) if options.public else "Feed"
    bot = await making.create(
        tx,
        base_url=base_url,
        name=f"feed.{_random()}",
        type="Service",
        display_name=shown,
        key_pairs=pairs,
        now=now,
    )
    new = Subscription(
        subscriptions.new_id(), owner.id, bot.id, url, int(options.public), options.settings(),
        options.interval_seconds, now, now,
    )  # fmt: skip
    if not await subscriptions.add(tx, new):
        raise Redundant("url", "is read for this actor already")
    return new


async def unsubscribe(tx: Transaction, id: int, *, now: int) -> None:
    """Read a feed no more, and leave a job that tells its hub so; what it brought stays. Raises NotFound."""
    one = await subscriptions.held(tx, id)
    if one is None:
        raise NotFound(str(id))
    await subscriptions.remove(tx, id)
    await hubs.leave(tx, one, now=now)


def _check(url: str, options: Options) -> None:
    try:
        fine = iris.is_http(url) and iris.canonical(url) and not urlsplit(url).username
    except (BadIri, ValueError):
        fine = False
    if not fine:
        raise Refused("url", "must be an address of http or https, without a user")
    if not INTERVAL_SECONDS_MIN <= options.interval_seconds <= INTERVAL_SECONDS_MAX:
        raise Refused("interval", f"must be from {INTERVAL_SECONDS_MIN} to {INTERVAL_SECONDS_MAX} seconds")
    if options.way not in WAYS:
        raise Refused("way", f"must be one of {', '.join(WAYS)}")
    for text in options.filters:
        streamquery.read("filter", text)


def _random() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(NAME_CHARS))
