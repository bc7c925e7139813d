"""Events of one tenant on a real database, told in the messages of clients."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from storage import Store, Transaction, evententities, eventitems, tenants
from storage.evententities import EntityRow
from storage.eventitems import ItemRow
from storage.tenants import Tenant
from streams.events import Events, Recorded, Rejected, Space, recording
from streams.events.arriving import Arriving
from vocab.dialects.events import Ref, bumps, comments, entities, events

BASE = "https://here.example"
START = 1_930_000_000_000_000
"""2031-02-27T19:06:40Z: what happens is told a moment later."""
BY = Ref("ASUser", "bo")

READERS = {"event": events.read, "entity": entities.read, "comment": comments.read, "bump": bumps.read}


@dataclass
class Logbook:
    """What is recorded of a tenant; every verb takes the members of a message as clients write them."""

    store: Store
    parts: Events
    tenant: Tenant
    now: list[int] = field(default_factory=lambda: [START])

    @classmethod
    async def made(cls, store: Store, label: str = "default") -> "Logbook":
        now = [START]

        def tick() -> int:
            now[0] += 1_000
            return now[0]

        await store.write(tenants.add, len(label), label, now=START)
        tenant = await store.read(tenants.by_label, label)
        assert tenant is not None
        return cls(store, Events.made(store, BASE, tick), tenant, now)

    @property
    def space(self) -> Space:
        return self.parts.space(self.tenant)

    async def read(self, kind: str, message: Mapping[str, Any], by: Ref | None = BY) -> Arriving:
        """Read a message that is valid."""
        known = await self.parts.known(self.tenant, user=by)
        reading = READERS[kind](message, known)  # type: ignore[operator]
        assert reading.problems.valid, reading.problems.spell()
        return Arriving(reading, known.now, by=by)

    async def record(
        self, *messages: tuple[str, Mapping[str, Any]], by: Ref | None = BY
    ) -> list[tuple[Recorded, ...] | Rejected]:
        """Keep messages, each with its kind, in one unit of work."""
        arriving = [await self.read(kind, message, by) for kind, message in messages]
        return await self.store.write(recording.record, self.space, arriving)

    async def _only(self, kind: str, message: Mapping[str, Any]) -> Recorded:
        [outcome] = await self.record((kind, message))
        if isinstance(outcome, Rejected):
            raise outcome
        return outcome[0]

    async def event(self, type: str = "as.fleet.van.washed", **members: Any) -> Recorded:
        usual: dict[str, Any] = {
            "occurred_at": "2031-03-04T10:00:00Z",
            "origin": "depot.north",
            "involves": [{"ACTOR": "Employee/Ada"}],
        }
        return await self._only("event", {"type": type, **usual, **members})

    async def entity(self, ref: str, **members: Any) -> Recorded:
        return await self._only("entity", {"entity_ref": ref, **members})

    async def comment(self, text: str, on: str, **members: Any) -> Recorded:
        involves = [{"COMMENTS": "ASUser/bo"}, {"COMMENTED_ON": on}]
        return await self._only("comment", {"comment": text, "involves": involves, **members})

    async def bump(self, on: str, role: str = "BUMP_UP", by: str = "Employee/Ada") -> Recorded:
        return await self._only("bump", {"involves": [{"ACTOR": by}, {role: on}]})

    async def find(self, ref: str) -> EntityRow | None:
        """Return what is known of an entity."""
        return await self.store.read(evententities.by_key, self.tenant.id, Ref.parse(ref).key)

    async def known(self, ref: str) -> EntityRow:
        """Return what is known of an entity that there is."""
        found = await self.find(ref)
        assert found is not None
        return found

    async def item(self, id: UUID) -> ItemRow:
        """Return an item that is kept."""
        found = await self.store.read(eventitems.by_stream_id, self.tenant.id, str(id))
        assert found is not None
        return found

    async def parts_of(self, event: int) -> list[ItemRow]:
        """Return the sub-events of an event."""
        rows = await self.rows("SELECT id FROM events WHERE parent = :event ORDER BY id", event=event)
        return list((await self.store.read(eventitems.by_ids, [row[0] for row in rows])).values())

    async def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Ask the database something."""

        async def ask(tx: Transaction) -> list[tuple[Any, ...]]:
            return await tx.all(sql, **parameters)

        return await self.store.read(ask)
