"""What PostgreSQL's errors mean to us, by their SQLSTATE."""

import psycopg

from storage.errors import Broken, Busy, Conflict, Full, StorageError, TooLong, Unreachable

_MEANINGS: dict[str, type[StorageError]] = {
    "23505": Conflict,
    "40001": Busy,  # could not serialise
    "40P01": Busy,  # deadlock
    "55P03": Busy,  # waited for a lock too long
    "57014": TooLong,
    "53100": Full,
    "58030": Broken,
    "XX001": Broken,
    "XX002": Broken,
    "53300": Unreachable,  # too many connections
    "57P01": Unreachable,  # shutting down
    "57P02": Unreachable,
    "57P03": Unreachable,  # starting up
}


def fault(error: psycopg.Error) -> Exception:
    """Tell what a database error means; a misuse of the driver is returned as it is."""
    state = error.sqlstate
    if state is not None:
        meaning = Unreachable if state.startswith("08") else _MEANINGS.get(state, StorageError)
        return meaning(str(error).strip(), state)
    if isinstance(error, psycopg.OperationalError):
        return Unreachable(str(error).strip())
    return error
