"""Patterns of clients (Events §1.6): what they describe, what is refused, and that no text takes long."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.patterns import BadPattern, Pattern, glob, like

_LETTERS = "ab\n"


def _repeated(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(parts, max_size=3).map("".join),
        st.lists(parts, min_size=2, max_size=3).map(lambda some: f"({'|'.join(some)})"),
        st.tuples(parts, st.sampled_from("*+?") | st.sampled_from(("{2}", "{0,2}", "{1,}"))).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    )


patterns = st.recursive(
    st.sampled_from(("a", "b", ".", "[ab]", "[^a]", "\\w", "\\W", "\\s", "\n", "[a-b]", "[^\\w]", "")),
    _repeated,
    max_leaves=6,
)
texts = st.text(_LETTERS, max_size=8)


@given(patterns, texts)
def test_means_what_an_expression_of_python_means(source: str, text: str) -> None:
    """The whole of a text is described, line ends included."""
    expected = re.fullmatch(source, text, re.DOTALL | re.ASCII) is not None
    assert Pattern(source).matches(text) is expected


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("as\\.fleet\\.(van|tug)\\.[a-z]+", "as.fleet.van.washed"),
        ("^[^/]+$", "quay 7"),
        ("[a\\]]", "]"),
        ("\\d{2,3}-\\D", "042-x"),
        ("[\\d.-]+", "1.5-7"),
        ("é{2}", "éé"),
        ("a.*?b", "axxb"),
        ("x\\{1\\}", "x{1}"),
        ("", ""),
    ],
)
def test_describes(source: str, text: str) -> None:
    assert Pattern(source).matches(text)
    assert not Pattern(source).matches(text + "/")


@pytest.mark.parametrize(
    "source",
    [
        "(a", "a)", "[a", "*a", "a**", "a{3,2}", "a{256}", "a{", "(?=a)", "(?!a)", "(?<n>a)", "(?i)a", "(a)\\1",
        "\\bword", "a$b", "a^", "[z-a]", "[^\\s\\S]", "[[:alpha:]]", "\\", "[a-\\d]",
        "(" * 40 + ")" * 40, "a" * 300, "(?:a{100}){100}",
    ],
)  # fmt: skip
def test_refuses_what_would_have_to_go_back_and_what_is_no_pattern(source: str) -> None:
    with pytest.raises(BadPattern) as refused:
        Pattern(source)
    assert 0 <= refused.value.position <= len(source)


@pytest.mark.parametrize(
    "source", ["(a*)*b", "(a|aa)+b", "(a|a)*b", "(.*a){10}b", ".*a.{60}", "(a?){60}a{60}"]
)
def test_takes_no_longer_for_what_makes_others_go_back(source: str) -> None:
    began = time.perf_counter()
    Pattern(source).matches("a" * 1_000 + "c")
    assert time.perf_counter() - began < 1.0


def test_describes_no_text_that_is_longer_than_1024_characters() -> None:
    assert Pattern("a*").matches("a" * 1_024)
    assert not Pattern("a*").matches("a" * 1_025)


@given(st.text("ab%_\n", max_size=8), texts)
def test_like_means_what_the_same_says_as_an_expression(text: str, value: str) -> None:
    wild = {"%": ".*", "_": "."}
    expected = re.fullmatch("".join(wild.get(char) or re.escape(char) for char in text), value, re.DOTALL)
    assert like(value, text) is (expected is not None)


def test_like_takes_no_longer_for_many_wildcards() -> None:
    began = time.perf_counter()
    assert not like("a" * 20_000, "%a" * 200 + "b")
    assert time.perf_counter() - began < 1.0


def test_glob_leaves_nothing_special_but_its_own_wildcards() -> None:
    assert glob("a*b?[c]%_") == "a[*]b[?][[]c]*?"
