"""Facts about the database."""

import pytest

from storage import Store, meta

pytestmark = pytest.mark.anyio


async def test_a_fact_is_set_changed_and_forgotten(store: Store) -> None:
    assert await store.read(meta.get, "colour") is None
    await store.write(meta.put, "colour", "blue")
    await store.write(meta.put, "colour", "green")
    assert await store.read(meta.get, "colour") == "green"
    await store.write(meta.remove, "colour")
    assert await store.read(meta.get, "colour") is None
