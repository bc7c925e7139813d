"""Rows of the Events API for the tests of storage: a tenant, entities and events that say nothing."""

from storage import Store, Transaction, evententities, eventitems, tenants
from storage.evententities import EntityRow
from storage.eventitems import ItemRow
from vocab.dialects.events import Ref
from vocab.dialects.events.references import named

TENANT = 7
NOW = 1_930_000_000_000_000


async def tenant(store: Store) -> int:
    """Make a tenant."""
    await store.write(tenants.add, TENANT, "north", now=NOW)
    return TENANT


def entity_row(id: int, text: str) -> EntityRow:
    ref = Ref.parse(text)
    return EntityRow(
        id,
        TENANT,
        ref.key,
        ref.root.lower(),
        ref.type.lower(),
        ref.type,
        ref.id,
        str(ref.stream_id),
        NOW,
        NOW,
    )


async def entities(store: Store, *refs: str) -> list[int]:
    """Make entities, the first with row 1, and return their rows."""
    rows = [entity_row(id, text) for id, text in enumerate(refs, 1)]

    async def insert(tx: Transaction) -> None:
        for row in rows:
            await _name(tx, row.id, row.key)
        await evententities.add(tx, rows)

    await store.write(insert)
    return [row.id for row in rows]


def item_row(id: int, **members: str | int | None) -> ItemRow:
    stream_id = str(named(str(id)))
    usual = ItemRow(id, TENANT, stream_id, 0, "as.x.done", "depot", NOW + id, NOW, NOW, 2, "{}")
    return usual._replace(**members)


async def items(store: Store, *rows: ItemRow) -> None:
    """Keep items."""

    async def insert(tx: Transaction) -> None:
        for row in rows:
            await _name(tx, row.id, row.stream_id)
        await eventitems.add(tx, rows)

    await store.write(insert)


async def _name(tx: Transaction, id: int, name: str) -> None:
    await tx.run(
        "INSERT INTO objects (id, iri, kind, type, local, public, published)"
        " VALUES (:id, :iri, 0, '', 1, 0, :now)",
        id=id, iri=f"https://here.example/{name}", now=NOW,
    )  # fmt: skip
