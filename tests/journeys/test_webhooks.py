"""An application is told by HTTP what happens in its feeds (Feeds §11.3): a server, a command, a receiver."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from application import Application
from town import Town, eventually, free_port

PIN = {"actor": "ada", "verb": "pin", "object": "Place:42"}


class Receiver:
    """An application's own server: answers a GET with its key, and keeps what is posted."""

    def __init__(self, port: int) -> None:
        self.key, self.status = "", 200
        self.letters: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(200, receiver.key.encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.letters.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self._answer(receiver.status, b"")

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_request(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{port}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [message for _, body in self.letters for message in json.loads(body)]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver(free_port())
    yield made
    made.close()


def test_an_application_is_told_what_happens(town: Town, receiver: Receiver) -> None:
    server = town.server()
    application = Application(server)
    change = ("tenant", "change", "default", "--webhook", receiver.url)
    server.cli(*change, expect=1)  # it does not know the key
    receiver.key = application.api_key
    assert server.cli(*change)["webhook"] == receiver.url
    client = application.python()
    feed = client.feed("user", "1")
    client.feed("timeline", "2").follow("user", "1")
    added = feed.add_activity({**PIN, "foreign_id": "pin:1"})
    client.reactions.add("like", added["id"], "ada")
    feed.remove_activity(foreign_id="pin:1")

    def told() -> list[dict[str, Any]]:
        return receiver.messages if len(receiver.messages) >= 5 else []

    messages = eventually(told)
    assert [(one.get("feed"), [new["id"] for new in one.get("new", [])]) for one in messages[:2]] == [
        ("user:1", [added["id"]]), ("timeline:2", [added["id"]]),
    ]  # fmt: skip
    assert messages[2]["type"] == "reaction.new"
    assert messages[2]["generic"]["kind"] == "like"
    assert sorted(one["feed"] for one in messages[3:]) == ["timeline:2", "user:1"]
    assert all(one["deleted"] == [added["id"]] for one in messages[3:])
    for headers, body in receiver.letters:
        signature = hmac.new(application.api_secret.encode(), body, hashlib.sha256).hexdigest()
        assert (headers["x-signature"], headers["x-api-key"]) == (signature, application.api_key)


def test_what_could_not_be_told_is_seen_and_survives_the_server(town: Town, receiver: Receiver) -> None:
    """REL-020: and is told when the operator says so, or when its time has come."""
    server = town.server()
    application = Application(server)
    receiver.key = application.api_key
    server.cli("tenant", "change", "--webhook", receiver.url)
    receiver.status = 500
    added = application.python().feed("user", "1").add_activity(PIN)
    eventually(lambda: receiver.letters)

    def waiting() -> list[dict[str, Any]]:
        listed = server.cli("deliveries", "list", "--webhooks")["deliveries"]
        return [one for one in listed if one["status"] == 500]

    [report] = eventually(waiting)
    assert (report["url"], report["state"], report["error"]) == (receiver.url, "waiting", "answered 500")
    assert server.cli("deliveries", "list")["deliveries"] == []
    assert server.stop() == 0
    server.start()
    assert waiting()[0]["id"] == report["id"]
    assert server.cli("deliveries", "drop", "--webhooks", "--waiting", "--all")["dropped"] == 1
    receiver.status, receiver.letters = 200, []
    application.python().feed("user", "1").remove_activity(added["id"])
    assert eventually(lambda: receiver.messages)[0]["deleted"] == [added["id"]]
    assert server.cli("tenant", "change", "--no-webhook")["webhook"] is None
