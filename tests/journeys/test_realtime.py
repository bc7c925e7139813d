"""Listening to feeds over real sockets: WebSockets, their limits, and the end of a server (Feeds §11.1)."""

import json
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from application import Application
from talker import channel
from town import Server, Town, eventually
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

PIN = {"actor": "ada", "verb": "pin", "object": "Place:42"}
SHAKE = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["websocket"]}


class Line:
    """A WebSocket on which somebody speaks Bayeux."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.id = ""

    def say(self, **message: Any) -> None:
        self.socket.send(json.dumps([message]))

    def hear(self, seconds: float = 10) -> dict[str, Any]:
        [message] = json.loads(self.socket.recv(seconds))
        return message

    def ask(self, **message: Any) -> dict[str, Any]:
        self.say(**message)
        return self.hear()

    def begin(self, application: Application, feed: str, *, id: str = "") -> str:
        """Shake hands and subscribe, or go on under a name that is known; then connect."""
        self.id = id or self.ask(**SHAKE)["clientId"]
        if not id:
            subscribed = self.ask(**subscribing(application, self.id, feed))
            assert subscribed["successful"], subscribed
        self.say(channel="/meta/connect", clientId=self.id, connectionType="websocket", id="c")
        return self.id


def subscribing(application: Application, id: str, feed: str) -> dict[str, Any]:
    signed = application.python().create_jwt_token("*", "*", "*")
    return {
        "channel": "/meta/subscribe", "clientId": id, "subscription": channel(int(application.app_id), feed),
        "ext": {"api_key": application.api_key, "signature": signed},
    }  # fmt: skip


@contextmanager
def line(server: Server, path: str = "/faye", **options: Any) -> Iterator[Line]:
    with connect(f"ws://{server.host}{path}", **options) as socket:
        yield Line(socket)


def test_what_happens_is_sent_as_it_happens(town: Town) -> None:
    """From any site, and on both spellings of the address."""
    application = Application(town.server())
    with line(application.server, "/faye/", origin="https://app.example") as heard:
        heard.begin(application, "user:1")
        added = application.python().feed("user", "1").add_activity(PIN)
        message = heard.hear()
        assert message["data"]["new"][0]["id"] == added["id"]
        reply = heard.ask(
            channel="/meta/connect",
            clientId=heard.id,
            connectionType="websocket",
            id="d",
            advice={"timeout": 0},
        )
        assert (reply["channel"], reply["id"], reply["successful"]) == ("/meta/connect", "d", True)


def test_who_only_subscribes_is_told_as_well(town: Town) -> None:
    """Feeds §11.1: the official Swift client sends binary frames and never connects; it only pings the socket."""
    application = Application(town.server())
    with line(application.server) as heard:
        id = heard.ask(**SHAKE)["clientId"]
        heard.socket.send(json.dumps([subscribing(application, id, "user:1")]).encode())
        assert heard.hear()["successful"]
        added = application.python().feed("user", "1").add_activity(PIN)
        assert heard.hear()["data"]["new"][0]["id"] == added["id"]
        refused = heard.ask(**(subscribing(application, id, "user:2") | {"ext": {}}))
        assert not refused["successful"]
        again = application.python().feed("user", "1").add_activity(PIN)
        assert heard.hear()["data"]["new"][0]["id"] == again["id"]


def test_who_comes_back_is_told_what_happened_meanwhile(town: Town) -> None:
    """Over another socket, and of a server that was started again."""
    server = town.server()
    application = Application(server)
    feed = application.python().feed("user", "1")
    with line(server) as heard:
        id = heard.begin(application, "user:1")
        feed.add_activity(PIN)
        heard.hear()
    missed = feed.add_activity(PIN)
    with line(server) as heard:
        heard.begin(application, "user:1", id=id)
        assert heard.hear()["data"]["new"][0]["id"] == missed["id"]
        assert server.stop() == 0
        with pytest.raises(ConnectionClosed) as closed:
            heard.hear()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012  # comes again
    server.start()
    added = feed.add_activity(PIN)
    with line(server) as heard:
        heard.begin(application, "user:1", id=id)
        assert heard.hear()["data"]["new"][0]["id"] == added["id"]


def test_a_poll_is_answered_when_the_server_ends(town: Town) -> None:
    """REL-026: at once, and well; nobody waits for the time that ends what never would."""
    server = town.server()
    application = Application(server)
    with httpx.Client(base_url=server.base_url, timeout=60) as client:
        id = client.post("/faye", json=SHAKE).json()[0]["clientId"]
        client.post("/faye", json=subscribing(application, id, "user:1"))
        answers: list[httpx.Response] = []
        asked = {"channel": "/meta/connect", "clientId": id, "connectionType": "long-polling"}
        polling = threading.Thread(target=lambda: answers.append(client.post("/faye", json=asked)))
        polling.start()
        time.sleep(0.5)
        began = time.monotonic()
        assert server.stop() == 0
        polling.join()
    assert time.monotonic() - began < 3.5
    assert answers[0].json()[0]["successful"]


def test_several_processes_know_each_others_clients(town: Town) -> None:
    """The SDK shakes hands by HTTP and goes on over a WebSocket, wherever that ends up (REL-038)."""
    server = town.server(HEADWATER_SERVER_WORKERS="2")
    application = Application(server)
    feed = application.python().feed("user", "1")
    for _ in range(6):
        id = httpx.post(f"{server.base_url}/faye", json=SHAKE).json()[0]["clientId"]
        asked = subscribing(application, id, "user:1")
        assert httpx.post(f"{server.base_url}/faye", json=asked).json()[0]["successful"]
        with line(server) as heard:
            heard.begin(application, "user:1", id=id)
            added = feed.add_activity(PIN)
            assert heard.hear()["data"]["new"][0]["id"] == added["id"]


def test_what_is_too_long_ends_a_socket_and_nonsense_does_not(town: Town) -> None:
    with line(town.server()) as heard:
        for text in ("", "{", "[1]", "\0"):
            heard.socket.send(text)
            assert heard.hear()["error"].startswith("400::")
        heard.socket.send(json.dumps([SHAKE]).encode())  # as bytes
        assert heard.hear()["successful"]
        assert heard.ask(**SHAKE)["successful"]
        heard.socket.send("x" * 70_000)
        with pytest.raises(ConnectionClosed) as closed:
            heard.hear()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


def test_so_many_sockets_and_no_more(town: Town) -> None:
    """REL-023: by client and in all; one that is closed makes room."""
    server = town.server(HEADWATER_LIMITS_REALTIME_CONNECTIONS_PER_CLIENT_MAX="2")
    with line(server):
        with line(server) as second:
            assert second.ask(**SHAKE)["successful"]
            with pytest.raises(InvalidStatus) as refused:
                line(server).__enter__()
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["retry-after"] == "60"

        def again() -> bool:
            try:
                with line(server) as third:
                    return bool(third.ask(**SHAKE)["successful"])
            except InvalidStatus:
                return False

        eventually(again)


def test_sockets_count_as_connections_until_they_end(town: Town) -> None:
    """SEC-060: the cap of connections holds for them too, and is not used up by those that are gone."""
    server = town.server(HEADWATER_LIMITS_CONNECTIONS_PER_CLIENT_MAX="4")
    for _ in range(8):
        with line(server) as heard:
            heard.ask(**SHAKE)

    def open_again() -> bool:
        with socket.create_connection(("127.0.0.1", server.port)) as plain:
            plain.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return plain.recv(64).startswith(b"HTTP/1.1 200")

    eventually(open_again)


def test_a_socket_is_opened_nowhere_else(town: Town) -> None:
    server = town.server()
    for path in ("/", "/users/ada", f"/{secrets.token_hex(3)}", "/api/v1.0/feed/user/1/"):
        with pytest.raises(InvalidStatus) as refused:
            line(server, path).__enter__()
        assert refused.value.response.status_code == 403
    assert "Traceback" not in server.log()
