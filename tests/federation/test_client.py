"""The way out, over real sockets, against servers that do not mean well."""

import asyncio
import contextlib
import gzip
import ssl
import time
import zlib
from pathlib import Path

import brotli
import httpx
import pytest
import respx

from federation.budget import Budget
from federation.client import Client, OutboundPolicy
from federation.dialling import Dialler
from federation.errors import (
    BadAnswer,
    BadRedirect,
    BudgetSpent,
    OutboundError,
    Refused,
    TimedOut,
    TooLarge,
    Unreachable,
)
from federation.signatures import Outgoing

pytestmark = pytest.mark.anyio

TEST_MODE = OutboundPolicy(user_agent="Headwater/test", test_mode=True, document_seconds=1.5)
SMALL_BYTES = 10_000


@contextlib.asynccontextmanager
async def peer(*answers, drip=None, then_hang=False):
    """Run a server that gives these raw answers, one per request, and records the requests."""
    requests: list[bytes] = []
    left = list(answers)
    tasks: set[asyncio.Task] = set()

    async def talk(reader, writer):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            fields = dict(line.split(b": ", 1) for line in head.lower().strip().split(b"\r\n")[1:])
            requests.append(head + await reader.readexactly(int(fields.get(b"content-length", 0))))
            if drip is None:
                writer.write(left.pop(0) if len(left) > 1 else left[0])
                await writer.drain()
            else:
                await drip(writer)
            if then_hang:
                await asyncio.sleep(30)

    async def serve(reader, writer):
        tasks.add(asyncio.current_task())
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    server.requests = requests
    server.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks)


def answer(body=b"", status=200, **headers):
    lines = [f"HTTP/1.1 {status} X"] + [
        f"{name.replace('_', '-')}: {value}" for name, value in headers.items()
    ]
    if "content_length" not in headers:
        lines.append(f"content-length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def test_get():
    """A plain request: identity encoding, our name, nothing from the environment."""
    async with peer(answer(b"hello", content_type="text/plain")) as server, Client(TEST_MODE) as client:
        response = await client.get(f"{server.url}/x?y=%2F", headers={"Accept": "text/plain"})
        assert (response.status, response.body, response.headers["content-type"]) == (
            200,
            b"hello",
            "text/plain",
        )
        head = server.requests[0].decode().lower()
        assert head.startswith("get /x?y=%2f http/1.1")
        assert "accept-encoding: identity" in head
        assert "user-agent: headwater/test" in head
        assert head.count("\r\nhost: ") == 1


async def test_connections_are_reused():
    """Two requests, one connection: the server sees both on it."""
    seen = set()

    async with peer(answer(b"a")) as server, Client(TEST_MODE) as client:
        for _ in range(3):
            await client.get(server.url, headers={})
        seen = len(server.requests)
        assert seen == 3


async def test_post_is_sent_unchanged():
    """REL-009: the body goes out byte for byte, with its length and type."""
    async with peer(answer(status=202)) as server, Client(TEST_MODE) as client:
        body = b'{"a": "\xc3\xa9"}'
        response = await client.post(f"{server.url}/inbox", body, content_type="application/x", headers={})
        assert response.status == 202
        head, _, sent = server.requests[0].partition(b"\r\n\r\n")
        assert sent == body
        assert b"content-type: application/x" in head.lower()


async def test_post_never_follows():
    """SEC-015: a redirect is an answer to a POST, not an instruction."""
    async with peer(answer(status=307, location="/elsewhere")) as server, Client(TEST_MODE) as client:
        response = await client.post(f"{server.url}/inbox", b"{}", content_type="application/x", headers={})
        assert response.status == 307
        assert len(server.requests) == 1


async def test_redirects_are_signed_anew():
    """SEC-015, SEC-042: each hop gets its own signature, for its own target."""
    signed = []

    async def sign(outgoing: Outgoing):
        signed.append(outgoing)
        return {"Signature": f"number-{len(signed)}"}

    async with (
        peer(answer(status=302, location="/two?q=1"), answer(b"end")) as server,
        Client(TEST_MODE) as client,
    ):
        response = await client.get(f"{server.url}/one", headers={}, sign=sign)
        assert (response.body, response.url) == (b"end", f"{server.url}/two?q=1")
        assert [outgoing.target for outgoing in signed] == ["/one", "/two?q=1"]
        assert b"signature: number-2" in server.requests[1].lower()
        assert b"number-1" not in server.requests[1]


async def test_too_many_redirects():
    """AP-073: three, and not one more."""
    hops = [answer(status=302, location=f"/{number}") for number in range(1, 5)]
    async with peer(*hops, answer(b"end")) as server, Client(TEST_MODE) as client:
        with pytest.raises(BadRedirect):
            await client.get(f"{server.url}/0", headers={})
        assert len(server.requests) == 4


async def test_redirect_loop():
    """SEC-042: a loop is noticed at once."""
    async with peer(answer(status=302, location="/0")) as server, Client(TEST_MODE) as client:
        with pytest.raises(BadRedirect):
            await client.get(f"{server.url}/0", headers={})
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "https://192.168.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://user@127.0.0.1/",
        "http://[::ffff:10.0.0.1]/",
        "http://1.1.1.1/",
        "http://[",
        "http://",
    ],
)
async def test_redirect_to_where_we_do_not_go(location):
    """SEC-040 to SEC-045: a redirect is checked like a first address."""
    async with peer(answer(status=302, location=location)) as server, Client(TEST_MODE) as client:
        with pytest.raises((Refused, BadRedirect)):
            await client.get(server.url, headers={})
        assert len(server.requests) == 1


