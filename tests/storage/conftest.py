"""One suite, two engines: every test that asks for ``store`` runs on both, each time on an empty database."""

import os
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from storage import Store, Transaction, open_store

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1/test")
REQUIRED = os.environ.get("HEADWATER_REQUIRE_SERVICES") == "1"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a PostgreSQL server that answers."""
    try:
        psycopg.connect(POSTGRES_URL, connect_timeout=2).close()
    except psycopg.OperationalError as error:
        reason = f"no PostgreSQL at {POSTGRES_URL}: {error}"
        pytest.fail(reason) if REQUIRED else pytest.skip(reason)
    return POSTGRES_URL


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of an empty schema."""
    schema = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        yield f"{postgres_server}{'&' if '?' in postgres_server else '?'}options=-csearch_path%3D{schema}"
        connection.execute("SET client_min_messages = warning")
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'data' / 'test.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, on each engine in turn."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """An empty store, on each engine in turn."""
    async with open_store(url) as opened:
        yield opened


@pytest.fixture
async def actor(store: Store) -> int:
    """The row id of an actor of ours."""

    async def insert(tx: Transaction) -> int:
        await tx.run(
            "INSERT INTO objects (id, iri, kind, type, local, public, published)"
            " VALUES (5, 'https://here.example/users/ada', 3, 'Person', 1, 1, 1)"
        )
        return 5

    return await store.write(insert)
