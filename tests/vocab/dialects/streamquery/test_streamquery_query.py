"""The parameters of a stream's address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects.streamquery import Cursor, Filter, Query, kept, query, with_cursor
from vocab.errors import BadFields


def test_nothing_asked() -> None:
    """Atom §4.1: ten entries of all providers, within ten seconds."""
    assert query([]) == Query(10, 10_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5", 5), ("0", 10), ("-3", 10), ("x", 10), ("", 10), ("1000", 1000), ("5000", 1000), ("9" * 400, 1000),
     (" 7 ", 7), ("1.5", 10), ("²", 10), ("007", 7)],
)  # fmt: skip
def test_max_results(text: str, expected: int) -> None:
    """Atom §4.1."""
    assert query([("maxResults", text)]).max_results == expected


@pytest.mark.parametrize(("text", "expected"), [("5", 5), ("0", 10_000), ("x", 10_000), ("99999", 30_000)])
def test_timeout(text: str, expected: int) -> None:
    """Atom §4.1."""
    assert query([("timeout", text)]).timeout_milliseconds == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], None), ([""], None), (["tickets builds"], ("tickets", "builds")),
     (["tickets", "builds tickets"], ("tickets", "builds")), (["tickets+builds"], ("tickets", "builds")),
     (["nonsense"], ("nonsense",))],
)  # fmt: skip
def test_providers(values: list[str], expected: tuple[str, ...] | None) -> None:
    """Atom §4.1: several concatenate; empty is all; unknown ones stay, and select nothing."""
    assert query([("providers", value) for value in values]).providers == expected


def test_filters_for_all_and_for_one() -> None:
    """Atom §4.1, §4.2: a provider's key may have @; what is unknown or reserved is no filter."""
    found = query(
        [("streams", "user IS a"), ("wiki@docs", "activity IS page:post"), ("streams", ""), ("other", "x"),
         ("title", "user IS b"), ("wiki@docs", "")],
        known=("wiki@docs", "title"),
    )  # fmt: skip
    assert found.filters == (Filter("user", "IS", ("a",)),)
    assert found.provider_filters == {"wiki@docs": (Filter("activity", "IS", ("page:post",)),)}


def test_spellings_of_old() -> None:
    """Atom §4.1."""
    found = query([("key", "ORCHARD BARN"), ("filterUser", "ada"), ("minDate", "1"), ("maxDate", "9")])
    assert found.filters == (
        Filter("key", "IS", ("ORCHARD", "BARN")), Filter("user", "IS", ("ada",)),
        Filter("update-date", "AFTER", ("1",)), Filter("update-date", "BEFORE", ("9",)),
    )  # fmt: skip
    assert query([("key", "__all_projects__"), ("filterUser", "")]).filters == ()


@pytest.mark.parametrize(("title", "expected"), [("undefined", ""), (" a  b ", "a b"), ("", "")])
def test_title(title: str, expected: str) -> None:
    """Atom §4.1: a widespread dashboard sends ``undefined``."""
    assert query([("title", title)]).title == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [("streams", "user"), ("wiki", "user"), ("before", "x"), ("after", "-1.-1"), ("format", "pdf"),
     ("minDate", "soon"), ("before", "fffffffffffffffff.0"), ("before", "ffffffffffffffff.0")],
)  # fmt: skip
def test_what_is_refused_names_the_parameter(name: str, value: str) -> None:
    """Atom §4.3."""
    with pytest.raises(BadFields) as error:
        query([(name, value)], known=("wiki",))
    assert name in error.value.fields


def test_too_many_filters() -> None:
    with pytest.raises(BadFields):
        query([("streams", "user IS a")] * 101)


@given(st.integers(-(2**63) + 1, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_a_cursor_is_read_as_written(published: int, rank: int) -> None:
    """Atom §15."""
    cursor = Cursor(published, rank)
    assert query([("before", str(cursor))]).before == cursor


@given(st.lists(st.tuples(st.text(), st.text())))
def test_any_parameters_are_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    """Atom §4.3: never another error."""
    try:
        found = query(pairs, known=("a", "ab"))
    except BadFields:
        return
    assert 1 <= found.max_results <= 1_000


def test_an_address_to_keep() -> None:
    """Atom §3.3, §17.3: without cache busters and secrets; with credentials for who is signed in."""
    pairs = [
        ("streams", "key IS A"),
        ("_", "5"),
        ("token", "s"),
        ("os_password", "p"),
        ("relativeLinks", "true"),
    ]
    assert kept(pairs) == [("streams", "key IS A")]
    assert kept(pairs, signed_in=True) == [("streams", "key IS A"), ("os_authType", "basic")]
    assert kept([("os_authType", "any")], signed_in=True) == [("os_authType", "any")]


def test_the_address_of_another_page() -> None:
    """Atom §15."""
    pairs = [("streams", "user IS ä b"), ("before", "1.1")]
    assert with_cursor(pairs) == "streams=user+IS+%C3%A4+b"
    assert with_cursor(pairs, before=Cursor(16, 10)) == "streams=user+IS+%C3%A4+b&before=10.a"
