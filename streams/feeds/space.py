"""One tenant's feeds: whose they are, what its groups are, and what its activities and entities are called."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from storage import Store, Transaction, objects, tenants
from storage.tenants import DEFAULT, Tenant
from streams import ids as iris
from streams.feeds import news
from streams.feeds.group import Group
from streams.feeds.groups import Groups
from streams.feeds.moments import Moments
from streams.feeds.news import Ears
from streams.feeds.snapshots import Snapshots
from streams.feeds.spelling import Spellings
from vocab.dialects.getstream import Entities, FeedId, ids

INLINE_MAX: Final = 500
"""A feed with at most so many followers gives them their copies before whoever adds to it is answered."""
TOGETHER_MAX: Final = 20_000
"""So many copies are given before whoever adds several activities, or to several feeds, is answered."""
POPULAR_MIN: Final = 100_000
"""From so many followers on these read what is new in a feed, instead of being given copies."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many followers on a feed gives copies later, and from how many on none at all.

    ``together`` copies at most are given by all the feeds that one unit of work adds to.
    """

    inline: int = INLINE_MAX
    popular: int = POPULAR_MIN
    chunk: int = 2_000
    together: int = TOGETHER_MAX

    def shared(self, additions: int) -> "Limits":
        """Return the limits for a unit of work that adds so many times to a feed."""
        return replace(self, inline=min(self.inline, self.together // max(1, additions)))


SILENCE: Final = Ears(0, 0)
"""Nobody listens."""


@dataclass(frozen=True, slots=True)
class Space:
    """What a unit of work needs to know of the tenant whose feeds it touches, and who listens to it.

    With ``past`` all that is done was done before, elsewhere: it takes its place, and nobody is told.
    """

    tenant: Tenant
    groups: Mapping[str, Group]
    base_url: str
    limits: Limits = field(default_factory=Limits)
    ears: Ears = SILENCE
    past: bool = False

    @property
    def root(self) -> str:
        """What the IRIs of this tenant begin with; those of the default one, like our own."""
        return iris.name_space(self.base_url, self.tenant.label)

    @property
    def entities(self) -> Entities:
        """What actors and objects are called; users of the default tenant may have an account here."""
        accounts = f"{self.base_url}/users" if self.tenant.label == DEFAULT else ""
        return Entities(f"{self.root}/entities", accounts)

    def activity_iri(self, id: UUID) -> str:
        """Return the IRI of an activity that was made in a feed."""
        return f"{self.root}/activities/{id}"

    def made(self, iri: str) -> bool:
        """Tell whether an activity was made in a feed; others were said by an account, and are in feeds as well."""
        root = f"{self.root}/activities/"
        return iri.startswith(root) and ids.parse(iri[len(root) :]) is not None

    def recorded(self, iri: str) -> bool:
        """Tell whether an activity was recorded at the Events API."""
        return iri.startswith(f"{self.root}/events/")

    def group(self, feed: FeedId) -> Group:
        """Return the group of a feed; one that is not configured any more is flat."""
        return self.groups.get(feed.slug) or Group(feed.slug)

    def is_public(self, feeds: Iterable[FeedId]) -> bool:
        """Tell whether what enters these feeds leaves this server."""
        return any(self.group(feed).public for feed in feeds)

    @property
    def has_public(self) -> bool:
        """Whether the feeds of any group of the tenant leave this server."""
        return any(group.public for group in self.groups.values())

    async def heard(self, tx: Transaction, *, now: int) -> "Space":
        """Return the same space with those who listen to what one unit of work does in it."""
        if self.past:
            return self
        hooked = any(group.webhook for group in self.groups.values())
        return replace(self, ears=await news.listening(tx, self.tenant.id, now=now, hooked=hooked))

    async def owner(self, tx: Transaction, *, now: int) -> int:
        """Return the row that owns the tenant's feeds, making it before the first."""
        if self.tenant.object is not None:
            return self.tenant.object
        row = await objects.name(tx, f"{self.base_url}/tenants/{self.tenant.label}", now=now)
        await tenants.own(tx, self.tenant.id, row)
        return row


@dataclass(frozen=True, slots=True)
class Feeds:
    """What every verb of feeds works with."""

    store: Store
    base_url: str
    clock: Callable[[], int]
    groups: Groups
    moments: Moments
    spellings: Spellings = field(default_factory=Spellings)
    limits: Limits = field(default_factory=Limits)
    snapshots: Snapshots = field(default_factory=Snapshots)

    async def tenant(self, id: int) -> Tenant | None:
        """Return a tenant by its number."""
        return await self.store.peek(tenants.by_id, id)

    async def space(self, tenant: Tenant, slugs: Iterable[str] = ()) -> Space:
        """Return a tenant's space; raise UnknownGroup when any of ``slugs`` is none of its groups."""
        return Space(tenant, await self.groups.of(tenant.id, slugs), self.base_url, self.limits)
