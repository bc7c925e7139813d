"""Filters in addresses: what is read, what is refused, and that what is written is read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects.streamquery import DATES, OPERATORS, Filter, read, written
from vocab.errors import BadFields


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("user IS mirela", Filter("user", "IS", ("mirela",))),
        ("  user   is   mirela  tavo ", Filter("user", "IS", ("mirela", "tavo"))),
        ("user+IS+mirela", Filter("user", "IS", ("mirela",))),
        ("user IS ann+ops@x.example", Filter("user", "IS", ("ann+ops@x.example",))),
        (r"user IS a\_b \"c", Filter("user", "IS", ("a_b", '"c'))),
        ('provider_name NOT "https://ci.example/@Orchard CI"',
         Filter("provider_name", "NOT", ("https://ci.example/@Orchard CI",))),
        ("provider_name NOT https://ci.example/@Orchard CI",
         Filter("provider_name", "NOT", ("https://ci.example/@Orchard", "CI"))),
        ("activity IS ticket:post", Filter("activity", "IS", ("ticket:post",))),
        ("activity IS NOT *", Filter("activity", "IS", ("NOT", "*"))),
        ("text does_not_contain frost", Filter("text", "DOES_NOT_CONTAIN", ("frost",))),
        ("update-date BETWEEN 1767225600000 AND 1767312000000",
         Filter("update-date", "BETWEEN", ("1767225600000", "1767312000000"))),
        ("update-date AFTER 2026-01-01T00:00:00Z", Filter("update-date", "AFTER", ("1767225600000",))),
        ("update-date AFTER 2026-01-01", Filter("update-date", "AFTER", ("1767225600000",))),
        ("update-date AFTER 2026-01-01T01:00:00.500+01:00", Filter("update-date", "AFTER", ("1767225600500",))),
        ("update-date BEFORE 5", Filter("update-date", "BEFORE", ("5",))),
        ("update-date BEFORE 99999999999999999999", Filter("update-date", "BEFORE", (str((1 << 63) // 1000 - 1),))),
        ('text CONTAINS "two words"tail next', Filter("text", "CONTAINS", ("two wordstail", "next"))),
        ("key IS trailing\\", Filter("key", "IS", ("trailing\\",))),
    ],
)  # fmt: skip
def test_what_is_read(text: str, expected: Filter) -> None:
    """Atom §4.2: spaces, quotes, a backslash, encoding twice over, operators in any case, dates of both kinds."""
    assert read("streams", text) == expected


@pytest.mark.parametrize("text", ["", "   ", "\t", "+"])
def test_nothing_is_no_filter(text: str) -> None:
    """Atom §4.3: an empty parameter is ignored."""
    assert read("streams", text) is None


@pytest.mark.parametrize(
    "text",
    [
        "user", "user IS", "user EQUALS mirela", "IS mirela", "us/er IS mirela", "update-date AFTER yesterday",
        "update-date BETWEEN 1", "update-date BETWEEN 1 AND", "update-date AFTER", 'user IS "open', 'user IS ""',
        "user IS a\0b", "update-date BEFORE 1e5", "update-date BEFORE ²", "update-date AFTER 2026-13-01",
        "key IS " + "x " * 1_001, "update-date AFTER " + "9" * 5_000,
    ],
)  # fmt: skip
def test_what_is_refused_names_the_parameter(text: str) -> None:
    """Atom §4.3: a reader is told which parameter it was."""
    with pytest.raises(BadFields) as error:
        read("tickets", text)
    assert isinstance(error.value.fields, dict)
    assert list(error.value.fields) == ["tickets"]


VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@given(
    st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True),
    st.sampled_from([operator for operator in OPERATORS if operator not in DATES]),
    st.lists(VALUES, min_size=1, max_size=5),
)
def test_what_is_written_is_read_again(option: str, operator: str, values: list[str]) -> None:
    """Atom §4.2: quotes and backslashes carry any value."""
    one = Filter(option, operator, tuple(values))
    assert read("streams", written(one)) == one


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """Atom §4.2: never another error."""
    try:
        found = read("streams", text)
    except BadFields:
        return
    assert found is None or (found.operator in OPERATORS and all(found.values))
