"""The providers of a server: made once, put in use and out of it while it runs (Atom §8.4).

A provider that cannot be made is out of use, with the reason; the server starts all the same.
"""

import asyncio
import contextlib
import json
import logging
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from server.config import Config
from server.providers import discovery
from server.providers.discovery import Found
from storage import Store, providersettings
from storage.providersettings import CHANGED
from streams.providers import Running
from streams.providers.host import Host, Settings
from streams.providers.quarters import Aside
from vocab.dialects.streamquery import RESERVED

log = logging.getLogger(__name__)

VERSION: Final = "1"
"""The version of the interface; a provider that says which it ``requires`` has to name this one."""
MADE_SECONDS: Final = 10.0
"""So long a factory, ``startup`` and ``shutdown`` may take."""
KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One registration: what was found, whether it is to be in use, and why it is not when it is not.

    ``running`` is there while it is in use.
    """

    found: Found
    enabled: bool = True
    problem: str = ""
    running: Running | None = None

    @property
    def key(self) -> str:
        """The provider's key, or its name as long as there is no provider."""
        return self.running.key if self.running else self.found.name


class Providers:
    """All registrations of a server, in their order."""

    def __init__(self, store: Store, found: Sequence[Found], host: Host | None) -> None:
        self._store = store
        self._found = found
        self._host = host
        self._entries: list[Entry] = []
        self._made_of: dict[str, Mapping[str, Any]] = {}
        self._members: dict[int, Running] = {}
        self._bell = store.signals.bell(CHANGED)
        self._changing = asyncio.Lock()

    @property
    def entries(self) -> Sequence[Entry]:
        """All registrations, those out of use too."""
        return self._entries

    async def running(self) -> list[Running]:
        """Return the providers in use, after whatever was decided lately took effect."""
        if self._bell.rang():
            await self.refresh()
        return [one for entry in self._entries if entry.running for one in self._of(entry.running)]

    async def find(self, key: str) -> Running | None:
        """Return the provider in use that has a key."""
        return next((one for one in await self.running() if one.key == key), None)

    def _of(self, running: Running) -> list[Running]:
        """Return a provider, or in place of one that has ``members`` these: linked applications (Atom §9)."""
        members = getattr(running.provider, "members", None)
        if members is None:
            return [running]
        listed = list(members())
        for one in listed:
            if id(one) not in self._members or self._members[id(one)].provider is not one:
                self._members[id(one)] = Running.of(one)
        alive = {id(one) for one in listed}
        self._members = {key: held for key, held in self._members.items() if key in alive}
        return [self._members[id(one)] for one in listed]

    async def refresh(self) -> None:
        """Make what is to be in use and let go what is not."""
        async with self._changing:
            decided = await self._store.read(providersettings.every)
            before = {entry.found.name: entry for entry in self._entries if not _is_repeated(entry)}
            entries: list[Entry] = []
            keys: set[str] = set()
            for one in self._found:
                if one.name in {entry.found.name for entry in entries}:
                    entries.append(Entry(one, problem=f"another provider is called {one.name}"))
                    continue
                entry = await self._decided(one, decided.get(one.name), before.get(one.name))
                if entry.running and entry.key in keys:
                    await self._stop(entry.running)
                    entry = replace(entry, running=None, problem=f"another provider has the key {entry.key}")
                keys.add(entry.key)
                entries.append(entry)
            self._entries = entries
        for entry in entries:
            if entry.problem and entry.problem not in [old.problem for old in before.values()]:
                log.error("provider %s is out of use: %s", entry.found.name, entry.problem)

    async def _decided(
        self, found: Found, decided: providersettings.ProviderSettings | None, before: Entry | None
    ) -> Entry:
        """Return a registration as it is to be now: as before, when nothing that concerns it has changed."""
        settings = (
            found.settings if decided is None or decided.settings is None else json.loads(decided.settings)
        )
        enabled = found.enabled if decided is None else decided.enabled
        same = self._made_of.get(found.name) == settings
        if before is not None and before.enabled == enabled and (same or not enabled):
            return before
        if before is not None and before.running is not None:
            await self._stop(before.running)
        if not enabled:
            return Entry(found, enabled=False)
        self._made_of[found.name] = dict(settings)
        try:
            return Entry(found, running=await self._made(found, settings))
        except Exception as error:
            return Entry(found, problem=f"{type(error).__name__}: {error}"[:500])

    async def _made(self, found: Found, settings: Mapping[str, Any]) -> Running:
        """Make a provider and start it. Whatever a plug-in does meanwhile happens on a thread of its own."""

        def make() -> Any:
            return discovery.loaded(found.factory)(Settings(settings, self._host))

        async with asyncio.timeout(MADE_SECONDS):
            provider = await Aside(found.name).run(make)
            problem = unfit(provider)
            if problem:
                raise TypeError(problem)
            running = Running.of(provider)
            if hasattr(provider, "startup"):
                await running.place.run(provider.startup)
        return running

    async def _stop(self, running: Running) -> None:
        try:
            async with asyncio.timeout(MADE_SECONDS):
                if hasattr(running.provider, "shutdown"):
                    await running.place.run(running.provider.shutdown)
        except Exception as error:
            log.warning("provider %s did not end well: %s", running.key, error)
        running.place.close()

    async def close(self) -> None:
        """Let all providers go."""
        for entry in self._entries:
            if entry.running is not None:
                await self._stop(entry.running)


def unfit(provider: Any) -> str:
    """Return why something cannot be a provider; nothing when it can (Atom §8.1, §8.4)."""
    key = getattr(provider, "key", None)
    if not isinstance(key, str) or not KEY.fullmatch(key) or key in RESERVED:
        return f"its key, {key!r}, is not of the form [a-z][a-z0-9-]*, or is reserved"
    if not isinstance(getattr(provider, "name", None), str):
        return "it has no name"
    if not callable(getattr(provider, "feed", None)):
        return "it has no feed(request)"
    requires = getattr(provider, "requires", VERSION)
    if str(requires) != VERSION:
        return f"it requires version {requires} of the interface; this is version {VERSION}"
    return ""


def _is_repeated(entry: Entry) -> bool:
    return entry.problem.startswith("another provider is called")


@contextlib.asynccontextmanager
async def open_providers(store: Store, config: Config, host: Host | None) -> AsyncIterator[Providers]:
    """Make the providers that are installed or configured and in use; let them go at the end."""
    providers = Providers(store, discovery.found(config.providers), host)
    await providers.refresh()
    try:
        yield providers
    finally:
        await providers.close()
