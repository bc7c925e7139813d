"""Which feed groups a tenant has: the usual ones, those of the configuration, and its own."""

import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

from storage import Store, feedgroups
from streams.errors import Refused
from streams.feeds import group
from streams.feeds.group import Group

FRESH_SECONDS: Final = 1.0
"""So long a change of a group that is known may take to be noticed; a new one is noticed at once."""


class UnknownGroup(Refused):
    """A feed is named of a group that is not configured (Feeds §3). ``slugs`` are those that are not."""

    def __init__(self, slugs: Iterable[str]) -> None:
        self.slugs = tuple(slugs)
        super().__init__("feed", f"no feed group is called {', '.join(self.slugs)}")


class Groups:
    """The feed groups of all tenants; those of the configuration are everybody's."""

    def __init__(self, store: Store, configured: Mapping[str, Mapping[str, Any]]) -> None:
        self._store = store
        settings = {
            slug: {**group.DEFAULTS.get(slug, {}), **configured.get(slug, {})}
            for slug in (*group.DEFAULTS, *configured)
        }
        self._common = {slug: group.read(slug, given) for slug, given in settings.items()}
        self._known: dict[int, tuple[float, dict[str, Group]]] = {}

    async def of(self, tenant: int, slugs: Iterable[str] = ()) -> Mapping[str, Group]:
        """Return all groups of a tenant by their slugs; raise UnknownGroup when any of ``slugs`` is none."""
        wanted = set(slugs)
        until, known = self._known.get(tenant, (0.0, self._common))
        if time.monotonic() >= until or not wanted <= known.keys():
            known = await self._read(tenant)
            if missing := sorted(wanted - known.keys()):
                raise UnknownGroup(missing)
        return known

    async def _read(self, tenant: int) -> dict[str, Group]:
        own = await self._store.peek(feedgroups.of, tenant)
        known = {**self._common, **{slug: group.read(slug, given) for slug, given in own.items()}}
        self._known[tenant] = time.monotonic() + FRESH_SECONDS, known
        return known
