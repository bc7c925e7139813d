"""Threads complete themselves: what a post answers and what answers it is read from other servers.

Background work, one request after the other, with one purse for each walk and a share for each host
and hour (SEC-046, AP-742). What is found is believed from its origin alone, kept and put in its place;
nobody is notified and nothing is delivered.
"""

import logging
from collections import deque

from storage import Transaction, actors, entries, follows, jobs, objects, policies, visits
from storage.actors import State
from storage.ids import next_id
from storage.jobs import Job
from storage.objects import Kind
from streams import ids, interest
from streams.deed import Deed
from streams.effects import create
from streams.errors import NotAllowed, Spent, StreamsError, Unreachable
from streams.instants import SECOND_US
from streams.interest import Errand
from streams.ports import Elsewhere, Ports
from vocab import Activity, Audience, Object, VocabError, stored
from vocab import iri as iris
from vocab.validate import lenient

log = logging.getLogger(__name__)

ANCESTORS_MAX = 20
DEPTH_MAX = 5
"""So many answers to answers are followed from where a walk begins (SEC §2)."""
ITEMS_MAX = 100
"""So many members of one collection are looked at in one walk."""
AGAIN_US = 3_600 * SECOND_US
"""A walk whose purse was empty before the thread was complete goes on after this time."""


async def complete(ports: Ports, job: Job, *, owner: str) -> None:
    """Read the thread around a post as far as the purse goes; when posts are left, go on an hour later."""
    about, asker = job.payload["about"], job.payload["asker"]
    walk = Walk(ports)
    if asker is None or await ports.store.read(followed, asker):
        await walk.around(about)
    again = Errand(about, wait_us=AGAIN_US, asker=asker) if walk.cut_short and walk.brought else None
    await ports.store.write(end, job, again, ports, owner=owner)


async def end(tx: Transaction, job: Job, again: Errand | None, ports: Ports, *, owner: str) -> None:
    """Strike an errand off, and leave it once more when there is reason to."""
    await jobs.finish(tx, job, owner=owner)
    if again is not None:
        await interest.leave(tx, again, ports.manners, now=ports.clock())


async def followed(tx: Transaction, iri: str) -> bool:
    """Tell whether someone here follows an actor."""
    actor = await actors.find(tx, iri)
    outbox = None if actor is None else await entries.find(tx, actor.id, "outbox")
    return outbox is not None and await follows.has_local(tx, outbox.id)


