"""Proofs inside documents, against every published vector, in both directions."""

import json
import unicodedata
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from federation import proofs
from federation.errors import BadSignature
from vocab import jsontext, multikey

FILES = Path(__file__).parent.parent / "vectors" / "federation"
NOW = 1795176060 * 1_000_000
ADA = "https://a.example/u/ada#ed25519-key"
SECRETS = {
    "proof-note": "z3u2RDpgFe6Voz19gxWsBkueKj6XiuC9w1bSBT4FTowsWk6A",
    "proof-create": "z3u2RDpgFe6Voz19gxWsBkueKj6XiuC9w1bSBT4FTowsWk6A",
    "proof-fep-8b32": "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq",
    "proof-fep-8b32-first": "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq",
    "proof-vc-di-eddsa": "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq",
}


def text(name):
    return (FILES / f"{name}.json").read_text()


def key(name):
    return Ed25519PrivateKey.from_private_bytes(multikey.decode(SECRETS[name])[1])


def check(document, *, name="proof-note", now=NOW):
    (proof,) = proofs.listed(document)
    proofs.check(document, proof, key(name).public_key(), now=now)


@pytest.mark.parametrize("name", SECRETS)
def test_published_proofs_hold(name):
    """AP-500, AP-504, V-11, V-12: the vectors of FEP-8b32, of VC Data Integrity EdDSA, and our own."""
    check(jsontext.loads(text(name)), name=name)


@pytest.mark.parametrize("name", SECRETS)
def test_published_proofs_are_made(name):
    """AP-503, AP-504, AP-703, V-11, V-12: the same document, key and options give the published bytes."""
    document = jsontext.loads(text(name))
    value = document["proof"].pop("proofValue")
    assert proofs.signed(document, document["proof"], key(name))["proof"]["proofValue"] == value


def test_a_whole_proof_is_made():
    """AP-503, V-11: from the bare document to the published proof."""
    document = jsontext.loads(text("proof-note"))
    wanted = document.pop("proof")
    made = proofs.prove(document, key=key("proof-note"), method=ADA, created=NOW - 60_000_000)
    assert made["proof"] == wanted


def test_both_proofs_of_an_activity():
    """V-12: each holds by itself; the outer one covers the inner one."""
    document = jsontext.loads(text("proof-create"))
    check(document["object"])
    del document["object"]["proof"]
    with pytest.raises(BadSignature):
        check(document)


@pytest.mark.parametrize("width", ["3", "3e0", "3.00"])
def test_spellings_of_a_number(width):
    """V-11: a number counts by its value."""
    check(jsontext.loads(text("proof-note").replace('"width":3.0', f'"width":{width}')))


def test_order_and_white_space():
    """V-11: keys in any order, white space anywhere."""
    document = jsontext.loads(text("proof-note"))
    turned = dict(reversed(document.items()))
    check(jsontext.loads(json.dumps(turned, indent=3)))


def altered(**members):
    document = jsontext.loads(text("proof-note"))
    return document | members


def reproven(**members):
    document = jsontext.loads(text("proof-note"))
    document["proof"] |= members
    return document


DI = "https://w3id.org/security/data-integrity/v2"
AS = "https://www.w3.org/ns/activitystreams"


@pytest.mark.parametrize(
    "document",
    [
        altered(width=3.1),
        altered(content=unicodedata.normalize("NFD", "<p>Grüße € 😀</p>")),
        altered(to=[]),
        altered(**{"@context": [DI, AS]}),
        altered(**{"@context": AS}),
        altered(extra=1),
        reproven(proofPurpose="authentication"),
        reproven(created="2026-11-20T12:00:01Z"),
        reproven(created="yesterday"),
        reproven(created=17),
        reproven(type="Ed25519Signature2020"),
        reproven(proofValue="zyoQm"),
        reproven(proofValue="uAAAA"),
        reproven(proofValue=None),
        reproven(proofValue=7),
        reproven(verificationMethod="https://a.example/u/eve#ed25519-key"),
        reproven(**{"@context": [DI, AS]}),
        reproven(nonce=2**60),
    ],
)
def test_what_was_altered(document):
    """AP-500, AP-501, V-11: any change of the document or of the proof, and a context that is not its start."""
    with pytest.raises(BadSignature):
        check(document)


def test_hashes_in_the_other_order():
    """V-11: the proof's hash comes first."""
    document = jsontext.loads(text("proof-note"))
    proof = document["proof"]
    both = proofs._hash(document, proof)
    assert both[:32].hex() == "43c028de520b9e5a2c2be77c7f9f10578a47ce55f195579a0859ab1d2dd2161c"
    assert both[32:].hex() == "514b9218931a40b59bf9c4219b98deab289988a4556bb72168c646d91e4df40e"
    proof["proofValue"] = multikey.encode_bytes(key("proof-note").sign(both[32:] + both[:32]))
    with pytest.raises(BadSignature):
        check(document)


def test_a_context_that_has_grown():
    """AP-501: the proof's context may be the start of a longer one."""
    check(altered(**{"@context": [AS, DI, {"ex": "https://ex.example/#"}]}))


def test_time():
    """AP-501: neither from the future nor expired; a minute of difference between clocks is no reason."""
    document = jsontext.loads(text("proof-note"))
    check(document, now=NOW - 120 * 1_000_000)
    with pytest.raises(BadSignature):
        check(document, now=NOW - 3600 * 1_000_000)
    bare = {**document, "proof": None}
    config = {name: value for name, value in document["proof"].items() if name != "proofValue"}
    lasting = proofs.signed(bare, {**config, "expires": "2026-11-20T13:00:00Z"}, key("proof-note"))
    check(lasting)
    with pytest.raises(BadSignature):
        check(lasting, now=NOW + 3600 * 1_000_000)


def test_which_proofs_are_looked_at():
    """AP-500: one or several; other suites and other shapes are passed over."""
    good = {"cryptosuite": proofs.SUITE, "verificationMethod": ADA}
    assert proofs.listed({}) == []
    assert proofs.listed({"proof": "https://a.example/proof"}) == []
    assert proofs.listed({"proof": [None, {"cryptosuite": "bbs-2023"}, good]}) == [good]
    assert len(proofs.listed({"proof": [good] * 50})) == proofs.PROOFS_MAX
    assert proofs.method_of(good) == ADA
    with pytest.raises(BadSignature):
        proofs.method_of({"verificationMethod": {"id": ADA}})


def test_the_older_signature_is_not_covered():
    """AP-500, AP-503: a proof is made before any other signature."""
    check(altered(signature={"type": "RsaSignature2017"}))


@pytest.mark.parametrize(
    ("context", "becomes"),
    [
        (None, [AS, DI]),
        (AS, [AS, DI]),
        ([AS, DI], [AS, DI]),
        ([AS, {"ex": "https://ex.example/#"}], [AS, {"ex": "https://ex.example/#"}, DI]),
    ],
)
def test_contexts_declare_the_proof(context, becomes):
    """AP-503, AP-039: the terms of the proof are declared, after what the document had."""
    assert proofs.with_proof_terms(context) == becomes


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | words,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(words, inside, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(words, json_values, max_size=5))
def test_whatever_can_be_written_can_be_proven(members):
    """AP-500: what is proven here holds after a passage over the wire."""
    members.pop("@context", None)
    made = proofs.prove(members, key=key("proof-note"), method=ADA, created=NOW)
    check(jsontext.loads(jsontext.dumps(made)))
