"""Applications that report to us by web hooks, and what they have reported already (Atom §11)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, cast

from storage.connection import Row, Transaction
from storage.ids import next_id

QUEUE: Final = "hooks"
"""The jobs that tell what was reported; each names its ``hook``."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Where one application reports.

    ``owner`` and ``speaker`` are rows of actors: whose it is, and who tells what is reported. ``signing`` is what the
    application signs with or shows, None when whoever knows the address is believed.
    """

    id: int
    dialect: str
    signing: str | None
    owner: int
    speaker: int
    public: bool
    settings: Mapping[str, Any] = field(default_factory=dict)
    created: int = 0


_COLUMNS: Final = "id, dialect, signing, owner, speaker, public, settings, created"


def digest(text: str) -> str:
    """Return what is kept of a secret, or of a name that may be long."""
    return sha256(text.encode()).hexdigest()


async def add(tx: Transaction, hook: Hook, secret: str) -> None:
    """Let an application report at an address with a secret in it."""
    await tx.run(
        "INSERT INTO hooks (id, dialect, path, signing, owner, speaker, public, settings, created)"
        " VALUES (:id, :dialect, :path, :signing, :owner, :speaker, :public, :settings, :created)",
        id=hook.id, dialect=hook.dialect, path=digest(secret), signing=hook.signing, owner=hook.owner,
        speaker=hook.speaker, public=int(hook.public), settings=json.dumps(hook.settings), created=hook.created,
    )  # fmt: skip


def new_id() -> int:
    """Return the id of a hook to be."""
    return next_id()


async def by_secret(tx: Transaction, dialect: str, secret: str) -> Hook | None:
    """Find where an application reports, by the secret in the address. One statement."""
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM hooks WHERE path = :path AND dialect = :dialect",  # noqa: S608
        path=digest(secret), dialect=dialect,
    )  # fmt: skip
    return None if row is None else _hook(row)


async def by_id(tx: Transaction, id: int) -> Hook | None:
    """Find where an application reports. One statement."""
    row = await tx.one(f"SELECT {_COLUMNS} FROM hooks WHERE id = :id", id=id)  # noqa: S608
    return None if row is None else _hook(row)


async def every(tx: Transaction) -> list[Hook]:
    """List them all, the oldest first. One statement."""
    return [_hook(row) for row in await tx.all(f"SELECT {_COLUMNS} FROM hooks ORDER BY id")]  # noqa: S608


async def remove(tx: Transaction, id: int) -> bool:
    """Let nobody report there any more; False when nobody could. What was told stays."""
    return await tx.run("DELETE FROM hooks WHERE id = :id", id=id) > 0


async def note(tx: Transaction, hook: int, names: Iterable[str], *, now: int) -> set[str]:
    """Remember that something was reported, and return what had not been before."""
    fresh = set[str]()
    for name in dict.fromkeys(names):
        added = await tx.run(
            "INSERT INTO hook_reports (hook, digest, at) VALUES (:hook, :digest, :now) ON CONFLICT DO NOTHING",
            hook=hook, digest=digest(name), now=now,
        )  # fmt: skip
        if added:
            fresh.add(name)
    return fresh


def _hook(row: Row) -> Hook:
    id, dialect, signing, owner, speaker, public, settings, created = row
    return Hook(
        cast(int, id), cast(str, dialect), cast("str | None", signing), cast(int, owner), cast(int, speaker),
        bool(public), json.loads(cast(str, settings)), cast(int, created),
    )  # fmt: skip
