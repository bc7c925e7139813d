"""Reading the index of what happened, along pieces of it (Atom §4).

A piece is a value: a shelf, a user, a key. In each the happenings stand in the order of time, and each statement looks
at a window of it: so many rows, and no more, however few of them are wanted. What else is asked for is looked up for
each row of the window.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, cast

from storage import happeningvalues
from storage.connection import Transaction, Value
from storage.happeningsight import Sight
from storage.sql import each, listed

STRIDE: Final = 500
"""By where their row of this number lies it is seen which of several pieces has the fewest rows on the way."""
WORDS_MAX: Final = 50


class Place(NamedTuple):
    """Where something stands: when it happened, and its row for what happened at once."""

    published: int
    item: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of each happening of a piece besides that somebody may see it.

    It is of a ``provider``, has one of the values of each set of ``having``, none of ``without``, and says one of each
    list of ``words``, which are folded as its text is.
    """

    sight: Sight
    provider: str
    having: tuple[frozenset[int], ...] = ()
    without: frozenset[int] = frozenset()
    words: tuple[tuple[str, ...], ...] = ()
    _cache: dict[str, tuple[str, dict[str, Value]]] = field(default_factory=dict, compare=False, repr=False)


class Window(NamedTuple):
    """What was found in a window of a piece, in the order of reading, and where the piece goes on; None at its end."""

    found: list[Place]
    rest: Place | None


_SAYS: Final = {"sqlite": "instr(h.text, :{0}) > 0", "postgres": "strpos(h.text, :{0}) > 0"}
_ORDERS: Final = ("f.published DESC, f.id DESC", "f.published, f.id")
"""How rows are read: downward, the newest first; and upward."""
_BELOW: Final = "(f.published, f.id) < (:published, :item) AND (f.published, f.id) > (:least, :least_item)"


async def window(
    tx: Transaction, piece: int, wanted: Wanted, before: Place, after: Place, *, size: int, limit: int,
    upward: bool = False,
) -> Window:  # fmt: skip
    """Look at so many rows of a piece, strictly between two places, for at most ``limit`` that are wanted.

    The newest of them come first; with ``upward`` the oldest.
    """
    bounds: dict[str, Value] = {
        "piece": piece, "published": before.published, "item": before.item, "least": after.published,
        "least_item": after.item,
    }  # fmt: skip
    order = _ORDERS[upward]
    edge = await tx.one(
        "SELECT f.published, f.id FROM happening_facets f WHERE f.value = :piece"  # noqa: S608
        f" AND {_BELOW} ORDER BY {order} LIMIT 1 OFFSET :size",
        **bounds, size=size - 1,
    )  # fmt: skip
    if edge is not None:  # the row itself is in the window
        at, item = cast("tuple[int, int]", edge)
        bounds |= {"published": at, "item": item + 1} if upward else {"least": at, "least_item": item - 1}
    condition, parameters = _condition(tx.engine, wanted)
    rows = await tx.all(
        "SELECT f.published, f.id FROM happening_facets f CROSS JOIN happenings h CROSS JOIN objects a"  # noqa: S608
        " LEFT JOIN objects t ON t.id = h.about"
        f" WHERE f.value = :piece AND {_BELOW} AND h.published = f.published AND h.id = f.id AND a.id = f.id"
        f" AND {condition} ORDER BY {order} LIMIT :limit",
        **bounds, **parameters, limit=limit,
    )  # fmt: skip
    found = [Place(*cast("tuple[int, int]", row)) for row in rows]
    if len(found) == limit:
        return Window(found, found[-1])
    return Window(found, None if edge is None else Place(*cast("tuple[int, int]", edge)))


def _condition(engine: str, wanted: Wanted) -> tuple[str, dict[str, Value]]:
    if engine not in wanted._cache:
        wanted._cache[engine] = _made(engine, wanted)
    return wanted._cache[engine]


def _made(engine: str, wanted: Wanted) -> tuple[str, dict[str, Value]]:
    """Return the condition about a row and its parameters; what is looked up fastest is asked first."""
    conditions, parameters = _facets(engine, wanted)
    for number, words in enumerate(wanted.words):
        names = {f"word{number}_{other}": word for other, word in enumerate(words[:WORDS_MAX])}
        conditions.append(f"({' OR '.join(_SAYS[engine].format(name) for name in names) or '1 = 0'})")
        parameters |= names
    conditions.append(wanted.sight.condition(engine))
    return " AND ".join(conditions), parameters | wanted.sight.parameters()


def _facets(engine: str, wanted: Wanted) -> tuple[list[str], dict[str, Value]]:
    conditions, parameters = ["h.provider = :provider"], dict[str, Value](provider=wanted.provider)
    for number, values in enumerate(wanted.having):
        conditions.append(_has(engine, f"having{number}"))
        parameters[f"having{number}"] = _numbers(values)
    if wanted.without:
        conditions.append(f"NOT {_has(engine, 'without')}")
        parameters["without"] = _numbers(wanted.without)
    return conditions, parameters


def _numbers(values: Iterable[int]) -> str:
    return listed((value,) for value in sorted(values))


def _has(engine: str, parameter: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM happening_facets x WHERE x.published = h.published AND x.id = h.id"  # noqa: S608
        f" AND x.value IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(engine, parameter)}))"
    )


