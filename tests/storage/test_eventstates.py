"""What entities were, and how they were set, at any moment (Events §5.2, §7.18)."""

import pytest
from eventrows import entities, tenant

from storage import Store, eventstates
from storage.eventstates import SettingRow, StateRow

pytestmark = pytest.mark.anyio


@pytest.fixture
async def entity(store: Store) -> int:
    """An entity."""
    await tenant(store)
    [id] = await entities(store, "Van/1")
    return id


async def test_the_state_of_a_moment_is_the_last_before_it(store: Store, entity: int) -> None:
    """Events §5.2: of two at one moment the one that was said later."""
    states = [StateRow(entity, at, change, "{}", "{}") for at, change in ((10, 1), (20, 3), (10, 2))]
    await store.write(eventstates.add, states)
    assert await store.read(eventstates.at, entity, 9) is None
    assert await store.read(eventstates.at, entity, 10) == states[2]
    assert await store.read(eventstates.at, entity, 25) == states[1]


async def test_the_settings_of_a_moment_are_those_in_force(store: Store, entity: int) -> None:
    """Events §7.18: one that has no value any more is not among them."""
    rows = [(10, "a", "1"), (20, "a", "2"), (10, "b", "1"), (30, "b", None), (20, "c", "3")]
    await store.write(
        eventstates.note_settings,
        [SettingRow(entity, name, at, change, value) for change, (at, name, value) in enumerate(rows)],
    )
    found = [await store.read(eventstates.settings_at, entity, at) for at in (5, 10, 20, 30)]
    assert found == [{}, {"a": "1", "b": "1"}, {"a": "2", "b": "1", "c": "3"}, {"a": "2", "c": "3"}]
    assert await store.read(eventstates.settings_after, entity, 10) == {"a", "b", "c"}
    assert await store.read(eventstates.settings_after, entity, 20) == {"b"}
