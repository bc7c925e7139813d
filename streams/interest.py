"""What makes a thread or a profile worth completing: someone here has to do with it.

Decided in memory; the reading itself is background work that begins after a while (SEC-046).
"""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from storage import Transaction, jobs
from storage.actors import ActorRow
from streams import ids
from streams.instants import SECOND_US
from streams.ports import Manners
from vocab import Activity, Object
from vocab import iri as iris

QUEUE = "history"
REACTIONS = frozenset({"Like", "Dislike", "EmojiReact", "Announce"})
SETTLED_US = 3_600 * SECOND_US
"""A post that is news to us has no answers yet: they are looked for an hour later."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to be read elsewhere: the thread around a post, or the newest posts of an actor.

    ``asker`` is who must still be followed from here when the time comes, None when that does not matter.
    """

    about: str
    profile: bool = False
    wait_us: int = 0
    asker: str | None = None


async def note(
    tx: Transaction,
    activity: Activity,
    actor: ActorRow,
    manners: Manners,
    *,
    base_url: str,
    now: int,
    found: Iterable[Object] = (),
) -> None:
    """Leave the errands that an activity gives reason for, in its transaction.

    ``found`` are the documents it is about as they are believed, where that is not as they were sent.
    """
    if not manners.complete:
        return
    for errand in errands(activity, actor, base_url, found):
        await leave(tx, errand, manners, now=now)


async def leave(tx: Transaction, errand: Errand, manners: Manners, *, now: int) -> None:
    """Leave one errand, to be run after a random while, so that not everyone asks at once."""
    half_us = manners.delay_seconds_max * SECOND_US // 2
    run_at = now + errand.wait_us + half_us + secrets.randbelow(half_us + 1)
    payload = {"about": errand.about, "profile": errand.profile, "asker": errand.asker}
    dedupe, lane = f"{errand.profile:d} {errand.about}", iris.host(errand.about)
    await jobs.add(tx, QUEUE, payload, now=now, lane=lane, dedupe=dedupe, run_at=run_at)


def errands(
    activity: Activity, actor: ActorRow, base_url: str, found: Iterable[Object] = ()
) -> Iterator[Errand]:
    """Yield what to read elsewhere because of an activity, published here or received (AP-742). Pure."""
    ours = bool(actor.local)
    if activity.is_a("Create"):
        for thing in list(found) or activity.embedded("object"):
            yield from _created(thing, actor, base_url)
    elif not REACTIONS.isdisjoint(activity.types) and (ours or activity.is_a("Announce")):
        asker = None if ours else actor.iri
        for iri in _posts(activity):
            if iris.is_http(iri) and not ids.is_ours(base_url, iri):
                yield Errand(iri, wait_us=0 if ours else SETTLED_US, asker=asker)
    elif activity.is_a("Accept") and not ours:
        yield Errand(actor.iri, profile=True, asker=actor.iri)


def _posts(activity: Activity) -> list[str]:
    """Return the posts a reaction is about; a group's share of a whole activity is about what that made."""
    passed_on = {inner.id: inner.ids("object") for inner in activity.embedded("object") if inner.is_activity}
    return [post for iri in activity.ids("object") for post in passed_on.get(iri, (iri,))]


def _created(thing: Object, actor: ActorRow, base_url: str) -> Iterator[Errand]:
    parents = [iri for iri in thing.ids("inReplyTo") if iris.is_http(iri) and not ids.is_ours(base_url, iri)]
    if parents:
        yield Errand(parents[0] if actor.local else thing.id or parents[0])
    elif not actor.local and thing.id is not None and collections(thing):
        yield Errand(thing.id, wait_us=SETTLED_US, asker=actor.iri)


def collections(thing: Object) -> list[str]:
    """Return where the rest of a thread may be listed: its ``context``, then the post's ``replies`` (FEP-f228).

    A ``context`` that is repeated as ``conversation`` is but a name in common (Pleroma, IQ-714).
    """
    names = set(thing.ids("conversation"))
    found = [iri for iri in thing.ids("context") if iri not in names]
    return [iri for iri in (*found, *thing.ids("replies")) if iris.is_http(iri)]
