"""What SQLite's own errors mean to us."""

import sqlite3

from storage.errors import Broken, Busy, Conflict, Full, StorageError, TooLong

_UNIQUENESS = {
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_ROWID,
}
# A full disk also shows where SQLite enlarges its shared-memory file.
_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
_WAITED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def fault(error: sqlite3.Error) -> Exception:
    """Tell what a database error means; a misuse of the driver is returned as it is."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        # The driver's own: text in the file that we cannot have written, or a misuse of the driver.
        return Broken(str(error)[:200]) if isinstance(error, sqlite3.OperationalError) else error
    facts = (str(error), error.sqlite_errorname)
    if code in _UNIQUENESS:
        return Conflict(*facts)
    if code in _NO_ROOM:
        return Full(*facts)
    primary = code & 0xFF
    if primary in _WAITED:
        return Busy(*facts)
    if primary == sqlite3.SQLITE_INTERRUPT:
        return TooLong(*facts)
    if primary in _DAMAGED:
        return Broken(*facts)
    return StorageError(*facts)
