"""The words of an expression."""

import pytest
from attempt import attempt
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import Malformed
from streams.expressions import Token, scan


def test_words_and_where_they_begin():
    """Feeds API §10.1: numbers, dotted names, operators of one and two characters."""
    assert scan("score", "a.b2 >= .5e-3*(größe)") == [
        Token("name", "a.b2", 0), Token("symbol", ">=", 5), Token("number", ".5e-3", 8), Token("symbol", "*", 13),
        Token("symbol", "(", 14), Token("name", "größe", 15), Token("symbol", ")", 20), Token("end", "", 21),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "text"), [("'a \"b\"'", 'a "b"'), (r'"a\"b\\"', 'a"b\\'), ("'}}'", "}}"), ("''", "")]
)
def test_quoted_texts(source, text):
    """Feeds API §8.4: either quote, and a backslash before what would end the text."""
    assert scan("score", source)[0] == Token("text", text, 0)


def test_what_ends_an_expression_within_a_text():
    """A mark within quotes ends nothing; a hyphen may stand before the mark."""
    assert scan("f", "{{ '}}' -}} {{", 2, "}}")[-1] == Token("end", "", 8)
    with pytest.raises(Malformed, match="'}}' is missing"):
        scan("f", "{{ a", 2, "}}")


def test_not_in_is_one_word():
    assert [token.text for token in scan("f", "a not   in notin b.not in")] == [
        "a", "not in", "notin", "b.not", "in", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "position"), [("a $ b", 2), ("a 'b", 2), ("1 + 1e999", 4), ("a.", 1), ("a & b", 2), ("٣", 0)]
)
def test_what_is_no_word(source, position):
    """SEC-106: our own words alone, and numbers that are finite."""
    with pytest.raises(Malformed) as refused:
        scan("score", source)
    assert refused.value.position == position
    assert f"character {position + 1}" in str(refused.value)


@given(st.text(max_size=80))
def test_any_text_is_scanned_or_refused_where_it_fails(source):
    """SEC-106: nothing but Malformed, at a place inside the text."""
    tokens = attempt(lambda: scan("score", source), Malformed)
    if isinstance(tokens, Malformed):
        assert 0 <= tokens.position < len(source)
    else:
        assert tokens[-1] == Token("end", "", len(source))
        places = [token.at for token in tokens]
        assert places == sorted(set(places))
