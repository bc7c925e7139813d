"""Publish: what one of ours says goes out. ActivityPub §6.

The activity, its effect, its entries in inboxes here and its deliveries elsewhere are one transaction
(AP-202); the answers that local actors give at once are part of it.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from storage import Transaction, answers, objects
from storage.actors import ActorRow
from storage.answers import Answer
from streams import drafts, ids, interest, policy, record
from streams.drafts import Draft
from streams.errors import Refused, Unreachable
from streams.ports import Ports
from vocab import Activity, Object, VocabError, dump, quotes
from vocab import iri as iris

LOOKUP_SECONDS = 5.0
"""How long publishing waits for documents of other servers (AP-205)."""


@dataclass(frozen=True, slots=True)
class Once:
    """A caller's promise that a request with this key and this hash of its body is meant once (REL-007)."""

    caller: str
    key: str
    request: str


async def publish(ports: Ports, actor: ActorRow, sent: Object, *, once: Once | None = None) -> Activity:
    """Publish what a client sent to its outbox and return the activity as it stands now.

    ``sent`` is an activity or a bare object. Raises Refused, NotAllowed, NotFound or Gone; then nothing
    is stored. With ``once`` the answer is kept with the activity, for a client that asks again.
    """
    now = ports.clock()
    draft = drafts.prepare(drafts.in_own_name(sent), actor, base_url=ports.base_url, now=now)
    found = await _look_up(ports, draft.activity)
    return await ports.store.write(_record_once, draft, actor, found, ports, now, once)


async def _record_once(
    tx: Transaction,
    draft: Draft,
    actor: ActorRow,
    found: Mapping[str, Object],
    ports: Ports,
    now: int,
    once: Once | None,
) -> Activity:
    activity = await record.ours(tx, draft, actor, found, ports.base_url, now)
    await interest.note(tx, activity, actor, ports.manners, base_url=ports.base_url, now=now)
    if once is not None:
        body = dump.dump(activity).decode()
        await answers.keep(tx, once.caller, once.key, Answer(once.request, 201, activity.id, body), now=now)
    return activity


async def _look_up(ports: Ports, activity: Activity) -> dict[str, Object]:
    """Read what the activity is about from other servers, as far as its effect profits from it.

    A Follow needs its actor; a reaction profits from knowing the author; nothing waits longer than
    LOOKUP_SECONDS (AP-205).
    """
    if activity.is_a("Create"):
        return await _wanted(ports, activity)
    if activity.is_a("Move"):
        return await _moved_to(ports, activity.one_id("target"))
    about = activity.ids("object")
    if len(about) != 1 or ids.is_ours(ports.base_url, about[0]) or not iris.is_http(about[0]):
        return {}
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            if activity.is_a("Follow"):
                await ports.elsewhere.actor(about[0])
            elif activity.is_a("Like", "Dislike", "EmojiReact", "Announce"):
                return await _unknown(ports, about[0])
    except (TimeoutError, Unreachable, VocabError) as error:
        if activity.is_a("Follow"):
            raise Refused("object", "this actor cannot be reached") from error
    return {}


async def _moved_to(ports: Ports, target: str | None) -> dict[str, Object]:
    """Read an actor that one of ours moves to as it is now (AP-262)."""
    if target is None or ids.is_ours(ports.base_url, target) or not iris.is_http(target):
        return {}
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            return {target: await ports.elsewhere.actor(target, refresh=True)}
    except (TimeoutError, Unreachable) as error:
        raise Refused("target", "this actor cannot be reached") from error


async def _wanted(ports: Ports, activity: Activity) -> dict[str, Object]:
    """Read what a new post quotes, whose author is to be asked (AP-735), or the poll it votes in (AP-267)."""
    named = (quotes.quoted(thing) or _poll(thing) for thing in activity.embedded("object"))
    iri = next((iri for iri in named if iri), None)
    if iri is None or ids.is_ours(ports.base_url, iri) or not iris.is_http(iri):
        return {}
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            return await _unknown(ports, iri)
    except (TimeoutError, Unreachable, VocabError):
        return {}


def _poll(thing: Object) -> str | None:
    """Return what an object would be a vote in: it has the name of an option and no words of its own."""
    voting = thing.get("name") is not None and thing.get("content") is None
    return next(iter(thing.ids("inReplyTo")), None) if voting else None


async def _unknown(ports: Ports, iri: str) -> dict[str, Object]:
    known = await ports.store.read(objects.by_iri, iri)
    if known is not None and known.document is not None:
        return {}
    thing = await ports.elsewhere.object(iri)
    author = policy.author(thing)
    if author is not None:
        await ports.elsewhere.actor(author)
    return {iri: thing}
