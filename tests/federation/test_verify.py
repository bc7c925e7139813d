"""Who really sent a request."""

import copy
import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import authorship, proofs, verify_get, verify_post
from federation.errors import (
    ActorMismatch,
    BadSignature,
    Blocked,
    KeyGone,
    KeyUnavailable,
    UnknownDeleted,
    Unsigned,
)
from federation.keys import generate_pair, load_private
from federation.signatures import CAVAGE, RFC9421, Incoming, Outgoing, Signer, draft
from storage import actors, hosts, keys, policies
from vocab import Activity, Ambiguous, Object, parse

pytestmark = pytest.mark.anyio

ADA = "https://a.example/u/ada"
BOB = "https://b.example/u/bob"
KEY = f"{ADA}#main-key"
ORIGINS = frozenset({"https://b.example"})


@pytest.fixture
def ada(vectors):
    return copy.deepcopy(vectors.actor)


def activity(**members):
    document = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "https://a.example/act/7",
        "type": "Follow",
        "actor": ADA,
        "object": BOB,
        **members,
    }
    return {name: value for name, value in document.items() if value is not None}


def signed(signer, document, now, *, form=CAVAGE, method="POST", target="/u/bob/inbox"):
    body = None if document is None else json.dumps(document).encode()
    outgoing = Outgoing(method, "https://b.example", target, "application/activity+json", body)
    headers = signer.sign(draft(form, signer, outgoing, now=now))
    headers["Content-Type"] = outgoing.content_type
    return Incoming(method, target, [(k.encode(), v.encode()) for k, v in headers.items()], body or b"")


async def post(world, incoming):
    document = parse(incoming.body)
    return await verify_post(
        incoming, origins=ORIGINS, keyring=world.keyring, now=world.now, activity=Activity(document.data)
    )


@pytest.mark.parametrize("name", ["V-4", "V-7", "V-8", "V-9"])
async def test_published_requests(world, net, ada, vectors, name):
    """V-4, V-7 to V-9, V-17: the published requests are Ada's."""
    net.show(ADA, ada)
    verified = await post(world, vectors.request(name))
    assert (verified.actor.id, verified.actor.key, verified.actor.host) == (ADA, KEY, "a.example")
    assert verified.activity.id == "https://a.example/act/7"


@pytest.mark.parametrize("form", [CAVAGE, RFC9421])
@pytest.mark.parametrize(
    "kind", ["Create", "Update", "Follow", "Like", "Announce", "Undo", "Block", "Flag", "Odd"]
)
async def test_each_type_and_form(world, net, ada, rsa, form, kind):
    """AP-312: whatever the activity, in both forms."""
    net.show(ADA, ada)
    verified = await post(world, signed(rsa, activity(type=kind), world.now, form=form))
    assert verified.actor.id == ADA


@pytest.mark.parametrize(
    "kind", ["Create", "Update", "Delete", "Follow", "Accept", "Like", "Announce", "Undo", "Odd"]
)
async def test_unsigned(world, net, kind):
    """SEC-001: no signature, no effect, whatever the type; nothing is fetched for it."""
    body = json.dumps(activity(type=kind)).encode()
    with pytest.raises(Unsigned):
        await post(world, Incoming("POST", "/u/bob/inbox", [(b"host", b"b.example")], body))
    assert net.requests == []


async def test_hopeless_requests_cause_no_fetch(world, net, rsa):
    """AP-418, SEC-003 to SEC-006: what fails without a key is refused without asking for one."""
    good = signed(rsa, activity(), world.now)
    for bad in (
        replace(good, body=b'{"type": "Follow", "actor": "https://a.example/u/ada"}'),
        replace(good, headers=[(k, v.replace(b"b.example", b"c.example")) for k, v in good.headers]),
        signed(rsa, activity(), world.now - 7200 * 1_000_000),
    ):
        with pytest.raises(BadSignature):
            await post(world, bad)
    assert net.requests == []


