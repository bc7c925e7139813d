"""Filters as SQL: conditions on rows and on the JSON in them, for both engines (Events §1.6).

What a client wrote is only ever a parameter, the names in a path included. Each test is true or false, never NULL, so
that NOT means the same here as in ``streams.filters``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from storage.connection import Value
from storage.filtering import (
    Every,
    Given,
    Instant,
    Like,
    Matches,
    Node,
    Not,
    OneOf,
    Operand,
    Ordered,
    Path,
    Some,
)
from storage.patterns import TEXT_CHARS_MAX, Pattern, glob

NEVER: Final = "1 = 0"
ALWAYS: Final = "1 = 1"


class Column(NamedTuple):
    """A column that a member is kept in: its SQL, and what it holds: ``text``, ``number`` or ``moment``."""

    sql: str
    holds: str = "text"
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """Where the members of a message are found: in columns, or in JSON texts by the first name of their path.

    The JSON text of the empty name has all others; without one, they are missing.
    """

    columns: Mapping[str, Column]
    documents: Mapping[str, str]


ITEMS: Final = Shape(
    {
        "type": Column("e.type"),
        "origin": Column("e.origin"),
        "importance": Column("e.importance", "number"),
        "occurred_at": Column("e.occurred", "moment"),
        "_received_at": Column("e.received", "moment"),
        "_registered_at": Column("e.registered", "moment"),
        "_stream_id": Column("e.stream_id"),
    },
    {"": "e.body"},
)
"""Items of streams: rows of ``events`` called ``e``."""
ENTITIES: Final = Shape(
    {
        "entity_ref": Column("(n.type || '/' || n.name)"),
        "entity_type": Column("n.type"),
        "entity_id": Column("n.name"),
        "label": Column("n.label"),
        "_registered_at": Column("n.registered", "moment"),
        "_last_updated": Column("n.updated", "moment"),
        "_stream_id": Column("n.stream_id"),
    },
    {"aspects": "n.aspects", "properties": "n.properties"},
)
"""Rows of ``event_entities`` called ``n``."""
LINKS: Final = Shape(
    {
        "type": Column("l.path"),
        "external_id": Column("l.external_id"),
        "weight": Column("coalesce(l.weight, 0)", "number"),
        "active_from": Column("l.active_from", "moment", nullable=True),
        "active_until": Column("l.active_until", "moment", nullable=True),
        "_stream_id": Column("l.stream_id"),
    },
    {"properties": "l.properties"},
)
"""Rows of ``event_links`` called ``l``."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in SQL with its parameters."""

    sql: str = ALWAYS
    parameters: dict[str, Value] = field(default_factory=dict)


def condition(engine: str, tree: Node, shape: Shape) -> Condition:
    """Return the condition that a row is what a filter means."""
    asking = _Asking(engine, shape, {})
    return Condition(asking.condition(tree), asking.parameters)


