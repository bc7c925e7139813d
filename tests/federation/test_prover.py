"""Proofs on what our actors say in public."""

import json

import pytest

from federation import Prover, authorship
from federation.keys import generate_pair
from storage import keys
from vocab import jsontext

pytestmark = pytest.mark.anyio

AS = "https://www.w3.org/ns/activitystreams"
DI = "https://w3id.org/security/data-integrity/v2"
PUBLIC = f"{AS}#Public"
BOB = "https://b.example/users/bob"
KEY = f"{BOB}#ed25519-key"
NOTE = {
    "id": "https://b.example/objects/1",
    "type": "Note",
    "attributedTo": BOB,
    "to": PUBLIC,
    "content": "hé",
}
CREATE = {
    "@context": [AS, {"ex": "https://ex.example/#"}],
    "id": "https://b.example/activities/1", "type": "Create", "actor": BOB, "to": PUBLIC, "object": NOTE,
}  # fmt: skip


@pytest.fixture
async def prover(world):
    pair = generate_pair("ed25519")
    await world.store.write(
        keys.put, id=KEY, actor=BOB, algorithm="ed25519", public=pair.public, private=pair.private,
        asserts=True, now=world.now,
    )  # fmt: skip
    return Prover(world.keyring.signers)


async def prove(prover, world, document):
    return jsontext.loads(await prover.prove(json.dumps(document).encode(), created=world.now))


async def holds(world, document):
    return await authorship.proving_key(document, BOB, keyring=world.keyring, now=world.now) == KEY


async def test_activity_and_object(prover, world):
    """AP-503: both are proven; the object, with its context, also stands alone."""
    proven = await prove(prover, world, CREATE)
    assert await holds(world, proven)
    assert await holds(world, proven["object"])
    assert proven["@context"] == [AS, {"ex": "https://ex.example/#"}, DI]
    assert proven["object"]["@context"] == [AS, {"ex": "https://ex.example/#"}, DI]
    del proven["proof"], proven["object"]["proof"], proven["object"]["@context"]
    assert proven | {"@context": CREATE["@context"]} == CREATE


async def test_the_same_bytes_again(prover, world):
    """AP-299: another process with the same key writes the same."""
    text = json.dumps(CREATE).encode()
    first = await prover.prove(text, created=world.now)
    assert await Prover(world.keyring.signers).prove(text, created=world.now) == first
    assert await prover.prove(text, created=world.now + 1_000_000) != first


@pytest.mark.parametrize(
    "members",
    [
        {"to": f"{BOB}/followers"},
        {"to": "https://a.example/u/ada"},
        {"actor": "https://a.example/u/ada"},
        {"actor": ["https://b.example/users/bob", "https://a.example/u/ada"]},
        {"actor": None},
        {"id": None},
        {"proof": {"type": "DataIntegrityProof"}},
        {"actor": "https://b.example/users/keyless"},
    ],
)
async def test_what_is_left_as_it_is(prover, world, members):
    """AP-503, AP-506: what is not public, not ours, or proven already; and whoever has no such key."""
    document = {name: value for name, value in {**CREATE, **members}.items() if value is not None}
    text = json.dumps(document).encode()
    assert await prover.prove(text, created=world.now) == text


@pytest.mark.parametrize(
    "about",
    [
        "https://a.example/notes/1",
        {**NOTE, "attributedTo": "https://a.example/u/ada"},
        {**NOTE, "to": "https://a.example/u/ada"},
        {"id": "https://b.example/objects/1", "type": "Tombstone"},
    ],
)
async def test_only_our_own_words_inside(prover, world, about):
    """AP-503: what is embedded of others, or not public by itself, is proven with the whole alone."""
    proven = await prove(prover, world, {**CREATE, "object": about})
    assert proven["object"] == about
    assert await holds(world, proven)


async def test_a_profile(prover, world):
    """AP-503: a changed profile carries its actor's proof, inside the Update's."""
    profile = {"id": BOB, "type": "Person", "inbox": f"{BOB}/inbox", "outbox": f"{BOB}/outbox"}
    proven = await prove(prover, world, {**CREATE, "type": "Update", "object": profile})
    assert await holds(world, proven)
    assert await holds(world, proven["object"])


async def test_a_context_inside(prover, world):
    """AP-503: an object that brings a context of its own keeps it, after that of the activity."""
    inner = {**NOTE, "@context": [AS, {"ex": "https://other.example/#"}]}
    proven = await prove(prover, world, {**CREATE, "object": inner})
    assert proven["object"]["@context"] == [
        AS, {"ex": "https://ex.example/#"}, {"ex": "https://other.example/#"}, DI,
    ]  # fmt: skip
    assert await holds(world, proven["object"])
