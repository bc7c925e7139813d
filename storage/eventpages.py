"""Pages of stream items of the Events API: which ones are on a page, and how many there are (Events §1.5, §16)."""

from typing import Final, NamedTuple, cast

from storage import eventpieces
from storage.connection import Transaction, Value
from storage.eventlists import ORDERS, Asked
from storage.eventpieces import LOOKED_AT_MAX, Piece

REACH: Final = 10_000
"""So many of the first items of a list are reached by paging, and so far they are counted."""

_GROUP: Final = "m.scope, m.topic, m.alone"
_MEMBERS: Final = "c.id, c.occurred, c.received, c.stream_id, c.topic, c.members, c.begun, c.ended"


class Placed(NamedTuple):
    """An item on a page. With a ``topic`` it is of a group.

    In a collapsed list it stands for so many ``members``, that occurred between two instants.
    """

    id: int
    occurred: int
    received: int
    stream_id: str
    topic: str | None
    members: int
    begun: int
    ended: int


async def page(tx: Transaction, asked: Asked, *, limit: int, offset: int = 0) -> list[Placed]:
    """Return a page of a list; with ``collapse`` the first of each group alone, for its whole group (Events §7.19)."""
    pieces, parameters = await _pieces(tx, asked)
    if not pieces:
        return []
    found = _first(asked, pieces)
    rows = await tx.all(
        f"SELECT {_MEMBERS} FROM ({_grouped(asked, found)}) AS c WHERE c.place = 1"  # noqa: S608
        f" ORDER BY {_order(asked, 'c')} LIMIT :limit OFFSET :offset",
        reach=REACH if asked.collapse else min(REACH, offset + limit), limit=max(0, min(limit, REACH - offset)),
        offset=offset, **parameters,
    )  # fmt: skip
    return list(map(Placed._make, cast("list[tuple[int, int, int, str, str | None, int, int, int]]", rows)))


async def count(tx: Transaction, asked: Asked) -> int:
    """Return how many items a list has, as far as it is reached."""
    pieces, parameters = await _pieces(tx, asked)
    if not pieces:
        return 0
    if asked.collapse:
        found = f"SELECT DISTINCT {_GROUP} FROM ({_first(asked, pieces)}) AS m"  # noqa: S608
    else:
        every = " UNION ALL ".join(
            f"SELECT * FROM (SELECT e.id FROM {read} LIMIT :reach) AS part{number}"  # noqa: S608
            for number, (_, read) in enumerate(pieces)
        )
        distinct = "DISTINCT " if len(pieces) > 1 and pieces[0][0].joined else ""
        found = f"SELECT {distinct}m.id FROM ({every}) AS m LIMIT :reach"  # noqa: S608
    row = await tx.one(f"SELECT count(*) FROM ({found}) AS c", reach=REACH, **parameters)  # noqa: S608
    return 0 if row is None else cast(int, row[0])


async def _pieces(tx: Transaction, asked: Asked) -> tuple[list[tuple[Piece, str]], dict[str, Value]]:
    """Return the pieces of a list, each with what is read of it, and the parameters of all."""
    pieces = await eventpieces.of(tx, asked)
    share = LOOKED_AT_MAX // max(1, len(pieces))
    found, parameters = [], dict[str, Value]()
    for piece in pieces:
        read, given = eventpieces.read(tx.engine, asked, piece, share)
        found.append((piece, read))
        parameters |= given
    return found, parameters


def _first(asked: Asked, pieces: list[tuple[Piece, str]]) -> str:
    """Return the statement that finds the first items of a list, in no order."""
    columns = (
        f"e.received, e.stream_id, {ORDERS[asked.order]} AS rank,"
        " CASE WHEN e.scope <> '' THEN e.scope ELSE e.type END AS scope, e.grouped AS topic,"
        " CASE WHEN e.grouped IS NULL THEN e.id ELSE 0 END AS alone"
    )
    return " UNION ".join(
        f"SELECT * FROM (SELECT {'DISTINCT ' if piece.repeats else ''}e.id, {piece.at} AS occurred, {columns}"  # noqa: S608
        f" FROM {read} ORDER BY {_order(asked, '')} LIMIT :reach) AS part{number}"
        for number, (piece, read) in enumerate(pieces)
    )


def _grouped(asked: Asked, found: str) -> str:
    """Return what was found with its place in its group; without ``collapse`` each is the first of its own."""
    if not asked.collapse:
        place = "1 AS place, 1 AS members, m.occurred AS begun, m.occurred AS ended"
        return f"SELECT m.*, {place} FROM ({found}) AS m"  # noqa: S608
    whole = f"OVER (PARTITION BY {_GROUP})"
    return (
        f"SELECT m.*, row_number() OVER (PARTITION BY {_GROUP} ORDER BY {_order(asked, 'm')}) AS place,"  # noqa: S608
        f" count(*) {whole} AS members, min(m.occurred) {whole} AS begun, max(m.occurred) {whole} AS ended"
        f" FROM ({found}) AS m"
    )


def _order(asked: Asked, alias: str) -> str:
    """Return the order of a list: what it is ordered by, time, reception, and then the stream id (Events §1.5)."""
    dot = f"{alias}." if alias else ""
    rank = "" if asked.order == "occurred_at" else f"{dot}rank {asked.direction}, "
    return f"{rank}{dot}occurred {asked.direction}, {dot}received {asked.direction}, {dot}stream_id"
