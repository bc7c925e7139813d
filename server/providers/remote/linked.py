"""One provider of a linked application (Atom §9): asked with the same filters, and not believed in anything."""

import asyncio
import logging
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from federation import FederationError
from federation.errors import TimedOut
from federation.feeds import Fetched
from server.providers.remote import asking
from server.pulling.reading import parsed
from storage import applicationconsents
from storage.applications import Application
from streams.happenings import facets
from streams.instants import SECOND_US
from streams.providers import FeedRequest, Onlooker, filtering
from streams.providers.breaker import REST_SECONDS_MAX
from streams.providers.host import Host
from streams.providers.provider import Authorisation, Feed, Problems, Throttled
from vocab import BadFields, Object, instants
from vocab import iri as iris
from vocab.dialects import feedreading
from vocab.dialects.feedreading import Item, NoFeed, Reading
from vocab.entry import Entry, Source

log = logging.getLogger(__name__)

AHEAD_MAX: Final = timedelta(days=1)
CONSENTS: Final = "/account/links"
"""Where members say by which credentials linked applications are asked for them."""
REFUSED: Final = frozenset({401, 403})
BUSY_SECONDS: Final = 60
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Linked:
    """A provider over there, under a key of ours. It runs on the server's loop; what it hands over was read by us."""

    inside = True

    def __init__(self, application: Application, provider: dict[str, Any], host: Host) -> None:
        self._application = application
        self._host = host
        self._their_key = str(provider.get("key", ""))
        self.key = f"{self._their_key}@{application.name}"
        self.name = f"{provider.get('name') or self._their_key} @ {application.name}"
        self.filters = [dict(one) for one in provider.get("options", []) if isinstance(one, dict)]
        self.link = application.name
        self._resting: dict[int, int] = {}

    async def feed(self, request: FeedRequest) -> Feed:
        """Ask over there, unless this is asked from elsewhere itself, or by somebody whom it is not shown to.

        Where each member is shown what is theirs, whoever has not consented yet is told where they do.
        """
        if request.local or not self._shows(request.viewer):
            return Feed(self.name, [])
        application = await self._for(request.viewer)
        if application is None:
            return Feed(self.name, [], problems=Problems(authorisations=(self._wanted(),)))
        url = asking.address(application, self._their_key, request)
        if url is None:
            return Feed(self.name, [])
        if self._rests(request.viewer):
            return Feed(self.name, [], problems=Problems(throttled=(self.name,)))
        try:
            found = await self._fetch(url, application, request)
        except TimedOut:
            return Feed(self.name, [], problems=Problems(timed_out=(self.name,)))
        if found.status in REFUSED:
            return Feed(self.name, [], problems=Problems(authorisations=(self._wanted(),)))
        if found.status == 429:
            seconds = found.retry_after_seconds(self._host.clock()) or BUSY_SECONDS
            if not self._application.delegated or request.viewer.viewer is None:
                raise Throttled(seconds)
            self._rest(request.viewer.viewer.id, seconds)
            return Feed(self.name, [], problems=Problems(throttled=(self.name,)))
        if found.status != 200:
            raise ConnectionError(f"{self._application.name} answers {found.status}")
        reading = await parsed(found.answer.body, found_at=found.answer.url, content_type=found.content_type)
        return Feed(self.name, self._entries(reading, request), problems=self._problems(reading))

    async def _for(self, viewer: Onlooker) -> Application | None:
        """Return the application as it is asked for somebody; None when they have not consented to that."""
        if not self._application.delegated or viewer.viewer is None:
            return self._application
        credentials = await self._host.store.peek(
            applicationconsents.find, self._application.id, viewer.viewer.id
        )
        return None if credentials is None else replace(self._application, credentials=credentials)

    def _rest(self, member: int, seconds: float) -> None:
        """Leave an application alone for one member, by whose credentials it was asked too often (Atom §8.3)."""
        now = self._host.clock()
        self._resting = {one: until for one, until in self._resting.items() if until > now}
        self._resting[member] = now + int(min(seconds, REST_SECONDS_MAX) * SECOND_US)

    def _rests(self, viewer: Onlooker) -> bool:
        return viewer.viewer is not None and self._resting.get(viewer.viewer.id, 0) > self._host.clock()

    async def _fetch(self, url: str, application: Application, request: FeedRequest) -> Fetched:
        own = iris.host(self._host.base_url)
        seconds = asking.seconds(request)
        fetch = self._host.fetch
        if fetch is None:
            raise ConnectionError("this server asks nobody")
        found = await fetch(url, headers=asking.headers(application, own), seconds=seconds)
        if not isinstance(found, Fetched):
            raise TypeError("not an answer")
        return found

    def _shows(self, viewer: Onlooker) -> bool:
        """Tell whether somebody is shown what one member's credentials show, or their own (Atom §8.3, §17.5)."""
        if self._application.delegated:
            return viewer.viewer is not None and not viewer.by_token
        if self._application.public:
            return True
        return (
            viewer.viewer is not None and not viewer.by_token and viewer.viewer.id == self._application.owner
        )

    def _entries(self, reading: Reading, request: FeedRequest) -> list[Entry]:
        """Return what came as entries of ours: what was not asked for, or pretends to be ours, is left out."""
        filters = [one for one in request.filters if one.option not in (asking.KEY, asking.ISSUE)]
        ask = filtering.question(filters, base_url=self._host.base_url)
        until = instants.moment(self._host.clock()) + AHEAD_MAX
        found = [entry for one in reading.items if (entry := self._entry(one, reading)) is not None]
        return [
            entry for entry in found
            if entry.published <= until and not _is_ours(entry.id, self._host.base_url) and ask(entry)
        ][: request.max_results]  # fmt: skip

    def _entry(self, item: Item, reading: Reading) -> Entry | None:
        """Return an entry with where it comes from; nobody over there is one of ours, whatever they are called."""
        name = self._application.name
        generator = {
            "type": "Application",
            "id": self._application.url,
            "name": name,
            "url": self._application.url,
        }
        told = [facets.node(one).data for one in Object(item.entry).values("actor")]
        actors = [facets.somebody(one, self._host.base_url).data for one in told]
        known = [one for one in actors if one] or [{"type": "Person", "name": name}]
        whole = {
            **item.entry,
            "actor": known[0] if len(known) == 1 else known,
            "generator": item.entry.get("generator", generator),
        }
        try:
            entry = Entry.of(whole, provider=self.key)
        except BadFields:
            return None
        source = item.source or Source(
            reading.id or self._application.url, reading.title, reading.updated, reading.here
        )
        return replace(entry, source=source, application=entry.application or self._application.url)

    def _problems(self, reading: Reading) -> Problems:
        """Return what went wrong over there, each name with that of the link behind it."""
        there = reading.problems

        def named(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(f"{name} @ {self._application.name}" for name in names)

        wanted = tuple(
            Authorisation(
                one["id"], f"{one['name']} @ {self._application.name}", one["uri"], one["authorise"]
            )
            for one in there.consents
            if one["authorise"]
        )
        return Problems(named(there.timed_out), named(there.throttled), named(there.banned), wanted)

    def _wanted(self) -> Authorisation:
        one = self._application
        consent = f"{self._host.base_url}{CONSENTS}" if one.delegated else one.url
        return Authorisation(str(one.id), one.name, one.url, consent)


def _is_ours(id: str, base_url: str) -> bool:
    return id == base_url or id.startswith(f"{base_url}/")


async def described(application: Application, host: Host) -> list[dict[str, Any]]:
    """Return the providers of an application, as its configuration has them. Raises ConnectionError with the reason."""
    if host.fetch is None:
        raise ConnectionError("this server asks nobody")
    headers = asking.headers(application, iris.host(host.base_url)) | {"Accept": "application/json"}
    try:
        found = await host.fetch(
            f"{application.url}{asking.CONFIG}?local=true", headers=headers, seconds=10.0
        )
        if found.status != 200:
            raise ConnectionError(f"its configuration answers {found.status}")
        data = await asyncio.to_thread(feedreading.data, found.answer.body, found.content_type)
    except (FederationError, NoFeed) as error:
        raise ConnectionError(str(error)) from error
    listed = data.get("filters") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        raise ConnectionError("its configuration is none")
    return [one for one in listed[:100] if isinstance(one, dict) and _is_key(one.get("key"))]


def _is_key(key: Any) -> bool:
    """Tell whether a provider over there can be asked for; those of its own links are not, nor what is for all."""
    return (
        isinstance(key, str)
        and 0 < len(key) <= 64
        and key != "streams"
        and key.replace("-", "").replace("_", "").isalnum()
    )
