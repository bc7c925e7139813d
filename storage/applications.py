"""Linked applications: others whose streams are part of ours, and what they said they have (Atom §9)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from storage.connection import Row, Transaction
from storage.ids import next_id

CHANGED: Final = "linked-applications"
"""The signal that is rung when one came, went or said something else of itself."""


@dataclass(frozen=True, slots=True)
class Application:
    """One linked application.

    ``credentials`` are the value of an Authorization field, None where nobody in particular asks; ``owner`` is the row
    of the actor whose they are. ``providers`` are its own, as its configuration has them. A ``delegated`` one is asked
    for each member by credentials of theirs (``storage.applicationconsents``).
    """

    id: int
    name: str
    url: str
    type: str
    owner: int
    public: bool
    credentials: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    providers: Sequence[Mapping[str, Any]] = ()
    problem: str = ""
    fetched: int | None = None
    created: int = 0
    delegated: bool = False


_COLUMNS: Final = (
    "id, name, url, type, owner, public, credentials, settings, providers, problem, fetched, created"
)


def new_id() -> int:
    """Return the id of one to be."""
    return next_id()


async def add(tx: Transaction, new: Application) -> bool:
    """Keep a linked application; False when another has its name."""
    added = await tx.run(
        f"INSERT INTO linked_applications ({_COLUMNS}) VALUES (:id, :name, :url, :type, :owner, :public,"  # noqa: S608
        " :credentials, :settings, :providers, :problem, :fetched, :created) ON CONFLICT (name) DO NOTHING",
        id=new.id, name=new.name, url=new.url, type=new.type, owner=new.owner, public=int(new.public),
        credentials=new.credentials, settings=_settings(new), providers=_text(new.providers),
        problem=new.problem, fetched=new.fetched, created=new.created,
    )  # fmt: skip
    tx.wake(CHANGED)
    return bool(added)


async def every(tx: Transaction) -> list[Application]:
    """List them by name. One statement."""
    return [_read(row) for row in await tx.all(f"SELECT {_COLUMNS} FROM linked_applications ORDER BY name")]  # noqa: S608


async def told(
    tx: Transaction, id: int, providers: Sequence[Mapping[str, Any]] | None, *, problem: str, now: int
) -> None:
    """Note what an application said of itself; with None, that it said nothing, and what was known stays."""
    await tx.run(
        "UPDATE linked_applications SET providers = coalesce(:providers, providers), problem = :problem,"
        " fetched = :now WHERE id = :id",
        id=id, providers=None if providers is None else _text(providers), problem=problem, now=now,
    )  # fmt: skip
    tx.wake(CHANGED)


async def remove(tx: Transaction, name: str) -> bool:
    """Link an application no more; False when none has this name."""
    removed = await tx.run("DELETE FROM linked_applications WHERE name = :name", name=name)
    tx.wake(CHANGED)
    return removed > 0


def _settings(one: Application) -> str:
    return json.dumps({"keys": dict(one.keys), **({"delegated": True} if one.delegated else {})})


def _text(providers: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps([dict(one) for one in providers], ensure_ascii=False, separators=(",", ":"))


def _read(row: Row) -> Application:
    id, name, url, type, owner, public, credentials, settings, providers, problem, fetched, created = row
    told = json.loads(str(settings))
    return Application(
        int(id or 0), str(name), str(url), str(type), int(owner or 0), bool(public),
        None if credentials is None else str(credentials), told.get("keys", {}),
        json.loads(str(providers)), str(problem), None if fetched is None else int(fetched), int(created or 0),
        told.get("delegated") is True,
    )  # fmt: skip
