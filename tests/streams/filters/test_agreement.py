"""What a filter means here and what it means to the database is the same (Events §1.6), on both engines."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import Transaction, open_store, tenants
from storage.eventfilters import ITEMS, condition
from streams.filters import parse
from vocab import instants

TIMES = ("2031-03-04T05:06:07.089+02:00", "2031-03-04T03:06:07.089Z", "2031-03-05T00:00:00.000Z")
VALUES: tuple[Any, ...] = (
    "a", "A", "ab", "a%b", "a_b", "a*b", "a?b", "[a]", "é", "z", "", "7", "true", "line\nend", "💧", "\uffff", "it's",
    7, 7.5, -1, 0, True, False, None,
    ["a", 7], [], [None, True], [["a"]], {"a": "a"}, {}, [{"a": 7}], 1e300, 0.1,
)  # fmt: skip
MESSAGES: list[dict[str, Any]] = [
    {
        "type": "as.a" if place % 2 else "as.ab",
        "origin": "a",
        "occurred_at": TIMES[place % 3],
        "importance": place % 6,
        "properties": {"a": value, "b": VALUES[-place], "o": {"a": value}},
    }
    for place, value in enumerate(VALUES)
] + [{"type": "as.a", "origin": "b", "occurred_at": TIMES[0], "importance": 5}]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def asked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], set[int]]]:
    """Ask a database with the messages for those that a filter means, by their places."""
    if request.param == "sqlite":
        path: Path = tmp_path_factory.mktemp("agreement") / "test.db"
        path.write_bytes(request.getfixturevalue("migrated_sqlite").read_bytes())
        url = f"sqlite:///{path}"
    else:
        url = request.getfixturevalue("migrated_postgres")
    with asyncio.Runner() as runner:
        opening = open_store(url)
        store = runner.run(opening.__aenter__())

        async def find(tx: Transaction, text: str) -> set[int]:
            wanted = condition(tx.engine, parse(text).tree, ITEMS)
            sql = f"SELECT e.id FROM events e WHERE e.tenant = 977 AND {wanted.sql}"
            return {int(row[0] or 0) - 9_000 for row in await tx.all(sql, **wanted.parameters)}

        runner.run(store.write(_fill))
        yield lambda text: runner.run(store.read(find, text))
        runner.run(store.write(_empty))
        runner.run(opening.__aexit__(None, None, None))


async def _fill(tx: Transaction) -> None:
    await tenants.add(tx, 977, "agreement", now=0)
    for place, message in enumerate(MESSAGES):
        moment = instants.parse(message["occurred_at"])
        assert moment is not None
        await tx.run(
            "INSERT INTO objects (id, iri, kind, type, local, public, published) VALUES (:id, :iri, 2, '', 1, 0, 0)",
            id=9_000 + place, iri=f"https://here.example/{place}",
        )  # fmt: skip
        await tx.run(
            "INSERT INTO events (id, tenant, stream_id, kind, type, origin, occurred, received, registered, importance,"
            " body) VALUES (:id, 977, :stream, 0, :type, :origin, :at, 0, 0, :importance, :body)",
            id=9_000 + place, stream=str(place), type=message["type"], origin=message["origin"],
            at=instants.microseconds(moment), importance=message["importance"], body=json.dumps(message),
        )  # fmt: skip


async def _empty(tx: Transaction) -> None:
    await tx.run("DELETE FROM events WHERE tenant = 977")
    await tx.run("DELETE FROM objects WHERE id >= 9000 AND id < 9900")
    await tx.run("DELETE FROM tenants WHERE id = 977")


def _quoted(value: Any) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return json.dumps(value)


paths = st.sampled_from(
    ("type", "origin", "importance", "properties.a", "properties.b", "properties.o.a", "properties", "no.such",
     "properties.a.a", "properties.o", "type.a")
)  # fmt: skip
values = st.sampled_from([value for value in VALUES if isinstance(value, str | int | float)]).map(_quoted)
likes = st.text("ab%_*?[]\\", max_size=4).map(_quoted)
patterns = st.sampled_from(
    ("a.?b", "[^a]*", "(?:a|7)+", ".*", "\\W+", "[a-z\\d]{1,2}", "a\\*b", "", "[^\\w]", "é|💧|a", "[\\[\\]a]+",
     "(?:|a)", "[-a%]+b?", ".{1,2}", "(?:a?){20}b?")
).map(_quoted)  # fmt: skip
tests = st.one_of(
    st.tuples(paths, st.sampled_from(("=", "!=", "<>")), values).map(" ".join),
    st.tuples(
        paths, st.sampled_from(("<", "<=", ">", ">=")), values.filter(lambda v: v not in ("true", "false"))
    ).map(" ".join),
    st.tuples(paths, st.sampled_from(("IN", "NOT IN")), st.lists(values, min_size=1, max_size=3)).map(
        lambda three: f"{three[0]} {three[1]} ({', '.join(three[2])})"
    ),
    st.tuples(paths, st.sampled_from(("LIKE", "NOT LIKE")), likes).map(" ".join),
    st.tuples(paths, st.sampled_from(("MATCHES", "NOT MATCHES")), patterns).map(" ".join),
    st.tuples(paths, st.sampled_from(("IS NULL", "IS NOT NULL"))).map(" ".join),
    st.tuples(
        st.just("occurred_at"), st.sampled_from(("=", "!=", "<", ">=")), st.sampled_from(TIMES).map(_quoted)
    ).map(" ".join),
)
filters = st.recursive(
    tests,
    lambda parts: st.one_of(
        parts.map(lambda part: f"NOT ({part})"),
        st.lists(parts, min_size=2, max_size=3).map(lambda some: f"({' AND '.join(some)})"),
        st.lists(parts, min_size=2, max_size=3).map(lambda some: f"({' OR '.join(some)})"),
    ),
    max_leaves=4,
)


@settings(deadline=None, max_examples=300)
@given(filters)
def test_both_find_the_same_messages(asked: Callable[[str], set[int]], text: str) -> None:
    expected = {place for place, message in enumerate(MESSAGES) if parse(text).matches(message)}
    assert asked(text) == expected


def test_a_large_pattern_is_read_by_both(asked: Callable[[str], set[int]]) -> None:
    assert asked("type MATCHES '(?:a?){80}s.*'") == asked("type LIKE 'as.%'")


def test_no_text_of_a_client_is_part_of_a_statement() -> None:
    wanted = condition("sqlite", parse("properties.nasty = 'x'' OR 1=1 --' AND nasty LIKE 'q'").tree, ITEMS)
    assert "nasty" not in wanted.sql
    assert "OR" not in wanted.sql
    assert set(wanted.parameters.values()) == {'$."properties"."nasty"', "x' OR 1=1 --", '$."nasty"', "q"}
