"""Numbered SQL files, applied once each and in order.

A migration and the record of it are one unit of work, so a process killed at any moment leaves either
all of it or nothing, and the next start goes on from there (REL-033). One process migrates at a time:
SQLite's write lock and an advisory lock of PostgreSQL see to it.
"""

import re
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from storage.connection import Store, Transaction
from storage.errors import Mismatch

DIRECTORY = Path(__file__).parent / "migrations"

_LOCK = 0x6865616477617465  # any number, as long as it is always the same one
_COMMENT = re.compile(r"--[^\n]*")
_WHOLE_NUMBER = re.compile(r"\b(BIGINT|SMALLINT)\b")
_FRACTION = re.compile(r"\bDOUBLE PRECISION\b")
_TABLE = re.compile(r"(CREATE TABLE .*\))\s*(/\* clustered \*/)?", re.DOTALL)

_RECORD = (
    "CREATE TABLE IF NOT EXISTS migrations"
    " (number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied BIGINT NOT NULL)"
)


@dataclass(frozen=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    path: Path

    @classmethod
    def from_path(cls, path: Path) -> "Migration":
        """Read number and name from a file name such as ``0001_initial.sql``."""
        number, _, name = path.stem.partition("_")
        return cls(int(number), name, path)

    def statements(self, engine: str) -> list[str]:
        """Return its statements as the engine spells them."""
        text = _COMMENT.sub("", self.path.read_text(encoding="utf-8"))
        return [spell(statement.strip(), engine) for statement in text.split(";") if statement.strip()]


def spell(statement: str, engine: str) -> str:
    """Write one statement of a migration the way the engine wants it.

    Migrations contain no semicolon and no ``--`` inside a literal.
    """
    if engine == "postgres":
        return statement
    statement = _FRACTION.sub("REAL", _WHOLE_NUMBER.sub("INTEGER", statement))
    table = _TABLE.fullmatch(statement)
    if table is None:
        return statement
    return f"{table[1]} STRICT{', WITHOUT ROWID' if table[2] else ''}"


@cache
def known(directory: Path = DIRECTORY) -> tuple[Migration, ...]:
    """List the migrations this program knows, in order."""
    found = (Migration.from_path(path) for path in directory.glob("*.sql"))
    return tuple(sorted(found, key=lambda migration: migration.number))


async def migrate(store: Store, directory: Path = DIRECTORY) -> list[str]:
    """Bring the database up to date and return the names of what was applied."""
    applied = []
    while (name := await store.write(_apply_next, known(directory), time.time_ns() // 1000)) is not None:
        applied.append(name)
    return applied


async def version(tx: Transaction) -> int:
    """Return the number of the last migration applied."""
    row = await tx.one("SELECT coalesce(max(number), 0) FROM migrations")
    return 0 if row is None else int(row[0] or 0)


async def _apply_next(tx: Transaction, migrations: tuple[Migration, ...], now: int) -> str | None:
    if tx.engine == "postgres":
        await tx.one("SELECT 1 FROM pg_advisory_xact_lock(:lock)", lock=_LOCK)
    await tx.run(spell(_RECORD, tx.engine))
    reached = await version(tx)
    if migrations and reached > migrations[-1].number:
        raise Mismatch(f"the database is at version {reached}, this program knows {migrations[-1].number}")
    following = next((m for m in migrations if m.number > reached), None)
    if following is None:
        return None
    for statement in following.statements(tx.engine):
        await tx.run(statement)
    await tx.run(
        "INSERT INTO migrations (number, name, applied) VALUES (:number, :name, :now)",
        number=following.number,
        name=following.name,
        now=now,
    )
    return following.name
