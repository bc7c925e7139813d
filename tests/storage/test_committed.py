"""Whether anything was committed since."""

import pytest

from storage import Store, Transaction, committed, feedtokens, open_store

pytestmark = pytest.mark.anyio


async def test_it_is_another_one_after_each_commit(ready_url: str, actor: int) -> None:
    """Atom §15: by the process that commits alone; on PostgreSQL whatever is written in the cluster counts too."""
    async with open_store(ready_url, alone=True) as alone:
        before = await committed.stamp(alone)
        assert before is not None
        if ready_url.startswith("sqlite"):
            assert await committed.stamp(alone) == before
        await alone.write(feedtokens.add, "secret", actor, "Reader", now=1)
        assert await committed.stamp(alone) != before


async def test_it_cannot_be_told_where_others_commit_too(store: Store) -> None:
    """Atom §15: nothing is remembered then."""
    assert (await committed.stamp(store) is None) is (await store.read(_engine) == "sqlite")


async def _engine(tx: Transaction) -> str:
    return tx.engine


async def test_a_feed_token_is_its_members(store: Store, actor: int) -> None:
    """Atom §17.3: found by its hash, listed and ended by whose it is; not more of them than anyone needs."""
    id = await store.write(feedtokens.add, "secret", actor, "Reader", now=7)
    assert id is not None
    assert [(one.label, one.created) for one in await store.read(feedtokens.of_actor, actor)] == [
        ("Reader", 7)
    ]
    assert not await store.write(feedtokens.revoke, actor + 1, id)
    for n in range(feedtokens.PER_ACTOR_MAX - 1):
        assert await store.write(feedtokens.add, f"more {n}", actor, "", now=8)
    assert await store.write(feedtokens.add, "one too many", actor, "", now=9) is None
    assert await store.write(feedtokens.revoke_all, actor) == feedtokens.PER_ACTOR_MAX
    assert await store.read(feedtokens.of_actor, actor) == []
