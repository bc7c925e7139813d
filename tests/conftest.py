"""What every test may use. A test that asks for ``url`` runs on both engines, each time on an empty database."""

import asyncio
import itertools
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from browser import EXECUTABLE, chromium
from hypothesis import HealthCheck, settings
from lacks import lacking
from playwright.sync_api import Browser, Page
from town import Town

from storage import open_store

settings.register_profile(
    "untimed", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")  # how long something takes is measured in benchmarks, on a quiet machine

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each of many processes would compile everything anew

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1/test")
AMQP_URL = os.environ.get("TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/")

EMPTY = """
DO $$
DECLARE name text;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'migrations'
      AND pg_relation_size(format('%I.%I', schemaname, tablename)::regclass) > 0 LOOP
    EXECUTE format('DELETE FROM %I', name);
  END LOOP;
END $$
"""
"""Takes every row out of every table, whatever refers to it."""
SWOLLEN = """
SELECT tablename FROM pg_tables WHERE schemaname = current_schema()
  AND pg_relation_size(format('%I.%I', schemaname, tablename)::regclass) > 1000000
"""
"""Tables full of rows that are gone: they slow down whatever reads them, and not every server cleans up."""


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
        lacking(reason)
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


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> Iterator[str]:
    """The address of a schema that has every table, made once for all tests of a process."""
    schema = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        address = f"{postgres_server}{'&' if '?' in postgres_server else '?'}options=-csearch_path%3D{schema}"
        asyncio.run(_open_once(address))
        yield address
        connection.execute("SET client_min_messages = warning")
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture(scope="session")
def emptying(migrated_postgres: str) -> Iterator[Callable[[], str]]:
    """Empty the schema that has every table, and return its address. One connection does it, which knows them."""
    times = itertools.count()
    with psycopg.connect(migrated_postgres, autocommit=True) as connection:

        def empty() -> str:
            connection.execute(EMPTY)
            if next(times) % 16 == 0:
                for (table,) in connection.execute(SWOLLEN).fetchall():
                    connection.execute(f"VACUUM {table}")
            return migrated_postgres

        yield empty


@pytest.fixture(scope="module")
def emptied_postgres(emptying: Callable[[], str]) -> str:
    """The address of a schema that has every table, and no row when the first test of a module asks for it."""
    return emptying()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that has every table, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "test.db"
    asyncio.run(_open_once(f"sqlite:///{path}"))
    return path


async def _open_once(url: str) -> None:
    async with open_store(url):
        pass


@pytest.fixture(params=["sqlite", "postgres"])
def ready_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that has every table and no row, on each engine in turn; quicker than ``url``."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "test.db")
        return f"sqlite:///{tmp_path / 'test.db'}"
    return str(request.getfixturevalue("emptying")())


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'data' / 'test.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, on each engine in turn."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(scope="session")
def broker_url() -> Iterator[str]:
    """The address of an empty vhost of a RabbitMQ that answers, one for each process that tests."""
    address = urlsplit(AMQP_URL)
    try:
        socket.create_connection((address.hostname or "", address.port or 5672), 2).close()
    except OSError as error:
        reason = f"no RabbitMQ at {address.hostname}: {error}"
        lacking(reason)
    vhost = f"test_{secrets.token_hex(8)}"
    _rabbitmqctl("add_vhost", vhost)
    _rabbitmqctl("set_permissions", "-p", vhost, address.username or "guest", ".*", ".*", ".*")
    yield AMQP_URL.rstrip("/") + f"/{vhost}"
    _rabbitmqctl("delete_vhost", vhost)


def _rabbitmqctl(*arguments: str) -> None:
    subprocess.run(["rabbitmqctl", "-q", *arguments], check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, shared by the tests of a module, none of which may be async."""
    if not EXECUTABLE.exists():
        reason = f"no Chromium at {EXECUTABLE}"
        lacking(reason)
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh browser without scripts, cookies or history, showing nothing yet."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def scripted_page(browser: Browser) -> Iterator[Page]:
    """A fresh browser that runs the scripts of pages."""
    context = browser.new_context()
    yield context.new_page()
    context.close()
