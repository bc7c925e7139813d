"""One tenant's events and entities: whose they are, and what they are called elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from storage.tenants import DEFAULT, Tenant
from streams import ids
from streams.events.route import Route
from vocab.dialects.events import Ref
from vocab.dialects.getstream import Entities


def nearest(settings: Mapping[str, Mapping[str, Any]], type: str) -> Mapping[str, Any]:
    """Return the settings of a type of entities, or of the nearest above it that has some."""
    return next((settings[one] for one in above(type) if one in settings), {})


def above(type: str) -> list[str]:
    """Return a type of entities and those above it, the finest first: ``Vessel:Tug``, ``Vessel``."""
    labels = type.split(":")
    return [":".join(labels[:count]) for count in range(len(labels), 0, -1)]


@dataclass(frozen=True)
class Space:
    """What a unit of work needs to know of the tenant whose events it touches.

    ``types`` has the settings of types of events, ``entity_types`` those of types of entities (Events §17.8).
    """

    tenant: Tenant
    base_url: str
    routes: tuple[Route, ...] = ()
    types: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    entity_types: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @cached_property
    def root(self) -> str:
        """What the IRIs of this tenant begin with."""
        return ids.name_space(self.base_url, self.tenant.label)

    @cached_property
    def entities(self) -> Entities:
        """What entities are called: the same as in feeds. Users of the default tenant may have an account here."""
        accounts = f"{self.base_url}/users" if self.tenant.label == DEFAULT else ""
        return Entities(f"{self.root}/entities", accounts)

    def settings_of(self, type: str) -> Mapping[str, Any]:
        """Return the settings of a type of events: its own, else those of the nearest type above it."""
        while self.types and type:
            if type in self.types:
                return self.types[type]
            type = type.rpartition(".")[0]
        return {}

    def settings_of_entity(self, ref: Ref) -> Mapping[str, Any]:
        """Return the settings of an entity's type: its own, else those of the nearest type above it."""
        return nearest(self.entity_types, ref.type) if self.entity_types else {}

    def entity_iri(self, ref: Ref) -> str:
        """Return the IRI of an entity: subtypes are of no account in it."""
        return self.entities.named(ref.root, ref.id)

    def account_iri(self, ref: Ref) -> str | None:
        """Return the IRI of the account that an entity would have, None for what can have none."""
        return self.entities.account(self.entity_iri(ref))

    def item_iri(self, stream_id: UUID | str) -> str:
        """Return the IRI of an event, comment or vote as an activity."""
        return f"{self.root}/events/{stream_id}"
