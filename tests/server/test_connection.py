"""What must hold on a connection before there is a request. Raw bytes to a real server."""

import contextlib
import socket
import time

import httpx
import pytest
from town import Server, Town


def exchange(server: Server, *sent: bytes, seconds: float = 5.0, pause_seconds: float = 0.0) -> bytes:
    """Send some bytes and return everything that comes back until the server hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as connection:
        received = b""
        with contextlib.suppress(ConnectionError):
            for part in sent:
                connection.sendall(part)
                time.sleep(pause_seconds)
        with contextlib.suppress(ConnectionError):
            while chunk := connection.recv(65_536):
                received += chunk
        return received


def head(server: Server, *lines: str, target: str = "/users/nobody", method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {target} HTTP/1.1", f"Host: {server.host}", *lines, "", ""]).encode()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 3", "Transfer-Encoding: chunked"),
        ("Content-Length: 3", "Content-Length: 4"),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding: chunked, identity",),
        ("X-Folded: a", " b"),
        ("X-Space : a",),
        ("Bad Name: a",),
        ("Host: b.example",),
    ],
)
def test_what_two_parsers_could_read_differently_is_refused(live: Server, lines: tuple[str, ...]) -> None:
    """SEC-058, SEC-059: 400, and the connection ends, so nothing smuggled is ever served."""
    smuggled = b"0\r\n\r\n" + head(live, target="/health")
    answer = exchange(live, head(live, *lines, method="POST") + smuggled)
    assert status(answer) == 400
    assert answer.count(b"HTTP/1.1 ") == 1


def test_bare_line_feeds_are_refused(live: Server) -> None:
    """SEC-058."""
    answer = exchange(live, head(live).replace(b"\r\n", b"\n"))
    assert status(answer) == 400
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(("named", "expected"), [("ours", 404), ("b.example", 400), ("", 400)])
def test_absolute_targets_name_our_host(live: Server, named: str, expected: int) -> None:
    """SEC-059."""
    host = live.host if named == "ours" else named
    answer = exchange(live, head(live, "Connection: close", target=f"http://{host}/users/nobody"))
    assert status(answer) == expected


def test_refusals_of_the_parser_are_problem_documents_with_a_request_id(live: Server) -> None:
    answer = exchange(live, b"nonsense\r\n\r\n").lower()
    assert b"application/problem+json" in answer
    assert b"x-request-id: " in answer
    assert b"server:" not in answer


def test_a_header_that_never_ends_is_refused_by_size(live: Server) -> None:
    """SEC-060."""
    answer = exchange(
        live, head(live)[:-2], *[b"X-Endless: " + b"a" * 8_000 + b"\r\n"] * 6, pause_seconds=0.02
    )
    assert status(answer) == 431


def test_a_header_that_takes_too_long_is_refused(live: Server) -> None:
    """SEC-060."""
    begun = time.monotonic()
    answer = exchange(live, head(live)[:-2])
    assert status(answer) == 408
    assert 0.9 < time.monotonic() - begun < 4


def test_dripping_does_not_buy_time(live: Server) -> None:
    """SEC-060: the whole header has its time, not each byte of it."""
    begun = time.monotonic()
    exchange(live, head(live)[:-2], *[b"X", b":", b"a", b"\r\n"] * 8, pause_seconds=0.3)
    assert time.monotonic() - begun < 5, "32 drips would have taken almost ten seconds"


def test_a_connection_that_says_nothing_is_closed(live: Server) -> None:
    assert exchange(live) == b""


def test_an_idle_connection_is_closed(live: Server) -> None:
    answer = exchange(live, head(live, target="/health"))
    assert status(answer) == 200


def test_a_body_that_stops_is_refused(live: Server) -> None:
    """SEC-060."""
    answer = exchange(live, head(live, "Content-Length: 10", "Content-Type: application/activity+json",
                                 target="/inbox", method="POST") + b"{")  # fmt: skip
    assert status(answer) == 408


def test_a_body_in_drips_is_refused(live: Server) -> None:
    """SEC-060: a body has a total time too."""
    begun = time.monotonic()
    start = head(
        live, "Content-Length: 100", "Content-Type: application/activity+json", target="/inbox", method="POST"
    )
    exchange(live, start, *[b" "] * 30, pause_seconds=0.4)
    assert time.monotonic() - begun < 7, "30 drips would have taken twelve seconds"


def test_half_open_connections_do_not_keep_others_waiting(live: Server) -> None:
    """SEC-060: 300 of them, and a normal client is served within a second."""
    idle = [socket.create_connection(("127.0.0.1", live.port)) for _ in range(300)]
    try:
        for connection in idle:
            connection.sendall(b"GET / HT")
        begun = time.monotonic()
        assert httpx.get(f"{live.base_url}/health").status_code == 200
        assert time.monotonic() - begun < 1
    finally:
        for connection in idle:
            connection.close()


def test_an_address_has_so_many_connections(town: Town) -> None:
    """SEC-060."""
    server = town.server(HEADWATER_LIMITS_CONNECTIONS_PER_CLIENT_MAX="2")
    held = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(2)]
    assert exchange(server, head(server, target="/health")) == b""
    held.pop().close()
    time.sleep(0.2)
    assert status(exchange(server, head(server, "Connection: close", target="/health"))) == 200
    held.pop().close()


def test_keep_alive_and_pipelining_still_work(live: Server) -> None:
    answer = exchange(live, head(live, target="/health") + head(live, "Connection: close", target="/health"))
    assert answer.count(b"HTTP/1.1 200") == 2
