"""The parts that every verb of the Events API works with."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from storage import Store, tenants
from storage.tenants import Tenant
from streams.events.route import Route
from streams.events.space import Space
from streams.events.vocabulary import Vocabularies
from vocab.dialects.events import Known, Ref


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """What holds in a tenant's messages unless they say otherwise (Events §1.3, §7.7, §7.17)."""

    zone: str = "UTC"
    currency: str = ""
    special_categories: bool = False


@dataclass(frozen=True, slots=True)
class Events:
    """What every verb works with. ``settings`` are by the labels of tenants."""

    store: Store
    base_url: str
    clock: Callable[[], int]
    vocabularies: Vocabularies
    settings: Mapping[str, TenantSettings] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()

    @classmethod
    def made(
        cls,
        store: Store,
        base_url: str,
        clock: Callable[[], int],
        settings: Mapping[str, TenantSettings] | None = None,
        routes: Iterable[Route] = (),
    ) -> Self:
        """Put the parts together."""
        return cls(store, base_url, clock, Vocabularies(store), settings or {}, tuple(routes))

    async def tenant(self, id: int) -> Tenant | None:
        """Return a tenant by its number."""
        return await self.store.peek(tenants.by_id, id)

    def space(self, tenant: Tenant) -> Space:
        """Return a tenant's space, with what was last known of its types."""
        known = self.vocabularies.latest(tenant.id)
        return Space(tenant, self.base_url, self.routes, known.types, known.entity_types)

    async def known(
        self,
        tenant: Tenant,
        *,
        user: Ref | None = None,
        admin: bool = False,
        defaults: Mapping[str, Any] | None = None,
    ) -> Known:
        """Return what reading a message takes from its tenant: as of a second ago, but new labels at once."""
        vocabulary = await self.vocabularies.of(tenant.id)
        usual = self.settings.get(tenant.label, TenantSettings())
        return Known(
            tenant=tenant.label,
            now=self.clock(),
            zone=usual.zone,
            currency=usual.currency,
            user=user,
            admin=admin,
            special_categories=usual.special_categories,
            labels=vocabulary.labels,
            types=vocabulary.types,
            entity_types=vocabulary.entity_types,
            defaults=defaults or {},
        )
