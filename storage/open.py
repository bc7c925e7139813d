"""Opening a store from its address."""

import contextlib
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from storage import meta
from storage.connection import Store
from storage.errors import StorageError
from storage.migrate import migrate
from storage.sqlite import SqliteStore

DURABILITIES = ("full", "normal")
POSTGRES = ("postgresql://", "postgres://")


@contextlib.asynccontextmanager
async def open_store(
    url: str, *, base_url: str | None = None, durability: str = "full", alone: bool = False
) -> AsyncIterator[Store]:
    """Open a store, bring its schema up to date, and close it at the end.

    ``sqlite:///relative.db``, ``sqlite:////absolute.db``, ``sqlite://`` for a temporary one that ends
    with the program, or ``postgresql://…``. With ``base_url`` the database is bound to that public
    origin (REL-027). ``durability="normal"`` lets a power failure take the last commits (REL-002). With ``alone`` no
    other process serves the same clients, and what one commits may be seen a millisecond later here; reads cost less.
    """
    if durability not in DURABILITIES:
        raise ValueError(f"durability is one of {', '.join(DURABILITIES)}, not {durability}")
    async with _engine(url, durability, alone) as store:
        await migrate(store)
        if base_url is not None:
            await store.write(meta.claim_origin, base_url)
        yield store


def sqlite_path(url: str) -> Path | None:
    """Return the file an address names, or None when it is PostgreSQL's."""
    if url.startswith(POSTGRES):
        return None
    path = url.removeprefix("sqlite:///")
    if path in (url, "", "/"):
        raise StorageError(f"not the address of a database: {url.partition('@')[2] or url}")
    return Path(path)


@contextlib.asynccontextmanager
async def _engine(url: str, durability: str, alone: bool) -> AsyncIterator[Store]:
    if url == "sqlite://":
        with tempfile.TemporaryDirectory(prefix="headwater-") as directory:
            async with SqliteStore.opened(Path(directory) / "temporary.db", "off") as store:
                yield store
    elif (path := sqlite_path(url)) is not None:
        async with SqliteStore.opened(path, durability, share=alone) as store:
            yield store
    else:
        async with _postgres(url, durability) as store:
            yield store


def _postgres(url: str, durability: str) -> contextlib.AbstractAsyncContextManager[Store]:
    try:
        from storage.postgres import PostgresStore
    except ImportError as error:
        raise StorageError("PostgreSQL needs the extra: pip install 'headwater[postgres]'") from error
    return PostgresStore.opened(url, durability)
