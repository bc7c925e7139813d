"""Linked-Data signatures, made here with nothing of the program, over documents told in odd ways."""

import base64
import copy
import hashlib
import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from pyld import jsonld as pyld

from federation import ldsignature, verify_post
from federation.errors import ActorMismatch
from federation.keys import generate_pair, load_private
from federation.signatures import CAVAGE, Incoming, Outgoing, Signer, draft
from storage import keys
from vocab import Activity, BadContext, jsonld, ldsignable, parse

pytestmark = pytest.mark.anyio

AS, SECURITY = "https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"
ADA = "https://a.example/u/ada"
KEY = f"{ADA}#main-key"
RELAY = "https://relay.example/actor"
CREATE = {
    "@context": [AS, SECURITY, {"toot": "http://joinmastodon.org/ns#", "votersCount": "toot:votersCount"}],
    "id": "https://a.example/act/9", "type": "Create", "actor": ADA, "to": f"{AS}#Public",
    "object": {
        "id": "https://a.example/n/9", "type": "Note", "attributedTo": ADA, "content": "hé", "votersCount": 3,
        "tag": [{"type": "Mention", "href": "https://b.example/u/bob"}, {"type": "Mention", "href": ADA}],
        "contentMap": {"fr": "hé"},
    },
}  # fmt: skip


@pytest.fixture
def ada(vectors):
    return copy.deepcopy(vectors.actor)


def quads(document):
    options = {**jsonld._options(), "algorithm": "URDNA2015", "format": "application/n-quads"}
    return hashlib.sha256(pyld.normalize(document, options).encode()).hexdigest()


def sign(rsa, document, **changes):
    options = {"creator": KEY, "created": "2026-11-20T11:59:00Z", **changes}
    text = quads({"@context": "https://w3id.org/identity/v1", **options}) + quads(document)
    value = rsa.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    signature = {"type": "RsaSignature2017", **options, "signatureValue": base64.b64encode(value).decode()}
    return {**document, "signature": signature}


async def holds(world, document):
    return await ldsignature.signing_key(document, ADA, keyring=world.keyring, now=world.now) == KEY


async def test_a_signature_that_holds(world, net, ada, rsa):
    """AP-505: whatever the order and the spelling; not when anything is changed."""
    net.show(ADA, ada)
    good = sign(rsa, CREATE)
    assert await holds(world, good)
    assert await holds(world, {**dict(reversed(good.items())), "to": [f"{AS}#Public"]})
    assert not await holds(world, {**good, "type": "Update"})
    assert not await holds(world, {**good, "object": {**good["object"], "content": "no"}})
    assert not await holds(
        world, {**good, "signature": {**good["signature"], "created": "2026-11-20T11:58:00Z"}}
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"created": "2026-11-18T12:00:00Z"}, {"created": "2026-11-21T12:00:00Z"}, {"created": "soon"},
        {"creator": "https://a.example/u/eve#main-key"}, {"creator": "https://evil.example/u/ada#main-key"},
    ],
)  # fmt: skip
async def test_by_whom_and_when(world, net, ada, rsa, changes):
    """AP-505, SEC-009, SEC-029: the actor's own key, not too long ago."""
    net.show(ADA, ada)
    assert not await holds(world, sign(rsa, CREATE, **changes))


def turned(**members):
    return {**CREATE, **members}


NOTE = CREATE["object"]
PERMUTED = {"type": "Note", "tag": [{"type": "Note", "tag": [{"type": "Note"}] * 2}] * 2}


@pytest.mark.parametrize(
    "document",
    [
        turned(**{"@included": [NOTE], "object": NOTE["id"]}),
        turned(**{"@graph": []}),
        turned(**{"@reverse": {"object": {"id": "https://a.example/act/10"}}}),
        turned(object={"@id": NOTE["id"], "type": "Note"}),
        turned(object=NOTE, target={"id": NOTE["id"], "content": "x"}),
        turned(object={"id": "_:b0", "type": "Note"}),
        turned(object={**NOTE, "attachment": PERMUTED}),
        turned(object={**NOTE, "tag": [{"type": "Note", "name": str(n)} for n in range(65)]}),
        turned(**{"@context": [AS, {"inside": "@nest"}]}),
        turned(**{"@context": [AS, {"graph": {"@id": "@graph"}}]}),
        turned(**{"@context": [AS, {"x": {"@reverse": "as:object"}}]}),
        turned(**{"@context": [AS, {"x": {"@id": "as:x", "@context": {"name": "as:content"}}}]}),
        turned(**{"@context": [AS, {"x": {"@id": "as:x", "@container": "@graph"}}]}),
        turned(**{"@context": [AS, {"@vocab": "https://ex.example/"}]}),
        turned(**{"@context": [AS, "https://w3id.org/security/data-integrity/v2"]}),
        turned(quoteUri="https://evil.example/n"),
        turned(object={**NOTE, "interactionPolicy": {"canQuote": {}}}),
    ],
)
async def test_told_in_odd_ways(world, net, ada, rsa, document):
    """SEC-029: what could say something else than it seems, or takes long to canonise, counts as unsigned.

    The first of these has the graph, and so the signature, of the document it was made from; so have the last,
    for what no context declares is in no graph.
    """
    net.show(ADA, ada)
    document = {**document, "signature": sign(rsa, CREATE)["signature"]}
    with pytest.raises(BadContext):
        ldsignable.signed_text(document)
    assert not await holds(world, document)


@pytest.fixture
async def relay(world):
    """A server that passes on what others wrote."""
    pair = generate_pair("ed25519")
    await world.store.write(
        keys.put, id=f"{RELAY}#key", actor=RELAY, algorithm="ed25519", public=pair.public, now=world.now
    )
    return Signer(f"{RELAY}#key", load_private(pair.private))


async def post(world, signer, document, **trust):
    body = json.dumps(document).encode()
    outgoing = Outgoing("POST", "https://b.example", "/inbox", "application/activity+json", body)
    fields = signer.sign(draft(CAVAGE, signer, outgoing, now=world.now)) | {
        "Content-Type": outgoing.content_type
    }
    incoming = Incoming("POST", "/inbox", [(k.encode(), v.encode()) for k, v in fields.items()], body)
    return await verify_post(
        incoming, origins=frozenset({"https://b.example"}), keyring=world.keyring, now=world.now,
        activity=Activity(parse(body).data), **trust,
    )  # fmt: skip


async def test_trust(world, net, ada, rsa, relay):
    """AP-505, SEC-029: by default it is ignored and the origin is asked; where it is trusted that is not needed."""
    net.show(ADA, ada)
    with pytest.raises(ActorMismatch):
        await post(world, relay, sign(rsa, CREATE))
    assert net.asked == [CREATE["id"]]
    verified = await post(world, relay, sign(rsa, CREATE), linked_data=True)
    assert (verified.actor.id, verified.actor.key, verified.carrier) == (ADA, KEY, RELAY)
    with pytest.raises(ActorMismatch):
        await post(world, relay, {**sign(rsa, CREATE), "type": "Update"}, linked_data=True)
