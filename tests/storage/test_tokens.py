"""What programs may do in an actor's name."""

import pytest

from storage import Store, Transaction, actors, tokens
from storage.errors import Conflict
from vocab import from_json

pytestmark = pytest.mark.anyio


async def test_a_token_is_found_by_its_hash(store: Store, actor: int) -> None:
    await store.write(tokens.issue, "secret", actor, "read write", now=1, client="shell")
    token = await store.read(tokens.find, tokens.hash_of("secret"), now=2)
    assert token is not None
    assert (token.actor, token.scope, token.client, token.created) == (actor, "read write", "shell", 1)
    assert await store.read(tokens.find, tokens.hash_of("guess"), now=2) is None


async def test_the_token_itself_is_not_kept(store: Store, actor: int) -> None:
    """SEC-093."""
    await store.write(tokens.issue, "secret", actor, "read", now=1)

    async def everything(tx: Transaction) -> str:
        return repr(await tx.all("SELECT * FROM tokens"))

    assert "secret" not in await store.read(everything)


async def test_a_token_ends(store: Store, actor: int) -> None:
    await store.write(tokens.issue, "secret", actor, "read", now=1, expires=10)
    hashed = tokens.hash_of("secret")
    assert await store.read(tokens.find, hashed, now=9) is not None
    assert await store.read(tokens.find, hashed, now=10) is None


async def test_a_token_is_found_with_its_actor(store: Store) -> None:
    ada = "https://a.example/ada"
    document = {"id": ada, "type": "Person", "inbox": f"{ada}/inbox", "outbox": f"{ada}/outbox"}
    actor = await store.write(actors.keep, from_json(document), now=1)
    await store.write(tokens.issue, "secret", actor.id, "read", now=1, expires=10, client="shell")
    hashed = tokens.hash_of("secret")
    token = await store.read(tokens.find, hashed, now=9)
    assert await store.peek(tokens.holder, hashed, now=9) == (token, actor)
    assert await store.peek(tokens.holder, hashed, now=10) is None
    assert await store.peek(tokens.holder, tokens.hash_of("guess"), now=9) is None
    await store.write(tokens.revoke, hashed, now=5)
    assert await store.peek(tokens.holder, hashed, now=6) is None


async def test_a_token_is_revoked_once(store: Store, actor: int) -> None:
    await store.write(tokens.issue, "one", actor, "read", now=1)
    await store.write(tokens.issue, "two", actor, "read", now=1)
    await store.write(tokens.issue, "three", actor, "read", now=1)
    assert await store.write(tokens.revoke, tokens.hash_of("one"), now=2)
    assert not await store.write(tokens.revoke, tokens.hash_of("one"), now=2)
    assert await store.read(tokens.find, tokens.hash_of("one"), now=3) is None
    assert await store.write(tokens.revoke_all, actor, now=2) == 2
    assert await store.read(tokens.find, tokens.hash_of("two"), now=3) is None


async def test_the_same_token_is_not_issued_twice(store: Store, actor: int) -> None:
    await store.write(tokens.issue, "secret", actor, "read", now=1)
    with pytest.raises(Conflict):
        await store.write(tokens.issue, "secret", actor, "write", now=2)
