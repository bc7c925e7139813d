"""Copies of a PostgreSQL database, by its own tools (REL-032)."""

import asyncio
import os
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from storage.errors import StorageError

_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "options": "PGOPTIONS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


async def dump(conninfo: str, path: Path) -> None:
    """Write the database as of one moment into a new file, and read the file through once."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    await _run(conninfo, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")
    await _run(conninfo, "pg_restore", f"--file={os.devnull}", str(path))


async def restore(path: Path, conninfo: str) -> None:
    """Fill an empty database from such a file, all of it or nothing."""
    database = str(conninfo_to_dict(conninfo).get("dbname") or "")
    await _run(
        conninfo,
        "pg_restore",
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        f"--dbname={database}",
        str(path),
    )


async def _run(conninfo: str, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; how to connect goes by environment, where others cannot read it."""
    given = conninfo_to_dict(conninfo)
    connection = {_VARIABLES[name]: str(value) for name, value in given.items() if name in _VARIABLES}
    try:
        process = await asyncio.create_subprocess_exec(
            program, *arguments, env=os.environ | connection, stderr=asyncio.subprocess.PIPE
        )
    except FileNotFoundError as error:
        raise StorageError(
            f"{program} is not installed; it comes with PostgreSQL's client programs"
        ) from error
    _, complaint = await process.communicate()
    if process.returncode != 0:
        raise StorageError(f"{program}: {complaint.decode(errors='replace').strip()}")