async def test_key_of_someone_else(world, net, ada, rsa):
    """SEC-009, SEC-024: a neighbour's key does not speak for Ada, nor does a stranger's."""
    eve = "https://a.example/u/eve"
    net.show(ADA, ada)
    net.show(eve, ada | {"id": eve, "publicKey": {"id": f"{eve}#main-key", "owner": eve}})
    with pytest.raises(ActorMismatch):
        await post(world, signed(rsa, activity(actor=eve, id=f"{eve}/1"), world.now))


async def test_altered_on_the_way(world, net, ada, rsa):
    """SEC-004: the body that was signed is the body that counts."""
    net.show(ADA, ada)
    incoming = signed(rsa, activity(), world.now)
    with pytest.raises(BadSignature):
        await post(world, replace(incoming, body=incoming.body.replace(b"bob", b"eve")))


@pytest.mark.parametrize("actor", [None, [], "", [ADA, BOB], {"type": "Person"}, 7])
async def test_actor_must_be_one(world, net, rsa, actor):
    """SEC-027, AP-321: exactly one actor, with an id."""
    with pytest.raises((BadSignature, Ambiguous)):
        await post(world, signed(rsa, activity(actor=actor), world.now))
    assert net.requests == []


@pytest.mark.parametrize("actor", ["urn:uuid:1", "acct:ada@a.example", "ada", "http://["])
async def test_actor_must_be_on_the_web(world, net, rsa, actor):
    """SEC-040: an actor without a host, or a key without one, proves nothing."""
    with pytest.raises(BadSignature, match="not on the web"):
        await post(world, signed(rsa, activity(actor=actor), world.now))
    with pytest.raises(BadSignature, match="not on the web"):
        await post(world, signed(replace(rsa, key_id=actor), activity(), world.now))
    assert net.requests == []


async def test_rotated_key(world, net, ada, rsa):
    """AP-432: a signature by a new key makes us fetch it, once."""
    net.show(ADA, ada)
    await post(world, signed(rsa, activity(), world.now))
    pair = generate_pair("ed25519")
    ada["publicKey"]["publicKeyPem"] = pair.public
    net.show(ADA, ada)
    renewed = Signer(KEY, load_private(pair.private))
    verified = await post(world, signed(renewed, activity(), world.later(60)))
    assert verified.actor.id == ADA
    with pytest.raises(BadSignature):
        await post(world, signed(rsa, activity(), world.later(1)))
    assert len(net.requests) == 2


async def test_silent_key_host(world, net, rsa):
    """AP-433: come again, rather than no."""
    net.silence(ADA)
    with pytest.raises(KeyUnavailable):
        await post(world, signed(rsa, activity(), world.now))


@pytest.mark.parametrize(
    "involved",
    [
        {"host": "a.example", "change": {}},
        {"host": "bad.example", "change": {"object": "https://bad.example/note"}},
        {"host": "bad.example", "change": {"object": {"id": "https://sub.bad.example/note", "type": "Note"}}},
    ],
)
async def test_suspended_hosts(world, net, ada, rsa, involved):
    """SEC-012: the key's, the actor's and the object's host count; no request is made for them."""
    net.show(ADA, ada)
    await world.store.write(policies.put, involved["host"], "suspend", now=world.now)
    with pytest.raises(Blocked):
        await post(world, signed(rsa, activity(**involved["change"]), world.now))
    assert net.requests == []


async def test_suspended_actor(world, net, ada, rsa):
    """SEC-012: an actor the operator suspended has no effect."""
    net.show(ADA, ada)
    row = await world.store.write(actors.keep, Object(ada), now=world.now)
    await world.store.write(actors.set_state, row.id, actors.State.SUSPENDED)
    with pytest.raises(Blocked):
        await post(world, signed(rsa, activity(), world.now))


async def test_delete_by_a_stranger(world, net, rsa):
    """SEC-013, AP-326: an actor we never knew says it is gone: nothing is fetched."""
    for gone in (ADA, "https://a.example/note/1"):
        with pytest.raises(UnknownDeleted):
            await post(world, signed(rsa, activity(type="Delete", object=gone), world.now))
    assert net.requests == []


