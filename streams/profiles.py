"""Profiles complete themselves: who is followed from here has more than what comes from now on (AP-742).

Once a follow is accepted, the newest public posts and shares of the followed actor are read from its
outbox and recalled: dates as they were, nobody notified, nothing delivered.
"""

import logging

from storage import Transaction, actors, policies, visits
from storage.actors import ActorRow, State
from storage.ids import next_id
from storage.jobs import Job
from streams import policy, threads
from streams.deed import Deed
from streams.errors import NotAllowed, Spent, StreamsError, Unreachable
from streams.ports import Ports
from streams.recall import recall
from vocab import Activity, Audience, Object, VocabError
from vocab import iri as iris
from vocab.validate import lenient

log = logging.getLogger(__name__)

RECALLED = frozenset({"Create", "Announce"})


async def complete(ports: Ports, job: Job, *, owner: str) -> None:
    """Recall the newest posts of an actor whom someone here follows; at most once an hour."""
    actor = await ports.store.read(actors.find, job.payload["about"])
    if actor is not None and await ports.store.read(threads.followed, actor.iri):
        await Profile(ports, actor).read()
    await ports.store.write(threads.end, job, None, ports, owner=owner)


class Profile:
    """An actor of another server, and the purse for reading what it has said."""

    def __init__(self, ports: Ports, actor: ActorRow) -> None:
        self._ports = ports
        self._tour = ports.elsewhere.bounded()
        self._actor = actor

    async def read(self) -> None:
        """Read the outbox and recall what is public in it, the oldest first, as far as the purse goes."""
        items = await self._outbox()
        for item in reversed(items):
            try:
                await self._recall(item)
            except Spent:
                break
            except (StreamsError, VocabError) as reason:
                log.info("%s of %s is not recalled: %s", item.id, self._actor.iri, reason)

    async def _outbox(self) -> list[Object]:
        ports, now = self._ports, self._ports.clock()
        limit = ports.manners.newest_posts
        try:
            document = await self._tour.actor(self._actor.iri)
            outbox = document.one_id("outbox") or ""
            if limit < 1 or not iris.same_origin(outbox, self._actor.iri):
                return []
            if not await ports.store.read(visits.due, outbox, now=now):
                return []
            items = await self._tour.items(outbox, limit=limit)
        except (StreamsError, VocabError) as reason:
            log.info("the outbox of %s cannot be read: %s", self._actor.iri, reason)
            return []
        await ports.store.write(visits.note, outbox, now=now)
        return items

    async def _recall(self, item: Object) -> None:
        """Recall one activity. Embedded in an outbox it is its origin's word; what is only named is fetched."""
        named = item.data.keys() <= {"id"}
        activity = Activity(lenient(await self._tour.object(item.id or "") if named else item).data)
        if not self._said(activity):
            raise NotAllowed("actor", "did not say that in public")
        found = await self._about(activity)
        await self._ports.store.write(
            remember, activity, self._actor, found, base_url=self._ports.base_url, now=self._ports.clock()
        )

    def _said(self, activity: Activity) -> bool:
        """Tell whether this is a public post or share of the actor, from the actor's own origin (SEC-017)."""
        return (
            not RECALLED.isdisjoint(activity.types)
            and activity.id is not None
            and iris.same_origin(activity.id, self._actor.iri)
            and activity.actor == self._actor.iri
            and Audience.of(activity).public
            and len(activity.ids("object")) == len(activity.values("object")) == 1
        )

    async def _about(self, activity: Activity) -> dict[str, Object]:
        """Return the post an activity is about when the actor's word is not enough or does not include it."""
        iri = activity.ids("object")[0]
        if activity.is_a("Create") and any(self._vouched(thing) for thing in activity.embedded("object")):
            return {}
        if activity.is_a("Announce"):
            if await threads.Walk(self._ports, self._tour).find(iri) is None:
                raise Unreachable(iri, temporary=False)
            return {}
        post = await self._tour.object(iri)
        if not threads.believable(post):
            raise Unreachable(iri, temporary=False)
        return {iri: post}

    def _vouched(self, thing: Object) -> bool:
        return (
            threads.believable(thing)
            and policy.wrote(self._actor, thing)
            and iris.same_origin(thing.id or "", self._actor.iri)
        )


async def remember(
    tx: Transaction, activity: Activity, actor: ActorRow, found: dict[str, Object], *, base_url: str, now: int
) -> None:
    """Recall one activity of an actor, unless it or its host has been suspended meanwhile. A unit of work."""
    standing = await actors.by_id(tx, actor.id)
    if standing is None or standing.state in (State.SUSPENDED, State.GONE):
        raise NotAllowed("actor", "is nobody who may speak here")
    if await policies.severity(tx, actor.host) == "suspend":
        raise NotAllowed("actor", "is on a suspended host")
    said_to = Audience.of(activity)
    await recall(tx, Deed(activity, said_to, next_id(), actor, False, now, base_url, found))