class Walk:
    """One walk through a thread. ``brought`` counts the posts that are new here."""

    def __init__(self, ports: Ports, tour: Elsewhere | None = None) -> None:
        self._ports = ports
        self._tour = tour or ports.elsewhere.bounded()
        self.brought = 0
        self.cut_short = False

    async def around(self, iri: str) -> None:
        """Climb from a post to the first one of its thread, then read the answers, the nearest first."""
        post = await self.find(iri)
        if post is None:
            return
        top = await self._climb(post)
        thread = top.id or iri
        earlier = await self._ports.store.read(visits.brought, thread)
        await self._descend([top, post], self._ports.manners.posts_max - earlier)
        if self.brought:
            await self._ports.store.write(visits.bring, thread, self.brought, now=self._ports.clock())

    async def _climb(self, post: Object) -> Object:
        """Return the highest post above another that can be had."""
        seen = {post.id}
        for _ in range(ANCESTORS_MAX):
            above = next(iter(post.ids("inReplyTo")), None)
            if above is None or above in seen:
                break
            parent = await self.find(above)
            if parent is None:
                break
            seen |= {above, parent.id}
            post = parent
        return post

    async def _descend(self, begin: list[Object], posts_max: int) -> None:
        """Read what collections list, breadth first."""
        waiting = deque((post, 0) for post in begin)
        seen: set[str] = set()
        while waiting and not self.cut_short:
            post, depth = waiting.popleft()
            for collection in interest.collections(post):
                if collection in seen or ids.is_ours(self._ports.base_url, collection):
                    continue
                seen.add(collection)
                for member in await self._members(collection):
                    if self.cut_short or self.brought >= posts_max:
                        return
                    answer = None if member in seen else await self.find(member, must_answer=True)
                    seen.add(member)
                    if answer is not None and depth < DEPTH_MAX:
                        waiting.append((answer, depth + 1))

    async def _members(self, collection: str) -> list[str]:
        """List a collection, at most once an hour; one that cannot be read is empty."""
        if not await self._may_ask(collection):
            return []
        try:
            items = await self._tour.items(collection, limit=ITEMS_MAX)
        except Spent:
            self.cut_short = True
            return []
        except Unreachable:
            await self._note(collection, failed=True)
            return []
        await self._note(collection)
        return [_post_of(item) for item in items]

    async def find(self, iri: str, *, must_answer: bool = False) -> Object | None:
        """Return a post, as held or as read and kept now; None when it cannot be had.

        With ``must_answer`` only one that says what it replies to is kept: a collection may list anything.
        """
        held = await self._ports.store.read(objects.by_iri, iri)
        if held is not None and (held.document is not None or held.deleted is not None):
            usable = held.deleted is None and held.kind == Kind.OBJECT
            return stored(held.document or "{}", held.context) if usable else None
        if not iris.is_http(iri) or ids.is_ours(self._ports.base_url, iri) or not await self._may_ask(iri):
            return None
        try:
            post = lenient(await self._tour.object(iri))
            if not believable(post) or (must_answer and not post.ids("inReplyTo")):
                raise NotAllowed("object", "is no public post of its origin, or none of this thread")
            await self._tour.actor(post.one_id("attributedTo") or "")
            await self._ports.store.write(keep, post, base_url=self._ports.base_url, now=self._ports.clock())
        except Spent:
            self.cut_short = True
            return None
        except (StreamsError, VocabError) as reason:
            log.info("%s does not complete its thread: %s", iri, reason)
            await self._note(iri, failed=True)
            return None
        self.brought += 1
        return post

    async def _may_ask(self, iri: str) -> bool:
        """Tell whether something may be asked for now, and count the request if so."""
        if not iris.is_http(iri) or self.cut_short:
            return False
        now, limit = self._ports.clock(), self._ports.manners.requests_per_host_and_hour_max
        if not await self._ports.store.read(visits.due, iri, now=now):
            return False
        if not await self._ports.store.write(visits.charge, iris.host(iri), now=now, limit=limit):
            self.cut_short = True
        return not self.cut_short

    async def _note(self, iri: str, *, failed: bool = False) -> None:
        await self._ports.store.write(visits.note, iri, now=self._ports.clock(), failed=failed)


def _post_of(item: Object) -> str:
    """Return the id of the post that a member of a collection is, or that it made."""
    created = item.ids("object") if item.is_a("Create") else ()
    return created[0] if len(created) == 1 else item.id or ""


def believable(post: Object) -> bool:
    """Tell whether a document read from its origin is a public post by an actor of that origin (SEC-017)."""
    if post.id is None or post.is_activity or post.is_actor or post.is_collection or post.is_a("Tombstone"):
        return False
    authors = post.ids("attributedTo")
    return len(authors) == 1 and iris.same_origin(authors[0], post.id) and Audience.of(post).public


async def keep(tx: Transaction, post: Object, *, base_url: str, now: int) -> None:
    """Keep a post that was found, in its place below what it answers. A unit of work.

    As if its author had sent it: what was deleted, or comes from a suspended host, stays away.
    """
    author = await actors.find(tx, post.one_id("attributedTo") or "")
    if author is None or author.local or author.state in (State.SUSPENDED, State.GONE):
        raise NotAllowed("attributedTo", "is nobody who may speak here")
    if await policies.severity(tx, author.host) == "suspend":
        raise NotAllowed("attributedTo", "is on a suspended host")
    activity = Activity({"type": "Create", "actor": author.iri, "object": post.id})
    await create.keep(tx, Deed(activity, Audience.of(post), next_id(), author, False, now, base_url), post)
