"""All linked applications of a server: one provider that stands for those of each of them (Atom §9)."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

from server.providers.remote.linked import Linked, described
from storage import applications
from storage.applications import Application
from storage.errors import StorageError
from streams.providers import FeedRequest, Settings
from streams.providers.host import Host
from streams.providers.provider import Feed

log = logging.getLogger(__name__)

REFRESHED_SECONDS: Final = 600.0
"""So often applications are asked what they have."""


class Links:
    """Keeps what is linked in mind. ``members`` are asked in its place."""

    inside = True
    key = "remote"
    name = "Linked applications"

    def __init__(self, host: Host) -> None:
        self._host = host
        self._members: list[Linked] = []
        self._known: list[Application] = []
        self._task: asyncio.Task[None] | None = None

    def members(self) -> Sequence[Linked]:
        """Return the providers of all linked applications."""
        return self._members

    async def feed(self, request: FeedRequest) -> Feed:
        """Return nothing: members do."""
        return Feed(self.name, [])

    async def startup(self) -> None:
        """Find what is linked, and keep looking."""
        await self._load()
        self._task = asyncio.create_task(self._watch(), name="linked applications")

    async def shutdown(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _load(self) -> None:
        """Take what is linked now; what did not change keeps its provider, and what is remembered of it."""
        known = await self._host.store.read(applications.every)
        if known == self._known:
            return
        before = {(one.link, one.key): one for one in self._members}
        same = {one.name for one in known if one in self._known}
        self._members = [
            before.get((one.name, f"{offered.get('key')}@{one.name}"), Linked(one, dict(offered), self._host))
            if one.name in same
            else Linked(one, dict(offered), self._host)
            for one in known
            for offered in one.providers
        ]
        self._known = known

    async def _watch(self) -> None:
        with self._host.store.signals.listen(applications.CHANGED) as bell:
            while True:
                try:
                    await self._load()
                    await self._refresh()
                except StorageError as error:
                    log.warning("linked applications were not looked at: %s", error)
                await bell.wait(REFRESHED_SECONDS / 10)

    async def _refresh(self) -> None:
        """Ask those applications what they have that were not asked for long."""
        now = self._host.clock()
        for one in self._known:
            if one.fetched is None or now - one.fetched > REFRESHED_SECONDS * 1_000_000:
                await refresh(one, self._host)


async def refresh(one: Application, host: Host) -> None:
    """Ask an application what it has, and note that, or why it did not say."""
    try:
        found, problem = await described(one, host), ""
    except ConnectionError as error:
        found, problem = None, str(error)
    await host.store.write(applications.told, one.id, found, problem=problem, now=host.clock())


def provider(config: Mapping[str, Any] | None) -> Links:
    """Make it for the server that it runs in. Raises ValueError outside of one."""
    host = config.host if isinstance(config, Settings) else None
    if host is None:
        raise ValueError("it asks in the name of a server, and there is none here")
    return Links(host)
