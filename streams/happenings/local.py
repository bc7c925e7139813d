"""The built-in providers: what happened here, told from the index (Atom §8.5).

Each tells the happenings of one source, for one onlooker. What was committed before somebody asks is in their answer.
"""

from collections.abc import Callable
from typing import Final

from storage import Store, Transaction, happeningpages, happeningsight, happeningvalues, tenants
from storage.entries import NEWEST
from storage.happeningpages import Place, Wanted
from storage.happeningsight import Sight
from storage.happeningvalues import SHELF
from streams.happenings import asking, indexing, shelves, showing
from streams.happenings.asking import Asked
from streams.happenings.walk import Walk
from streams.providers import Feed, FeedRequest, Onlooker, filtering
from vocab.entry import Entry

NAMES: Final = {
    "social": "Social",
    "applications": "Applications",
    "events": "Events",
    "thirdparty": "Third parties",
    "feeds": "Subscriptions",
    "git": "Commits",
    "ci": "Builds",
    "issues": "Issues",
}
"""The providers that are built in, by their keys."""
MORE: Final = 8
"""So many at least are looked for at once when some of what was found was not what was asked for."""
VALUES_MAX: Final = 500


class Local:
    """A provider of what happened here. Meets ``streams.providers.Provider``."""

    inside = True
    """It works with the server's own store, and each of its steps is short."""
    stored = True
    """What it tells changes only when something is committed."""

    def __init__(self, key: str, name: str, store: Store, base_url: str, clock: Callable[[], int]) -> None:
        self.key = key
        self.name = name
        self._store = store
        self._base_url = base_url
        self._clock = clock

    async def feed(self, request: FeedRequest) -> Feed:
        """Return the newest entries that an onlooker may see and that are asked for."""
        await indexing.catch_up(self._store, self._base_url)
        filters = [*request.filters, *request.provider_filters]
        asked, ask = asking.asked(filters), filtering.question(filters, base_url=self._base_url)
        sight = await self._store.read(sight_of, request.viewer)
        walk = await self._store.read(self._walk, request, asked, sight)
        found: list[Entry] = []
        while walk is not None and len(found) < request.max_results:
            missing = request.max_results - len(found)
            places = await walk.take(missing if not found else max(MORE, missing))
            entries = await self._store.read(
                showing.entries, [place.item for place in places], sight, self._base_url
            )
            found += [entry for entry in entries if ask(entry)]
            if not places:
                break
        return Feed(self.name, found[: request.max_results])

    async def _walk(self, tx: Transaction, request: FeedRequest, asked: Asked, sight: Sight) -> Walk | None:
        """Return the way along the smallest piece of the index that has all that is asked for; None for nothing."""
        having = await asking.numbers(tx, asked.wanted)
        if not all(having.values()):
            return None
        without = await asking.numbers(tx, asked.unwanted)
        known = (
            frozenset(tenant.id for tenant in await tenants.every(tx))
            if request.viewer.admin
            else frozenset()
        )
        shelf = await happeningvalues.find(tx, SHELF, shelves.seen_by(request.viewer, self.key, known))
        pieces = {"": frozenset(shelf), **having}
        sizes = {option: await happeningpages.size(tx, ids) for option, ids in pieces.items()}
        along = min(sizes, key=sizes.__getitem__)
        wanted = Wanted(
            sight,
            self.key,
            tuple(ids for option, ids in having.items() if option != along),
            frozenset(id for ids in without.values() for id in ids),
            asked.words,
        )
        before = min(Place(*request.before), Place(asked.until, 0))
        after = max(Place(*request.after), Place(asked.since, NEWEST))
        return Walk(self._store, pieces[along], wanted, before, after)


async def sight_of(tx: Transaction, onlooker: Onlooker) -> Sight:
    """Return what an onlooker may see."""
    owned = None if onlooker.admin else onlooker.tenants
    return await happeningsight.of(tx, onlooker.viewer, owned, said_to_all=onlooker.by_token)


def providers(store: Store, base_url: str, clock: Callable[[], int]) -> list[Local]:
    """Return the built-in providers, in the order in which they are told."""
    return [Local(key, name, store, base_url, clock) for key, name in NAMES.items()]


async def find(store: Store, base_url: str, iri: str, onlooker: Onlooker) -> Entry | None:
    """Return the entry of an activity, or of what made an object; None for what an onlooker may not see."""
    await indexing.catch_up(store, base_url)
    return await store.read(_find, base_url, iri, onlooker)


async def _find(tx: Transaction, base_url: str, iri: str, onlooker: Onlooker) -> Entry | None:
    sight = await sight_of(tx, onlooker)
    item = await happeningpages.of_iri(tx, iri, sight)
    found = [] if item is None else await showing.entries(tx, [item], sight, base_url)
    return next(iter(found), None)
