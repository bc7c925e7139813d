"""Programs that registered here."""

import pytest

from storage import Store, clients
from storage.clients import ClientRow

pytestmark = pytest.mark.anyio


async def test_a_program_is_remembered_as_it_was(store: Store) -> None:
    row = ClientRow(
        "https://here.example/c/1", "Läuft", None, ("a:/", "b:/"), "read", {"software_id": "x"}, 7
    )
    await store.write(clients.add, row)
    assert await store.peek(clients.find, row.id) == row
    assert await store.peek(clients.find, "https://here.example/c/2") is None
