"""What a request's head must look like."""

from typing import Any

import pytest
from knocking import configured

from server.errors import ProblemError
from server.screen import Screen

HOST = (b"host", b"a.example")


def status(*headers: tuple[bytes, bytes], settings: dict[str, str] | None = None, **scope: Any) -> int:
    """Screen a request and return the status that answers it, 200 when it may pass."""
    whole = {
        "headers": list(headers), "path": "/users/ada", "raw_path": b"/users/ada", "query_string": b"",
        "http_version": "1.1", **scope,
    }  # fmt: skip
    try:
        Screen(configured(**(settings or {}))).check(whole, dict(headers))
    except ProblemError as refusal:
        return refusal.status
    return 200


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (b"a.example", 200),
        (b"A.EXAMPLE", 200),
        (b"a.example:443", 200),
        (b"a.example:8000", 421),
        (b"a.example.", 421),
        (b"b.example", 421),
        (b"user@a.example", 421),
        (b"", 421),
    ],
)
def test_only_our_name_is_ours(host: bytes, expected: int) -> None:
    """SEC-059."""
    assert status((b"host", host)) == expected


def test_a_host_is_required_and_one_only() -> None:
    """SEC-059."""
    assert status() == 400
    assert status(HOST, HOST) == 400


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_health_answers_whatever_the_host(path: str) -> None:
    assert status((b"host", b"10.1.2.3:8000"), path=path) == 200
    assert status(path=path) == 200


def test_a_port_belongs_to_the_name() -> None:
    assert status((b"host", b"127.0.0.1:8000"), settings={"server_base_url": "http://127.0.0.1:8000"}) == 200
    assert status((b"host", b"127.0.0.1"), settings={"server_base_url": "http://127.0.0.1:8000"}) == 421


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([(b"transfer-encoding", b"chunked")], 200),
        ([(b"transfer-encoding", b"Chunked")], 200),
        ([(b"transfer-encoding", b"chunked"), (b"content-length", b"3")], 400),
        ([(b"transfer-encoding", b"gzip, chunked")], 400),
        ([(b"transfer-encoding", b"xchunked")], 400),
        ([(b"content-length", b"3"), (b"content-length", b"3")], 400),
        ([(b"signature", b"a"), (b"signature", b"b")], 401),
        ([(b"accept", b"a"), (b"accept", b"b")], 200),
    ],
)
def test_ambiguous_requests_are_refused(headers: list[tuple[bytes, bytes]], expected: int) -> None:
    """SEC-058, SEC-007."""
    assert status(HOST, *headers) == expected


def test_no_chunks_in_http_1_0() -> None:
    """SEC-058."""
    assert status(HOST, (b"transfer-encoding", b"chunked"), http_version="1.0") == 400


def test_heads_have_a_size() -> None:
    """The limits table of the security rules, first row."""
    assert status(HOST, *[(b"x-%d" % n, b"") for n in range(99)]) == 200
    assert status(HOST, *[(b"x-%d" % n, b"") for n in range(100)]) == 431
    assert status(HOST, (b"x", b"a" * 32_000)) == 200
    assert status(HOST, (b"x", b"a" * 33_000)) == 431
    assert status(HOST, raw_path=b"/" * 8_000) == 200
    assert status(HOST, raw_path=b"/", query_string=b"a" * 8_192) == 431


def test_no_zero_characters_in_addresses() -> None:
    """SEC-057."""
    assert status(HOST, path="/users/a\0da") == 400
    assert status(HOST, query_string=b"before=%00") == 400
