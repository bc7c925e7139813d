"""Stream items: kept once, found by several names, hidden with their batch (Events §3.5)."""

import pytest
from eventrows import NOW, TENANT, item_row, items, tenant

from storage import Store, eventcounts, eventitems, eventroles
from storage.errors import Conflict
from storage.eventcounts import Counts
from storage.eventroles import RoleRow

pytestmark = pytest.mark.anyio


async def test_an_item_is_kept_once(store: Store) -> None:
    """Events §2.2: and found by its stream id and its row."""
    await tenant(store)
    row = item_row(1, body='{"type":"as.x.done"}')
    await items(store, row)
    assert await store.read(eventitems.by_stream_id, TENANT, row.stream_id) == row
    assert await store.read(eventitems.by_ids, [1]) == {1: row}
    assert await store.read(eventitems.by_stream_ids, TENANT, [row.stream_id, "other"]) == {
        row.stream_id: row
    }
    with pytest.raises(Conflict):
        await store.write(eventitems.add, [row])


async def test_events_are_found_by_the_ids_of_their_source(store: Store) -> None:
    """Events §3.5, §7.8: of one origin, or of any."""
    await tenant(store)
    await items(
        store,
        item_row(1, external_id="a"),
        item_row(2, external_id="a", origin="quay"),
        item_row(3, external_id="b"),
    )
    every = await store.read(eventitems.by_external_id, TENANT, "a")
    assert [row.id for row in every] == [1, 2]
    of_one = await store.read(eventitems.by_external_id, TENANT, "a", origin="quay")
    assert [row.id for row in of_one] == [2]
    pairs = [("a", "quay"), ("b", "quay"), ("b", "depot")]
    assert await store.read(eventitems.claimed, TENANT, pairs) == {("a", "quay"), ("b", "depot")}


async def test_a_batch_is_hidden_with_its_parts(store: Store) -> None:
    """Events §3.5: of one origin if that is said; what is hidden is not hidden again."""
    await tenant(store)
    await items(
        store, item_row(1, batch_id="n"), item_row(2, batch_id="n", origin="quay"), item_row(3),
        item_row(4, kind=2, parent=1),
    )  # fmt: skip
    assert await store.write(eventitems.hide_batch, TENANT, "n", origin="depot") == [1]
    hidden = {id for id, row in (await store.read(eventitems.by_ids, [1, 2, 3, 4])).items() if row.hidden}
    assert hidden == {1, 4}
    assert await store.write(eventitems.hide_batch, TENANT, "n") == [2]


async def test_who_took_part_and_tags_are_noted_once(store: Store) -> None:
    """Events §4, §7.4."""
    await tenant(store)
    await items(store, item_row(1), item_row(2))
    roles = [RoleRow(9, NOW, 1, "ACTOR"), RoleRow(9, NOW, 1, "AFFECTS", "x", 1), RoleRow(8, NOW, 2, "ACTOR")]
    for _ in range(2):
        await store.write(eventroles.add, roles)
        await store.write(eventroles.tag, TENANT, [("b", NOW, 1), ("a", NOW, 1)])
    assert await store.read(eventroles.of, [1, 2]) == {1: roles[:2], 2: roles[2:]}
    assert await store.read(eventroles.tags_of, [1, 2]) == {1: ["a", "b"]}


async def test_numbers_are_kept_up(store: Store) -> None:
    """Events §16: what is nothing leaves no row."""
    await store.write(eventcounts.change, {1: Counts(comments=1, up=2), 2: Counts()})
    await store.write(eventcounts.change, {1: Counts(up=-1, down=1)})
    assert await store.read(eventcounts.of, [1, 2]) == {1: Counts(1, 1, 1, 0)}
