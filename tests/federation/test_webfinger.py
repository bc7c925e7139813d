"""Names and actors, both ways."""

import copy
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from federation import Finder, webfinger
from federation.errors import BadAnswer, BadHandle, Disbelieved, FederationError

ADA = "https://a.example/u/ada"
BASE = "https://a.example"


@pytest.mark.parametrize(
    "resource",
    [
        "acct:ada@a.example",
        "acct%3Aada%40a.example",
        "acct:ADA@A.EXAMPLE",
        "ada@a.example",
        "acct:@ada@a.example",
    ],
)
def test_names_of_ours(resource):
    """V-15, AP-120: with and without scheme, encoded or not, in any case of the host."""
    name = webfinger.local_name(webfinger.resource_of([resource]), BASE)
    assert name is not None
    assert name.lower() == "ada"


@pytest.mark.parametrize(
    "resource", ["https://a.example/u/ada", "https%3A%2F%2Fa.example%2F%40ada", "https://A.example/"]
)
def test_addresses_of_ours(resource):
    """V-15, AP-120: the actor's id, its page, the server itself."""
    assert webfinger.actor_iri(webfinger.resource_of([resource]), BASE) is not None
    assert webfinger.local_name(resource, BASE) is None


@pytest.mark.parametrize(
    "resource",
    [
        "acct:ada@b.example",
        "acct:ada@a.example:8443",
        "mailto:ada@b.example",
        "https://b.example/u/ada",
    ],
)
def test_not_ours(resource):
    """V-15, AP-121: well-formed, but somebody else's: to be answered with 404."""
    webfinger.resource_of([resource])
    assert webfinger.local_name(resource, BASE) is None
    assert webfinger.actor_iri(resource, BASE) is None


@pytest.mark.parametrize(
    "values",
    [
        [],
        [""],
        ["acct:ada@a.example", "acct:ada@a.example"],
        ["acct:ada"],
        ["ada"],
        ["acct:"],
        ["=acct:ada@a.example"],
        ["%3Dacct%3Aada%40a.example"],
        ["a b@a.example"],
        ["/x@y"],
    ],
)
def test_no_resource(values):
    """V-15, AP-121: none, empty, two, or no URI: to be answered with 400."""
    with pytest.raises(BadHandle):
        webfinger.resource_of(values)


def jrd(**options):
    return webfinger.jrd(
        resource=options.pop("resource", "acct:ada@a.example"),
        acct="ada@a.example",
        actor=ADA,
        page="https://a.example/@ada",
        base_url=BASE,
        **options,
    )


def test_published_answer(vectors):
    """V-15, AP-123: the published document; AP-124: rel leaves only matching links."""
    found = jrd()
    updates = {"rel": webfinger.UPDATES, "type": "application/atom+xml", "href": f"{ADA}/feed.atom"}
    assert updates in found["links"]  # Atom §14
    subscribe = next(link for link in found["links"] if link["rel"] == webfinger.SUBSCRIBE)
    assert subscribe.pop("type") == "text/html", "some programs look for the type of every link"
    assert {**found, "links": [link for link in found["links"] if link != updates]} == vectors.data["jrd"]
    filtered = jrd(rels=["self", "http://example.org/unknown"])
    assert [link["rel"] for link in filtered["links"]] == ["self"]
    assert filtered["subject"] == "acct:ada@a.example"
    assert jrd(rels=["unknown"])["links"] == []


def test_pictures():
    """AP-123, RFC 7033 §4.4: with its media type as far as that is known, and filtered like any link."""
    picture = {"type": "image/png", "href": "https://a.example/media/x"}
    assert jrd(avatar=picture)["links"][-1] == {"rel": "http://webfinger.net/rel/avatar", **picture}
    assert jrd(avatar=picture, rels=["self"])["links"] == jrd(rels=["self"])["links"]


def test_the_server_itself():
    """AP-132: asked for by its address, the server answers with its own actor."""
    found = jrd(resource="https://a.example/", instance=True)
    assert found["subject"] == "https://a.example/"
    assert {link["rel"] for link in found["links"]} == {
        "self",
        "https://www.w3.org/ns/activitystreams#Service",
    }
    assert jrd(resource="acct:a.example@a.example", instance=True)["subject"] == "acct:ada@a.example"


