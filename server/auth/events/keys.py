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
    """What keys and labels stand for, remembered for a moment; what is unknown is always asked for.

    What this process changes counts in it at once. Another process may go by what it knew for ``FRESH_SECONDS``.
    """

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._keys: Recent[EventsKey] = Recent(clock)
        self._tenants: Recent[Tenant] = Recent(clock)
        self._readers: Recent[Reader] = Recent(clock)
        self._changes = 0

    def changed(self) -> None:
        """Look up again what every key stands for: some key has ended or stands for something else."""
        self._changes += 1
        self._keys.clear()
        self._readers.clear()

    async def find(self, key: str, *, now: int) -> EventsKey | None:
        """Return what a key stands for; None for one that is unknown or out of its time. ``now`` is in microseconds."""
        hashed = eventskeys.hash_of(key)
        found = self._keys.get(hashed)
        if found is None:
            changes = self._changes
            found = await self._store.peek(eventskeys.find, hashed, now=now)
            if found is not None and changes == self._changes:  # else it was looked up before it changed
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
            changes = self._changes
            named = await self._store.read(parties.of, caller.tenant.id, caller.user.key, role)
            found = Reader(caller.tenant.id, named)
            if changes == self._changes:
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
