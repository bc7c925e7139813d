"""Answers as bytes: what leaves, in how many pieces, and what may not be in a head."""

import asyncio
import logging
import re
from typing import Any, cast

import pytest
from test_connection import exchange as talk
from test_connection import head
from town import Server
from uvicorn.protocols.http.flow_control import FlowControl

from server.exchange import Exchange

pytestmark = pytest.mark.anyio

Headers = list[tuple[bytes, bytes]]


class Wire:
    """A transport that notes what is written."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.closed = False

    def write(self, piece: bytes) -> None:
        self.pieces.append(piece)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


def _exchange(wire: Wire, method: str = "GET", *, kept: bool = True, version: str = "1.1") -> Exchange:
    transport = cast(asyncio.Transport, wire)
    scope = cast(Any, {"type": "http", "method": method, "http_version": version})
    return Exchange(
        scope=scope, transport=transport, flow=FlowControl(transport),
        logger=logging.getLogger("test"), access_logger=logging.getLogger("test"), access_log=False,
        default_headers=[(b"date", b"now")], message_event=asyncio.Event(), expect_100_continue=False,
        keep_alive=kept, on_response=lambda: None,
    )  # fmt: skip


async def _answer(exchange: Exchange, headers: Headers, *bodies: bytes, status: int = 200) -> None:
    await exchange.send({"type": "http.response.start", "status": status, "headers": headers})
    for number, body in enumerate(bodies, 1):
        await exchange.send({"type": "http.response.body", "body": body, "more_body": number < len(bodies)})


async def test_an_answer_of_known_length_is_one_packet() -> None:
    wire = Wire()
    await _answer(_exchange(wire), [(b"content-length", b"5"), (b"x-name", b"a\tb")], b"hello")
    assert wire.pieces == [b"HTTP/1.1 200 OK\r\ndate: now\r\ncontent-length: 5\r\nx-name: a\tb\r\n\r\nhello"]
    assert not wire.closed


async def test_a_head_does_not_wait_for_a_body_that_may_take_its_time() -> None:
    wire = Wire()
    exchange = _exchange(wire)
    await _answer(exchange, [(b"content-type", b"text/event-stream")])
    assert wire.pieces == [
        b"HTTP/1.1 200 OK\r\ndate: now\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    ]
    await exchange.send({"type": "http.response.body", "body": b"one", "more_body": True})
    await exchange.send({"type": "http.response.body", "body": b""})
    assert wire.pieces[1:] == [b"3\r\none\r\n", b"0\r\n\r\n"]


async def test_to_whom_chunks_are_unknown_the_body_ends_with_the_connection() -> None:
    """RFC 9112 §6.1: no Transfer-Encoding is sent to HTTP/1.0."""
    wire = Wire()
    exchange = _exchange(wire, kept=False, version="1.0")
    await _answer(exchange, [(b"content-type", b"text/plain")], b"one", b"two")
    assert b"transfer-encoding" not in wire.pieces[0]
    assert b"connection: close" in wire.pieces[0]
    assert b"".join(wire.pieces[1:]) == b"onetwo"
    assert wire.closed


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
async def test_answers_without_a_body_have_none(method: str, status: int) -> None:
    wire = Wire()
    exchange = _exchange(wire, method)
    await _answer(exchange, [(b"content-length", b"5")] if method == "HEAD" else [], b"", status=status)
    assert exchange.response_complete
    assert b"".join(wire.pieces).endswith(b"\r\n\r\n")
    assert b"chunked" not in wire.pieces[0]


@pytest.mark.parametrize("culprit", [b"\r", b"\n", b"\0", b"\x7f", b"\x1f"])
@pytest.mark.parametrize("in_name", [True, False])
async def test_no_field_of_an_answer_can_end_a_line(culprit: bytes, in_name: bool) -> None:
    """SEC-057: what would split an answer is not sent."""
    wire = Wire()
    name, value = (b"x-a" + culprit, b"b") if in_name else (b"x-a", b"b" + culprit + b"set-cookie: c")
    with pytest.raises(RuntimeError):
        await _answer(_exchange(wire), [(b"content-length", b"0"), (name, value)], b"")
    assert wire.pieces == []


@pytest.mark.parametrize("bodies", [(b"hell",), (b"hell", b"o!"), (b"hell", b"")])
async def test_a_body_of_another_length_is_a_mistake(bodies: tuple[bytes, ...]) -> None:
    with pytest.raises(RuntimeError):
        await _answer(_exchange(Wire()), [(b"content-length", b"5")], *bodies)


@pytest.mark.parametrize(("kept", "headers"), [(False, []), (True, [(b"connection", b"close")])])
async def test_a_connection_that_is_to_end_says_so_once(kept: bool, headers: Headers) -> None:
    wire = Wire()
    await _answer(_exchange(wire, kept=kept), [(b"content-length", b"0"), *headers], b"")
    assert wire.pieces[0].count(b"connection: close\r\n") == 1
    assert wire.closed


def test_requests_that_do_not_wait_for_answers_are_answered_in_order(live: Server) -> None:
    asked = head(live, target="/health") + head(live) + head(live, "Connection: close", target="/health")
    assert re.findall(rb"HTTP/1\.1 (\d+)", talk(live, asked)) == [b"200", b"404", b"200"]


def test_an_older_client_gets_a_closed_connection(live: Server) -> None:
    answer = talk(live, head(live, target="/health").replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close\r\n" in answer


@pytest.mark.parametrize("target", ["/health?a=b#c", "/%68ealth", "http://OURS/health?a"])
def test_paths_are_read_as_they_are_meant(live: Server, target: str) -> None:
    answer = talk(live, head(live, "Connection: close", target=target.replace("OURS", live.host)))
    assert answer.startswith(b"HTTP/1.1 200 ")
