"""A damaged file: whoever meets the damage, nothing more is written."""

import sqlite3
from pathlib import Path

import pytest

from storage import Transaction, open_store
from storage.errors import Broken

pytestmark = pytest.mark.anyio


async def _fill(tx: Transaction) -> None:
    for number in range(200):
        await tx.run(
            "INSERT INTO meta (name, value) VALUES (:name, :value)", name=str(number), value="x" * 3_000
        )


async def _read_all(tx: Transaction) -> int:
    return len(await tx.all("SELECT value FROM meta"))


async def _write(tx: Transaction) -> None:
    await tx.run("INSERT INTO meta (name, value) VALUES ('more', '')")


@pytest.mark.parametrize("way", ["read", "peek", "scan"])
async def test_a_reader_that_meets_damage_ends_writing(tmp_path: Path, way: str) -> None:
    """REL-030: the error says what it is, and so does every write from then on."""
    path = tmp_path / "test.db"
    async with open_store(f"sqlite:///{path}") as store:
        await store.write(_fill)
    with path.open("r+b") as file:
        file.seek((path.stat().st_size // 4_096 - 60) * 4_096)  # what was written last
        file.write(b"\xff" * 4_096 * 20)
    async with open_store(f"sqlite:///{path}") as store:
        with pytest.raises(Broken):
            await getattr(store, way)(_read_all)
        with pytest.raises(Broken):
            await store.write(_write)
    with sqlite3.connect(path) as connection, pytest.raises(sqlite3.DatabaseError):
        connection.execute("SELECT sum(length(value)) FROM meta").fetchone()
    connection.close()