async def test_delete_by_one_we_know(world, net, ada, rsa):
    """AP-434: gone at its origin means deleted; merely not found does not."""
    await world.store.write(actors.keep, Object(ada), now=world.now)
    delete = activity(type="Delete", object=ADA)
    with pytest.raises(BadSignature):
        await post(world, signed(rsa, delete, world.now))
    net.fail(ADA, 410)
    world.later(400)
    assert (await post(world, signed(rsa, delete, world.now))).actor.id == ADA
    with pytest.raises(KeyGone):
        await post(world, signed(rsa, activity(type="Delete", object="https://a.example/note/1"), world.now))
    with pytest.raises(KeyGone):
        await post(world, signed(rsa, activity(), world.now))


async def test_delete_with_a_gone_key_elsewhere(world, net, ada, rsa):
    """AP-434: a key that is gone says nothing about its owner until the owner is asked for."""
    await world.store.write(actors.keep, Object(ada), now=world.now)
    signer = replace(rsa, key_id=f"{ADA}/main-key")
    net.fail(f"{ADA}/main-key", 410)
    net.show(ADA, ada)
    delete = activity(type="Delete", object=ADA)
    with pytest.raises(KeyGone):
        await post(world, signed(signer, delete, world.now))
    net.fail(ADA, 410)
    assert (await post(world, signed(signer, delete, world.now))).actor.id == ADA


RELAY = "https://relay.example/actor"


@pytest.fixture
async def relay(world, vectors):
    """A server that passes on what others wrote, with a key we know."""
    pair = generate_pair("ed25519")
    await world.store.write(
        keys.put, id=f"{RELAY}#key", actor=RELAY, algorithm="ed25519", public=pair.public, now=world.now
    )
    return Signer(f"{RELAY}#key", load_private(pair.private))


async def test_passed_on_and_confirmed(world, net, relay):
    """AP-313: what a relay sends is believed as the actor's own origin tells it."""
    original = activity(
        type="Create", object={"id": "https://a.example/n/1", "type": "Note", "content": "true"}
    )
    altered = activity(
        type="Create", object={"id": "https://a.example/n/1", "type": "Note", "content": "false"}
    )
    net.show("https://a.example/act/7", original)
    verified = await post(world, signed(relay, altered, world.now))
    assert (verified.actor.id, verified.actor.host) == (ADA, "a.example")
    assert verified.activity.embedded("object")[0].text("content") == "true"


@pytest.mark.parametrize(
    "shown",
    [
        None,
        {"actor": "https://a.example/u/eve"},
        {"id": "https://a.example/act/8"},
        {"type": "Note", "actor": None},
        {"actor": [ADA, BOB]},
    ],
)
async def test_passed_on_and_not_confirmed(world, net, relay, shown):
    """AP-313, SEC-017: not there, someone else's, another one, or no activity."""
    if shown is not None:
        net.show("https://a.example/act/7", activity(**shown))
    with pytest.raises(ActorMismatch):
        await post(world, signed(relay, activity(), world.now))


async def test_passed_on_and_disbelieved(world, net, relay):
    """AP-313, SEC-019: what the origin shows under another content type is nobody's word."""
    net.show("https://a.example/act/7", activity(), content_type="application/json")
    with pytest.raises(ActorMismatch):
        await post(world, signed(relay, activity(), world.now))


@pytest.fixture
def proven(vectors):
    """Ada's activity with her own proof, a minute old."""
    seed = bytes.fromhex(vectors.data["ed25519"]["seed"])
    key = Ed25519PrivateKey.from_private_bytes(seed)

    def prove(**members):
        method = members.pop("method", f"{ADA}#ed25519-key")
        created = vectors.noon - members.pop("age", 60) * 1_000_000
        return proofs.prove(activity(**members), key=key, method=method, created=created)

    return prove


async def test_passed_on_with_a_proof(world, net, ada, relay, proven):
    """AP-313, AP-500: the actor's own proof is enough; its origin is asked for the key and nothing else."""
    net.show(ADA, ada)
    verified = await post(world, signed(relay, proven(), world.now))
    assert (verified.actor.id, verified.actor.key) == (ADA, f"{ADA}#ed25519-key")
    assert net.asked == [ADA]


