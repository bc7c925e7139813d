"""Copying a database while it serves, and starting again from the copy (REL-032).

Copying the files of a database by hand gives something that may not open; this gives one checked file.
"""

import asyncio
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from storage import jobs
from storage.connection import Store
from storage.errors import StorageError
from storage.open import open_store, sqlite_path
from storage.sqlite import copying

OUTGOING = ("deliver",)


async def backup(store: Store, target: Path) -> None:
    """Copy a database that is in use into a new file; the file appears once it is whole and checked."""
    partial = _beside(target)
    try:
        await store.copy_to(partial)
        _publish(partial, target)
    finally:
        partial.unlink(missing_ok=True)


async def restore(source: Path, url: str, *, paused: Iterable[str] = OUTGOING) -> None:
    """Put a copy in an empty place; what it would send waits until the operator resumes it.

    Other servers have seen what happened after the copy was made, so sending goes on only when someone
    has looked.
    """
    target = sqlite_path(url)
    if target is None:
        await _restore_postgres(source, url, paused)
        return
    partial = _beside(target)
    try:
        await asyncio.to_thread(copying.check, source)
        await asyncio.to_thread(copying.copy, source, partial)
        await _pause(f"sqlite:///{partial}", paused)
        _publish(partial, target)
    finally:
        partial.unlink(missing_ok=True)


async def _restore_postgres(source: Path, url: str, paused: Iterable[str]) -> None:
    from storage.postgres import copying as dumps

    await dumps.restore(source, url)
    await _pause(url, paused)


async def _pause(url: str, queues: Iterable[str]) -> None:
    async with open_store(url) as store:
        for queue in queues:
            await store.write(jobs.pause, queue)


def _beside(target: Path) -> Path:
    """Return where to write a file that is to appear as ``target``, which must not exist yet."""
    if target.exists():
        raise StorageError(f"{target} exists already")
    return target.with_name(f".{target.name}.{secrets.token_hex(8)}.partial")


def _publish(partial: Path, target: Path) -> None:
    """Give a file its name once it is on the disk, and see that the name is too (REL-002)."""
    _sync(partial)
    partial.rename(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
