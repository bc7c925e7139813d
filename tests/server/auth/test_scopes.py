"""What a token may do."""

import pytest

from server.auth import scopes
from vocab import from_json

CLIENT = "https://app.example/client"


@pytest.mark.parametrize(
    ("asked", "limit", "granted"),
    [
        ("read write", "", "read write"),
        ("write read write", "", "write read"),
        ("read admin push", "", "read"),
        ("admin", "", ""),
        ("activitypub:read:all write", "", "activitypub:read:all write"),
        ("read write", "read", "read"),
        ("activitypub:write:all read", "write", "activitypub:write:all"),
        ("write:sameorigin", "write", "write:sameorigin"),
        ("write", "write:sameorigin", ""),
        ("write:outbox write:media read:profile", "write", "write:outbox write:media"),
        ("read:inbox", "", ""),
        ("admin:read read", "read", "read"),
    ],
)
def test_what_is_granted(asked: str, limit: str, granted: str) -> None:
    """AP-542: unknown words are ignored; never more than the client registered for."""
    assert scopes.granted(asked, limit) == granted


def test_moderators_alone_let_programs_moderate() -> None:
    """SEC-091."""
    assert scopes.granted("admin:read read admin:write", admin=False) == "read"
    assert scopes.granted("write activities:onbehalf", admin=False) == "write"
    assert scopes.granted("write activities:onbehalf", admin=True) == "write activities:onbehalf"
    assert scopes.granted("admin:read read", admin=True) == "admin:read read"


def test_what_words_mean() -> None:
    """AP-542: neither of the two implies the other; aliases mean what they stand for."""
    assert scopes.meaning("read") == {"read"}
    assert scopes.meaning("activitypub:write:all nonsense") == {"write"}
    assert scopes.meaning("") == frozenset()


@pytest.mark.parametrize(
    ("activity", "allowed"),
    [
        ({"object": "https://app.example/1"}, True),
        ({"object": ["https://app.example/1", {"id": "https://app.example:443/2"}]}, True),
        ({"object": "https://app.example/1", "target": "https://app.example/2", "origin": CLIENT}, True),
        ({}, False),
        ({"object": {"type": "Note"}}, False),
        ({"object": ["https://app.example/1", {"type": "Note"}]}, False),
        ({"object": "https://other.example/1"}, False),
        ({"object": "http://app.example/1"}, False),
        ({"object": "https://app.example:8443/1"}, False),
        ({"object": "https://app.example/1", "target": "https://other.example/"}, False),
        ({"object": "https://app.example/1", "origin": {"id": "https://other.example/"}}, False),
    ],
)  # fmt: skip
def test_same_origin(activity: dict[str, object], allowed: bool) -> None:
    """AP-542."""
    assert scopes.is_same_origin(CLIENT, from_json({"type": "View", **activity})) is allowed
    assert not scopes.is_same_origin("", from_json({"type": "View", **activity}))