async def test_never_down_to_http():
    """AP-073: from https only to https."""

    def handle(request):
        if request.url.scheme == "http":
            return httpx.Response(200, stream=httpx.ByteStream(b"plain"))
        return httpx.Response(302, headers={"location": "http://a.example/"}, stream=httpx.ByteStream(b""))

    async with Client(TEST_MODE, transport=httpx.MockTransport(handle)) as client:
        with pytest.raises(BadRedirect):
            await client.get("https://a.example/", headers={})


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "https://127.0.0.1:{port}/",
        "https://localhost:{port}/",
        "http://localhost:{port}/",
    ],
)
async def test_production_does_not_call_loopback(url):
    """SEC-041, AP-302: without test mode no loopback, by number or name; nothing reaches the server."""
    async with peer(answer(b"secret")) as server, Client(OutboundPolicy(user_agent="x")) as client:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises((Refused, Unreachable)):
            await client.get(url.format(port=port), headers={})
        assert server.requests == []


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"]]
)
async def test_names_for_private_addresses(addresses):
    """SEC-041: a public-looking name is no cover."""

    async def resolve(host, port):
        return addresses

    async with Client(OutboundPolicy(user_agent="x"), resolve=resolve) as client:
        with pytest.raises(Refused):
            await client.get("https://a.example/", headers={})


async def test_rebinding():
    """SEC-043: the name is looked up once; the answer that was checked is the one connected to."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    asked = []

    async def resolve(host, port):
        asked.append(host)
        return answers[min(len(asked), 2) - 1]

    async with peer(answer(b"first")) as server, Client(TEST_MODE, resolve=resolve) as client:
        port = server.sockets[0].getsockname()[1]
        response = await client.get(f"http://rebind.test:{port}/", headers={})
        assert response.body == b"first"
        assert asked == ["rebind.test"]
    asked.clear()
    answers.reverse()
    async with Client(TEST_MODE, resolve=resolve) as client:
        with pytest.raises(Refused):
            await client.get(f"http://rebind.test:{port}/", headers={})


async def test_slow_names():
    """REL-024: looking a name up ends, too."""

    async def resolve(host, port):
        await asyncio.sleep(30)
        return []

    policy = OutboundPolicy(user_agent="x", dns_seconds=0.1)
    async with Client(policy, resolve=resolve) as client:
        with pytest.raises(Unreachable):
            await client.get("https://a.example/", headers={})


async def test_ourselves():
    """SEC-037, AP-302: we never call our own origin."""
    async with peer(answer(b"me")) as server:
        policy = OutboundPolicy(user_agent="x", test_mode=True, own_origins=frozenset({server.url}))
        async with Client(policy) as client:
            with pytest.raises(Refused):
                await client.get(f"{server.url}/inbox", headers={})
        assert server.requests == []


async def test_suspended_hosts_on_every_hop():
    """SEC-012: the operator's word holds for redirects."""

    async def permit(host):
        if host == "bad.example":
            raise Refused(host, "suspended")

    def handle(request):
        headers = {"location": "https://bad.example/"}
        return httpx.Response(302, headers=headers, stream=httpx.ByteStream(b""))

    async with Client(TEST_MODE, transport=httpx.MockTransport(handle), permit=permit) as client:
        with pytest.raises(Refused):
            await client.get("https://good.example/", headers={})