def test_host_meta():
    """AP-126: both spellings lead to WebFinger."""
    root = ElementTree.fromstring(webfinger.host_meta(BASE))
    link = root.find("{http://docs.oasis-open.org/ns/xri/xrd-1.0}Link")
    assert link.attrib["rel"] == "lrdd"
    assert link.attrib["template"] == "https://a.example/.well-known/webfinger?resource={uri}"
    assert webfinger.host_meta_json(BASE)["links"][0]["template"] == link.attrib["template"]


@pytest.mark.parametrize(
    "text", ["ada@a.example", "@ada@a.example", "acct:ada@A.Example", " ada@a.example. "]
)
def test_handles(text):
    """AP-125, SEC-040: the usual spellings, the host in canonical form."""
    assert str(webfinger.parse_handle(text)) == "ada@a.example"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@ada",
        "ada@",
        "a b@a.example",
        "a/b@a.example",
        "ada@a example",
        "ada@x/y",
        "a@b@c.example",
    ],
)
def test_bad_handles(text):
    """AP-125: what is no handle."""
    with pytest.raises(BadHandle):
        webfinger.parse_handle(text)


@pytest.fixture
def ada(vectors):
    return copy.deepcopy(vectors.actor)


@pytest.fixture
def finder(world):
    return Finder(world.client, world.fetcher)


def address(user, host):
    return f"https://{host}/.well-known/webfinger?resource={quote(f'acct:{user}@{host}', safe='')}"


def show(net, user, host, subject, actor, **options):
    kind = options.pop("type", "application/activity+json")
    document = {"subject": subject, "links": [{"rel": "other"}, {"rel": "self", "type": kind, "href": actor}]}
    net.show(address(user, host), document, content_type="application/jrd+json")


@pytest.mark.anyio
async def test_lookup(net, finder, ada):
    """AP-125: the handle's host names the actor, the actor goes by that name."""
    show(net, "ada", "a.example", "acct:ada@a.example", ADA)
    net.show(ADA, ada)
    assert (await finder.lookup("@ada@a.example")).id == ADA
    assert len(net.requests) == 2


@pytest.mark.anyio
async def test_an_answer_without_subject(net, finder, ada):
    """AP-125, RFC 7033 §4.4.1: it is about whom it was asked; two hosts still must agree."""
    answer = {"links": [{"rel": "self", "type": "application/activity+json", "href": ADA}]}
    net.show(address("ada", "a.example"), answer, content_type="application/jrd+json")
    net.show(address("ada", "evil.example"), answer, content_type="application/jrd+json")
    net.show(ADA, ada)
    assert (await finder.lookup("ada@a.example")).id == ADA
    with pytest.raises(BadHandle):
        await finder.lookup("ada@evil.example")


@pytest.mark.anyio
async def test_split_domains(net, finder, ada):
    """AP-125, AP-142: a handle's host may differ from the actor's if each names the other."""
    show(net, "ada", "example.org", "acct:ada@example.org", ADA)
    show(net, "ada", "a.example", "acct:ada@example.org", ADA)
    net.show(ADA, ada)
    assert (await finder.lookup("ada@example.org")).id == ADA
    assert (await finder.lookup("ada@a.example")).id == ADA


def host_meta(*templates):
    """An XRD document whose ``lrdd`` links have these templates."""
    links = "".join(f'<Link rel="lrdd" type="application/xrd+xml" template="{one}"/>' for one in templates)
    return (
        f'<?xml version="1.0"?><XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">{links}</XRD>'.encode()
    )


HOST_META = "https://example.org/.well-known/host-meta"
SPOKEN_FOR = "https://a.example/.well-known/webfinger?resource={uri}"


