"""Events, entities, comments and links as they are kept, put there without the messages that they come from."""

import json
from dataclasses import dataclass, field
from typing import Any

from storage import (
    Store,
    Transaction,
    evententities,
    eventitems,
    eventkinds,
    eventlinks,
    eventreaders,
    eventroles,
    tenants,
)
from storage.evententities import EntityRow
from storage.eventitems import ItemRow
from storage.eventlinks import LinkRow
from storage.eventreaders import ReaderRow
from storage.eventroles import RoleRow
from storage.ids import next_id
from storage.tenants import Tenant
from streams.events import Space
from streams.events.reader import Reader
from vocab.dialects.events import Ref, moments
from vocab.dialects.events.references import named

BASE = "https://north.example"
START = 1_900_000_000_000_000
"""The first instant of annals; what is added at ``at`` happened so many seconds later."""
SECOND = 1_000_000


def instant(at: int) -> int:
    return START + at * SECOND


@dataclass
class Annals:
    """What one tenant knows."""

    store: Store
    space: Space
    rows: dict[str, int] = field(default_factory=dict)
    """The row of each entity by its key, of each item by its stream id."""

    @classmethod
    async def begun(cls, store: Store, label: str = "default", id: int = 1) -> "Annals":
        await store.write(tenants.add, id, label, now=0)
        tenant = await store.read(tenants.by_label, label)
        assert tenant is not None
        return cls(store, Space(tenant, BASE))

    @property
    def tenant(self) -> Tenant:
        return self.space.tenant

    def reader(self, *parties: str, sees_all: bool = False) -> Reader:
        return Reader(self.tenant.id, frozenset(parties), sees_all)

    async def entity(
        self, text: str, *, readers: tuple[str, ...] = (), deleted: bool = False, **more: Any
    ) -> int:
        """Let an entity be known; ``aspects`` and ``properties`` are objects."""
        ref = Ref.parse(text)
        aspects, properties = more.pop("aspects", {}), more.pop("properties", {})
        row = EntityRow(
            next_id(), self.tenant.id, ref.key, ref.root.lower(), ref.type.lower(), ref.type, ref.id,
            str(ref.stream_id), START, START, label=aspects.get("presentation", {}).get("label", ""),
            aspects=json.dumps(aspects), properties=json.dumps(properties), restricted=int(bool(readers)),
            deleted=int(deleted), **more,
        )  # fmt: skip
        self.rows[ref.key] = row.id
        iri = self.space.entity_iri(ref)

        async def keep(tx: Transaction) -> None:
            await _name(tx, row.id, iri, kind=1)
            await evententities.add(tx, [row])
            await eventkinds.note(tx, self.tenant.id, [(eventkinds.ENTITY_TYPE, ref.type)], now=START)
            await eventreaders.put(tx, [ReaderRow(row.id, party, 0) for party in readers])

        await self.store.write(keep)
        return row.id

    async def event(
        self,
        type: str = "as.fleet.washed",
        at: int = 0,
        *,
        kind: int = 0,
        roles: dict[str, str] | None = None,
        tags: tuple[str, ...] = (),
        readers: tuple[str, ...] = (),
        received: int | None = None,
        message: dict[str, Any] | None = None,
        **more: Any,
    ) -> str:
        """Let an item be known: ``roles`` are role → key of an entity or stream id of an item. Return its stream id."""
        id = next_id()
        stream_id = str(named(f"{self.tenant.id}-{id}"))
        importance, origin = more.pop("importance", 2), more.pop("origin", "depot.north")
        body = {
            "type": type, "origin": origin, "occurred_at": moments.spell(instant(at)), "importance": importance,
            "involves": [{"role": role, "entity_ref": of} for role, of in (roles or {}).items()],
        } | (message or {})  # fmt: skip
        if tags:
            body["aspects"] = {"tags": list(tags)} | body.get("aspects", {})
        when = instant(at) if received is None else instant(received)
        row = ItemRow(
            id, self.tenant.id, stream_id, kind, type, origin, instant(at), when, when, importance, json.dumps(body),
            restricted=int(bool(readers)), **more,
        )  # fmt: skip
        self.rows[stream_id] = id
        taken = [
            RoleRow(self.rows[of if of in self.rows else Ref.parse(of).key], instant(at), id, role)
            for role, of in (roles or {}).items()
        ]

        async def keep(tx: Transaction) -> None:
            await _name(tx, id, self.space.item_iri(stream_id), kind=2)
            await eventitems.add(tx, [row])
            await eventroles.add(tx, taken)
            await eventroles.tag(tx, self.tenant.id, [(tag.lower(), instant(at), id) for tag in tags])
            await eventkinds.note(
                tx, self.tenant.id, [(eventkinds.EVENT_TYPE, type), (eventkinds.ORIGIN, origin)], now=START
            )
            await eventreaders.put(tx, [ReaderRow(id, party, 0) for party in readers])

        await self.store.write(keep)
        return stream_id

    async def comment(self, by: str, on: str, at: int = 0, **more: Any) -> str:
        """Let a comment be known, on an entity or on an item."""
        roles = {"COMMENT:COMMENTS": by, "COMMENT:COMMENTED_ON": on} | more.pop("roles", {})
        return await self.event("as.api.comment", at, kind=1, roles=roles, **more)

    async def link(
        self,
        source: str,
        path: str,
        target: str,
        *,
        since: int | None = None,
        until: int | None = None,
        **more: Any,
    ) -> None:
        """Let two entities be linked."""
        row = LinkRow(
            next_id(), self.tenant.id, self.rows[Ref.parse(source).key], path.partition(":")[0], path,
            self.rows[Ref.parse(target).key], "",
            str(named(f"{source} {path} {target}")), more.get("weight"), json.dumps(more.get("properties", {})),
            None if since is None else instant(since), None if until is None else instant(until), START, START,
        )  # fmt: skip
        await self.store.write(eventlinks.put, [row])


async def _name(tx: Transaction, id: int, iri: str, *, kind: int) -> None:
    await tx.run(
        "INSERT INTO objects (id, iri, kind, type, local, public, document, published)"
        " VALUES (:id, :iri, :kind, '', 1, 0, '{}', :now)",
        id=id, iri=iri, kind=kind, now=START,
    )  # fmt: skip
