"""Other people's keys: cached, refetched once, not asked for too often."""

import asyncio
import copy

import pytest

from federation import KeyRing
from federation.errors import BadSignature, KeyGone, KeyUnavailable, NoSuchKey
from federation.keys import generate_pair, load_public
from storage import keys
from vocab import Object

pytestmark = pytest.mark.anyio

ADA = "https://a.example/u/ada"
KEY = f"{ADA}#main-key"
DAY_SECONDS = 86_400


@pytest.fixture
def ada(vectors):
    return copy.deepcopy(vectors.actor)


async def test_found_once(world, net, ada):
    """SEC-011: one fetch, then from memory; a second key ring finds it in storage."""
    net.show(ADA, ada)
    first = await world.keyring.find(KEY, now=world.now)
    second = await world.keyring.find(KEY, now=world.now)
    assert first is second
    assert net.asked == [ADA]
    other = type(world)(world.store, net, world.now)
    assert (await other.keyring.find(KEY, now=world.now)).owner == ADA
    assert net.asked == [ADA]


async def test_fetches_are_signed_by_the_instance(world, net, ada):
    """AP-430, AP-480, IQ-730: signed by the instance actor, asking for ActivityPub, naming ourselves (AP-074)."""
    net.show(ADA, ada)
    await world.keyring.find(KEY, now=world.now)
    headers = net.requests[0].headers
    assert 'keyId="https://b.example/actor#main-key"' in headers["signature"]
    assert headers["accept"].startswith("application/ld+json; profile=")
    assert headers["user-agent"] == "Headwater/test"


async def test_storm_of_requests_with_a_bad_key(world, net):
    """SEC-011: a hundred requests with a key that is not there cause at most two fetches."""
    failures = await asyncio.gather(
        *(world.keyring.find(KEY, now=world.now) for _ in range(100)), return_exceptions=True
    )
    assert all(isinstance(failure, BadSignature) for failure in failures)
    with pytest.raises(BadSignature):
        await world.keyring.find(KEY, now=world.now)
    assert len(net.requests) <= 2


async def test_not_found_is_forgotten_in_time(world, net, ada):
    """SEC-011: a negative result lives minutes, not for ever."""
    with pytest.raises(BadSignature):
        await world.keyring.find(KEY, now=world.now)
    net.show(ADA, ada)
    with pytest.raises(BadSignature):
        await world.keyring.find(KEY, now=world.later(60))
    assert (await world.keyring.find(KEY, now=world.later(300))).owner == ADA


@pytest.mark.parametrize("status", [500, 502, 503, 429, None])
async def test_silent_host(world, net, status):
    """AP-433: a host that does not answer now makes the sender come again."""
    if status is None:
        net.silence(ADA)
    else:
        net.fail(ADA, status)
    with pytest.raises(KeyUnavailable) as caught:
        await world.keyring.find(KEY, now=world.now)
    assert caught.value.retry_seconds > 0


async def test_gone(world, net):
    """AP-434: 410 is told apart."""
    net.fail(ADA, 410)
    with pytest.raises(KeyGone):
        await world.keyring.find(KEY, now=world.now)


@pytest.mark.parametrize("key_id", ["", "ada", "urn:x:y", "http://[", "https://b.example/users/me#main-key"])
async def test_ids_that_lead_nowhere(world, net, key_id):
    """SEC-037, SEC-040: what is no address, or is ours, is not asked for."""
    with pytest.raises(BadSignature):
        await world.keyring.find(key_id, now=world.now)
    assert net.requests == []


async def test_old_keys_are_read_again(world, net, ada):
    """AP-105: after a day the key is fetched again; while its host is away the old one serves."""
    net.show(ADA, ada)
    await world.keyring.find(KEY, now=world.now)
    net.silence(ADA)
    assert (await world.keyring.find(KEY, now=world.later(DAY_SECONDS + 1))).owner == ADA
    net.show(ADA, ada | {"publicKey": []})
    with pytest.raises(BadSignature):
        await world.keyring.find(KEY, now=world.later(120))


async def test_rotation(world, net, ada):
    """AP-432, SEC-011: refetched on failure, once per key in five minutes."""
    net.show(ADA, ada)
    old = await world.keyring.find(KEY, now=world.now)
    assert await world.keyring.refetch(old, now=world.later(1)) is None
    public = generate_pair("ed25519").public
    ada["publicKey"]["publicKeyPem"] = public
    net.show(ADA, ada)
    assert await world.keyring.refetch(old, now=world.later(1)) is None
    fresh = await world.keyring.refetch(old, now=world.later(301))
    assert fresh is not None
    assert fresh.key == load_public(public)
    assert await world.keyring.find(KEY, now=world.now) is fresh
    assert len(net.requests) == 3