@pytest.mark.anyio
async def test_a_host_that_is_spoken_for(net, finder, ada):
    """AP-127: a host without WebFinger may say in its host-meta who answers; both sides still have to agree."""
    net.show(
        HOST_META,
        host_meta("https://example.org/.well-known/webfinger?resource={uri}", "nonsense", SPOKEN_FOR),
    )
    acct = quote("acct:ada@example.org", safe="")
    answer = {
        "subject": "acct:ada@example.org",
        "links": [{"rel": "self", "type": "application/activity+json", "href": ADA}],
    }
    net.show(SPOKEN_FOR.replace("{uri}", acct), answer)
    show(net, "ada", "a.example", "acct:ada@example.org", ADA)
    net.show(ADA, ada)
    assert (await finder.lookup("ada@example.org")).id == ADA
    show(net, "ada", "a.example", "acct:ada@a.example", ADA)
    with pytest.raises(BadHandle):
        await finder.lookup("ada@example.org")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>", b"\xff", b"<!DOCTYPE x [<!ENTITY a 'b'>]><XRD/>", host_meta(), host_meta("javascript:{uri}"),
        host_meta("http://a.example/.well-known/webfinger?resource={uri}"), host_meta(SPOKEN_FOR + "{uri}" * 9),
        host_meta("https://a.example/none"), host_meta("https://example.org/.well-known/webfinger?resource={uri}"),
    ],
)  # fmt: skip
async def test_host_meta_that_leads_nowhere(net, finder, body):
    """AP-127, SEC-080, RFC 7033 §4: what cannot be read, or names nobody else to ask over TLS, is no answer."""
    net.show(HOST_META, body)
    with pytest.raises(FederationError):
        await finder.lookup("ada@example.org")
    assert len(net.requests) == 2


@pytest.mark.anyio
@pytest.mark.parametrize("status", [400, 403, 410, 500])
async def test_host_meta_is_asked_for_after_404_alone(net, finder, status):
    """AP-127."""
    net.show(HOST_META, host_meta(SPOKEN_FOR))
    net.fail(address("ada", "example.org"), status)
    with pytest.raises(BadAnswer):
        await finder.lookup("ada@example.org")
    assert len(net.requests) == 1


@pytest.mark.anyio
async def test_claiming_someone_elses_actor(net, finder, ada):
    """SEC-036: a host cannot name a stranger's actor as its own."""
    show(net, "ada", "evil.example", "acct:ada@evil.example", ADA)
    show(net, "ada", "a.example", "acct:ada@a.example", ADA)
    net.show(ADA, ada)
    with pytest.raises(BadHandle):
        await finder.lookup("ada@evil.example")


@pytest.mark.anyio
async def test_claiming_someone_elses_name(net, finder, ada):
    """SEC-036: evil.example says its actor is alice@good.example; good.example knows better, or nothing."""
    evil = "https://evil.example/u/ada"
    show(net, "ada", "evil.example", "acct:ada@a.example", evil)
    net.show(evil, ada | {"id": evil, "inbox": f"{evil}/inbox", "publicKey": []})
    with pytest.raises(BadAnswer):
        await finder.lookup("ada@evil.example")
    show(net, "ada", "a.example", "acct:ada@a.example", ADA)
    net.show(ADA, ada)
    with pytest.raises(BadHandle):
        await finder.lookup("ada@evil.example")


@pytest.mark.anyio
async def test_another_name(net, finder, ada):
    """SEC-036: the actor must go by the name it was found under."""
    show(net, "alice", "a.example", "acct:alice@a.example", ADA)
    net.show(ADA, ada)
    with pytest.raises(BadHandle):
        await finder.lookup("alice@a.example")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        {"subject": 7, "links": []},
        {"subject": "acct:ada@a.example"},
        {"subject": "acct:ada@a.example", "links": {}},
        {"subject": "acct:ada@a.example", "links": [7, {"rel": "self"}]},
        {"subject": "acct:ada@a.example", "links": [{"rel": "self", "type": "text/html", "href": ADA}]},
        {"subject": "acct:ada@a.example", "links": [{"rel": "self", "type": 7, "href": ADA}]},
        {
            "subject": "acct:ada@a.example",
            "links": [{"rel": "self", "type": "application/activity+json", "href": "javascript:x"}],
        },
        {"subject": "nobody", "links": []},
    ],
)
async def test_useless_answers(net, finder, document):
    """AP-125: answers that name no actor."""
    net.show(address("ada", "a.example"), document)
    with pytest.raises((Disbelieved, BadHandle)):
        await finder.lookup("ada@a.example")


@pytest.mark.anyio
async def test_no_json(net, finder):
    """AP-125: an answer that cannot be read at all."""
    net.show(address("ada", "a.example"), b"<html>")
    with pytest.raises(Disbelieved, match="no JSON"):
        await finder.lookup("ada@a.example")


@pytest.mark.anyio
async def test_ours_is_not_asked(net, finder):
    """SEC-037: our own origin is never asked over HTTP."""
    with pytest.raises(FederationError):
        await finder.lookup("me@b.example")
    assert net.requests == []
