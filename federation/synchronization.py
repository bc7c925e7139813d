"""Telling other servers which of their people follow ours, so that both sides agree (AP-709, FEP-8fcf)."""

from collections import defaultdict
from collections.abc import Mapping

from federation.clock import Clock, system_clock
from federation.memory import Flights, Recent
from storage import Store, followers
from vocab.synchronization import Synchronization, digest

ACTORS_REMEMBERED = 256
LOOK_US = 10 * 1_000_000
"""Digests are this fresh; a peer that sees an older one merely asks for the list."""
TOLD_REMEMBERED = 4096
TOLD_US = 3600 * 1_000_000
"""The same statement of another server is looked into again after so long."""


class Digests:
    """Digests of our actors' followers on each host, made anew when the followers have changed."""

    def __init__(self, store: Store, *, clock: Clock = system_clock) -> None:
        self._store = store
        self._clock = clock
        self._known: Recent[str, tuple[int, followers.Following, Mapping[str, str]]] = Recent(
            ACTORS_REMEMBERED
        )
        self._flights: Flights[str, None] = Flights()

    async def header(self, actor: str, recipients: frozenset[str], host: str) -> str | None:
        """Return what to say in a delivery to a host; None unless it is addressed to the actor's followers."""
        known = self._known.get(actor)
        if known is None or self._clock() - known[0] > LOOK_US:
            await self._flights.join(actor, lambda: self._look(actor))
            known = self._known.get(actor)
        if known is None or known[1].collection not in recipients:
            return None
        _, following, hosts = known
        return str(
            Synchronization(
                following.collection, f"{following.collection}_sync", hosts.get(host) or digest(())
            )
        )

    async def _look(self, actor: str) -> None:
        now = self._clock()
        following = await self._store.peek(followers.of, actor)
        if following is None:
            self._known.forget(actor)
            return
        known = self._known.get(actor)
        same = known is not None and known[1] == following
        hosts = known[2] if known is not None and same else await self._digests(following.owner)
        self._known.put(actor, (now, following, hosts))

    async def _digests(self, owner: int) -> dict[str, str]:
        """Read the followers some at a time: between two chunks others have their turn."""
        by_host: defaultdict[str, list[str]] = defaultdict(list)
        after = -1
        while after:
            found, after = await self._store.read(followers.page, owner, after=max(after, 0))
            for host, iri in found:
                by_host[host].append(iri)
        return {host: digest(iris) for host, iris in by_host.items()}


class Told:
    """What other servers last said of their actors' followers here, so that a repetition costs nothing."""

    def __init__(self) -> None:
        self._told: Recent[str, tuple[int, str]] = Recent(TOLD_REMEMBERED)

    def is_news(self, told: Synchronization, *, now: int) -> bool:
        """Tell whether a statement has not been looked into lately, and note that it now is."""
        last = self._told.get(told.collection)
        if last is not None and last[1] == told.digest and now - last[0] < TOLD_US:
            return False
        self._told.put(told.collection, (now, told.digest))
        return True
