"""Letters: proven once, then the same bytes for ever."""

import json

import pytest

from federation import Prover
from federation.keys import generate_pair
from federation.letters import Letters
from storage import jobs, keys, letters
from vocab.terms import PUBLIC

pytestmark = pytest.mark.anyio

BOB = "https://b.example/users/bob"
BODY = json.dumps(
    {"id": f"{BOB}/1", "type": "Like", "actor": BOB, "to": PUBLIC, "object": "https://a.example/1"}
)


async def give_key(world, name):
    pair = generate_pair("ed25519")
    await world.store.write(
        keys.put, id=f"{BOB}#{name}", actor=BOB, algorithm="ed25519", public=pair.public,
        private=pair.private, asserts=True, now=world.now,
    )  # fmt: skip


async def claimed(world, number=2, body=BODY):
    async def add(tx):
        letter = await letters.write(tx, body, now=world.now)
        for n in range(number):
            await jobs.add(tx, "deliver", {"inbox": str(n), "actor": BOB}, now=world.now, letter=letter)

    await world.store.write(add)
    return await world.store.write(
        jobs.claim, "deliver", now=world.now, owner="me", lease_us=10_000_000, limit=number
    )


async def test_sealed_once(world):
    """AP-299, AP-503: two jobs, one letter; a new process reads what was sealed, also after a rotation."""
    await give_key(world, "first")
    one, two = await claimed(world)
    desk = Letters(world.store, Prover(world.keyring.signers))
    body = (await desk.of(one)).body
    assert json.loads(body)["proof"]["verificationMethod"] == f"{BOB}#first"
    assert (await desk.of(two)).body == body
    assert await world.store.read(letters.read, one.letter) == body.decode()
    await world.store.write(keys.retire, f"{BOB}#first", now=world.now)
    await give_key(world, "second")
    later = Letters(world.store, Prover(world.keyring.signers))
    assert (await later.of(two)).body == body


async def test_written_as_it_was(world):
    """AP-503: without a prover, and without anything to prove."""
    await give_key(world, "first")
    private = BODY.replace(PUBLIC, "https://a.example/u/ada")
    (job,) = await claimed(world, 1)
    assert (await Letters(world.store, None).of(job)).body == BODY.encode()
    (job,) = await claimed(world, 1, private)
    sent = await Letters(world.store, Prover(world.keyring.signers)).of(job)
    assert sent.body == private.encode()
    assert sent.recipients == {"https://a.example/u/ada"}
