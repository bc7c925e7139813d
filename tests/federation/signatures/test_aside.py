"""Signatures made beside the event loop."""

import asyncio

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from federation.errors import BadSignature
from federation.signatures import algorithms, aside
from federation.signatures.aside import SigningThreads

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


async def test_everyone_gets_their_own(key):
    """Signed together, handed out one by one: each over its own text."""
    threads = SigningThreads()
    texts = [f"text {number}".encode() for number in range(50)]
    made = await asyncio.gather(*(threads.sign(key, text) for text in texts))
    for text, signature in zip(texts, made, strict=True):
        algorithms.verify(key.public_key(), algorithms.RSA_SHA256, signature, text)
    with pytest.raises(BadSignature):
        algorithms.verify(key.public_key(), algorithms.RSA_SHA256, made[0], texts[1])


async def test_few_hops_for_many(key, monkeypatch):
    """What waits goes together, never more than some."""
    sizes = []
    original = aside._sign_all

    def counted(batch):
        sizes.append(len(batch))
        return original(batch)

    monkeypatch.setattr(aside, "_sign_all", counted)
    threads = SigningThreads()
    await asyncio.gather(*(threads.sign(key, b"x") for _ in range(40)))
    assert sum(sizes) == 40
    assert max(sizes) == aside.TOGETHER_MAX
    assert len(sizes) < 12


async def test_who_left_and_who_failed(key):
    """A request that was given up holds nobody up; one that fails is told so, and the next is signed."""
    threads = SigningThreads()
    asking = [asyncio.create_task(threads.sign(key, b"x")) for _ in range(6)]
    await asyncio.sleep(0)
    asking[3].cancel()
    done = await asyncio.gather(*asking, return_exceptions=True)
    assert [isinstance(one, bytes) for one in done] == [True, True, True, False, True, True]
    with pytest.raises(TypeError):
        await threads.sign(key, "no bytes")
    assert await threads.sign(key, b"x")
