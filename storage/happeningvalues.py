"""Values by which happenings are found: each text is kept once, and known by a number everywhere else (Atom §4.3)."""

from collections.abc import Iterable
from json import dumps, loads
from typing import Final, NamedTuple, cast

from storage.connection import Transaction
from storage.ids import next_id
from storage.sql import each, listed

USER: Final = "user"
SHELF: Final = "shelf"
"""Where a provider's happenings lie, by who may see them at most (``happeningshelves``)."""


class Facet(NamedTuple):
    """A value of an option. Of a user ``name`` and ``handle`` are what else they are called, empty when nothing."""

    option: str
    value: str
    name: str = ""
    handle: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        """What tells it apart from any other."""
        return (self.option, self.value)


async def intern(tx: Transaction, facets: Iterable[Facet]) -> dict[tuple[str, str], int]:
    """Return the numbers of values, giving one to each that is new. One statement, three when some are new."""
    wanted = {facet.pair: facet for facet in facets}
    known = await _known(tx, wanted)
    new = [facet for pair, facet in sorted(wanted.items()) if pair not in known]
    if not new:
        return known
    await tx.many(
        "INSERT INTO happening_values (id, option, value, name, handle)"
        " VALUES (:id, :option, :value, :name, :handle) ON CONFLICT (option, value) DO NOTHING",
        [{"id": next_id(), **facet._asdict()} for facet in new],
    )
    return await _known(tx, wanted)


async def _known(tx: Transaction, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    rows = await tx.all(
        "SELECT v.option, v.value, v.id FROM happening_values v WHERE (v.option, v.value) IN"  # noqa: S608
        f" (SELECT each.value ->> 0, each.value ->> 1 FROM {each(tx.engine, 'pairs')})",
        pairs=listed(pairs),
    )
    return {(cast(str, option), cast(str, value)): cast(int, id) for option, value, id in rows}


async def find(tx: Transaction, option: str, values: Iterable[str]) -> list[int]:
    """Return the numbers of those values of an option that occur. One statement."""
    found = await _known(tx, [(option, value) for value in values])
    return sorted(found.values())


async def users(tx: Transaction, called: Iterable[str]) -> list[int]:
    """Return the numbers of users that go by these IRIs, names or handles. One statement."""
    texts = f"SELECT each.value ->> 0 FROM {each(tx.engine, 'called')}"  # noqa: S608
    rows = await tx.all(
        "SELECT v.id FROM happening_values v WHERE v.option = :user"  # noqa: S608
        f" AND (v.value IN ({texts}) OR v.name <> '' AND v.name IN ({texts})"
        f" OR v.handle <> '' AND v.handle IN ({texts})) ORDER BY v.id",
        user=USER, called=listed((text,) for text in called),
    )  # fmt: skip
    return [cast(int, row[0]) for row in rows]


async def of(tx: Transaction, option: str, *, limit: int) -> dict[int, str]:
    """Return the values of an option by their numbers, those first that were there first. One statement."""
    rows = await tx.all(
        "SELECT v.id, v.value FROM happening_values v WHERE v.option = :option ORDER BY v.id LIMIT :limit",
        option=option, limit=limit,
    )  # fmt: skip
    return dict(cast("list[tuple[int, str]]", rows))


async def keys(tx: Transaction, happenings: Iterable[str]) -> dict[int, str]:
    """Return the keys among the values of happenings, each given as ``written``, by their numbers. One statement."""
    rows = await tx.all(
        "SELECT v.id, v.value FROM happening_values v WHERE v.option = 'key'"  # noqa: S608
        f" AND v.id IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'ids')})",
        ids=listed((id,) for id in sorted({id for text in happenings for id in read(text)})),
    )
    return dict(cast("list[tuple[int, str]]", rows))


def written(values: Iterable[int]) -> str:
    """Write numbers of values as the text that a happening keeps of them."""
    return dumps(list(values), separators=(",", ":"))


def read(text: str) -> list[int]:
    """Read what ``written`` wrote."""
    return cast("list[int]", loads(text))