async def test_proxies_of_the_environment(monkeypatch):
    """Proxies named in the environment would connect out of our sight."""
    async with peer(answer(b"proxy")) as proxy, peer(answer(b"direct")) as server:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        async with Client(TEST_MODE) as client:
            assert (await client.get(server.url, headers={})).body == b"direct"
        assert proxy.requests == []


async def test_dripping_server():
    """SEC-047: one byte at a time does not stretch the total; the socket is closed afterwards."""

    async def drip(writer):
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        for _ in range(1000):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.1)

    started = time.monotonic()
    async with peer(b"", drip=drip) as server, Client(TEST_MODE) as client:
        before = open_files()
        with pytest.raises(TimedOut):
            await client.get(server.url, headers={})
        assert time.monotonic() - started < 2.5
        await asyncio.sleep(0.3)
        assert open_files() <= before + 1


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_late_first_byte():
    """SEC §2: a server has eight seconds to begin."""
    policy = OutboundPolicy(user_agent="x", test_mode=True, first_byte_seconds=0.2, document_seconds=20)
    started = time.monotonic()
    async with peer(b"", then_hang=True) as server, Client(policy) as client:
        with pytest.raises(TimedOut):
            await client.get(server.url, headers={})
    assert time.monotonic() - started < 5


async def test_slow_inbox():
    """REL-024: a delivery ends, too."""
    policy = OutboundPolicy(user_agent="x", test_mode=True, delivery_seconds=0.2)
    async with peer(b"", then_hang=True) as server, Client(policy) as client:
        with pytest.raises(TimedOut):
            await client.post(server.url, b"{}", content_type="application/x", headers={})


async def test_last_line(monkeypatch):
    """SEC-041: even an address that escaped the first check gets no socket."""

    async def unchecked(self, origin):
        return ["127.0.0.1"]

    monkeypatch.setattr(Dialler, "addresses", unchecked)
    async with Client(OutboundPolicy(user_agent="x")) as client:
        with pytest.raises(Refused):
            await client.get("https://a.example/", headers={})


async def test_redirect_to_no_address():
    """SEC-042: what is no address at all is no redirect."""
    async with (
        peer(answer(status=302, location="http://["), answer(b"x")) as server,
        Client(TEST_MODE) as client,
    ):
        with pytest.raises(BadRedirect, match="no address"):
            await client.get(server.url, headers={})


async def test_silent_server():
    """REL-024: a server that never answers."""
    async with peer(b"", then_hang=True) as server, Client(TEST_MODE) as client:
        with pytest.raises(TimedOut):
            await client.get(server.url, headers={})


async def test_endless_headers():
    """REL-024: headers without end are cut off."""

    async def drip(writer):
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            writer.write(f"x-{number}: {'y' * 1000}\r\n".encode())
            await writer.drain()

    async with peer(b"", drip=drip) as server, Client(TEST_MODE) as client:
        with pytest.raises(OutboundError):
            await client.get(server.url, headers={})


async def test_flood_of_interim_answers():
    """REL-024: informational answers without end are cut off by the total."""

    async def drip(writer):
        while True:
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.005)

    async with peer(b"", drip=drip) as server, Client(TEST_MODE) as client:
        with pytest.raises(OutboundError):
            await client.get(server.url, headers={})


async def test_too_large_declared():
    """SEC-048: what says it is too long is not read."""
    async with peer(answer(b"", content_length=10**9), then_hang=True) as server, Client(TEST_MODE) as client:
        with pytest.raises(TooLarge):
            await client.get(server.url, headers={}, limit_bytes=SMALL_BYTES)


async def test_too_large_undeclared():
    """SEC-048: what turns out too long is not read on."""
    chunk = b"1000\r\n" + b"x" * 4096 + b"\r\n"
    endless = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + chunk * 50
    async with peer(endless, then_hang=True) as server, Client(TEST_MODE) as client:
        with pytest.raises(TooLarge):
            await client.get(server.url, headers={}, limit_bytes=SMALL_BYTES)


