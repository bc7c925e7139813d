"""An id → a value we may believe: objects from their origin, actors kept, collections walked a little way."""

from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeAlias

from federation.budget import Budget
from federation.clock import Clock, system_clock
from federation.errors import Disbelieved, Gone, OutboundError
from federation.keyring import KeyRing
from federation.memory import Flights
from federation.reader import Reader
from storage import Store, actors
from storage.actors import ActorRow, State
from vocab import BadIri, Collection, Object, iri, of, stored

FRESH_US = 24 * 3600 * 1_000_000
PAGES_MAX = 10
ITEMS_MAX = 500


OnGone: TypeAlias = Callable[[str], Awaitable[None]]
"""Told the id of an actor whose own origin says that it is gone (AP-105, AP-297)."""


class Fetcher:
    """Read what other servers publish (AP-073 to AP-075, AP-103 to AP-105)."""

    def __init__(
        self,
        store: Store,
        keyring: KeyRing,
        *,
        clock: Clock = system_clock,
        reader: Reader | None = None,
        on_gone: OnGone | None = None,
    ) -> None:
        self._store = store
        self._on_gone = on_gone
        self._keyring = keyring
        self._reader = reader or keyring.reader
        self._clock = clock
        self._flights: Flights[str, Object] = Flights()

    def signing_as(self, actor: str) -> "Fetcher":
        """Return a fetcher that asks in the name of another actor of ours (AP-283, AP-570)."""
        reader = self._keyring.reader.signing_as(actor)
        return Fetcher(self._store, self._keyring, clock=self._clock, reader=reader, on_gone=self._on_gone)

    async def object(self, address: str, *, budget: Budget | None = None) -> Object:
        """Read one object from its origin; an id with a fragment is a node of its document (AP-062).

        What comes back has exactly the id asked for, or one its own origin redirects to.
        """
        document = await self._reader.document(address, budget=budget)
        if "#" not in address or document.id == address:
            return document
        for node in _nodes(document):
            if node.id == address:
                return node
        raise Disbelieved(address, "the document has no node of that id")

    async def actor(self, address: str, *, refresh: bool = False, budget: Budget | None = None) -> Object:
        """Return an actor of another server as we hold it, read again when older than a day or on request.

        While its host is away an old copy is better than none. An actor that its host says is gone, twice and
        an hour apart, is reported to ``on_gone`` (AP-105).
        """
        row = await self._store.read(actors.find, address)
        if row is not None and not refresh:
            if row.fetched is not None and self._clock() - row.fetched < FRESH_US:
                return _kept(row)
            if row.state == State.GONE:
                raise Gone(address, "it was deleted", 410)
        try:
            return await self._flights.join(address, lambda: self._read_actor(address, budget))
        except Gone:
            if row is not None:
                await self._miss(row)
            raise
        except OutboundError as error:
            if row is None or refresh or not error.temporary:
                raise
            return _kept(row)

    async def _miss(self, actor: ActorRow) -> None:
        """Note that an actor's host says that it is gone; the second time, have it let go."""
        again = await self._store.write(actors.miss, actor.id, now=self._clock())
        if again and self._on_gone is not None:
            await self._on_gone(actor.iri)

    async def collection(self, address: str, *, budget: Budget | None = None) -> list[str]:
        """List the members of a collection by id, a few pages deep, no page twice (AP-167)."""
        return [item.id for item in await self.items(address, budget=budget) if item.id is not None]

    async def items(
        self, address: str, *, limit: int = ITEMS_MAX, budget: Budget | None = None
    ) -> list[Object]:
        """List what a collection shows, a few pages deep, no page and no id twice (AP-167).

        What is only named is an object with nothing but its id. What is embedded is the word of the
        collection's origin, and to be believed of that origin alone (SEC-017).
        """
        budget = budget or Budget()
        waiting: deque[Any] = deque([address])
        seen: set[str] = set()
        members: dict[str, Object] = {}
        while waiting and len(seen) < PAGES_MAX and len(members) < limit:
            page = await self._page(waiting.popleft(), address, seen, budget)
            if page is None:
                continue
            for item in _items(page):
                if item.id is not None:
                    members.setdefault(item.id, item)
            waiting += [*page.values("first"), *page.values("next")]
        return list(members.values())[:limit]

    async def _page(self, value: Any, address: str, seen: set[str], budget: Budget) -> Collection | None:
        """Return a page that is named or embedded; None when it was seen or lies elsewhere."""
        name = value if isinstance(value, str) else of(value).id if isinstance(value, dict) else None
        if name is not None and (name in seen or not iri.same_origin(name, address)):
            return None
        seen.add(name or f"unnamed {len(seen)}")
        page = await self.object(value, budget=budget) if isinstance(value, str) else of(value)
        if not page.is_collection:
            raise Disbelieved(address, "it is no collection")
        return Collection(page.data)

    async def _read_actor(self, address: str, budget: Budget | None) -> Object:
        actor = await self.object(address, budget=budget)
        if actor.id is None or not _has_inbox(actor):
            raise Disbelieved(address, "it is no actor that could be delivered to")
        await self._store.write(actors.keep, actor, now=self._clock())
        await self._keyring.reconcile(actor)
        return actor


def _items(page: Collection) -> Iterator[Object]:
    """Yield what a page lists in its order, each with its id: a link's target counts as named."""
    term = "orderedItems" if page.values("orderedItems") else "items"
    embedded = iter(page.embedded(term))
    for value in page.values(term):
        node = next(embedded) if isinstance(value, dict) else Object({"id": value})
        yield Object({"id": node.data.get("href")}) if node.is_link else node


def _kept(row: ActorRow) -> Object:
    return stored(row.document, row.context)


def _has_inbox(actor: Object) -> bool:
    """Tell an actor by its inbox alone: some servers show nothing else (AP-103, AP-104)."""
    try:
        return any(iri.same_origin(inbox, actor.id or "") for inbox in actor.ids("inbox"))
    except BadIri:
        return False


def _nodes(document: Object) -> Iterator[Object]:
    """Yield every node inside a document."""
    waiting: list[Any] = [document.data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield Object(value)
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
