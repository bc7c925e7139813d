"""The built-in providers: what happened here, told from the index (Atom §8.5).

Each tells the happenings of one source, for one onlooker. What was committed before somebody asks is in their answer.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from storage import Store, Transaction, happeningpages
from storage.happeningpages import Ended
from storage.prune import DAY_US, ENDED_DAYS
from streams.happenings import asking, indexing, occurring, options, showing
from streams.happenings import stretch as stretches
from streams.happenings.stretch import Stretch
from streams.providers import Feed, FeedRequest, Filter, Onlooker, filtering
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
AT_ONCE: Final = 40
"""So many are told at a time: others have their turn after some milliseconds."""
MORE: Final = 8
"""So many at least are looked for at once when some of what was found was not what was asked for."""
ENDED_US: Final = ENDED_DAYS * DAY_US


class Local:
    """A provider of what happened here. Meets ``streams.providers.Provider``."""

    inside = True
    """It works with the server's own store, and each of its steps is short."""
    stored = True
    """What it tells changes only when something is committed."""
    upward = True
    """It can be read upward from a place as well."""

    def __init__(self, key: str, name: str, store: Store, base_url: str, clock: Callable[[], int]) -> None:
        self.key = key
        self.name = name
        self._store = store
        self._base_url = base_url
        self._clock = clock

    async def feed(self, request: FeedRequest) -> Feed:
        """Return the newest entries that an onlooker may see and that are asked for; upward, the oldest."""
        filters = [*request.filters, *request.provider_filters]
        ask = filtering.question(filters, base_url=self._base_url)
        found: list[Entry] = []
        stretch = await self._stretch(request.viewer, filters)
        walk = (
            None
            if stretch is None
            else stretch.walk(self._store, request.before, request.after, upward=request.upward)
        )
        while walk is not None and stretch is not None and len(found) < request.max_results:
            missing = request.max_results - len(found)
            places = await walk.take(min(AT_ONCE, max(MORE, missing) if found else missing))
            items = [place.item for place in places]
            entries = await self._store.read(showing.entries, items, stretch.sight, self._base_url)
            found += [entry for entry in entries if ask(entry)]
            if not places:
                break
        return Feed(self.name, found[: request.max_results])

    async def filters(self, onlooker: Onlooker) -> list[dict[str, Any]]:
        """Return the options of this provider, with the values that occur in what an onlooker may see (Atom §4.5)."""
        named = options.of(self.key)
        found = await self._values(onlooker, named)
        return [options.told(option, found[option]) for option in named]

    async def keys(self, onlooker: Onlooker) -> dict[str, str]:
        """Return the keys of containers in which an onlooker may see something (Atom §8.1)."""
        return {key: key for key in (await self._values(onlooker, ("key",)))["key"]}

    async def validator(self, key: str, onlooker: Onlooker) -> bool:
        """Tell whether an onlooker may see something that has a key, of a container or of a thing (Atom §8.1)."""
        for option in ("key", "issue-key"):
            one = Filter(option, "IS", (key,))
            request = FeedRequest(max_results=1, filters=(one,), viewer=onlooker, base_url=self._base_url)
            if (await self.feed(request)).entries:
                return True
        return False

    async def ended(self, request: FeedRequest) -> list[Ended]:
        """Return what was deleted lately of what an onlooker might have been told, the last of it first (Atom §12.3).

        Words are not looked for: what was deleted says nothing any more.
        """
        stretch = await self._stretch(request.viewer, [*request.filters, *request.provider_filters])
        if stretch is None:
            return []
        return await self._store.read(
            happeningpages.ended, stretch.shelves, stretch.pieces, stretch.wanted,
            since=self._clock() - ENDED_US, limit=request.max_results,
        )  # fmt: skip

    async def _stretch(self, onlooker: Onlooker, filters: Sequence[Filter] = ()) -> Stretch | None:
        await indexing.catch_up(self._store, self._base_url)
        return await self._store.read(stretches.of, self.key, onlooker, asking.asked(filters))

    async def _values(self, onlooker: Onlooker, named: tuple[str, ...]) -> dict[str, list[str]]:
        stretch = await self._stretch(onlooker)
        return (
            {option: [] for option in named}
            if stretch is None
            else await occurring.values(self._store, stretch, named)
        )


def providers(store: Store, base_url: str, clock: Callable[[], int]) -> list[Local]:
    """Return the built-in providers, in the order in which they are told."""
    return [Local(key, name, store, base_url, clock) for key, name in NAMES.items()]


async def find(store: Store, base_url: str, iri: str, onlooker: Onlooker) -> Entry | None:
    """Return the entry of an activity, or of what made an object; None for what an onlooker may not see."""
    await indexing.catch_up(store, base_url)
    return await store.read(_find, base_url, iri, onlooker)


async def _find(tx: Transaction, base_url: str, iri: str, onlooker: Onlooker) -> Entry | None:
    sight = await stretches.sight_of(tx, onlooker)
    item = await happeningpages.of_iri(tx, iri, sight)
    found = [] if item is None else await showing.entries(tx, [item], sight, base_url)
    return next(iter(found), None)
