"""Pieces of indexes along which lists of stream items are read, and what is left out on the way (Events §16).

A list is one piece, or several: that of each type or tag that is wanted, of each entity whose roles count. In each the
items stand in the order of time, so that of a piece only as many are read as a page may need.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from storage import eventaudience, eventfilters, eventkinds
from storage.connection import Transaction, Value
from storage.eventlists import COMMENT, Asked, Batched, Involving, Matched, Span, Tagged, Tenantwide
from storage.filtering import Every, Like, Node, OneOf
from storage.sql import each, listed

ALONE_MAX: Final = 20
"""The roles of so many entities have a piece each; those of all others, which were proxies once, have one together."""
TAGS_MAX: Final = 100
TYPES_MAX: Final = 30
"""More types of events are found among all events."""
LOOKED_AT_MAX: Final = 100_000
"""So many of the newest items are looked at for a list; what is left out of it counts too."""

_WILD: Final = frozenset("%_")
ROLES: Final = "event_roles r"
_ROLE: Final = {
    "sqlite": "instr(':' || {}.path || ':', each.value ->> 0) > 0",
    "postgres": "strpos(':' || {}.path || ':', each.value ->> 0) > 0",
}
_TYPED: Final = {
    "sqlite": "substr(e.type || '.', 1, length(each.value ->> 0)) = each.value ->> 0",
    "postgres": "starts_with(e.type || '.', each.value ->> 0)",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an index: its table, the condition that cuts it out, and the column by which it is in order.

    ``joined`` leads from there to the items, which are called ``e``; it is empty where the table has the items. A row
    counts if it ``fits``, and if of the rows for one item none ``before`` it does: both are conditions on an alias.
    """

    table: str
    cut: str
    at: str
    joined: str = ""
    parameters: tuple[tuple[str, Value], ...] = ()
    fits: str = ""
    before: str = ""

    @property
    def is_of_roles(self) -> bool:
        """Whether its rows are roles."""
        return self.table.endswith(ROLES)

    @property
    def repeats(self) -> bool:
        """Whether an item may be in it more than once."""
        return self.is_of_roles and self.table != ROLES


async def of(tx: Transaction, asked: Asked) -> list[Piece]:
    """Return the pieces that a list is read along. One statement if types are asked for, else none."""
    match asked.source:
        case Tenantwide():
            return await _tenantwide(tx, asked)
        case Involving(spans, kind, path):
            alone = [_involving(number, span, kind, path) for number, span in enumerate(spans[:ALONE_MAX])]
            return (
                [*alone, _together(tx.engine, spans[ALONE_MAX:], kind, path)] if spans[ALONE_MAX:] else alone
            )
        case Tagged(tag, kind):
            return [_tagged(0, tag, kind)]
        case Batched(batch, origin):
            cut = "e.tenant = :tenant AND e.batch_id = :batch AND (:origin = '' OR e.origin = :origin)"
            return [
                Piece(
                    "events e",
                    f"{cut} AND e.kind = 0",
                    "e.occurred",
                    "",
                    (("batch", batch), ("origin", origin)),
                )
            ]
        case Matched(follower):
            return [_matched(follower)]


async def _tenantwide(tx: Transaction, asked: Asked) -> list[Piece]:
    if asked.tags and len(asked.tags) <= TAGS_MAX:
        return [_tagged(number, tag, 0) for number, tag in enumerate(asked.tags)]
    newest = [Piece("events e", "e.tenant = :tenant AND e.kind = 0", "e.occurred")]
    wanted = asked.types or _types_in(asked.filter)
    if not wanted:
        return newest
    types = await eventkinds.types_below(tx, asked.tenant, wanted, limit=TYPES_MAX + 1)
    return newest if len(types) > TYPES_MAX else [_typed(number, type) for number, type in enumerate(types)]


def _types_in(node: Node | None) -> tuple[str, ...]:
    """Return types below which is everything that a filter means, if it says so: ``type LIKE 'as.fleet.%'``."""
    match node:
        case OneOf(("type",), values):
            return tuple(value for value in values if isinstance(value, str))
        case Like(("type",), text) if text.endswith(".%") and _WILD.isdisjoint(text[:-2]):
            return (text[:-2],)
        case Every(parts):
            return next((types for types in map(_types_in, parts) if types), ())
    return ()


def _typed(number: int, type: str) -> Piece:
    cut = f"e.tenant = :tenant AND e.type = :type{number} AND e.kind = 0"
    return Piece("events e", cut, "e.occurred", "", ((f"type{number}", type),))


def _involving(number: int, span: Span, kind: int, path: str) -> Piece:
    named = f"r.named = :named{number} AND r.occurred >= :since{number} AND r.occurred < :until{number}"
    given = ((f"named{number}", span.named), (f"since{number}", span.since), (f"until{number}", span.until))
    return _roles(ROLES, named, given, kind, path)


def _together(engine: str, spans: Sequence[Span], kind: int, path: str) -> Piece:
    named, since, until = (f"CAST(each.value ->> {member} AS BIGINT)" for member in range(3))
    cut = f"r.named = {named} AND r.occurred >= {since} AND r.occurred < {until}"
    return _roles(f"{each(engine, 'spans')} CROSS JOIN {ROLES}", cut, (("spans", listed(spans)),), kind, path)


