"""``headwater migrate``, ``backup``, ``restore``: the database as a whole (REL-032, REL-033)."""

import asyncio
from pathlib import Path

import click

from server.cli.run import Command, Run, pass_run
from storage import Store
from storage import backup as copying
from storage import migrate as migrating

a_file = click.Path(path_type=Path, dir_okay=False)


@click.command(cls=Command)
@pass_run
def migrate(run: Run) -> None:
    """Bring the database up to date; the server does so by itself when it starts."""

    async def look(store: Store) -> int:
        return await store.read(migrating.version)

    number = run.with_store(look)
    run.show({"version": number}, f"the database is at version {number}")


@click.command(cls=Command)
@click.argument("path", type=a_file)
@pass_run
def backup(run: Run, path: Path) -> None:
    """Copy the database into a new file and check the copy; a server may be running.

    Uploaded files are not in it: they never change once they are there, so copy their directory as it is.
    """

    async def copy(store: Store) -> None:
        await copying.backup(store, path)

    run.with_store(copy)
    size = path.stat().st_size
    run.show({"path": str(path), "bytes": size}, f"{path}: {size} bytes, checked")


@click.command(cls=Command)
@click.argument("path", type=a_file)
@pass_run
def restore(run: Run, path: Path) -> None:
    """Put a copy in an empty place. Deliveries stand still until `deliveries resume`."""
    asyncio.run(copying.restore(path, run.config.storage.url))
    run.show(
        {"path": str(path), "paused": list(copying.OUTGOING)},
        f"restored from {path}; when all is well: {run.program} deliveries resume",
    )
