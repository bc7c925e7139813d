"""The protocol both drivers meet.

A *unit of work* is an ``async def`` function whose first parameter is a transaction. It may await
nothing but that transaction: no network, no sleep, no lock (REL-024). On SQLite it therefore never
suspends, and the driver can run several of them one after the other and commit them together;
on PostgreSQL the same function runs on the event loop. It may be run twice (after a serialisation
failure), so it must change nothing but the database, and report through its return value.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeAlias, TypeVar

from storage.signals import Signals

Value: TypeAlias = str | int | float | bytes | None
Row: TypeAlias = tuple[Value, ...]

P = ParamSpec("P")
T = TypeVar("T")


class Transaction(Protocol):
    """What a unit of work may do. Parameters are named in the statement as ``:name``."""

    engine: str
    """``sqlite`` or ``postgres``, for the rare statement that must differ."""

    async def all(self, sql: str, /, **parameters: Value) -> list[Row]:
        """Run a statement and return every row."""

    async def one(self, sql: str, /, **parameters: Value) -> Row | None:
        """Run a statement and return its first row, or None."""

    async def run(self, sql: str, /, **parameters: Value) -> int:
        """Run a statement and return how many rows it changed."""

    async def many(self, sql: str, rows: Iterable[Mapping[str, Value]], /) -> int:
        """Run one statement once for each row of parameters and return how many rows that changed."""

    async def limit(self, seconds: float) -> None:
        """Let no statement of a scan take longer from now on: TooLong is raised then."""

    def wake(self, *topics: str) -> None:
        """Wake, after the commit, those who wait for these topics; nothing happens on a rollback."""


class Store(Protocol):
    """A database that remembers.

    ``write`` returns only after the commit has reached the disk (REL-001, REL-002); whatever the unit
    raises rolls back that unit alone and is raised to the caller. ``read`` sees committed state only
    and refuses to write; it is for short, bounded reads. Raises the errors of ``storage.errors``.
    """

    engine: str
    signals: Signals

    async def write(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a unit of work in a transaction of its own and commit it."""

    async def read(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a unit of work that only reads."""

    async def peek(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a unit of work of one reading statement: it needs no snapshot, and pays for none."""

    async def glance(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Peek for what is asked for again and again: what was read may be remembered while nothing is committed.

        Arguments must be hashable, and the result must not be changed. None, for what is not there, is not remembered.
        """

    async def scan(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a unit of work that only reads but may take long; it never holds up the event loop."""

    def version(self) -> int | None:
        """Return a number for the state that a read begun now would see; None where only a statement could tell.

        It is another one after each commit, whoever made it. What was read since it was returned is of that state or
        of a later one.
        """

    async def copy_to(self, path: Path) -> None:
        """Write everything, as of one moment, into a new file, and check that it can be read (REL-032)."""
