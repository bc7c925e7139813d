"""Entities of a tenant: found by what they are called in any way (Events §5.1)."""

import pytest
from eventrows import TENANT, entities, entity_row, tenant

from storage import Store, evententities

pytestmark = pytest.mark.anyio


async def test_an_entity_is_found_by_key_row_and_stream_id(store: Store) -> None:
    """Events §2.1, §2.2: in this tenant alone."""
    await tenant(store)
    await entities(store, "Vessel:Tug/Kestrel", "Van/1")
    row = await store.read(evententities.by_key, TENANT, "vessel/kestrel")
    assert row is not None
    assert (row.id, row.type, row.kind, row.root, row.ref) == (
        1, "Vessel:Tug", "vessel:tug", "vessel", "Vessel:Tug/Kestrel",
    )  # fmt: skip
    assert await store.read(evententities.by_stream_id, TENANT, row.stream_id) == row
    assert await store.read(evententities.by_ids, [1, 99]) == {1: row}
    assert (await store.read(evententities.by_keys, TENANT, ["van/1", "van/2"])).keys() == {"van/1"}
    assert await store.read(evententities.by_key, TENANT + 1, "vessel/kestrel") is None


async def test_what_is_known_already_stays(store: Store) -> None:
    """Two who note the same entity: the second notes nothing, and is told how many were new."""
    await tenant(store)
    await entities(store, "Van/1")
    again = entity_row(1, "Van/1")._replace(label="other")
    assert await store.write(evententities.add, [again]) == 0
    row = await store.read(evententities.by_key, TENANT, "van/1")
    assert row is not None
    assert row.label == ""
    await store.write(evententities.put, [row._replace(label="Van One", stated=5)])
    changed = (await store.write(evententities.seize, TENANT, ["van/1"]))["van/1"]
    assert (changed.label, changed.stated) == ("Van One", 5)