async def test_a_proof_that_does_not_hold(world, net, ada, relay, proven):
    """AP-502: it makes the document unproven; what its origin tells still counts."""
    net.show(ADA, ada)
    altered = proven() | {"object": "https://b.example/u/eve"}
    with pytest.raises(ActorMismatch):
        await post(world, signed(relay, altered, world.now))
    net.show("https://a.example/act/7", activity())
    verified = await post(world, signed(relay, altered, world.now))
    assert verified.activity.ids("object") == (BOB,)


async def test_a_bad_proof_beside_a_good_signature(world, net, ada, rsa, proven):
    """AP-502: the request is the actor's own by its signature; the proof is not even looked at."""
    net.show(ADA, ada)
    verified = await post(world, signed(rsa, proven() | {"object": f"{BOB}/2"}, world.now))
    assert verified.actor.key == KEY


@pytest.mark.parametrize("age", [-3600, 60])
async def test_a_proof_from_the_future(world, net, ada, relay, proven, age):
    """AP-501: its date must have come."""
    net.show(ADA, ada)
    incoming = signed(relay, proven(age=age), world.now)
    if age < 0:
        with pytest.raises(ActorMismatch):
            await post(world, incoming)
    else:
        await post(world, incoming)


async def test_a_proof_by_a_key_for_other_uses(world, net, ada, relay, proven):
    """AP-500: the key must be listed in assertionMethod; in publicKey it signs requests only."""
    (key,) = ada.pop("assertionMethod")
    ada["publicKey"] = [ada["publicKey"], key]
    net.show(ADA, ada)
    with pytest.raises(ActorMismatch):
        await post(world, signed(relay, proven(), world.now))


async def test_a_proof_with_the_rsa_key(world, net, ada, relay, proven):
    """AP-500: the suite is Ed25519, whatever key is named."""
    ada["assertionMethod"] = [{**ada["publicKey"], "controller": ADA}]
    net.show(ADA, ada)
    with pytest.raises(ActorMismatch):
        await post(world, signed(relay, proven(method=KEY), world.now))


@pytest.mark.parametrize("neighbour", ["https://a.example/u/eve", "https://evil.example/u/eve"])
async def test_a_proof_by_someone_else(world, net, ada, relay, proven, neighbour):
    """AP-501, SEC-024: the key's actor is the one who acts, not a neighbour, not a stranger."""
    eve = json.loads(json.dumps(ada).replace(ADA, neighbour))
    net.show(neighbour, eve)
    with pytest.raises(ActorMismatch):
        await post(world, signed(relay, proven(method=f"{neighbour}#ed25519-key"), world.now))


async def test_a_proof_by_a_new_key(world, net, ada, relay, proven):
    """AP-432: a proof that does not fit the key we hold makes us fetch that, once."""
    await world.store.write(
        keys.put, id=f"{ADA}#ed25519-key", actor=ADA, algorithm="ed25519",
        public=generate_pair("ed25519").public, asserts=True, now=world.now,
    )  # fmt: skip
    net.show(ADA, ada)
    assert (await post(world, signed(relay, proven(), world.now))).actor.id == ADA


async def test_a_proof_without_an_id(world, net, ada, relay, proven):
    """SEC-030: what has no id could be passed on again and again."""
    net.show(ADA, ada)
    with pytest.raises(ActorMismatch):
        await post(world, signed(relay, proven(id=None), world.now))


async def test_passed_on_from_the_wrong_place(world, net, relay):
    """SEC-017: an activity that lies on another origin than its actor proves nothing; nor does one without id."""
    elsewhere = activity(id="https://relay.example/act/7")
    net.show("https://relay.example/act/7", elsewhere)
    for document in (elsewhere, activity(id=None)):
        with pytest.raises(ActorMismatch):
            await post(world, signed(relay, document, world.now))
    assert net.requests == []


async def test_passed_on_while_the_origin_is_away(world, net, relay):
    """AP-433: the sender should come again."""
    net.silence("https://a.example/act/7")
    with pytest.raises(KeyUnavailable):
        await post(world, signed(relay, activity(), world.now))


