"""A small server of feeds, written for tests alone: it says what a test tells it to say, and keeps what it is asked."""

import contextlib
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit


class Asked(NamedTuple):
    """One request: its method, its path with the query, its header fields in lower case, its body."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query)


class Said(NamedTuple):
    """One answer."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = {}


Speak = Callable[[Asked], Said]


class Press:
    """A server on a free port of 127.0.0.1; ``pages`` are answers, or what makes them, by path without the query."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.pages: dict[str, Said | Speak] = {}
        press = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                press._answer(self, b"")

            def do_POST(self) -> None:
                press._answer(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def publish(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> str:
        """Say the same whenever somebody asks, and return the whole address."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Said(body.encode() if isinstance(body, str) else body, status, fields)
        return self.base_url + path

    def _answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        asked = Asked(handler.command, handler.path, headers, body)
        self.asked.append(asked)
        found = self.pages.get(urlsplit(handler.path).path, Said(status=404))
        said = found(asked) if callable(found) else found
        with contextlib.suppress(ConnectionError):  # whoever asked may have lost patience
            self._say(handler, said)

    def _say(self, handler: BaseHTTPRequestHandler, said: Said) -> None:
        handler.send_response(said.status)
        for name, value in said.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(said.body)))
        handler.end_headers()
        handler.wfile.write(said.body)
