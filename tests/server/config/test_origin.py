"""What may be a public origin."""

import pytest

from server.config.origin import is_loopback, public_origin


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://a.example", "https://a.example"),
        ("https://A.Example:443/", "https://a.example"),
        ("https://a.example:8443", "https://a.example:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://localhost", "http://localhost"),
        ("http://a.test:81", "http://a.test:81"),
    ],
)
def test_origins(given: str, kept: str) -> None:
    assert public_origin(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "a.example",
        "ftp://a.example",
        "https://",
        "https://a.example/x",
        "https://a.example?x",
        "https://a.example#x",
        "https://u:p@a.example",
        "http://a.example",
        "http://10.0.0.1",
        "http://nearlylocalhost",
        "https://a b",
    ],
)
def test_not_origins(given: str) -> None:
    """SEC-119: plain http is refused for names that others could mean."""
    with pytest.raises(ValueError, match="expected"):
        public_origin(given)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("localhost.example", False),
        ("a.test", False),
        ("", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
