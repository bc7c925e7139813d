"""SQLite: one writer thread that commits waiting units of work together, and readers beside it.

The file is in WAL mode, so readers never wait for the writer. Every statement of a unit of work runs
on one thread without suspending, which is why a unit costs one hop to that thread and not one per
statement (REL-003, REL-029).
"""

from storage.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