async def test_stored_key_of_another_origin(world, net, rsa, vectors):
    """SEC-009 (e): even a stored key is not used for an owner elsewhere."""
    await world.store.write(
        keys.put,
        id="https://evil.example/key",
        actor=ADA,
        algorithm="rsa",
        public=vectors.public_pem,
        now=world.now,
    )
    evil = replace(rsa, key_id="https://evil.example/key")
    with pytest.raises(BadSignature):
        await post(world, signed(evil, activity(), world.now))
    assert await get(world, signed(evil, None, world.now, method="GET")) is None


async def get(world, incoming, **options):
    return await verify_get(incoming, origins=ORIGINS, keyring=world.keyring, now=world.now, **options)


async def test_signed_reading(world, net, ada, rsa, vectors):
    """AP-481, V-5, V-6, V-10: a valid signature on a GET identifies its sender."""
    net.show(ADA, ada)
    for name in ("V-5", "V-6", "V-10"):
        reader = await get(world, vectors.request(name))
        assert reader is not None
        assert reader.id == ADA


async def test_unsigned_reading(world):
    """AP-482: nobody known; whether that is enough is the door's business."""
    request = Incoming("GET", "/u/bob", [(b"host", b"b.example")])
    assert await get(world, request) is None
    assert await get(world, request, strict=True) is None


async def test_badly_signed_reading(world, net, ada, vectors):
    """AP-483, SEC-014: anonymous by default, refused when reading requires signatures."""
    net.show(ADA, ada)
    request = vectors.request("V-5", target="/u/eve")
    assert await get(world, request) is None
    with pytest.raises(BadSignature):
        await get(world, request, strict=True)


async def test_suspended_reader(world, net, ada, vectors):
    """SEC-012, SEC-014: a suspended host is refused, not treated as anonymous."""
    await world.store.write(policies.put, "a.example", "suspend", now=world.now)
    with pytest.raises(Blocked):
        await get(world, vectors.request("V-5"))
    assert net.requests == []


async def test_an_id_on_another_origin(world, net, ada, rsa):
    """SEC-024, FEP-fe34: nobody takes an id in advance that is another server's to give; nothing is fetched for it."""
    for id in ("https://b.example/act/1", "http://a.example/act/1", "https://a.example:8443/act/1"):
        with pytest.raises(ActorMismatch):
            await post(world, signed(rsa, activity(id=id), world.now))
    assert net.requests == []


async def test_what_vouches_for_itself(world, net, ada, proven):
    """AP-501, FEP-fe34: an object with its author's proof, on that author's origin; no other."""
    net.show(ADA, ada)

    async def vouched(**members):
        thing = Object(proven(**{"type": "Note", "actor": None, "attributedTo": ADA, **members}))
        return await authorship.proven(thing, keyring=world.keyring, now=world.now)

    assert await vouched()
    assert not await vouched(id="https://b.example/n/1")
    assert not await vouched(id="tag:nowhere")
    assert not await vouched(id=None)
    assert not await vouched(attributedTo=None)
    assert not await vouched(attributedTo=[ADA, BOB])
    profile = Object(proven(**{**ada, "actor": None, "object": None}))
    assert await authorship.proven(profile, keyring=world.keyring, now=world.now)


async def test_whoever_is_heard_of_is_tried(world, net, ada, rsa):
    """AP-298: a verified request of a host that was taken to be down opens the way there; a bad one does not."""
    net.show(ADA, ada)
    for _ in range(hosts.FAILURES_MAX):
        await world.store.write(hosts.failed, "a.example", world.now)
    world.later(61)
    bad = signed(rsa, activity(), world.now)
    with pytest.raises(BadSignature):
        await post(world, replace(bad, body=bad.body + b" "))
    assert (await world.store.read(hosts.get, "a.example")).is_closed_to_us(world.now)
    await post(world, signed(rsa, activity(), world.now))
    assert not (await world.store.read(hosts.get, "a.example")).is_closed_to_us(world.now)