@dataclass(frozen=True, slots=True)
class _Asking:
    engine: str
    shape: Shape
    parameters: dict[str, Value]

    def condition(self, node: Node) -> str:
        """Return the condition of a part of the filter."""
        match node:
            case Every(parts):
                return f"({' AND '.join(map(self.condition, parts))})"
            case Some(parts):
                return f"({' OR '.join(map(self.condition, parts))})"
            case Not(part):
                return f"NOT {self.condition(part)}"
            case _:
                return f"({self._test(node)})"

    def _test(self, node: OneOf | Ordered | Like | Matches | Given) -> str:
        column = self.shape.columns.get(node.path[0])
        if column is not None:
            return self._of_column(column, node) if len(node.path) == 1 else NEVER
        own = self.shape.documents.get(node.path[0])
        document, path = (own, node.path[1:]) if own else (self.shape.documents.get(""), node.path)
        if document is None:
            return NEVER
        return self._in_json(document, path, node)

    # Columns

    def _of_column(self, column: Column, node: OneOf | Ordered | Like | Matches | Given) -> str:
        test = ALWAYS if isinstance(node, Given) else self._compared(column, node)
        return f"{column.sql} IS NOT NULL AND {test}" if column.nullable else test

    def _compared(self, column: Column, node: OneOf | Ordered | Like | Matches) -> str:
        match node:
            case OneOf(_, values):
                fitting = [self._put(value) for value in values if _kind(value) == column.holds]
                return f"{column.sql} IN ({', '.join(fitting)})" if fitting else NEVER
            case Ordered(_, operator, value) if _kind(value) == column.holds:
                return self._ordered(column.sql, operator, value)
            case Like(_, text) if column.holds == "text":
                return self._like(column.sql, text)
            case Matches(_, pattern) if column.holds == "text":
                return self._matches(column.sql, pattern)
        return NEVER

    # JSON

    def _in_json(self, document: str, path: Path, node: OneOf | Ordered | Like | Matches | Given) -> str:
        if isinstance(node, Given):
            return self._given(document, path)
        test = " OR ".join(self._of_value(node))
        if not test:
            return NEVER
        if self.engine == "sqlite":
            each = f"json_each({document}, {self._json_path(path)}) v"
            return f"EXISTS (SELECT 1 FROM {each} WHERE typeof(v.key) <> 'text' AND ({test}))"  # noqa: S608
        found = self._member(document, path)
        several = f"CASE jsonb_typeof({found}) WHEN 'array' THEN {found} ELSE jsonb_build_array({found}) END"
        return f"EXISTS (SELECT 1 FROM jsonb_array_elements({several}) AS v (value) WHERE {test})"  # noqa: S608

    def _given(self, document: str, path: Path) -> str:
        if self.engine == "sqlite":
            return f"coalesce(json_type({document}, {self._json_path(path)}), 'null') <> 'null'"
        return f"coalesce(jsonb_typeof({self._member(document, path)}), 'null') <> 'null'"

    def _of_value(self, node: OneOf | Ordered | Like | Matches) -> list[str]:
        """Return the ways in which one value ``v`` can pass a test."""
        match node:
            case OneOf(_, values):
                return [self._equal(value) for value in values if not isinstance(value, Instant)]
            case Ordered(_, operator, value) if not isinstance(value, Instant):
                return [self._when(_kind(value), self._ordered(self._value(_kind(value)), operator, value))]
            case Like(_, text):
                return [self._when("text", self._like(self._value("text"), text))]
            case Matches(_, pattern):
                return [self._when("text", self._matches(self._value("text"), pattern))]
        return []

    def _equal(self, value: str | float | bool) -> str:
        if isinstance(value, bool):
            said = "true" if value else "false"
            return f"v.type = '{said}'" if self.engine == "sqlite" else f"v.value = '{said}'::jsonb"
        return self._when(_kind(value), f"{self._value(_kind(value))} = {self._put(value)}")

    def _when(self, kind: str, test: str) -> str:
        """Return a test that is only made of values of a kind."""
        if self.engine == "sqlite":
            types = "('text')" if kind == "text" else "('integer', 'real')"
            return f"v.type IN {types} AND {test}"
        type = "string" if kind == "text" else "number"
        return f"CASE WHEN jsonb_typeof(v.value) = '{type}' THEN {test} ELSE FALSE END"

    def _value(self, kind: str) -> str:
        if self.engine == "sqlite":
            return "v.atom"
        return "(v.value #>> '{}')" if kind == "text" else "CAST(v.value #>> '{}' AS NUMERIC)"

    def _json_path(self, path: Path) -> str:
        return self._put("$" + "".join(f'."{name}"' for name in path))

    def _member(self, document: str, path: Path) -> str:
        steps = "".join(f" -> CAST({self._put(name)} AS TEXT)" for name in path)
        return f"(CAST({document} AS JSONB){steps})"

    # Values

    def _ordered(self, sql: str, operator: str, value: Operand) -> str:
        by_code_points = ' COLLATE "C"' if self.engine == "postgres" and isinstance(value, str) else ""
        return f"{sql}{by_code_points} {operator} {self._put(value)}"

    def _like(self, sql: str, text: str) -> str:
        if self.engine == "sqlite":
            return f"{sql} GLOB {self._put(glob(text))}"
        return f"{sql} LIKE {self._put(text)} ESCAPE ''"

    def _matches(self, sql: str, pattern: Pattern) -> str:
        if self.engine == "sqlite":
            return f"matches({sql}, {self._put(pattern.source)})"
        return f"(length({sql}) <= {TEXT_CHARS_MAX} AND {sql} ~ {self._put(pattern.posix)})"

    def _put(self, value: Operand) -> str:
        """Return the parameter that stands for a value."""
        name = f"filter{len(self.parameters)}"
        if isinstance(value, Instant):
            self.parameters[name] = value.at
            return f"CAST(:{name} AS BIGINT)"
        if isinstance(value, str):
            self.parameters[name] = value
            return f"CAST(:{name} AS TEXT)"
        if self.engine == "sqlite":
            self.parameters[name] = value
            return f":{name}"
        self.parameters[name] = repr(value)
        return f"CAST(CAST(:{name} AS TEXT) AS NUMERIC)"


def _kind(value: Operand) -> str:
    if isinstance(value, Instant):
        return "moment"
    return "text" if isinstance(value, str) else "truth" if isinstance(value, bool) else "number"
