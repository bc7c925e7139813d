"""Spelling statements for an engine."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sql import for_psycopg, listed


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT :a, :b_2", "SELECT %(a)s, %(b_2)s"),
        ("SELECT :a::text", "SELECT %(a)s::text"),
        ("SELECT ':a', \":b\", 'it''s :c', :d", "SELECT ':a', \":b\", 'it''s :c', %(d)s"),
        ("SELECT x % 2, '100%'", "SELECT x %% 2, '100%%'"),
        ("SELECT 1 -- :no 5%\nWHERE y = :y", "SELECT 1 -- :no 5%%\nWHERE y = %(y)s"),
        ("/* :no */ SELECT :y", "/* :no */ SELECT %(y)s"),
        ("SELECT a[1:2]", "SELECT a[1:2]"),
    ],
)  # fmt: skip
def test_parameters_are_spelt_anew(ours: str, theirs: str) -> None:
    assert for_psycopg(ours) == theirs


@given(st.text(alphabet="ab:'\"%- /*\n", max_size=40))
def test_the_spelling_undone_is_the_text(sql: str) -> None:
    """Formatting with names put back in gives the statement again, whatever it looks like."""

    class Names(dict[str, str]):
        def __missing__(self, name: str) -> str:
            return f":{name}"

    assert for_psycopg(sql) % Names() == sql


def test_a_list_is_one_text() -> None:
    assert json.loads(listed([("a'b", 2), ("ü", 3)])) == [["a'b", 2], ["ü", 3]]
