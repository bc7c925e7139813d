"""What a server is when one process does not do any more: PostgreSQL, several that serve, and one that works."""

import contextlib
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator

import psycopg
from lacks import lacking
from town import Server

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1/test")


@contextlib.contextmanager
def schema() -> Iterator[str]:
    """Lend the address of an empty schema, which goes afterwards."""
    try:
        connection = psycopg.connect(POSTGRES_URL, connect_timeout=2, autocommit=True)
    except psycopg.OperationalError as error:
        reason = f"no PostgreSQL at {POSTGRES_URL}: {error}"
        lacking(reason)
    joint = "&" if "?" in POSTGRES_URL else "?"
    name = f"journey_{secrets.token_hex(6)}"
    with connection:
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            yield f"{POSTGRES_URL}{joint}options=-csearch_path%3D{name}"
        finally:
            connection.execute("SET client_min_messages = warning")
            connection.execute(f"DROP SCHEMA {name} CASCADE")


@contextlib.contextmanager
def working_for(server: Server) -> Iterator[None]:
    """Keep a ``headwater worker`` beside a server; asked to stop, it must end well."""
    with (server.directory / "worker.log").open("ab") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "server", "worker"],
            cwd=server.directory, env=server.environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        yield
        worker.terminate()
        assert worker.wait(12) == 0, (server.directory / "worker.log").read_text()[-4000:]
    finally:
        worker.kill()
        worker.wait()
