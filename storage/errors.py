"""What can go wrong with what we remember.

StorageError
├── Conflict        a uniqueness rule of the schema was about to be broken
├── Busy            the database is locked by someone else for longer than we wait
├── Full            no room left on the disk
├── Broken          the disk or the file failed: nothing more may be written
├── Unreachable     the database server does not answer
├── TooLong         a statement took longer than its unit of work allows
├── LeaseLost       the job being done was handed to another worker meanwhile
└── Mismatch        this database belongs to another server name or to a newer version
"""


class StorageError(Exception):
    """The root of everything storage raises on purpose."""


class Conflict(StorageError):
    """A uniqueness rule of the schema was about to be broken."""


class Busy(StorageError):
    """The database stayed locked for longer than we wait; the same work may be tried again."""


class Full(StorageError):
    """There is no room left on the disk; reads still work."""


class Broken(StorageError):
    """The disk or the database file failed: the process must stop writing and end (REL-004, REL-030)."""


class Unreachable(StorageError):
    """The database server does not answer."""


class TooLong(StorageError):
    """A statement took longer than its unit of work allows; it changed nothing."""


class LeaseLost(StorageError):
    """Whoever was to finish a job no longer holds it; what was done with it is undone (REL-013)."""


class Mismatch(StorageError):
    """Raised when a database was made for another public origin, or by a newer version of the program."""