async def reach(tx: Transaction, pieces: Iterable[int], *, until: int) -> int:
    """Return how far back the newest rows of pieces reach that lie before an instant: so many as ``STRIDE`` of each.

    The further, the fewer there are in between. 0 where there are not so many at all. A statement for each piece.
    """
    furthest = 0
    for piece in pieces:
        row = await tx.one(
            "SELECT f.published FROM happening_facets f WHERE f.value = :piece AND f.published < :until"
            " ORDER BY f.published DESC, f.id DESC LIMIT 1 OFFSET :stride",
            piece=piece, until=until, stride=STRIDE - 1,
        )  # fmt: skip
        furthest = max(furthest, 0 if row is None else cast(int, row[0]))
    return furthest


class Ended(NamedTuple):
    """Something that was deleted: its IRI, and when."""

    iri: str
    ended: int


async def ended(
    tx: Transaction, shelves: Iterable[int], pieces: Iterable[int], wanted: Wanted, *, since: int, limit: int
) -> list[Ended]:
    """Return what was deleted since an instant of what is on some shelves and in some pieces, last deletion first."""
    condition, parameters = _facets(tx.engine, wanted)
    rows = await tx.all(
        "SELECT a.iri, h.ended FROM happenings h CROSS JOIN objects a LEFT JOIN objects t ON t.id = h.about"  # noqa: S608
        " WHERE h.ended IS NOT NULL AND h.ended > :since AND a.id = h.id"
        f" AND {_has(tx.engine, 'shelves')} AND {_has(tx.engine, 'pieces')} AND {' AND '.join(condition)}"
        f" AND {wanted.sight.ended(tx.engine)} ORDER BY h.ended DESC, h.id DESC LIMIT :limit",
        since=since, limit=limit, shelves=_numbers(shelves), pieces=_numbers(pieces),
        **parameters, **wanted.sight.parameters(),
    )  # fmt: skip
    return [Ended(*cast("tuple[str, int]", row)) for row in rows]


async def values(tx: Transaction, items: Iterable[int]) -> set[int]:
    """Return the numbers of all values that some happenings have. One statement."""
    rows = await tx.all(
        "SELECT h.facets FROM happenings h WHERE h.id IN"  # noqa: S608
        f" (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})",
        items=_numbers(items),
    )
    return {id for row in rows for id in happeningvalues.read(cast(str, row[0]))}


class Told(NamedTuple):
    """What is stored of a happening, to be told: the activity, and what it is about as far as there is a document.

    ``replies`` counts public answers to what it is about, None unless that is ours.
    """

    item: int
    document: str
    context: str | None
    published: int
    updated: int | None
    provider: str
    about_document: str | None
    about_context: str | None
    about_updated: int | None
    facets: str
    replies: int | None = None


async def told(tx: Transaction, items: Iterable[int]) -> dict[int, Told]:
    """Return what is stored of happenings that somebody was found to be allowed to see. One statement."""
    rows = await tx.all(
        "SELECT a.id, a.document, a.context, a.published, a.updated, h.provider, t.document, t.context,"  # noqa: S608
        " t.updated, h.facets, CASE WHEN t.local = 1 THEN coalesce((SELECT r.public_total FROM streams r"
        " WHERE r.owner = t.id AND r.kind = 'replies' AND r.name = ''), 0) END"
        " FROM happenings h JOIN objects a ON a.id = h.id LEFT JOIN objects t ON t.id = h.about"
        f" WHERE h.id IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})"
        " AND a.document IS NOT NULL",
        items=listed((item,) for item in items),
    )
    return {cast(int, row[0]): Told._make(row) for row in rows}


class Named(NamedTuple):
    """A document that an activity names; ``name`` is what an actor is called."""

    iri: str
    kind: int
    type: str
    local: int
    document: str
    context: str | None
    name: str | None


async def named(tx: Transaction, iris: Iterable[str], sight: Sight) -> dict[str, Named]:
    """Return documents that activities name, as far as somebody may read them. One statement."""
    rows = await tx.all(
        "SELECT n.iri, n.kind, n.type, n.local, n.document, n.context, w.name FROM objects n"  # noqa: S608
        " LEFT JOIN actors w ON w.id = n.id"
        f" WHERE n.iri IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'iris')}) AND {sight.thing('n')}",
        iris=listed((iri,) for iri in iris), **{k: v for k, v in sight.parameters().items() if k in _READERS},
    )  # fmt: skip
    return {cast(str, row[0]): Named._make(row) for row in rows}


_READERS: Final = frozenset({"viewer", "viewer_iri"})


async def of_iri(tx: Transaction, iri: str, sight: Sight) -> int | None:
    """Return the row of the happening with an IRI, or that made the object with it, if somebody may see it."""
    row = await tx.one(
        "SELECT h.id FROM objects n CROSS JOIN happenings h CROSS JOIN objects a LEFT JOIN objects t ON t.id = h.about"  # noqa: S608
        " WHERE n.iri = :iri AND (h.id = n.id OR h.about = n.id AND a.type = 'Create') AND a.id = h.id"
        f" AND {sight.condition(tx.engine)} ORDER BY h.published, h.id LIMIT 1",
        iri=iri, **sight.parameters(),
    )  # fmt: skip
    return None if row is None else cast(int, row[0])
