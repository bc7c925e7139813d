"""Outside activities: what programs posted, found by who may see it (Atom §6.3, §6.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, cast

from storage.audience import readable
from storage.connection import Transaction, Value
from storage.entries import Viewer
from storage.sql import each, listed


class OutsideRow(NamedTuple):
    """One outside activity; ``item`` is its row in ``objects``, ``document`` what is answered of it."""

    item: int
    poster: int
    identity: str
    generator: str
    generator_name: str
    author: str
    entity_key: str
    container_key: str
    published: int
    document: str


@dataclass(frozen=True, slots=True)
class Sight:
    """Who looks: a known actor or nobody. With ``everything`` nothing is kept from them."""

    viewer: Viewer | None = None
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which activities are asked for: between two instants, by whom, of what, from which generators.

    Generators are ``{id}@{name}``; keys are pairs of an option, ``key`` or ``issue-key``, and a value in lower case.
    """

    since: int | None = None
    until: int | None = None
    authors: tuple[str, ...] = ()
    not_authors: tuple[str, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()
    not_keys: tuple[tuple[str, str], ...] = ()
    generators: tuple[str, ...] = ()
    not_generators: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 10


_COLUMNS: Final = ", ".join(f"x.{name}" for name in OutsideRow._fields)
_FROM: Final = "FROM outside_activities x JOIN objects a ON a.id = x.item"
_KEPT: Final = (
    "a.deleted IS NULL AND a.document IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM objects told WHERE told.id = a.object AND told.deleted IS NOT NULL)"
)
"""Neither the activity was deleted nor the post that tells of it."""
_OPEN: Final = "NOT EXISTS (SELECT 1 FROM actors w WHERE w.id = a.owner AND w.state = 2)"
"""Nothing of a suspended actor is shown (AP-640)."""
_MET: Final = (
    "NOT EXISTS (SELECT 1 FROM blocks b WHERE b.actor = a.owner AND b.kind = 'block'"
    " AND b.target = :viewer_iri)"
)
"""Nor anything of those who have blocked the reader (AP-256)."""


async def add(tx: Transaction, row: OutsideRow) -> bool:
    """Note an activity; False when its poster has posted the same before."""
    names = ", ".join(OutsideRow._fields)
    values = ", ".join(f":{name}" for name in OutsideRow._fields)
    added = await tx.run(
        f"INSERT INTO outside_activities ({names}) VALUES ({values})"  # noqa: S608
        " ON CONFLICT (poster, identity) DO NOTHING",
        **row._asdict(),
    )
    return bool(added)


async def settle(tx: Transaction, poster: int, identity: str) -> None:
    """Forget what a poster has posted under an identity and what was deleted since, in whichever way."""
    await tx.run(
        "DELETE FROM outside_activities WHERE poster = :poster AND identity = :identity"  # noqa: S608
        f" AND NOT EXISTS (SELECT 1 FROM objects a WHERE a.id = outside_activities.item AND {_KEPT})",
        poster=poster, identity=identity,
    )  # fmt: skip


async def remove(tx: Transaction, item: int) -> None:
    """Forget an activity, so that its poster may post it again."""
    await tx.run("DELETE FROM outside_activities WHERE item = :item", item=item)


async def same(tx: Transaction, poster: int, identity: str) -> OutsideRow | None:
    """Return what a poster has posted under an identity, unless it was deleted since."""
    row = await tx.one(
        f"SELECT {_COLUMNS} {_FROM} WHERE x.poster = :poster AND x.identity = :identity AND {_KEPT}",
        poster=poster, identity=identity,
    )  # fmt: skip
    return None if row is None else _row(row)


async def one(tx: Transaction, item: int, sight: Sight) -> OutsideRow | None:
    """Return an activity that somebody may see."""
    condition, parameters = _seen(sight)
    row = await tx.one(
        f"SELECT {_COLUMNS} {_FROM} WHERE x.item = :item AND {_KEPT} AND {condition}",
        item=item, **parameters,
    )  # fmt: skip
    return None if row is None else _row(row)


async def some(tx: Transaction, wanted: Wanted, sight: Sight) -> list[OutsideRow]:
    """Return a page of the activities that somebody may see, newest first. One statement."""
    seen, parameters = _seen(sight)
    conditions = [_KEPT, seen]
    if wanted.since is not None:
        conditions.append("x.published >= :since")
        parameters["since"] = wanted.since
    if wanted.until is not None:
        conditions.append("x.published <= :until")
        parameters["until"] = wanted.until
    for said, sign in ((wanted, ""), (wanted, "not_")):
        for texts, value in (
            (getattr(said, f"{sign}authors"), "x.author"),
            (getattr(said, f"{sign}generators"), "x.generator || '@' || x.generator_name"),
            (_named(getattr(said, f"{sign}keys"), "key"), "x.container_key"),
            (_named(getattr(said, f"{sign}keys"), "issue-key"), "x.entity_key"),
        ):
            if texts:
                name = f"p{len(parameters)}"
                parameters[name] = listed((text,) for text in texts)
                among = f"IN (SELECT each.value ->> 0 FROM {each(tx.engine, name)})"  # noqa: S608
                conditions.append(f"{value} {'NOT ' if sign else ''}{among}")
    rows = await tx.all(
        f"SELECT {_COLUMNS} {_FROM} WHERE {' AND '.join(conditions)}"
        " ORDER BY x.published DESC, x.item DESC LIMIT :limit OFFSET :offset",
        limit=wanted.limit, offset=wanted.offset, **parameters,
    )  # fmt: skip
    return [_row(row) for row in rows]


async def generators(tx: Transaction, sight: Sight, *, limit: int) -> list[tuple[str, str]]:
    """Return which applications somebody sees activities of: (id, name), each once, in the order of their names."""
    condition, parameters = _seen(sight)
    rows = await tx.all(
        f"SELECT x.generator, x.generator_name {_FROM} WHERE {_KEPT} AND {condition}"
        " GROUP BY x.generator, x.generator_name ORDER BY x.generator_name, x.generator LIMIT :limit",
        limit=limit, **parameters,
    )  # fmt: skip
    return cast("list[tuple[str, str]]", [tuple(row) for row in rows])


def _named(keys: Iterable[tuple[str, str]], option: str) -> tuple[str, ...]:
    return tuple(value for name, value in keys if name == option)


def _seen(sight: Sight) -> tuple[str, dict[str, Value]]:
    """Return the SQL condition for what somebody may see, and its parameters."""
    if sight.everything:
        return "1 = 1", {}
    if sight.viewer is None:
        return f"a.public = 1 AND {_OPEN}", {}
    return (
        f"(x.poster = :viewer OR a.owner = :viewer OR ({_OPEN} AND {_MET} AND {readable('a')}))",
        {"viewer": sight.viewer.id, "viewer_iri": sight.viewer.iri},
    )


def _row(row: tuple[Value, ...]) -> OutsideRow:
    return OutsideRow(*row)  # type: ignore[arg-type]
