"""One connection to another server: how answers end, and when another request may follow."""

import asyncio
import contextlib
import itertools

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.client import Client, OutboundPolicy
from federation.connection import HELD_BYTES_MAX, Connection
from federation.errors import Unreachable

pytestmark = pytest.mark.anyio

POLICY = OutboundPolicy(user_agent="Headwater/test", test_mode=True, document_seconds=3, delivery_seconds=3)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Peer:
    """A server that does with each request what a list says; the last holds for all that follow."""

    def __init__(self, *acts):
        self.acts = list(acts)
        self.connections = 0
        self.requests: list[bytes] = []
        self.tasks: set[asyncio.Task] = set()

    async def serve(self, reader, writer):
        self.connections += 1
        self.tasks.add(asyncio.current_task())
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                fields = dict(line.split(b": ", 1) for line in head.lower().strip().split(b"\r\n")[1:])
                body = await reader.readexactly(int(fields.get(b"content-length", 0)))
                self.requests.append(head + body)
                act = self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]
                if act is None:
                    break
                pieces, hang_up = act if isinstance(act, tuple) else ([act], False)
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0)
                if hang_up:
                    break
        writer.close()


@contextlib.asynccontextmanager
async def talking_to(*acts):
    """Run such a server and a client."""
    peer = Peer(*acts)
    server = await asyncio.start_server(peer.serve, "127.0.0.1", 0)
    peer.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server, Client(POLICY) as client:
        yield peer, client
        for task in peer.tasks:
            task.cancel()
        await asyncio.gather(*peer.tasks)


async def test_one_connection_for_many_requests():
    """What is kept open by both sides is used again."""
    async with talking_to(OK) as (peer, client):
        for _ in range(5):
            assert (await client.get(peer.url, headers={})).body == b"ok"
        assert (len(peer.requests), peer.connections) == (5, 1)


async def test_as_many_connections_as_requests_at_a_time():
    """Requests do not wait for each other's answers."""
    async with talking_to(OK) as (peer, client):
        await asyncio.gather(*(client.get(peer.url, headers={}) for _ in range(8)))
        assert len(peer.requests) == 8
        assert peer.connections > 1


