"""Media types with parameters."""

import pytest

from vocab import mediatype

AS = "https://www.w3.org/ns/activitystreams"


@pytest.mark.parametrize(
    "value",
    [
        "application/activity+json",
        "Application/Activity+JSON ; Charset=UTF-8",
        'application/activity+json; charset="utf-8"',
        f'application/ld+json; profile="{AS}"',
        f'application/ld+json;profile="{AS}"; charset=utf-8',
        f'application/ld+json; charset=utf-8; PROFILE="https://x.example {AS}"',
        f"application/ld+json; profile={AS}",
        f'application/ld+json; title="a;\\"b"; profile="{AS}"',
    ],
)
def test_activity(value):
    """AP-024: order, quotes, spaces, case, several profiles."""
    assert mediatype.is_activity(value)


@pytest.mark.parametrize(
    "value",
    [
        "", "application/json", "text/plain", "application/ld+json", 'application/ld+json; profile="https://x.example"',
        "application/activity+json; charset=utf-16", "multipart/form-data; boundary=application/activity+json",
        'text/plain; profile="' + AS + '"', "application/activity+jsonx", "application /activity+json",
        f'application/ld+json; title="profile={AS}"',
    ],
)  # fmt: skip
def test_not_activity(value):
    """SEC-054: nothing else, and UTF-8 only."""
    assert not mediatype.is_activity(value)


def test_accept():
    """AP-063: in the order given, commas inside quotes kept, unreadable parts left out."""
    found = mediatype.parse_accept(
        'application/ld+json; profile="a,b;q=0.1";q=0.9, Text/HTML, */*;q=0.1, x, a/b;q=5, ,'
    )
    assert found == [
        ("application/ld+json", {"profile": "a,b;q=0.1"}, 0.9),
        ("text/html", {}, 1.0),
        ("*/*", {}, 0.1),
    ]
    assert mediatype.parse_accept("") == []


def test_answers_are_not_shared():
    """A caller that changes its copy changes nobody else's."""
    mediatype.parse_accept("a/b;c=d")[0][1].clear()
    assert mediatype.parse_accept("a/b;c=d") == [("a/b", {"c": "d"}, 1.0)]
