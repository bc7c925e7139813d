"""Authorised fetch: who may read a server that wants to know its readers."""

import base64
from collections.abc import Iterator
from email.utils import formatdate
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from peer import AS2_TYPE, Peer
from town import PUBLIC, Person, Server, Town, eventually


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(tmp_path_factory.mktemp("town"))
    yield made
    for server in made.servers:
        server.kill()


@pytest.fixture(scope="module")
def server(town: Town) -> Server:
    return town.server(HEADWATER_FEDERATION_AUTHORIZED_FETCH="true")


@pytest.fixture(scope="module")
def ada(server: Server) -> Person:
    return server.person("ada")


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


def read(url: str, accept: str = AS2_TYPE, **headers: str) -> httpx.Response:
    return httpx.get(url, headers={"Accept": accept, **headers})


def signed(peer: Peer, url: str, actor: str, *, spoil: bool = False) -> httpx.Response:
    """GET with a draft-cavage signature made with nothing of the program."""
    parts, date = urlsplit(url), formatdate(usegmt=True)
    text = f"(request-target): get {parts.path}\nhost: {parts.netloc}\ndate: {date}"
    raw = peer.key.sign((text + "x" * spoil).encode(), padding.PKCS1v15(), hashes.SHA256())
    signature = (
        f'keyId="{actor}#main-key",algorithm="rsa-sha256",headers="(request-target) host date",'
        f'signature="{base64.b64encode(raw).decode()}"'
    )
    return read(url, Signature=signature, Date=date)


def documents(ada: Person) -> list[str]:
    said = ada.note("hello #tea", to=PUBLIC)
    lists = [ada.document[kind] for kind in ("inbox", "outbox", "followers", "following", "liked")]
    pages = [ada.get(ada.document["outbox"]).json()["first"]]
    instance = [f"{ada.server.base_url}/actor/outbox", f"{ada.server.base_url}/inbox"]
    tag = said["object"]["tag"][0]["href"] if "tag" in said["object"] else f"{ada.server.base_url}/tags/tea"
    return [said["id"], said["object"]["id"], f"{said['object']['id']}/likes", *lists, *pages, *instance, tag]


def test_the_unsigned_read_nothing(ada: Person) -> None:
    """AP-482: 401, saying what is wanted (AP-419), for every document of Activity Streams."""
    for url in documents(ada):
        answer = read(url)
        assert answer.status_code == 401, url
        assert answer.headers["www-authenticate"].startswith("Signature ")
        assert '"@target-uri"' in answer.headers["accept-signature"]
        assert read(url, Authorization="nonsense").status_code == 401, url


def test_whoever_proves_who_it_is_reads(ada: Person, peer: Peer) -> None:
    """AP-481, AP-482: with a signature or a token; what depends on the reader is not for caches (SEC-014)."""
    eve = peer.actor("eve")
    for url in (ada.note("hello")["object"]["id"], ada.id, ada.document["outbox"]):
        answer = signed(peer, url, eve)
        assert answer.status_code == 200, answer.text
        assert "Signature" in answer.headers["vary"]
        assert "private" in answer.headers["cache-control"]
        assert ada.get(url).status_code == 200


def test_a_bad_signature_reads_nothing(ada: Person, peer: Peer, town: Town) -> None:
    """AP-483, SEC-014: 401 here; elsewhere it counts as none."""
    eve = peer.actor("eve")
    for url in (ada.note("hello")["object"]["id"], ada.id, ada.document["outbox"]):
        assert signed(peer, url, eve, spoil=True).status_code == 401, url
    bob = town.server().person("bob")
    assert signed(peer, bob.id, eve, spoil=True).status_code == 200


def test_what_everyone_may_read(ada: Person) -> None:
    """AP-482: how to find us, what we are, the server's own actor, how to sign in, pages for people."""
    base = ada.server.base_url
    for path in (
        f"/.well-known/webfinger?resource=acct:{ada.acct}",
        "/.well-known/nodeinfo",
        "/.well-known/host-meta",
        "/.well-known/oauth-authorization-server",
        "/actor",
    ):
        assert read(f"{base}{path}").status_code == 200, path
    assert read(f"{base}/@ada", "text/html").status_code == 200
    post = ada.note("hello")["object"]["id"]
    assert read(post, "text/html").status_code == 200


def test_keys_need_no_proof(ada: Person) -> None:
    """AP-435: of an actor the unsigned see its keys and its inbox, and nothing that its owner wrote."""
    for url in (ada.id, f"{ada.server.base_url}/@ada"):
        answer = read(url)
        assert answer.status_code == 200
        assert answer.json().keys() == {"@context", "id", "type", "inbox", "publicKey", "assertionMethod"}
        assert answer.json()["publicKey"] == ada.document["publicKey"]
        assert "no-store" in answer.headers["cache-control"]


def test_a_blocked_host_is_told(ada: Person, peer: Peer) -> None:
    """AP-482, SEC-012: 403, and nothing is fetched from there."""
    eve = peer.actor("eve")
    ada.server.cli("domain", "block", peer.host)
    try:
        assert signed(peer, ada.note("hello")["object"]["id"], eve).status_code == 403
    finally:
        ada.server.cli("domain", "unblock", peer.host)


def test_two_of_a_kind(ada: Person, town: Town) -> None:
    """AP-435, AP-480: two servers that both want to know their readers follow, deliver and read each other."""
    bob = town.server(HEADWATER_FEDERATION_AUTHORIZED_FETCH="true").person("bob")
    bob.follow(ada)
    eventually(lambda: ada.id in bob.items("following"))
    said = ada.note("to my followers", to=ada.document["followers"])
    eventually(lambda: bob.has(said))
