"""Where a member's browser may be sent with a code."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.auth import redirects


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/cb", "https://app.example", "https://app.example:8443/cb?x=1&y=%20", "http://localhost",
        "http://127.0.0.1:1234/", "http://[::1]/cb", "com.example.app:/cb", "com.example.app://cb",
        "https://xn--mnchen-3ya.example/cb",
    ],
)  # fmt: skip
def test_what_may_be_registered(uri: str) -> None:
    """AP-533, SEC-088."""
    assert redirects.is_acceptable(uri)
    assert redirects.matches(uri, uri)


@given(st.text(max_size=60))
def test_what_is_acceptable_is_never_ambiguous(text: str) -> None:
    """SEC-088: plain characters, a scheme that leads to the web, to this machine or to one application."""
    for uri in (text, f"https://{text}", f"http://127.0.0.1{text}", f"com.example:{text}"):
        if redirects.is_acceptable(uri):
            assert uri.isascii()
            assert uri.isprintable()
            assert not set(uri) & set(' #*\\"<>')
            parts = urlsplit(uri)
            local = parts.hostname in ("127.0.0.1", "::1", "localhost")
            assert parts.scheme == "https" or "." in parts.scheme or (parts.scheme == "http" and local)
            assert parts.scheme not in ("http", "https") or "@" not in parts.netloc


@given(st.integers(1, 65_535), st.integers(1, 65_535), st.sampled_from(["127.0.0.1", "[::1]", "localhost"]))
def test_on_loopback_the_port_is_free(one: int, other: int, host: str) -> None:
    """AP-536, RFC 8252 §7.3."""
    assert redirects.matches(f"http://{host}:{one}/cb", f"http://{host}:{other}/cb")
    assert redirects.matches(f"http://{host}:{one}/cb", f"http://{host}/cb")
    assert not redirects.matches(f"http://{host}:{one}/cb", f"http://{host}:{other}/cc")
    assert not redirects.matches(f"https://{host}:{one}/cb", f"http://{host}:{one}/cb")


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://a.example/cb", "https://a.example/cb?code=1%262"),
        ("https://a.example/cb?x=y", "https://a.example/cb?x=y&code=1%262"),
        ("com.example:/cb", "com.example:/cb?code=1%262"),
    ],
)
def test_an_answer_stands_behind_what_is_there(uri: str, expected: str) -> None:
    """RFC 6749 §3.1.2."""
    assert redirects.with_answer(uri, {"code": "1&2"}) == expected


@pytest.mark.parametrize(
    ("uri", "source"),
    [
        ("https://a.example:8443/cb?x", "https://a.example:8443"),
        ("http://127.0.0.1:3000/cb", "http://127.0.0.1:3000"),
        ("http://[::1]:3000/cb", "http:"),
        ("com.example.app:/cb", "com.example.app:"),
    ],
)
def test_a_form_may_end_there(uri: str, source: str) -> None:
    """SEC-063."""
    assert redirects.form_source(uri) == source
