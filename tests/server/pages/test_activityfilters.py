"""The filters of the stream as a form (Atom §4.2)."""

import asyncio
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams
from starlette.requests import Request

from server.pages import activityfilters
from server.pages.activityfilters import Filters

OPTIONS = [
    {"key": "streams", "name": "", "options": [
        {"key": "key", "name": "Project", "values": {"ORCHARD": "Orchard"}}, {"key": "user", "name": "Person"}]},
    {"key": "ci", "name": "Builds", "options": [
        {"key": "activity", "name": "Activity", "values": {"job:fail": "Failed"}}]},
]  # fmt: skip


def leads_to(**fields: str | list[str]) -> list[tuple[str, str]]:
    pairs = [
        (name, one)
        for name, value in fields.items()
        for one in ([value] if isinstance(value, str) else value)
    ]
    scope = {
        "type": "http", "method": "GET", "path": "/jira/activity/filter", "headers": [(b"host", b"x")],
        "query_string": str(QueryParams(pairs)).encode(), "server": ("x", 80), "scheme": "http",
    }  # fmt: skip
    answer = asyncio.run(activityfilters.get_filter(Request(scope)))
    assert answer.status_code == 303
    address = urlsplit(answer.headers["location"])
    assert address.path == "/jira/activity"
    return parse_qsl(address.query)


@pytest.mark.parametrize(
    ("fields", "query"),
    [
        ({}, []),
        (
            {"text": " frost  sensor "},
            [("streams", "text CONTAINS frost"), ("streams", "text CONTAINS sensor")],
        ),
        ({"user": "mirela"}, [("streams", "user IS mirela")]),
        ({"key": "TWO WORDS"}, [("streams", 'key IS "TWO WORDS"')]),
        ({"since": "2026-01-01"}, [("streams", "update-date AFTER 1767225599999")]),
        ({"until": "2026-01-01"}, [("streams", "update-date BEFORE 1767312000000")]),
        ({"since": "never"}, []),
        ({"provider": ["ci", "social"]}, [("providers", "ci social")]),
        ({"activity": "ci job:fail"}, [("ci", "activity IS job:fail")]),
    ],
)
def test_a_form_leads_to_the_query_it_stands_for(fields, query) -> None:
    """Dates are those of whole days: bounds are exclusive (Atom §4.3.4)."""
    assert leads_to(**fields) == query


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1), max_size=3))
def test_what_was_asked_stands_in_the_form(words: list[str]) -> None:
    """Whatever signs are in it: quotes, backslashes, plus signs."""
    query = [("streams", f"text CONTAINS {activityfilters.quoted(word)}") for word in words]
    assert Filters.of(query, OPTIONS).text == " ".join(words)


def test_dates_come_back_as_they_were_chosen() -> None:
    query = leads_to(since="2026-01-01", until="2026-02-28")
    form = Filters.of(query, OPTIONS)
    assert (form.since, form.until) == ("2026-01-01", "2026-02-28")


def test_what_holds_is_told_and_can_be_taken_away() -> None:
    query = [
        ("streams", "user IS mirela"),
        ("ci", "activity IS job:fail"),
        ("providers", "ci"),
        ("maxResults", "5"),
    ]
    form = Filters.of(query, OPTIONS)
    assert [chip.label for chip in form.chips] == [
        "Person is mirela",
        "Builds: Activity is job:fail",
        "From Builds",
    ]
    assert form.chips[0].without == query[1:]
    assert [one.chosen for one in form.providers] == [True]
    assert form.activities[0][1][0].chosen
    assert [(one.value, one.chosen) for one in form.keys] == [("ORCHARD", False)]


def test_secrets_and_pages_are_no_part_of_what_is_asked() -> None:
    """Atom §17.3."""
    assert activityfilters.without_paging([("token", "s3"), ("before", "x"), ("streams", "user IS a")]) == [
        ("streams", "user IS a")
    ]


@given(st.lists(st.tuples(st.sampled_from(["streams", "ci", "providers", "x"]), st.text()), max_size=4))
def test_any_query_can_be_shown(query: list[tuple[str, str]]) -> None:
    assert Filters.of(query, OPTIONS) is not None
