"""What every test may use. A test that asks for ``url`` runs on both engines, each time on an empty database."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from town import Town

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1/test")
REQUIRED = os.environ.get("HEADWATER_REQUIRE_SERVICES") == "1"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, like the server."""
    return "asyncio"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """An empty town; whatever it starts ends with the test."""
    made = Town(tmp_path)
    yield made
    for server in made.servers:
        server.kill()


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
