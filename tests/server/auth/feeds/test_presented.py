"""Where requests carry their credentials."""

import pytest

from federation.signatures import Incoming
from server.auth.feeds import BadCredentials, Presented, UnknownKey, read

KEY = ("api_key", "key1")


def incoming(**headers: str) -> Incoming:
    fields = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Incoming("GET", "/api/v1.0/feed/user/1/?api_key=key1", fields)


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "a.b.c", "stream_auth_type": "jwt"},
        {"Authorization": "a.b.c", "Stream_Auth_Type": "JWT"},
        {"authorization": "Bearer a.b.c", "stream_auth_type": "jwt"},
        {"authorization": "bearer  a.b.c"},
        {"authorization": "a.b.c"},
    ],
)
def test_a_token_in_the_header(headers: dict[str, str]) -> None:
    """Feeds §2.2."""
    assert read(incoming(**headers), [KEY]) == Presented("key1", token="a.b.c")


@pytest.mark.parametrize("scheme", ["auth_type", "stream-auth-type"])
def test_a_token_in_the_address(scheme: str) -> None:
    """Feeds §2.2: redirect links carry it there."""
    query = [KEY, ("authorization", "a.b.c"), (scheme, "jwt")]
    assert read(incoming(), query) == Presented("key1", token="a.b.c")


def test_a_signature() -> None:
    """Feeds §2.4: the key may stand in a header."""
    headers = {"authorization": 'Signature keyId="key1"', "x_api_key": "key1"}
    assert read(incoming(**headers), []) == read(incoming(**headers), [KEY])
    assert read(incoming(**headers), []) == Presented("key1", signature='keyId="key1"')


@pytest.mark.parametrize("query", [[], [("api_key", "")], [KEY, ("api_key", "key2")], [("Api_Key", "key1")]])
def test_one_key_is_needed(query: list[tuple[str, str]]) -> None:
    """SEC-102: which app is meant must not be open to doubt."""
    with pytest.raises(UnknownKey):
        read(incoming(authorization="a.b.c"), query)


def test_two_keys_must_agree() -> None:
    with pytest.raises(UnknownKey):
        read(incoming(authorization="a.b.c", x_api_key="key2"), [KEY])


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({}, []),
        ({"authorization": ""}, []),
        ({"authorization": "a.b.c", "stream_auth_type": "simple"}, []),
        ({"authorization": "a.b.c", "Authorization": "d.e.f"}, []),
        ({}, [("authorization", "a.b.c")]),
        ({}, [("authorization", "a.b.c"), ("auth_type", "simple")]),
        ({}, [("auth_type", "jwt")]),
        ({}, [("authorization", "a.b.c"), ("authorization", "d.e.f"), ("auth_type", "jwt")]),
    ],
)
def test_one_token_is_needed(headers: dict[str, str], query: list[tuple[str, str]]) -> None:
    with pytest.raises(BadCredentials):
        read(incoming(**headers), [KEY, *query])


def test_credentials_are_not_shown_by_accident() -> None:
    """SEC-118."""
    shown = repr(Presented("key1", token="a.b.c", signature="sig"))
    assert shown == "Presented(api_key='key1')"