async def test_key_that_disappeared(world, net, ada):
    """SEC-011: a key its actor lists no more is dropped."""
    net.show(ADA, ada)
    known = await world.keyring.find(KEY, now=world.now)
    net.show(ADA, ada | {"publicKey": []})
    with pytest.raises(BadSignature):
        await world.keyring.refetch(known, now=world.now)
    assert await world.store.read(keys.by_id, KEY) is None


async def test_reading_an_actor_drops_changed_keys(world, net, ada, vectors):
    """AP-345, SEC-011: a fresh actor document decides which cached keys stay."""
    net.show(ADA, ada)
    await world.keyring.find(KEY, now=world.now)
    await world.keyring.reconcile(Object(ada))
    assert await world.store.read(keys.by_id, KEY) is not None
    ada["publicKey"]["publicKeyPem"] = vectors.data["ed25519"]["pem"]
    await world.keyring.reconcile(Object(ada))
    assert await world.store.read(keys.by_id, KEY) is None
    net.show(ADA, ada)
    assert (await world.keyring.find(KEY, now=world.now)).key == load_public(vectors.data["ed25519"]["pem"])


async def test_too_many_strangers_of_one_host(world, net):
    """SEC §2, SEC-046: a host that shows us ever new actors has to wait."""
    for number in range(40):
        with pytest.raises((BadSignature, KeyUnavailable)):
            await world.keyring.find(f"https://a.example/u/{number}#key", now=world.now)
    assert len(net.requests) == 30
    with pytest.raises(KeyUnavailable):
        await world.keyring.find("https://a.example/u/last#key", now=world.now)
    with pytest.raises(BadSignature):
        await world.keyring.find("https://a.example/u/last#key", now=world.later(601))


async def test_stub_under_the_keys_address(world, net, ada, vectors):
    """AP-430 (5), SEC-009: a stub of the actor at the key's address leads to the actor, whose copy counts."""
    key_id = f"{ADA}/main-key"
    ada["publicKey"]["id"] = key_id
    stub = {name: ada[name] for name in ("@context", "id", "type", "publicKey")}
    net.show(key_id, stub)
    net.show(ADA, ada)
    assert (await world.keyring.find(key_id, now=world.now)).owner == ADA
    assert net.asked == [key_id, ADA]
    net.show(ADA, ada | {"publicKey": []})
    other = f"{ADA}/other-key"
    net.show(other, stub | {"publicKey": ada["publicKey"] | {"id": other}})
    with pytest.raises(BadSignature):
        await world.keyring.find(other, now=world.now)


async def test_our_signers(world, net, vectors):
    """SEC-016: the RSA key signs, parsed once; without a key there is no signer."""
    pair = generate_pair("ed25519")
    await world.store.write(
        keys.put, id="https://b.example/actor#ed25519-key", actor=world.instance_actor,
        algorithm="ed25519", public=pair.public, private=pair.private, now=0,
    )  # fmt: skip
    signer = await world.keyring.signers.of(world.instance_actor)
    assert signer.key_id == "https://b.example/actor#main-key"
    assert await world.keyring.signers.of(world.instance_actor) is signer
    with pytest.raises(NoSuchKey):
        await world.keyring.signers.of("https://b.example/users/nobody")


async def test_our_own_keys_are_never_fetched_over(world, net, vectors):
    """SEC-037: a stranger cannot put a key in place of one of ours."""
    with pytest.raises(BadSignature):
        await world.keyring.find("https://b.example/actor#other", now=world.now)
    held = await world.store.read(keys.by_id, "https://b.example/actor#main-key")
    assert held is not None
    assert held.private is not None


async def test_rotation_is_noticed(world):
    """AP-436: a key that is retired, by whichever process, signs nothing from that moment on."""
    signers, actor = world.keyring.signers, world.instance_actor
    old = await signers.of(actor)
    pair = generate_pair("ed25519")

    async def rotate(tx):
        await keys.put(
            tx, id=f"{actor}#new", actor=actor, algorithm="ed25519", public=pair.public, private=pair.private,
            asserts=True, now=world.now,
        )  # fmt: skip
        await keys.retire(tx, old.key_id, now=world.now)

    await world.store.write(rotate)
    found = await asyncio.gather(*(signers.of(actor) for _ in range(3)))
    assert {signer.key_id for signer in found} == {f"{actor}#new"}
    with pytest.raises(BadSignature):
        await KeyRing(world.store, world.client, instance_actor=actor).find(old.key_id, now=world.now)
