"""From a key id to a key and its owner, over every shape seen in the wild."""

import copy

import pytest

from federation.errors import BadKey, Disbelieved
from federation.keydocument import listed, resolve
from federation.keys import load_public
from vocab import Object

pytestmark = pytest.mark.anyio

ADA = "https://a.example/u/ada"
KEY = f"{ADA}#main-key"


def reader(*documents):
    """Read from a table; an actor's keys with a fragment are in the actor, unless they have a document."""
    table = {document["id"]: Object(document) for document in documents}

    async def get(address):
        found = table.get(address) or table.get(address.partition("#")[0])
        if found is None:
            raise Disbelieved(address, "not there")
        return found

    return get


@pytest.fixture
def ada(vectors):
    return copy.deepcopy(vectors.actor)


async def test_the_published_actor(vectors, ada):
    """V-17: both keys, the RSA one and the multikey."""
    found = await resolve(KEY, reader(ada))
    assert (found.id, found.owner, found.key) == (KEY, ADA, load_public(vectors.public_pem))
    found = await resolve(f"{ADA}#ed25519-key", reader(ada))
    assert found.key == load_public(vectors.data["ed25519"]["pem"])


async def test_shapes_of_the_same_key(vectors, ada):
    """V-17: in an array after another key; PKCS#1; CRLF; named only, with a document of its own."""
    expected = load_public(vectors.public_pem)
    embedded = ada["publicKey"]
    other = {"id": f"{ADA}#old", "owner": ADA, "publicKeyPem": vectors.data["ed25519"]["pem"]}
    shapes = [
        [other, embedded],
        embedded | {"publicKeyPem": vectors.pkcs1_pem},
        embedded | {"publicKeyPem": vectors.public_pem.replace("\n", "\r\n")},
    ]
    for shape in shapes:
        assert (await resolve(KEY, reader(ada | {"publicKey": shape}))).key == expected
    document = {
        "id": KEY,
        "type": "CryptographicKey",
        "controller": ADA,
        "publicKeyPem": vectors.public_pem,
    }
    found = await resolve(KEY, reader(ada | {"publicKey": KEY}, document))
    assert (found.owner, found.key) == (ADA, expected)


async def test_key_document_of_its_own(vectors, ada):
    """AP-430 (4): a key document is followed to its owner, which must list it."""
    key = {"id": "https://a.example/keys/7", "owner": ADA, "publicKeyPem": vectors.public_pem}
    found = await resolve(key["id"], reader(key, ada | {"publicKey": key["id"]}))
    assert (found.id, found.owner) == (key["id"], ADA)
    with pytest.raises(Disbelieved, match="does not list"):
        await resolve(key["id"], reader(key, ada))


async def test_key_named_like_its_actor(ada):
    """AP-430 (3): the actor's own id as key id, if there is one key."""
    del ada["assertionMethod"]
    assert (await resolve(ADA, reader(ada))).owner == ADA
    two = [ada["publicKey"], ada["publicKey"] | {"id": f"{ADA}#two"}]
    with pytest.raises(Disbelieved):
        await resolve(ADA, reader(ada | {"publicKey": two}))


@pytest.mark.parametrize(
    "owner", ["https://a.example/u/ada", "https://a.example/u/eve", "https://evil.example/u/ada"]
)
@pytest.mark.parametrize(
    "listing", ["https://a.example/u/ada", "https://a.example/u/eve", "https://evil.example/u/ada"]
)
@pytest.mark.parametrize("key_id", ["https://a.example/keys/7", "https://evil.example/keys/7"])
async def test_one_legal_combination(vectors, ada, owner, listing, key_id):
    """SEC-009: the key claims an owner, an actor lists the key; both must be one actor of the key's origin."""
    key = {"id": key_id, "owner": owner, "publicKeyPem": vectors.public_pem}
    names = ["https://a.example/u/ada", "https://a.example/u/eve", "https://evil.example/u/ada"]
    actors = [
        ada | {"id": name, "publicKey": key_id if name == listing else f"{name}#other", "assertionMethod": []}
        for name in names
    ]
    legal = owner == listing and key_id.split("/")[2] == owner.split("/")[2]
    if legal:
        assert (await resolve(key_id, reader(key, *actors))).owner == owner
    else:
        with pytest.raises(Disbelieved):
            await resolve(key_id, reader(key, *actors))


async def test_embedded_key_of_someone_else(ada):
    """SEC-009: an actor showing a key that names another owner does not own it."""
    ada["publicKey"]["owner"] = "https://a.example/u/eve"
    with pytest.raises(Disbelieved):
        await resolve(KEY, reader(ada))


async def test_nothing_to_find(ada):
    """AP-430: no such key, a key that is only named, a document that is no key."""
    with pytest.raises(Disbelieved):
        await resolve(f"{ADA}#other", reader(ada))
    with pytest.raises(Disbelieved):
        await resolve(KEY, reader(ada | {"publicKey": KEY}))
    with pytest.raises(Disbelieved):
        await resolve("https://a.example/note", reader({"id": "https://a.example/note", "type": "Note"}))


async def test_weak_key(ada):
    """SEC-010: found, but no key we use."""
    ada["publicKey"]["publicKeyPem"] = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"
    with pytest.raises(BadKey):
        await resolve(KEY, reader(ada))


async def test_document_of_another_origin(ada):
    """SEC-009 (e): a redirect to another origin's actor does not lend it the key id."""
    evil = ada | {"id": "https://evil.example/u/ada"}
    evil["publicKey"] = ada["publicKey"] | {"owner": evil["id"]}

    async def get(address):
        return Object(evil)

    with pytest.raises(Disbelieved):
        await resolve(KEY, get)


async def test_owner_who_turns_out_to_be_another(vectors, ada):
    """SEC-009 (c): the owner's address must give the owner, not someone who lists the key as well."""
    key = {"id": "https://a.example/keys/7", "owner": ADA, "publicKeyPem": vectors.public_pem}
    eve = ada | {"id": "https://a.example/u/eve", "publicKey": key["id"]}

    async def get(address):
        return Object(key if address == key["id"] else eve)

    with pytest.raises(Disbelieved, match="someone else"):
        await resolve(key["id"], get)


def test_ten_keys(ada):
    """SEC §2: further keys are ignored."""
    many = [{"id": f"{ADA}#{number}", "publicKeyPem": "x"} for number in range(20)]
    assert len(listed(Object(ada | {"publicKey": many}))) == 10


def test_odd_shapes(ada):
    """SEC-055: whatever stands where a key should is passed over."""
    for value in (None, 7, [], {}, [None, 7, {}], {"id": 7}, {"id": KEY, "publicKeyPem": 7}):
        keys = listed(Object(ada | {"publicKey": value, "assertionMethod": None}))
        assert set(keys) <= {KEY}
        assert not any(keys.values())
