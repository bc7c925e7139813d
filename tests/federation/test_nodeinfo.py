"""What a server says it is."""

import pytest

from federation import nodeinfo
from federation.errors import BadAnswer, Disbelieved

BASE = "https://b.example"
INDEX = "https://a.example/.well-known/nodeinfo"
SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"


def test_links():
    """AP-135, AP-138: both versions, and the server's own actor."""
    found = nodeinfo.links(BASE, f"{BASE}/actor")["links"]
    assert [link["rel"] for link in found] == [
        f"{SCHEMA}2.1",
        f"{SCHEMA}2.0",
        "https://www.w3.org/ns/activitystreams#Application",
    ]
    assert found[0]["href"] == "https://b.example/nodeinfo/2.1"


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_document(version):
    """AP-136: the members the schemas require, and no other."""
    found = nodeinfo.document(version, users=2, posts=7)
    assert set(found) == {
        "version",
        "software",
        "protocols",
        "services",
        "openRegistrations",
        "usage",
        "metadata",
    }
    assert found["version"] == version
    assert found["protocols"] == ["activitypub"]
    assert found["services"] == {"inbound": [], "outbound": ["atom1.0", "rss2.0"]}
    assert found["usage"] == {"users": {"total": 2}, "localPosts": 7}
    assert found["software"]["name"] == "headwater"
    assert isinstance(found["software"]["version"], str)


def test_compact_document():
    """AP-141: what NodeInfo2 requires, told by the same numbers."""
    found = nodeinfo.compact(BASE, users=2, posts=7)
    assert found["version"] == "1.0"
    assert found["server"] == {
        "baseUrl": "https://b.example/", "name": "b.example", "software": "headwater",
        "version": nodeinfo.document("2.1", users=0, posts=0)["software"]["version"],
    }  # fmt: skip
    assert found["usage"] == {"users": {"total": 2}, "localPosts": 7}
    assert (found["protocols"], found["openRegistrations"]) == (["activitypub"], False)


@pytest.mark.anyio
async def test_reading_another(world, net):
    """AP-135: the newest version is read, from its own host."""
    href = "https://a.example/nodeinfo/2.1"
    links = [
        {"rel": f"{SCHEMA}2.0", "href": "https://a.example/old"},
        {"rel": f"{SCHEMA}2.1", "href": href},
        7,
    ]
    net.show(INDEX, {"links": links}, content_type="application/json")
    net.show(href, {"software": {"name": "snac", "version": "2"}}, content_type="application/json")
    found = await nodeinfo.read(world.client, "https://a.example")
    assert (found.software, found.version) == ("snac", "2")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "index", [{}, [], {"links": 7}, {"links": [{"rel": f"{SCHEMA}2.1", "href": "https://c.example/x"}]}]
)
async def test_useless_answers(world, net, index):
    """SEC-044: nothing named, or named elsewhere."""
    net.show(INDEX, index, content_type="application/json")
    with pytest.raises(Disbelieved):
        await nodeinfo.read(world.client, "https://a.example")


@pytest.mark.anyio
async def test_no_software(world, net):
    """A document that does not say what it is about, is no JSON, or is not there."""
    href = "https://a.example/nodeinfo/2.0"
    net.show(INDEX, {"links": [{"rel": f"{SCHEMA}2.0", "href": href}]})
    with pytest.raises(BadAnswer):
        await nodeinfo.read(world.client, "https://a.example")
    for document in ({}, b"{"):
        net.show(href, document)
        with pytest.raises(Disbelieved):
            await nodeinfo.read(world.client, "https://a.example")
