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
from streams import drafts, ids, record
from streams.drafts import Draft
from streams.errors import Refused, Unreachable
from streams.ports import Ports
from vocab import Activity, Object, dump
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
    draft = drafts.prepare(sent, actor, base_url=ports.base_url, now=now)
    found = await _look_up(ports, draft.activity)
    return await ports.store.write(_record_once, draft, actor, found, ports.base_url, now, once)


async def _record_once(
    tx: Transaction,
    draft: Draft,
    actor: ActorRow,
    found: Mapping[str, Object],
    base_url: str,
    now: int,
    once: Once | None,
) -> Activity:
    activity = await record.ours(tx, draft, actor, found, base_url, now)
    if once is not None:
        body = dump.dump(activity).decode()
        await answers.keep(tx, once.caller, once.key, Answer(once.request, 201, activity.id, body), now=now)
    return activity


async def _look_up(ports: Ports, activity: Activity) -> dict[str, Object]:
    """Read what the activity is about from other servers, as far as its effect profits from it.

    A Follow needs its actor; a reaction profits from knowing the author; nothing waits longer than
    LOOKUP_SECONDS (AP-205).
    """
    about = activity.ids("object")
    if len(about) != 1 or ids.is_ours(ports.base_url, about[0]) or not iris.is_http(about[0]):
        return {}
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            if activity.is_a("Follow"):
                await ports.elsewhere.actor(about[0])
            elif activity.is_a("Like", "Dislike", "EmojiReact", "Announce"):
                return await _unknown(ports, about[0])
    except (TimeoutError, Unreachable) as error:
        if activity.is_a("Follow"):
            raise Refused("object", "this actor cannot be reached") from error
    return {}


async def _unknown(ports: Ports, iri: str) -> dict[str, Object]:
    known = await ports.store.read(objects.by_iri, iri)
    if known is not None and known.document is not None:
        return {}
    thing = await ports.elsewhere.object(iri)
    author = thing.one_id("attributedTo") or thing.one_id("actor")
    if author is not None:
        await ports.elsewhere.actor(author)
    return {iri: thing}
