"""Opening a store."""

import os
import stat
from pathlib import Path

import pytest

from storage import Transaction, meta, open_store
from storage.errors import Mismatch, StorageError, Unreachable

pytestmark = pytest.mark.anyio


async def test_what_was_written_is_there_the_next_time(url: str) -> None:
    async with open_store(url) as store:
        await store.write(meta.put, "colour", "blue")
    async with open_store(url) as store:
        assert await store.read(meta.get, "colour") == "blue"


async def test_a_database_belongs_to_one_origin(url: str) -> None:
    """REL-027: another host name for an existing database is refused, the same one is not."""
    async with open_store(url, base_url="https://one.example"):
        pass
    async with open_store(url, base_url="https://one.example"):
        pass
    async with open_store(url):
        pass
    with pytest.raises(Mismatch) as refused:
        async with open_store(url, base_url="https://two.example"):
            pass
    assert refused.value.args[1:] == ("https://one.example", "https://two.example")


async def test_a_temporary_store_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    async with open_store("sqlite://") as store:
        await store.write(meta.put, "colour", "blue")
        assert await store.read(meta.get, "colour") == "blue"
        assert list(tmp_path.iterdir()) != []
    assert list(tmp_path.iterdir()) == []


async def test_files_are_closed_to_other_users(tmp_path: Path) -> None:
    """SEC-116: also with a careless umask."""
    before = os.umask(0)
    try:
        async with open_store(f"sqlite:///{tmp_path}/data/test.db") as store:
            await store.write(meta.put, "colour", "blue")
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
            assert modes == {"test.db": 0o600, "test.db-wal": 0o600, "test.db-shm": 0o600}
            assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    finally:
        os.umask(before)


async def test_a_symbolic_link_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    """SEC-116."""
    (tmp_path / "real.db").touch()
    (tmp_path / "link.db").symlink_to(tmp_path / "real.db")
    with pytest.raises(StorageError, match="cannot open"):
        async with open_store(f"sqlite:///{tmp_path}/link.db"):
            pass


async def test_a_directory_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    """REL-027."""
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=f"cannot open {tmp_path}/file/test.db"):
        async with open_store(f"sqlite:///{tmp_path}/file/test.db"):
            pass


async def test_something_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    """REL-030: never make an empty database of a damaged one."""
    path = tmp_path / "test.db"
    path.write_bytes(b"not a database, but long enough to be looked at as one" * 100)
    before = path.read_bytes()
    with pytest.raises(StorageError, match="not a database"):
        async with open_store(f"sqlite:///{path}"):
            pass
    assert path.read_bytes() == before


@pytest.mark.parametrize("address", ["sqlite:///", "mysql://x/y", "test.db", "", "sqlite://host/x.db"])
async def test_a_wrong_address_is_refused(address: str) -> None:
    with pytest.raises(StorageError, match="not the address"):
        async with open_store(address):
            pass


async def test_an_unknown_durability_is_refused() -> None:
    with pytest.raises(ValueError, match="full, normal"):
        async with open_store("sqlite://", durability="some"):
            pass


async def test_a_server_that_does_not_answer_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.postgres.pool.WAIT_SECONDS", 0.3)
    with pytest.raises(Unreachable):
        async with open_store("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1"):
            pass


@pytest.mark.parametrize(("durability", "level"), [("full", 2), ("normal", 1)])
async def test_durability_is_what_was_asked_for(sqlite_url: str, durability: str, level: int) -> None:
    """REL-002."""

    async def synchronous(tx: Transaction) -> object:
        return await tx.one("PRAGMA synchronous")

    async with open_store(sqlite_url, durability=durability) as store:
        assert await store.write(synchronous) == (level,)
