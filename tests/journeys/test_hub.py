"""Who subscribes to a feed of ours by WebSub is told what it says now (Atom §16, WebSub §5 to §8)."""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from town import Person, Server, Town, eventually, free_port

SECRET = "between-us"


class Subscriber:
    """A reader elsewhere: says yes to what it has asked for, and keeps what it is sent."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.letters: list[tuple[dict[str, str], bytes]] = []
        self.wants, self.status, self.answer = True, 200, ""
        subscriber = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                subscriber.asked.append(query)
                said = subscriber.answer or query.get("hub.challenge", "")
                self._answer(200 if subscriber.wants else 404, said.encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                subscriber.letters.append(
                    ({name.lower(): value for name, value in self.headers.items()}, body)
                )
                self._answer(subscriber.status, b"")

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_request(self, *_: Any) -> None:
                pass

        port = free_port()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{port}/callback?who=me"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def reader() -> Iterator[Subscriber]:
    subscriber = Subscriber()
    yield subscriber
    subscriber.close()


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    town = Town(tmp_path_factory.mktemp("hub"))
    yield town.server()
    for server in town.servers:
        server.kill()


@pytest.fixture(scope="module")
def ada(here: Server) -> Person:
    return here.person("ada")


def topic(here: Server) -> str:
    return f"{here.base_url}/@ada/feed.atom"


def ask(here: Server, callback: str, mode: str = "subscribe", **fields: str) -> httpx.Response:
    form = {"hub.mode": mode, "hub.topic": topic(here), "hub.callback": callback}
    named = {name.replace("_", ".", 1): value for name, value in fields.items()}
    return httpx.post(f"{here.base_url}/websub/hub", data={**form, **named})


def subscribed(here: Server, reader: Subscriber, **fields: str) -> dict[str, str]:
    assert ask(here, reader.url, **fields).status_code == 202
    (asked,) = eventually(lambda: reader.asked)
    return dict(asked)


def test_feeds_name_the_hub_and_themselves(here: Server, ada: Person) -> None:
    """WebSub §4: in the header and in the document."""
    answer = httpx.get(topic(here))
    links = answer.headers["link"]
    assert f'<{here.base_url}/websub/hub>; rel="hub"' in links
    assert f'<{topic(here)}>; rel="self"' in links
    assert f'rel="hub" href="{here.base_url}/websub/hub"' in answer.text
    listed = httpx.get(f"{here.base_url}/@ada/feed.json").json()["hubs"]
    assert listed == [{"type": "WebSub", "url": f"{here.base_url}/websub/hub"}]


def test_whoever_has_agreed_is_sent_the_whole_feed_when_it_changes(
    here: Server, ada: Person, reader: Subscriber
) -> None:
    """WebSub §5.3, §7, §8: the challenge, the content, who sent it, and a signature."""
    asked = subscribed(here, reader, hub_secret=SECRET, hub_lease_seconds="7200", hub_verify_token="mine")
    assert asked["hub.mode"] == "subscribe"
    assert asked["hub.topic"] == topic(here)
    assert asked["hub.lease_seconds"] == "7200"
    assert (asked["who"], asked["hub.verify_token"]) == ("me", "mine")
    ada.note("First frost this morning")
    (headers, body) = eventually(lambda: reader.letters, 20)[-1]
    assert b"First frost this morning" in body
    assert headers["content-type"].startswith("application/atom+xml")
    assert f'<{here.base_url}/websub/hub>; rel="hub"' in headers["link"]
    assert f'<{topic(here)}>; rel="self"' in headers["link"]
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature"] == f"sha256={signature}"
    assert httpx.get(topic(here)).content == body


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"hub_mode": "publish"}, 400, "hub.mode"),
        ({"hub_callback": "ftp://x.example/"}, 400, "hub.callback"),
        ({"hub_callback": "http://x.example/#frag"}, 400, "hub.callback"),
        ({"hub_callback": ""}, 400, "hub.callback"),
        ({"hub_secret": "s" * 200}, 400, "hub.secret"),
        ({"hub_lease_seconds": "soon"}, 400, "hub.lease_seconds"),
        ({"hub_topic": ""}, 400, "hub.topic"),
        ({"hub_topic": "https://elsewhere.example/feed"}, 404, "hub.topic"),
        ({"hub_topic": "/health"}, 404, "hub.topic"),
        ({"hub_topic": "/@nobody/feed.atom"}, 404, "hub.topic"),
        ({"hub_topic": "/activity/live"}, 404, "hub.topic"),  # an answer that has no end
        ({"hub_topic": "/activity/%FF%2F..%2F"}, 404, "hub.topic"),
    ],
)
def test_what_cannot_be_asked(here: Server, fields: dict[str, str], status: int, field: str) -> None:
    """WebSub §5.1: a 4xx with the reason as text."""
    given = {**fields}
    if given.get("hub_topic", "").startswith("/"):
        given["hub_topic"] = here.base_url + given["hub_topic"]
    answer = ask(here, "http://127.0.0.1:9/callback", **given)
    assert answer.status_code == status, answer.text
    assert answer.text.startswith(field)
