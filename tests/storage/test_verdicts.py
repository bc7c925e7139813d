"""What moderators decided."""

import pytest

from storage import Store, tenants, verdicts
from storage.verdicts import Verdict

pytestmark = pytest.mark.anyio


async def test_the_last_word_counts(store: Store) -> None:
    """Feeds §7.10."""
    await store.write(tenants.add, 7, "app", now=1)
    first = Verdict("stream:user", "bob", "eve", "pending", "flag", "")
    last = Verdict("stream:user", "bob", "mod", "complete", "keep", "mark_safe")
    other = Verdict("stream:feeds:v2:reaction", "bob", "eve", "complete", "remove", "delete")
    await store.write(verdicts.put, 7, [first, other], now=5)
    await store.write(verdicts.put, 7, [last], now=6)
    assert await store.read(verdicts.find, 7, "stream:user", "bob") == last
    assert await store.read(verdicts.find, 7, other.type, "bob") == other
    assert await store.read(verdicts.find, 8, "stream:user", "bob") is None
    assert await store.read(verdicts.latest, 7, limit=10) == [last, other]
    assert await store.read(verdicts.latest, 7, limit=1) == [last]
    assert await store.read(verdicts.latest, 8, limit=10) == []
