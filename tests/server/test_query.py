"""Parameters in all the spellings that SDKs use (Feeds §1.2, §3)."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.query import PARAMETERS_MAX, Query
from vocab.errors import BadFields


@pytest.mark.parametrize("value", [b"true", b"True", b"TRUE", b"1", b"t", b"yes", b"YES"])
@pytest.mark.parametrize("name", [b"withOwnReactions", b"with_own_reactions"])
def test_yes(name: bytes, value: bytes) -> None:
    assert Query(name + b"=" + value).flag("with_own_reactions")


@pytest.mark.parametrize("value", [b"false", b"False", b"0", b"", b"no", b"on", b"2", b"y"])
def test_anything_else_is_no(value: bytes) -> None:
    assert not Query(b"soft=" + value).flag("soft")
    assert not Query(b"").flag("soft")


@pytest.mark.parametrize(
    "query",
    [
        b"kinds=a,b,c", b"kinds=a%2Cb%2Cc", b"kinds=a&kinds=b&kinds=c", b"kinds[]=a&kinds[]=b&kinds[]=c",
        b"kinds%5B%5D=a&kinds%5B%5D=b,c", b"kinds=a,,b&kinds=&kinds=c,",
    ],
)  # fmt: skip
def test_lists(query: bytes) -> None:
    assert Query(query).items("kinds") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("spelt", "name"),
    [
        (b"reactionKindsFilter[]", "reaction_kinds_filter"), (b"withUserId", "with_user_id"),
        (b"id_lt", "id_lt"), (b"recentReactionsLimit", "recent_reactions_limit"), (b"rankingVars", "ranking_vars"),
        (b"keep_history", "keep_history"), (b"userID", "user_id"),
    ],
)  # fmt: skip
def test_names(spelt: bytes, name: str) -> None:
    query = Query(spelt + b"=x")
    assert name in query
    assert query.text(name) == "x"


def test_the_last_of_several_counts_and_the_first_name_that_is_there() -> None:
    query = Query(b"a=1&a=2&b=3")
    assert query.text("a") == "2"
    assert query.text("c", "b", "a") == "3"
    assert query.text("c") == ""


@pytest.mark.parametrize(
    ("text", "found"), [(b"", 25), (b"1", 1), (b"007", 7), (b"100", 100), (b"101", 100), (b"9" * 400, 100)]
)
def test_numbers(text: bytes, found: int) -> None:
    assert Query(b"limit=" + text).number("limit", 25, least=1, most=100) == found


@pytest.mark.parametrize(
    "text", [b"0", b"-1", b"x", b"1.5", b"1e2", b"%D9%A1", b"%C2%B2", b"+1", b"0x10", b"1,2"]
)
def test_no_numbers(text: bytes) -> None:
    with pytest.raises(BadFields) as caught:
        Query(b"limit=" + text).number("limit", 25, least=1, most=100)
    assert caught.value.fields == {"limit": ["must be a whole number from 1"]}


def test_what_has_to_be_there() -> None:
    query = Query(b"a=&b=,")
    for read in lambda: query.required_text("a"), lambda: query.required_items("b"):
        with pytest.raises(BadFields):
            read()


@pytest.mark.parametrize("query", [b"a=%FF", b"a=%C3", b"\xff=a", b"&".join([b"a=1"] * (PARAMETERS_MAX + 1))])
def test_what_cannot_be_read(query: bytes) -> None:
    with pytest.raises(BadFields):
        Query(query)


@given(
    st.lists(
        st.sampled_from([b"a", b"b=", b"=c", b"d=e=f", b"&", b"&&", b"g=%20", b"+", b"h=i", b";", b"=", b""])
    )
)
def test_it_is_read_as_python_does(pieces: list[bytes]) -> None:
    query = b"".join(pieces)
    assert Query(query).pairs == parse_qsl(query.decode(), keep_blank_values=True)