async def test_exactly_at_the_limit():
    """SEC-048: the limit itself is allowed."""
    async with peer(answer(b"x" * SMALL_BYTES)) as server, Client(TEST_MODE) as client:
        response = await client.get(server.url, headers={}, limit_bytes=SMALL_BYTES)
        assert len(response.body) == SMALL_BYTES


async def test_lying_length():
    """A body shorter than it says is no body."""

    async def drip(writer):
        writer.write(answer(b"short", content_length=500))
        await writer.drain()
        writer.close()

    async with peer(b"", drip=drip) as server, Client(TEST_MODE) as client:
        with pytest.raises(Unreachable):
            await client.get(server.url, headers={})


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)]
)
async def test_bomb(encoding, pack):
    """SEC-048: fifty megabytes in a small packet are not unpacked."""
    bomb = pack(bytes(50_000_000))
    async with peer(answer(bomb, content_encoding=encoding)) as server, Client(TEST_MODE) as client:
        with pytest.raises(TooLarge):
            await client.get(server.url, headers={})


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)]
)
async def test_small_compressed_answer(encoding, pack):
    """Who compresses though we asked not to is still read."""
    async with peer(answer(pack(b"hello"), content_encoding=encoding)) as server, Client(TEST_MODE) as client:
        assert (await client.get(server.url, headers={})).body == b"hello"


@pytest.mark.parametrize(
    ("encoding", "body"), [("gzip, gzip", b"x"), ("zstd", b"x"), ("gzip", b"not gzip"), ("br", b"not brotli")]
)
async def test_other_encodings(encoding, body):
    """SEC-048: compression within compression, unknown kinds, and lies are refused."""
    async with peer(answer(body, content_encoding=encoding)) as server, Client(TEST_MODE) as client:
        with pytest.raises(BadAnswer):
            await client.get(server.url, headers={})


@pytest.mark.parametrize(
    "raw", [b"no http at all\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nbad\r\n\r\n"]
)
async def test_not_http(raw):
    """Answers that are no HTTP are an ordinary failure."""
    async with peer(raw) as server, Client(TEST_MODE) as client:
        with pytest.raises(Unreachable):
            await client.get(server.url, headers={})


async def test_nobody_there():
    """A closed port is an ordinary failure."""
    async with peer(b"") as server:
        url = server.url
    async with Client(TEST_MODE) as client:
        with pytest.raises(Unreachable):
            await client.get(url, headers={})


async def test_budget_pays_for_redirects():
    """SEC-046: each hop is one request of the budget."""
    async with peer(answer(status=302, location="/a"), answer(b"x")) as server, Client(TEST_MODE) as client:
        with pytest.raises(BudgetSpent):
            await client.get(server.url, headers={}, budget=Budget(requests=1))


async def test_certificates_are_checked(tmp_path):
    """TLS is verified by name: neither a self-signed certificate nor one for another name will do."""
    certificate, key = make_certificate(tmp_path, "other.test")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(b"tls"))
        await writer.drain()
        writer.close()

    async def resolve(host, port):
        return ["127.0.0.1"]

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    async with server:
        async with Client(TEST_MODE, resolve=resolve) as client:
            with pytest.raises(Unreachable):
                await client.get(f"https://other.test:{port}/", headers={})
        trusting = ssl.create_default_context(cafile=str(certificate))
        async with Client(TEST_MODE, resolve=resolve, tls=trusting) as client:
            with pytest.raises(Unreachable):
                await client.get(f"https://mine.test:{port}/", headers={})
            assert (await client.get(f"https://other.test:{port}/", headers={})).body == b"tls"


def make_certificate(folder, name):
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
        .sign(key, SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "cert.pem", folder / "key.pem"


async def test_respx_works_at_the_edge():
    """Tests of others may mock httpx's own transport."""
    with respx.mock:
        respx.get("https://a.example/x").respond(200, text="mocked")
        async with Client(TEST_MODE, transport=httpx.AsyncHTTPTransport()) as client:
            assert (await client.get("https://a.example/x", headers={})).body == b"mocked"