def _roles(table: str, cut: str, given: tuple[tuple[str, Value], ...], kind: int, path: str) -> Piece:
    trades = "(e.kind = 0 OR e.kind = 2 AND {0}.path LIKE 'TRADE:%')"
    role = " AND {0}.path = :path" if path else ""
    return Piece(
        table, cut, "r.occurred", " CROSS JOIN events e WHERE e.id = r.item", (*given, ("path", path)),
        fits=f"{'e.kind = 1' if kind == COMMENT else trades}{role}",
        before="event_roles o WHERE o.named = r.named AND o.occurred = r.occurred AND o.item = r.item"
        " AND (o.path, o.external_id) < (r.path, r.external_id)",
    )  # fmt: skip


def _tagged(number: int, tag: str, kind: int) -> Piece:
    return Piece(
        "event_tags t", f"t.tenant = :tenant AND t.tag = :tag{number}", "t.occurred",
        f" CROSS JOIN events e WHERE e.id = t.item AND e.kind = {kind}", ((f"tag{number}", tag),),
    )  # fmt: skip


def _matched(follower: int) -> Piece:
    lives = (
        "EXISTS (SELECT 1 FROM event_follows f WHERE f.id = {0}.follow)"
        " AND EXISTS (SELECT 1 FROM event_follows f WHERE f.id = {0}.monitor)"
    )
    return Piece(
        "event_matches m", "m.follower = :follower", "m.occurred", " CROSS JOIN events e WHERE e.id = m.item",
        (("follower", follower),), fits=lives,
        before="event_matches o WHERE o.follower = m.follower AND o.occurred = m.occurred AND o.item = m.item"
        " AND (o.follow, o.monitor) < (m.follow, m.monitor)",
    )  # fmt: skip


def read(engine: str, asked: Asked, piece: Piece, share: int) -> tuple[str, dict[str, Value]]:
    """Return what is read of a piece: a FROM clause with all conditions, and their parameters.

    Not more items than its ``share`` are looked at: the oldest for a list that begins with them, else the newest.
    """
    within = f"{piece.cut} AND {piece.at} < :until AND {piece.at} >= :since"
    edge, order = ("<=", "ASC") if asked.oldest_first else (">=", "DESC")
    share_ends = (
        f"SELECT {piece.at} FROM {piece.table} WHERE {within}"  # noqa: S608
        f" ORDER BY {piece.at} {order} LIMIT 1 OFFSET :share"
    )
    least = ":until" if asked.oldest_first else ":since"
    conditions = [
        within,
        f"{piece.at} {edge} coalesce(({share_ends}), {least})",
        *_conditions(engine, asked, piece),
    ]
    parameters: dict[str, Value] = {
        "tenant": asked.tenant, "since": asked.since, "until": asked.until, "share": share,
        **dict(piece.parameters), **eventaudience.named(asked.parties),
    }  # fmt: skip
    if asked.min_importance is not None:
        parameters["importance"] = asked.min_importance
    for name, texts in (("types", (f"{type}." for type in asked.types)), ("tags", asked.tags),
                        ("roles", (f":{label}:" for label in asked.roles))):  # fmt: skip
        parameters[name] = listed((text,) for text in texts)
    if asked.filter is not None:
        wanted = eventfilters.condition(engine, asked.filter, eventfilters.ITEMS)
        conditions.append(wanted.sql)
        parameters |= wanted.parameters
    tables = f"{piece.table}{piece.joined}" if piece.joined else f"{piece.table} WHERE 1 = 1"
    return f"{tables} AND {' AND '.join(conditions)}", parameters


def _conditions(engine: str, asked: Asked, piece: Piece) -> Iterator[str]:
    """Return what every item of a list has to be like, but for what a filter says."""
    yield "e.hidden = 0"
    yield eventaudience.item(engine, "e", asked.parties)
    if asked.min_importance is not None:
        yield "e.importance >= :importance"
    if asked.types:
        yield f"EXISTS (SELECT 1 FROM {each(engine, 'types')} WHERE {_TYPED[engine]})"  # noqa: S608
    if asked.tags:
        some = f"SELECT each.value ->> 0 FROM {each(engine, 'tags')}"  # noqa: S608
        yield f"EXISTS (SELECT 1 FROM event_tags g WHERE g.item = e.id AND g.tag IN ({some}))"  # noqa: S608
    if asked.roles and not piece.is_of_roles:
        yield f"EXISTS (SELECT 1 FROM event_roles r WHERE r.item = e.id AND {_role(engine, asked, 'r')})"  # noqa: S608
    if piece.fits:
        fits = [piece.fits, *([_role(engine, asked, "{0}")] if piece.is_of_roles else [])]
        alias = piece.table[-1]
        yield from (condition.format(alias) for condition in fits)
        earlier = " AND ".join(condition.format("o") for condition in fits)
        yield f"NOT EXISTS (SELECT 1 FROM {piece.before} AND {earlier})"  # noqa: S608


def _role(engine: str, asked: Asked, alias: str) -> str:
    """Return the condition that a role may be known of, and is one that is wanted."""
    known = eventaudience.role(engine, alias, asked.parties)
    wanted = f"EXISTS (SELECT 1 FROM {each(engine, 'roles')} WHERE {_ROLE[engine].format(alias)})"  # noqa: S608
    return f"{known} AND {wanted}" if asked.roles else known
