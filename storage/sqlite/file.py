"""The database file and the connections to it."""

import os
import sqlite3
from pathlib import Path

from storage.errors import StorageError
from storage.patterns import matches

BUSY_SECONDS = 5.0
STATEMENTS_CACHED = 512
WAL_BYTES_MAX = 64 * 1024 * 1024
SYNCHRONOUS = {"full": "FULL", "normal": "NORMAL", "off": "OFF"}

_SETTINGS = ("trusted_schema = OFF", "cell_size_check = ON", "temp_store = MEMORY")  # SEC-115


def prepare(path: Path) -> None:
    """Make the file and its directory if need be, closed to other users (SEC-116).

    A symbolic link in the place of the file is refused. SQLite gives its ``-wal`` and ``-shm`` files
    the mode of the database itself.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StorageError(f"cannot open {path}: {error.strerror}") from error


def connect_writer(path: Path, durability: str) -> sqlite3.Connection:
    """Connect to write: WAL, and a sync before each commit returns unless told otherwise (REL-002)."""
    return _connect(
        path,
        "rw",
        "journal_mode = WAL",
        f"synchronous = {SYNCHRONOUS[durability]}",
        "foreign_keys = ON",
        f"journal_size_limit = {WAL_BYTES_MAX}",
    )


def connect_reader(path: Path) -> sqlite3.Connection:
    """Connect to read only."""
    return _connect(path, "ro", "query_only = ON")


def _connect(path: Path, mode: str, *settings: str) -> sqlite3.Connection:
    # The driver must not begin transactions by itself, and a connection may be closed from another thread.
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        cached_statements=STATEMENTS_CACHED,
        check_same_thread=False,
    )
    try:
        for setting in (*_SETTINGS, *settings):
            connection.execute(f"PRAGMA {setting}")
        connection.create_function("matches", 2, matches, deterministic=True)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
