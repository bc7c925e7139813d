"""Events §7.13."""

from collections.abc import Callable
from typing import Any

import pytest

from vocab.dialects.events import Ref, Role
from vocab.dialects.events.aspects.pageview import host_of, page_of, taken_apart

EXAMPLE = {
    "path": "https://shop.example/mugs/blue?ref=mail&tag=a%20b&tag=c#top", "referrer": "https://Search.example/?q=mug",
    "page_content": [{"FEATURED": "Mug/blue"}, {"RELATED": "Saucer/blue"}], "keywords": "mugs, blue",
}  # fmt: skip


def test_queries_are_taken_apart(told: Callable[..., Any]) -> None:
    assert told("pageview", EXAMPLE) == {
        "path": "https://shop.example/mugs/blue#top",
        "path_properties": {"ref": "mail", "tag": ["a b", "c"]},
        "referrer": "https://Search.example/",
        "referrer_properties": {"q": "mug"},
        "page_content": [
            {"role": "FEATURED", "entity_ref": "Mug/blue"}, {"role": "RELATED", "entity_ref": "Saucer/blue"}
        ],
        "keywords": ["mugs", "blue"],
        "method": "GET",
        "response_code": 200,
        "protocol": "HTTP",
    }  # fmt: skip


def test_given_properties_win(told: Callable[..., Any]) -> None:
    found = told("pageview", {"url": "/mugs?ref=mail&size=2", "path_properties": {"ref": "own"}})
    assert found["path_properties"] == {"ref": "own", "size": "2"}


def test_who_takes_part(reads: Callable[..., Any]) -> None:
    """§7.13, §2.2: all of them derived."""
    found, problems = reads(pageview=EXAMPLE)
    assert found.roles == (
        Role("FEATURED", Ref("Mug", "blue"), derived=True),
        Role("RELATED", Ref("Saucer", "blue"), derived=True),
        Role("INVOLVES:VIEWED", Ref("ASWebPage", "shop.example/mugs/blue"), derived=True),
        Role("REFERRED", Ref("ASWebDomain", "search.example"), derived=True),
    )
    assert problems.valid


@pytest.mark.parametrize(
    ("address", "host", "page"),
    [
        ("https://Shop.example:8080/a/b?c#d", "shop.example", "shop.example/a/b"),
        ("http://user:secret@shop.example", "shop.example", "shop.example/"),
        ("shop.example", "shop.example", "shop.example"),
        ("/mugs/blue?x=/y", "", "/mugs/blue"),
        ("http://[::1", "", ""),
        ("", "", ""),
    ],
)
def test_parts_of_addresses(address: str, host: str, page: str) -> None:
    assert (host_of(address), page_of(address)) == (host, page)


def test_many_parameters_are_read_in_part() -> None:
    path, asked = taken_apart("/p?" + "&".join(f"a{n}=1" for n in range(500)))
    assert path == "/p"
    assert len(asked) == 200


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"referrer": "x"}, "pageview.path", "missing_field"),
        ({"path": "/", "method": "FETCH"}, "pageview.method", "invalid_value"),
        ({"path": "/", "duration": -1}, "pageview.duration", "invalid_value"),
        ({"path": "/", "response_code": "404"}, "pageview.response_code", "adjusted_value"),
    ],
)
def test_what_is_no_view(codes: Callable[..., Any], said: Any, field: str, code: str) -> None:
    assert codes("pageview", said)[field] == code
