"""The keys that requests present, and tenants by their labels, looked up once in a while (Events §1.1, §1.2)."""

import time
from collections.abc import Callable

from server.auth.events.caller import Caller
from server.auth.recent import Recent
from storage import Store, eventskeys, tenants
from storage.eventskeys import EventsKey
from storage.tenants import Tenant
from streams.events import Reader, parties


class Keys:
    """What keys and labels stand for, remembered for a moment; what is unknown is always asked for."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._keys: Recent[EventsKey] = Recent(clock)
        self._tenants: Recent[Tenant] = Recent(clock)
        self._readers: Recent[Reader] = Recent(clock)

    async def find(self, key: str, *, now: int) -> EventsKey | None:
        """Return what a key stands for; None for one that is unknown or out of its time. ``now`` is in microseconds."""
        hashed = eventskeys.hash_of(key)
        found = self._keys.get(hashed)
        if found is None:
            found = await self._store.peek(eventskeys.find, hashed, now=now)
            if found is not None:
                self._keys.keep(hashed, found)
        return found if found is not None and found.holds(now) else None

    async def reader(self, caller: Caller) -> Reader:
        """Return by what names a caller is meant in the rules of things (Events §3.6)."""
        if caller.user is None or caller.sees_all:
            return Reader(caller.tenant.id, sees_all=caller.sees_all)
        role = caller.reading_role
        name = f"{caller.tenant.id} {role} {caller.username}"
        found = self._readers.get(name)
        if found is None:
            named = await self._store.read(parties.of, caller.tenant.id, caller.user.key, role)
            found = Reader(caller.tenant.id, named)
            self._readers.keep(name, found)
        return found

    async def tenant(self, label: str) -> Tenant | None:
        """Return the tenant of a label."""
        found = self._tenants.get(label)
        if found is None:
            found = await self._store.peek(tenants.by_label, label)
            if found is not None:
                self._tenants.keep(label, found)
        return found