@pytest.mark.parametrize(
    "act",
    [
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"], False),
        ([b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"], False),
        ([b"HTTP/1.1 200 OK\r\n\r\nok"], True),
        ([OK + b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"], False),
        ([OK + b"stray"], False),
        ([OK], True),
    ],
    ids=["said so", "old version", "ends by closing", "a second answer", "stray bytes", "hung up later"],
)
async def test_a_new_connection_is_needed(act):
    """RFC 9112 §9.3: the answer counts, but what was closed, or not left clean, is not used again."""
    async with talking_to(act) as (peer, client):
        for _ in range(2):
            assert (await client.get(peer.url, headers={})).body == b"ok"
            await asyncio.sleep(0.02)
        assert peer.connections == 2


async def test_hung_up_before_it_had_read():
    """A peer that closes a kept connection when the next request is on its way gets it once more."""
    async with talking_to(OK, None, OK) as (peer, client):
        await client.post(peer.url, b"1", content_type="text/plain", headers={})
        response = await client.post(peer.url, b"2", content_type="text/plain", headers={})
        assert response.status == 200
        assert [request[-1:] for request in peer.requests] == [b"1", b"2", b"2"]


async def test_hung_up_at_once():
    """A peer that closes a new connection without a word is not asked again at once."""
    async with talking_to(None) as (peer, client):
        with pytest.raises(Unreachable):
            await client.post(peer.url, b"1", content_type="text/plain", headers={})
        assert len(peer.requests) == 1


async def test_hung_up_in_the_middle_of_an_answer():
    """What was answered in part was received: it is not sent again."""
    async with talking_to(OK, ([b"HTTP/1.1 200 OK\r\nContent-"], True), OK) as (peer, client):
        await client.get(peer.url, headers={})
        with pytest.raises(Unreachable):
            await client.post(peer.url, b"1", content_type="text/plain", headers={})
        assert len(peer.requests) == 2


@pytest.mark.parametrize(
    "act",
    [
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"], True),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nhello"], True),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"], False),
        ([b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"], False),
    ],
    ids=["no last chunk", "too short", "two lengths", "another protocol"],
)
async def test_no_whole_answer(act):
    """RFC 9112 §8: an answer that was cut off, or whose end is not clear, is none."""
    async with talking_to(act) as (peer, client):
        with pytest.raises(Unreachable):
            await client.get(peer.url, headers={})


async def test_interim_answers():
    """RFC 9110 §15.2: what comes before the answer is passed over, with its fields."""
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    async with talking_to(([b"HTTP/1.1 100 Continue\r\n\r\n", early, OK], False)) as (peer, client):
        for _ in range(2):
            response = await client.get(peer.url, headers={})
            assert (response.status, response.body) == (200, b"ok")
            assert "link" not in response.headers
        assert peer.connections == 1


async def test_repeated_fields():
    """RFC 9110 §5.3: fields of one name are one list; text may be UTF-8 or Latin-1."""
    lines = b"Link: <a>\r\nlink: <b>\r\nX-New: \xc3\xa9\r\nX-Old: \xe9\r\n"
    async with talking_to(b"HTTP/1.1 204 No Content\r\n" + lines + b"\r\n") as (peer, client):
        response = await client.get(peer.url, headers={})
        assert response.headers == {"link": "<a>, <b>", "x-new": "é", "x-old": "é"}


async def test_no_line_breaks_in_fields():
    """Nobody writes header fields of ours by a value that holds a line break."""
    async with talking_to(OK) as (peer, client):
        with pytest.raises(Unreachable):
            await client.get(peer.url, headers={"X": "a\r\nHost: b"})
        assert peer.requests == []


class Pipe(asyncio.Transport):
    """What a connection writes to, and by what it holds its peer back."""

    def __init__(self):
        super().__init__()
        self.written = b""
        self.held = self.gone = False

    def write(self, data):
        self.written += data

    def pause_reading(self):
        self.held = True

    def resume_reading(self):
        self.held = False

    def abort(self):
        self.gone = True


async def exchange(pieces, *, lost=False):
    """Send one request over a connection that is fed these pieces; return status and body."""
    connection, pipe = Connection(), Pipe()
    connection.connection_made(pipe)
    sending = asyncio.ensure_future(connection.send(b"GET / HTTP/1.1\r\n\r\n", b"", wait_seconds=5))
    await asyncio.sleep(0)
    for piece in pieces:
        connection.data_received(piece)
    if lost:
        connection.connection_lost(None)
    await sending
    body = b"".join([chunk async for chunk in connection.chunks()])
    return connection.status, body, connection.reusable


@given(st.lists(st.integers(0, 120), max_size=12))
def test_answers_in_pieces(cuts):
    """However an answer is cut on its way, it is the same."""
    whole = (
        b"HTTP/1.1 103 X\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: x\r\n\r\n"
    )
    edges = [0, *sorted(cut for cut in cuts if cut < len(whole)), len(whole)]
    pieces = [whole[start:end] for start, end in itertools.pairwise(edges) if start < end]
    assert asyncio.run(exchange(pieces)) == (200, b"hello world", True)


@given(st.binary(max_size=200))
def test_anything_may_come(noise):
    """Whatever comes ends in an answer or in one kind of error."""
    with contextlib.suppress(httpx.TransportError):
        status, _, _ = asyncio.run(exchange([noise], lost=True))
        assert status >= 200


async def test_the_peer_is_held_back():
    """SEC-048: what nobody reads does not pile up here; reading goes on where it stopped."""
    connection, pipe = Connection(), Pipe()
    connection.connection_made(pipe)
    sending = asyncio.ensure_future(connection.send(b"GET / HTTP/1.1\r\n\r\n", b"", wait_seconds=5))
    await asyncio.sleep(0)
    piece = b"x" * (HELD_BYTES_MAX // 4)
    connection.data_received(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (len(piece) * 8))
    await sending
    for _ in range(4):
        connection.data_received(piece)
    assert not pipe.held
    connection.data_received(piece)
    assert pipe.held
    body = b""
    async for chunk in connection.chunks():
        body += chunk
        if len(body) == len(piece) * 5:
            asyncio.get_running_loop().call_soon(connection.data_received, piece * 3)
    assert not pipe.held
    assert body == piece * 8
