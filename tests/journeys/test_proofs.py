"""Integrity proofs over real sockets: sent, served, and believed when someone else brings them."""

import hashlib
import json
from collections.abc import Iterator

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from peer import Peer
from town import PUBLIC, Person, Town, eventually

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def decoded(text: str) -> bytes:
    number = 0
    for letter in text[1:]:
        number = number * 58 + ALPHABET.index(letter)
    return number.to_bytes((number.bit_length() + 7) // 8)


def encoded(raw: bytes) -> str:
    number, letters = int.from_bytes(raw), ""
    while number:
        number, digit = divmod(number, 58)
        letters = ALPHABET[digit] + letters
    return "z" + letters


def digest(document: dict, *without: str) -> bytes:
    """The hash of a canonical text; enough of RFC 8785 for these documents."""
    bare = {name: value for name, value in document.items() if name not in without}
    text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()


def check(document: dict, actor: dict) -> None:
    """Verify a proof with nothing of the program."""
    proof = document["proof"]
    (key,) = [key for key in actor["assertionMethod"] if key["id"] == proof["verificationMethod"]]
    public = Ed25519PublicKey.from_public_bytes(decoded(key["publicKeyMultibase"])[2:])
    public.verify(decoded(proof["proofValue"]), digest(proof, "proofValue") + digest(document, "proof"))


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


def test_what_we_say(town: Town, peer: Peer) -> None:
    """AP-503: a public post reaches others proven, inside and out; served, it is proven too; a private one is not."""
    ada = town.server().person("ada")
    eve = peer.actor("eve")
    ada.note("hé <b>there</b>", to=[PUBLIC, eve])
    created = eventually(lambda: peer.bodies())[0]
    check(created, ada.document)
    check(created["object"], ada.document)
    for id in (created["id"], created["object"]["id"]):
        check(ada.get(id, signed_in=False).json(), ada.document)
    ada.note("for you", to=[eve])
    private = eventually(lambda: peer.bodies()[1:])[0]
    assert "proof" not in private
    assert "proof" not in private["object"]


def test_without(town: Town, peer: Peer) -> None:
    """AP-503: the operator may do without."""
    ada = town.server(HEADWATER_FEDERATION_PROOFS="false").person("ada")
    ada.note("hello", to=[PUBLIC, peer.actor("eve")])
    created = eventually(lambda: peer.bodies())[0]
    assert "proof" not in created
    assert "proof" not in ada.get(created["object"]["id"]).json()


def test_what_others_bring(town: Town, peer: Peer) -> None:
    """AP-313, AP-500, AP-506: Eve brings what Cy has proven: believed, not fetched, and shown as it was proven."""
    ada: Person = town.server().person("ada")
    eve, secret = peer.actor("eve"), Ed25519PrivateKey.generate()
    multibase = encoded(b"\xed\x01" + secret.public_key().public_bytes_raw())
    method = f"{peer.base_url}/people/cy#ed"
    cy = peer.actor(
        "cy", assertionMethod=[{"id": method, "type": "Multikey", "controller": f"{peer.base_url}/people/cy",
                                "publicKeyMultibase": multibase}],
    )  # fmt: skip
    context = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v2"]

    def prove(document: dict) -> dict:
        proof = {
            "@context": context, "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022",
            "created": "2026-01-01T00:00:00Z", "verificationMethod": method, "proofPurpose": "assertionMethod",
        }  # fmt: skip
        document = {"@context": context, **document}
        value = encoded(secret.sign(digest(proof) + digest(document)))
        return {**document, "proof": {**proof, "proofValue": value}}

    note = prove(
        {"id": f"{peer.base_url}/n/1", "type": "Note", "attributedTo": cy, "to": [ada.id], "content": "hi"}
    )
    activity = prove(
        {"id": f"{peer.base_url}/a/1", "type": "Create", "actor": cy, "to": [ada.id], "object": note}
    )
    body = json.dumps(activity).encode()
    sent = httpx.post(
        ada.document["inbox"], content=body, headers=peer.sign(ada.document["inbox"], body, eve)
    )
    assert sent.status_code == 202, sent.text
    shown = eventually(lambda: ada.inbox("Create"))[0]
    assert "/a/1" not in peer.fetched
    assert "/n/1" not in peer.fetched
    check(shown, peer.documents["/people/cy"])
    check(shown["object"], peer.documents["/people/cy"])
    altered = json.dumps({**activity, "id": f"{peer.base_url}/a/2"}).encode()
    refused = httpx.post(
        ada.document["inbox"], content=altered, headers=peer.sign(ada.document["inbox"], altered, eve)
    )
    assert refused.status_code == 401


def test_what_comes_back_as_it_was_shown(town: Town, peer: Peer) -> None:
    """AP-166, AP-226, AP-503, AP-590: a program that edits what it read leaves neither an old proof nor our address."""
    ada = town.server().person("ada")
    eve = peer.actor("eve")
    note = ada.note("one", to=[PUBLIC, eve])["object"]
    shown = ada.get(note["id"]).json()
    assert {"proof", "eventStream"} <= shown.keys()
    ada.post({"type": "Update", "object": {**shown, "content": "two"}})
    anew = ada.get(note["id"], signed_in=False).json()
    assert anew["content"] == "two"
    assert "eventStream" not in anew
    check(anew, ada.document)
    sent = eventually(lambda: [body for body in peer.bodies() if body["type"] == "Update"])[0]
    check(sent, ada.document)
    check(sent["object"], ada.document)
    copy = ada.post({"type": "Create", "object": {**shown, "content": "three"}})["object"]
    again = ada.get(copy["id"], signed_in=False).json()
    assert "eventStream" not in again
    check(again, ada.document)
