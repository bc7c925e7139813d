"""Types, origins and labels of a tenant (Events §4.3, §17.8)."""

import pytest
from eventrows import NOW, TENANT, tenant

from storage import Store, eventkinds, eventlabels
from storage.eventkinds import EVENT_TYPE, ORIGIN, KindRow

pytestmark = pytest.mark.anyio


async def test_what_occurs_is_noted_once(store: Store) -> None:
    """Events §5.4: with when it did so first; what was set stays."""
    await tenant(store)
    await store.write(eventkinds.put, TENANT, EVENT_TYPE, "as.x", '{"importance":4}', now=NOW)
    names = [(EVENT_TYPE, "as.x"), (EVENT_TYPE, "as.y"), (ORIGIN, "depot")]
    for later in (1, 2):
        await store.write(eventkinds.note, TENANT, names, now=NOW + later)
    assert await store.read(eventkinds.every, TENANT, EVENT_TYPE) == [
        KindRow(EVENT_TYPE, "as.x", '{"importance":4}', NOW),
        KindRow(EVENT_TYPE, "as.y", "{}", NOW + 1),
    ]
    assert [row.name for row in await store.read(eventkinds.settings, TENANT)] == ["as.x"]
    found = await store.read(eventkinds.find, TENANT, ORIGIN, "depot")
    assert found is not None
    assert await store.read(eventkinds.find, TENANT, ORIGIN, "quay") is None


async def test_a_label_is_reserved_for_its_first_place(store: Store) -> None:
    """Events §4.3: roles and links have labels of their own."""
    await tenant(store)
    first = {("role", "PILOT"): "ACTOR:PILOT", ("link", "PILOT"): "KNOWS:PILOT"}
    assert await store.write(eventlabels.reserve, TENANT, first) == first
    second = {("role", "PILOT"): "AFFECTS:PILOT", ("role", "STOKER"): "ACTOR:STOKER"}
    placed = await store.write(eventlabels.reserve, TENANT, second)
    assert placed == {("role", "PILOT"): "ACTOR:PILOT", ("role", "STOKER"): "ACTOR:STOKER"}
    assert await store.read(eventlabels.of, TENANT) == first | {("role", "STOKER"): "ACTOR:STOKER"}
