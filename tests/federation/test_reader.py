"""Documents are believed only from where they belong."""

import pytest

from federation.errors import BadAnswer, Disbelieved, Gone, Refused, Unreachable
from federation.signatures import CAVAGE, RFC9421
from storage import hosts, policies

pytestmark = pytest.mark.anyio

NOTE = "https://a.example/notes/1"
LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


def note(id=NOTE, **members):
    return {"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Note", **members}


async def test_at_its_address(world, net):
    """SEC-018: the id is where it was found."""
    net.show(NOTE, note(content="hi"))
    assert (await world.keyring.reader.document(NOTE)).text("content") == "hi"


async def test_another_id_of_the_same_origin(world, net):
    """SEC-018: the other id is read once, and only that copy counts."""
    net.show("https://a.example/?p=1", note(content="copy"))
    net.show(NOTE, note(content="original"))
    assert (await world.keyring.reader.document("https://a.example/?p=1")).text("content") == "original"
    assert net.asked == ["https://a.example/?p=1", NOTE]


async def test_another_id_that_does_not_hold(world, net):
    """SEC-018: the second copy must be what it says; there is no third."""
    net.show("https://a.example/x", note())
    with pytest.raises(BadAnswer):
        await world.keyring.reader.document("https://a.example/x")
    net.show(NOTE, note("https://a.example/notes/2"))
    with pytest.raises(Disbelieved):
        await world.keyring.reader.document("https://a.example/x")
    assert "https://a.example/notes/2" not in net.asked


async def test_an_id_of_another_origin(world, net):
    """AP-075, AP-704, SEC-018: nobody shows us someone else's actor under his own address."""
    net.show("https://evil.example/x", note())
    net.show(NOTE, note())
    with pytest.raises(Disbelieved):
        await world.keyring.reader.document("https://evil.example/x")
    assert net.asked == ["https://evil.example/x"]


@pytest.mark.parametrize(
    "other", ["http://a.example/notes/1", "https://a.example:8443/notes/1", "https://b.a.example/n"]
)
async def test_same_origin_is_exact(world, net, other):
    """SEC-018, SEC-040: another scheme, port or sub-domain is another origin."""
    net.show("https://a.example/x", note(other))
    with pytest.raises(Disbelieved):
        await world.keyring.reader.document("https://a.example/x")


async def test_redirects(world, net):
    """SEC-018: after redirects the final address is what the id must be, wherever the way began."""
    net.fail("https://evil.example/x", 302, location=NOTE)
    net.show(NOTE, note())
    assert (await world.keyring.reader.document("https://evil.example/x")).id == NOTE
    net.fail(NOTE, 302, location="https://evil.example/n")
    net.show("https://evil.example/n", note())
    with pytest.raises(Disbelieved):
        await world.keyring.reader.document(NOTE)


async def test_without_an_id(world, net):
    """SEC-018: what has no id is nobody's."""
    net.show(NOTE, note(None))
    with pytest.raises(Disbelieved):
        await world.keyring.reader.document(NOTE)


@pytest.mark.parametrize(
    ("kind", "believed"),
    [
        ("application/activity+json", True),
        ("application/activity+json; charset=utf-8", True),
        ("APPLICATION/Activity+JSON", True),
        (LD_JSON, True),
        (LD_JSON.replace('"', "'"), False),
        ('application/ld+json;profile="https://www.w3.org/ns/activitystreams";charset=UTF-8', True),
        ("application/ld+json", False),
        ('application/ld+json; profile="https://example.org/other"', False),
        ("application/json", False),
        ("text/html", False),
        ("image/png", False),
        ("text/plain; x=application/activity+json", False),
        ("", False),
    ],
)
async def test_content_types(world, net, kind, believed):
    """SEC-019: an upload on the victim's host is no object, however it looks inside."""
    net.show(NOTE, note(), content_type=kind)
    if believed:
        assert (await world.keyring.reader.document(NOTE)).id == NOTE
    else:
        with pytest.raises(Disbelieved):
            await world.keyring.reader.document(NOTE)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"id": 7}', b'{"id":"a","id":"b"}'])
async def test_unreadable(world, net, body):
    """SEC-050 to SEC-053: what cannot be read strictly is not believed."""
    net.show(NOTE, body)
    with pytest.raises(Disbelieved):
        await world.keyring.reader.document(NOTE)


async def test_statuses(world, net):
    """AP-105: gone, not found and away are told apart."""
    net.fail(NOTE, 410)
    with pytest.raises(Gone):
        await world.keyring.reader.document(NOTE)
    net.fail(NOTE, 404)
    with pytest.raises(BadAnswer) as missing:
        await world.keyring.reader.document(NOTE)
    assert not missing.value.temporary
    net.fail(NOTE, 503)
    with pytest.raises(BadAnswer) as away:
        await world.keyring.reader.document(NOTE)
    assert away.value.temporary
    net.silence(NOTE)
    with pytest.raises(Unreachable) as silent:
        await world.keyring.reader.document(NOTE)
    assert silent.value.temporary


async def test_ourselves_and_the_suspended(world, net):
    """SEC-037, SEC-012: neither our own origin nor a suspended host is asked."""
    await world.store.write(policies.put, "a.example", "suspend", now=world.now)
    for address in ("https://b.example/objects/1", NOTE, "https://sub.a.example/x"):
        with pytest.raises(Refused):
            await world.keyring.reader.document(address)
    assert net.requests == []


def knocker(takes):
    """Answer only requests whose signature looks as it should."""

    def answer(request):
        from json import dumps

        if takes(request):
            return (
                200,
                {"content-type": "application/activity+json"},
                dumps(note(str(request.url))).encode(),
            )
        return (401, {}, b"")

    return answer


async def test_second_knock(world, net):
    """AP-455: a host that takes only RFC 9421 is read at the second knock, and remembered."""
    net.answers[NOTE] = knocker(lambda request: "signature-input" in request.headers)
    await world.keyring.reader.document(NOTE)
    assert len(net.requests) == 2
    assert (await world.store.read(hosts.get, "a.example")).signature == RFC9421
    await world.keyring.reader.document(NOTE)
    assert len(net.requests) == 3
    net.answers[NOTE] = knocker(lambda request: "signature-input" not in request.headers)
    await world.keyring.reader.document(NOTE)
    assert (await world.store.read(hosts.get, "a.example")).signature == CAVAGE


async def test_second_knock_without_the_query(world, net):
    """AP-412: where the query seems not to be signed, we leave it out the second time."""
    address = "https://a.example/notes?page=2"
    texts = []

    def takes(request):
        texts.append(request.headers["signature"])
        return len(texts) == 2

    net.answers[address] = knocker(takes)
    await world.keyring.reader.document(address)
    assert all("signature-input" not in request.headers for request in net.requests)
    assert texts[0] != texts[1]


async def test_no_third_knock(world, net):
    """AP-455: two attempts, then it is refused."""
    net.fail(NOTE, 401)
    with pytest.raises(BadAnswer):
        await world.keyring.reader.document(NOTE)
    assert len(net.requests) == 2
