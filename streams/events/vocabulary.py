"""What a tenant has said of its types and labels, remembered between messages (Events §4.3, §17.8)."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from storage import Store, Transaction, eventkinds, eventlabels
from storage.eventkinds import KindRow
from streams.events.space import Space
from vocab.jsontext import dumps, loads

FRESH_SECONDS: Final = 1.0
"""So long a change made by another process may take to be noticed; one of this process is noticed at once."""
TOPIC: Final = "event-vocabulary"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The labels that a tenant made, and the settings of its types of events and of entities."""

    labels: Mapping[tuple[str, str], str]
    types: Mapping[str, Mapping[str, Any]]
    entity_types: Mapping[str, Mapping[str, Any]]


class Vocabularies:
    """The vocabularies of all tenants."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changed = store.signals.bell(TOPIC)
        self._known: dict[int, tuple[float, Vocabulary]] = {}

    async def of(self, tenant: int) -> Vocabulary:
        """Return the vocabulary of a tenant, as it was at most a second ago."""
        if self._changed.rang():
            self._known.clear()
        until, known = self._known.get(tenant, (0.0, None))
        if known is None or time.monotonic() >= until:
            known = await self._store.read(_read, tenant)
            self._known[tenant] = time.monotonic() + FRESH_SECONDS, known
        return known

    def latest(self, tenant: int) -> Vocabulary:
        """Return what was last known of a tenant's vocabulary."""
        return self._known.get(tenant, (0.0, NOTHING))[1]


NOTHING: Final = Vocabulary({}, {}, {})


async def _read(tx: Transaction, tenant: int) -> Vocabulary:
    labels = await eventlabels.of(tx, tenant)
    kinds = await eventkinds.settings(tx, tenant)
    return Vocabulary(labels, _of(kinds, eventkinds.EVENT_TYPE), _of(kinds, eventkinds.ENTITY_TYPE))


def _of(kinds: list[KindRow], space: str) -> dict[str, Mapping[str, Any]]:
    return {kind.name: cast("dict[str, Any]", loads(kind.settings)) for kind in kinds if kind.space == space}


async def describe(
    tx: Transaction, space: Space, sort: str, name: str, settings: Mapping[str, Any], *, now: int
) -> None:
    """Set what holds for a type or an origin from now on; ``sort`` is one of the spaces of ``eventkinds``."""
    await eventkinds.put(tx, space.tenant.id, sort, name, dumps(dict(settings)).decode(), now=now)
    tx.wake(TOPIC)


async def reserve(
    tx: Transaction, space: Space, labels: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], str]:
    """Reserve those of some labels that are free, and return the places that they have now (Events §4.3)."""
    tx.wake(TOPIC)
    return await eventlabels.reserve(tx, space.tenant.id, labels)
