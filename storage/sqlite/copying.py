"""Copying an SQLite database while it is being written to, and checking the copy (REL-032)."""

import contextlib
import sqlite3
from pathlib import Path

from storage.errors import Broken, StorageError
from storage.sqlite.faults import fault
from storage.sqlite.file import connect_reader, prepare


def copy(source: Path, target: Path) -> None:
    """Copy a database as of one moment into a new file, and check it; writers are not held up.

    The whole copy is one step of SQLite's backup: in several steps it would begin anew at each commit.
    """
    prepare(target)
    try:
        with (
            contextlib.closing(connect_reader(source)) as reader,
            contextlib.closing(sqlite3.connect(target)) as writer,
        ):
            reader.backup(writer)
            writer.execute("PRAGMA journal_mode = DELETE")
        check(target)
    except sqlite3.Error as error:
        raise fault(error) from error


def check(path: Path) -> None:
    """Read a whole database and compare its indexes and references with its rows; raise Broken (REL-030)."""
    try:
        with contextlib.closing(connect_reader(path)) as reader:
            complaints = [
                str(row[0]) for row in reader.execute("PRAGMA integrity_check(10)") if row[0] != "ok"
            ]
            complaints += [
                f"{row[0]}: no such {row[2]}" for row in reader.execute("PRAGMA foreign_key_check")
            ]
            (known,) = reader.execute(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'migrations'"
            ).fetchone()
    except sqlite3.Error as error:
        raise fault(error) from error
    if complaints:
        raise Broken(f"{path} is damaged", *complaints)
    if not known:
        raise StorageError(f"{path} is not a copy of a database of ours")
