"""Starting and stopping, as an operator sees it."""

import signal
import socket
import time

import httpx
from town import Server, Town, eventually


def test_sigterm_ends_it_with_zero(town: Town) -> None:
    """REL-026."""
    server = town.server()
    begun = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - begun < 10
    assert "Traceback" not in server.log()


def test_a_request_in_progress_is_finished_first(town: Town) -> None:
    """REL-026: half of the body came before the signal, half of it after."""
    server = town.server()
    body = b'{"type":"Like"}'
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        head = f"POST /inbox HTTP/1.1\r\nHost: {server.host}\r\nContent-Type: application/activity+json\r\n"
        connection.sendall(head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body[:5])
        time.sleep(0.2)
        assert server.process is not None
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        connection.sendall(body[5:])
        answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 4")
    assert server.process.wait(10) == 0


def test_test_mode_is_said_at_start(town: Town) -> None:
    """SEC-119."""
    assert "Test mode" in town.server().log()


def test_several_processes_serve_one_address(town: Town) -> None:
    """REL-038: they share the socket, the metrics and the end."""
    server = town.server(HEADWATER_SERVER_WORKERS="2")
    assert all(httpx.get(f"{server.base_url}/health").status_code == 200 for _ in range(20))
    wanted = 'route="/health",status="200"} 20.0'
    eventually(lambda: wanted in httpx.get(f"{server.base_url}/metrics").text)
    assert server.stop() == 0
    assert "Traceback" not in server.log()


def test_a_taken_port_is_said_plainly(live: Server) -> None:
    live.cli("serve", expect=1)


def test_a_database_of_another_name_is_refused(live: Server) -> None:
    """REL-027: one line, no traceback."""
    live.environment["HEADWATER_SERVER_BASE_URL"] = "http://127.0.0.1:1"
    try:
        live.cli("serve", "--port", "0", expect=1)
    finally:
        live.environment["HEADWATER_SERVER_BASE_URL"] = live.base_url
