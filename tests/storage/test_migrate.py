"""Numbered SQL files."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage import Store, Transaction, migrate, open_store
from storage.errors import Mismatch
from storage.migrate import Migration, spell

pytestmark = pytest.mark.anyio

TWO = {
    "0001_first.sql": "CREATE TABLE one (id BIGINT PRIMARY KEY, n SMALLINT NOT NULL);\nINSERT INTO one VALUES (1, 5);",
    "0002_second.sql": "-- more; of it\nCREATE TABLE two (a TEXT PRIMARY KEY) /* clustered */;\n"
    "UPDATE one SET n = n + 1;",
}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    path = tmp_path / "migrations"
    path.mkdir()
    for name, text in TWO.items():
        (path / name).write_text(text)
    return path


async def _state(tx: Transaction) -> object:
    return await tx.all("SELECT n FROM one"), await tx.all("SELECT a FROM two"), await migrate.version(tx)


@pytest.fixture
async def bare(url: str, monkeypatch: pytest.MonkeyPatch) -> object:
    """A store without a schema."""

    async def nothing(_: Store) -> list[str]:
        return []

    monkeypatch.setattr("storage.open.migrate", nothing)
    async with open_store(url) as store:
        yield store


async def test_no_two_migrations_have_one_number() -> None:
    """The second would never be applied."""
    numbers = [one.number for one in migrate.known()]
    assert len(numbers) == len(set(numbers))


async def test_migrations_are_applied_once_and_in_order(bare: Store, directory: Path) -> None:
    assert await migrate.migrate(bare, directory) == ["first", "second"]
    assert await bare.read(_state) == ([(6,)], [], 2)
    assert await migrate.migrate(bare, directory) == []
    (directory / "0003_third.sql").write_text("UPDATE one SET n = 0;")
    migrate.known.cache_clear()
    assert await migrate.migrate(bare, directory) == ["third"]
    assert await bare.read(_state) == ([(0,)], [], 3)


async def test_a_migration_that_fails_leaves_nothing(bare: Store, directory: Path) -> None:
    """REL-033: a migration and its record are one transaction."""
    second = directory / "0002_second.sql"
    second.write_text(TWO["0002_second.sql"] + ";\nINSERT INTO nowhere VALUES (1);")
    with pytest.raises(Exception, match="nowhere"):
        await migrate.migrate(bare, directory)
    assert await bare.read(migrate.version) == 1
    second.write_text(TWO["0002_second.sql"])
    assert await migrate.migrate(bare, directory) == ["second"]
    assert await bare.read(_state) == ([(6,)], [], 2)


async def test_a_newer_database_is_refused(url: str) -> None:
    """REL-027, REL-033: no downgrade."""

    async def add(tx: Transaction) -> None:
        await tx.run("INSERT INTO migrations VALUES (999, 'future', 1)")

    async with open_store(url) as store:
        await store.write(add)
    with pytest.raises(Mismatch, match="version 999"):
        async with open_store(url):
            pass


async def test_two_processes_do_not_migrate_at_once(url: str) -> None:
    """REL-033: everyone finds the database migrated, whoever did it."""

    async def use() -> int:
        async with open_store(url) as store:
            return await store.read(migrate.version)

    assert set(await asyncio.gather(*[use() for _ in range(4)])) == {migrate.known()[-1].number}


_MIGRATE_AND_DIE = """
import asyncio, os, signal, sys
from pathlib import Path
import storage.open
from storage import migrate
from storage.sqlite.transaction import SqliteTransaction
from storage.postgres.transaction import PostgresTransaction

left = int(sys.argv[3])
def dying(run):
    async def run_or_die(self, sql, **parameters):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return await run(self, sql, **parameters)
    return run_or_die
for kind in (SqliteTransaction, PostgresTransaction):
    kind.run = dying(kind.run)

async def nothing(store):
    return []

async def main():
    storage.open.migrate = nothing
    async with storage.open.open_store(sys.argv[1]) as store:
        await migrate.migrate(store, Path(sys.argv[2]))

asyncio.run(main())
"""


async def test_killed_before_any_statement_the_next_start_completes(
    url: str, bare: Store, directory: Path
) -> None:
    """REL-033: kill -9 at each statement in turn, always on the same database."""
    for statement in range(20):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _MIGRATE_AND_DIE,
            url,
            str(directory),
            str(statement),
            stderr=subprocess.PIPE,
        )
        _, complaint = await process.communicate()
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL, complaint.decode()
    assert statement > 3
    assert await bare.read(_state) == ([(6,)], [], 2)


def test_statements_are_spelt_for_sqlite() -> None:
    assert (
        spell("CREATE TABLE t (a BIGINT, b SMALLINT)", "sqlite")
        == "CREATE TABLE t (a INTEGER, b INTEGER) STRICT"
    )
    assert spell("CREATE TABLE t (a TEXT PRIMARY KEY) /* clustered */", "sqlite") == (
        "CREATE TABLE t (a TEXT PRIMARY KEY) STRICT, WITHOUT ROWID"
    )
    assert spell("CREATE INDEX i ON t (a) WHERE b = 1", "sqlite") == "CREATE INDEX i ON t (a) WHERE b = 1"


def test_every_migration_has_a_number_of_its_own() -> None:
    numbers = [migration.number for migration in migrate.known()]
    assert numbers == sorted(set(numbers))


async def test_every_table_of_sqlite_checks_its_types(sqlite_url: str) -> None:
    async def loose(tx: Transaction) -> object:
        return await tx.all(
            "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%'"
        )

    async with open_store(sqlite_url) as store:
        assert await store.read(loose) == []


def test_a_file_name_gives_number_and_name() -> None:
    path = Path("/x/0012_more_of_it.sql")
    assert Migration.from_path(path) == Migration(12, "more_of_it", path)
