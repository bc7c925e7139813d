"""One server, one application and one Node process for all tests of the SDKs, which bring ids of their own."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from application import Application, fresh
from lacks import lacking
from nodesdk import Getstream, missing
from town import Town

GROUPS = {
    "topic": {"type": "flat"},
    "ranked": {
        "type": "flat",
        "rankings": {
            "popular": {"score": "popularity", "defaults": {"popularity": 1}},
            "strict": {"score": "popularity"},
            "weighed": {"score": "external.weight * popularity", "defaults": {"popularity": 1}},
            "liked": {"score": "reaction_counts.like", "defaults": {"reaction_counts": {"like": 0}}},
        },
    },
    "by_actor": {"type": "notification", "aggregation": "{{ actor }}_{{ verb }}"},
}
"""Feed groups beside those that every application has."""


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    town = Town(tmp_path_factory.mktemp("feeds"))
    try:
        server = town.server(
            HEADWATER_FEDERATION_ALLOW_ADDRESSES="127.0.0.0/8",
            HEADWATER_LIMITS_REQUESTS_PER_MINUTE="100000",
            HEADWATER_FEEDS=json.dumps(GROUPS),
        )
        made = Application(server)
        yield made
        made.close()
    finally:
        for one in town.servers:
            one.kill()


@pytest.fixture(scope="session")
def client(application: Application) -> Any:
    """The Python SDK with the application's secret."""
    return application.python()


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Getstream]:
    """The JavaScript SDK."""
    lack = missing()
    if lack is not None:
        lacking(lack)
    started = Getstream(tmp_path_factory.mktemp("node") / "log")
    yield started
    started.close()


@pytest.fixture(scope="session")
def backend(application: Application, node: Getstream) -> Any:
    """The JavaScript SDK with the application's secret."""
    return application.javascript(node)


@pytest.fixture
def sign_in(application: Application, node: Getstream) -> Callable[[str], Any]:
    """Return a client of the JavaScript SDK that speaks as a user with a fresh id."""
    return lambda name: application.javascript(node, application.user_token(fresh(name)))


@pytest.fixture
def website() -> Iterator[Callable[..., str]]:
    """Return the address of a new page with some body."""
    pages: dict[str, tuple[str, str]] = {}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text, content_type = pages[self.path]
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    def publish(text: str, content_type: str = "text/html") -> str:
        path = f"/{len(pages)}"
        pages[path] = (text, content_type)
        return f"http://127.0.0.1:{site.server_port}{path}"

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as site:
        thread = Thread(target=site.serve_forever, daemon=True)
        thread.start()
        yield publish
        site.shutdown()
        thread.join()
