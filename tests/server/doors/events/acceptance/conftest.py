"""One server for each module of the checklist, on each engine in turn; a tenant of its own for each test."""

import itertools
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from eventsapi import Api, opened

_numbers = itertools.count()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def server_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database that has every table and no row."""
    if request.param == "postgres":
        return str(request.getfixturevalue("emptied_postgres"))
    path: Path = tmp_path_factory.mktemp("acceptance") / "test.db"
    shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
async def server(server_url: str) -> AsyncIterator[Api]:
    """A server whose default tenant pages call AS-000042, and which believes in one proxy."""
    named = '{"default": {"web_ids": ["AS-000042"]}}'
    async with opened(server_url, tenants=named, server_trusted_proxies="127.0.0.1") as made:
        yield made


@pytest.fixture
async def api(server: Api) -> Api:
    """A tenant in which nothing has happened."""
    return await server.tenant(f"north{next(_numbers)}")
