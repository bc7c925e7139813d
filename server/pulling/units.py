"""What is written down of a feed that was read, each function a unit of work (Atom §10.1)."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any, Final

from storage import Transaction, actors, jobs, subscriptions
from storage.actors import ActorRow, State
from storage.jobs import Job
from storage.subscriptions import Subscription
from streams import record
from streams.errors import NotFound
from streams.pulling import Taken, taking
from streams.pulling.copies import Teller
from vocab import Object
from vocab import iri as iris
from vocab.dialects.feedreading import Item, Reading

MOVED_TIMES: Final = 3
"""So many answers in a row must say that a feed has moved before that is believed (Atom §10.1)."""
TITLE_CHARS_MAX: Final = 200


async def telling(tx: Transaction, id: int, base_url: str) -> Teller | None:
    """Return for whom and by whom a feed is told; None when one of the two is gone, or the subscription."""
    one = await subscriptions.held(tx, id)
    if one is None:
        return None
    owner, bot = await actors.by_id(tx, one.owner), await actors.by_id(tx, one.bot)
    if owner is None or bot is None or not _speaks(owner) or not _speaks(bot):
        return None
    return Teller(one, owner, bot, base_url)


def _speaks(actor: ActorRow) -> bool:
    return actor.state == State.ACTIVE


async def take(tx: Transaction, id: int, items: list[Item], silent: bool, base_url: str, now: int) -> Taken:
    """Take some entries; of a subscription that ended meanwhile, none."""
    teller = await telling(tx, id, base_url)
    return Taken() if teller is None else await taking.take(tx, teller, items, silent=silent, now=now)


async def forget(
    tx: Transaction, id: int, gone: Sequence[tuple[str, datetime | None]], base_url: str, now: int
) -> Taken:
    """Delete what the feed says is gone."""
    teller = await telling(tx, id, base_url)
    return Taken() if teller is None else await taking.forget(tx, teller, gone, now=now)


async def name(tx: Transaction, one: Subscription, reading: Reading, base_url: str, now: int) -> Subscription:
    """Remember title and page of a feed; the actor that tells it to everybody is called so too."""
    title = (reading.title or iris.host(one.url))[:TITLE_CHARS_MAX]
    values = {"title": title, "home": reading.home, "feed": reading.id}
    if any(getattr(one, name) != value for name, value in values.items()):
        await subscriptions.change(tx, one.id, **values)
        bot = await actors.by_id(tx, one.bot)
        if one.public and bot is not None and _speaks(bot) and title != one.title:
            profile = {"id": bot.iri, "type": bot.type, "name": title}
            said = Object({"type": "Update", "object": profile, "to": bot.followers})
            await record.say(tx, bot, said, base_url=base_url, now=now)
    return await subscriptions.by_id(tx, one.id) or one


async def settle(tx: Transaction, id: int, values: dict[str, Any]) -> Subscription:
    """Write down what became of a poll. Raises NotFound for a subscription that was removed meanwhile."""
    one = await subscriptions.held(tx, id)
    if one is None:
        raise NotFound(str(id))
    await subscriptions.change(tx, id, **values)
    return await subscriptions.by_id(tx, id) or one


async def answered(tx: Transaction, id: int, values: dict[str, Any], moved_to: str | None) -> Subscription:
    """Write down that a feed answered; one that has moved for good, as it said often enough, is read there."""
    one = await subscriptions.held(tx, id)
    if one is None:
        raise NotFound(str(id))
    if moved_to is None or moved_to == one.url:
        values |= {"moved_to": None, "moved_times": 0}
    else:
        times = one.moved_times + 1 if moved_to == one.moved_to else 1
        values |= {"moved_to": moved_to, "moved_times": times}
        others = {other.url for other in await subscriptions.every(tx, one.owner)}
        if times >= MOVED_TIMES and moved_to not in others:
            values |= {"url": moved_to, "moved_to": None, "moved_times": 0}
    return await settle(tx, id, values)


async def led(tx: Transaction, id: int, feed: str) -> Subscription | None:
    """Read the feed that a page names in place of the page; None when its owner has that one already."""
    one = await subscriptions.held(tx, id)
    if one is None:
        raise NotFound(str(id))
    if feed in {other.url for other in await subscriptions.every(tx, one.owner)}:
        return None
    return await settle(tx, id, {"url": feed})


async def tell_owner(tx: Transaction, id: int, told: str, base_url: str, now: int) -> None:
    """Let the actor that tells a feed write its owner a line."""
    teller = await telling(tx, id, base_url)
    if teller is not None:
        said = Object(
            {"type": "Note", "content": f"<p>{escape(told, quote=False)}</p>", "to": teller.owner.iri}
        )
        await record.say(tx, teller.bot, said, base_url=base_url, now=now)


async def look_again(tx: Transaction, job: Job, *, owner: str, now: int) -> None:
    """Strike a job off, and have the feed read again when its time comes, unless it is not read any more."""
    one = await subscriptions.by_id(tx, int(job.payload["subscription"]))
    if one is None or one.stopped or "body" in job.payload:
        await jobs.finish(tx, job, owner=owner)
    else:
        await subscriptions.look_again(tx, job, one, owner=owner, now=now)
